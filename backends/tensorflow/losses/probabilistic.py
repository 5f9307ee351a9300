"""TensorFlow's losses of probabilities and logits."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.losses.reduction import reduce


def categorical_crossentropy(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> tf.Tensor:
    """native: tf.nn.softmax_cross_entropy_with_logits

    On probabilities, which it does not take, the loss is composed of tf.clip_by_value,
    tf.math.log and tf.reduce_sum.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    if from_logits:
        values = tf.nn.softmax_cross_entropy_with_logits(target, y_pred, axis)
    else:
        scaled = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
        logs = tf.math.log(tf.clip_by_value(scaled, 1e-7, 1 - 1e-7))
        values = -tf.reduce_sum(target * logs, axis=axis)
    return reduce(values, sample_weight, mask, reduction)
