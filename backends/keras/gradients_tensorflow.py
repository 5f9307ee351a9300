"""How the framework under Keras differentiates: TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf


def gradients(
    function: Callable[..., tuple[tf.Tensor, ...]],
    tensors: Sequence[tf.Tensor],
    cotangents: Sequence[tf.Tensor],
) -> list[tf.Tensor]:
    """Return one gradient for each tensor, as ``etalon.backends.keras.gradients`` says."""
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        results = function(*tensors)
    found = tape.gradient(results, tensors, cotangents, tf.UnconnectedGradients.ZERO)
    return [tf.convert_to_tensor(gradient) for gradient in found]
