"""Gradients, of which Keras leaves the taking to the framework under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Tensor = Any
Function = Callable[..., tuple[Tensor, ...]]


def torch(
    function: Function, tensors: Sequence[Tensor], cotangents: Sequence[Tensor]
) -> Sequence[Tensor]:
    """Return the gradients that ``torch.autograd.grad`` takes."""
    import torch

    leaves = [tensor.requires_grad_() for tensor in tensors]
    pairs = zip(function(*leaves), cotangents, strict=True)
    followed = [(result, weight) for result, weight in pairs if result.requires_grad]
    if not followed:
        return [torch.zeros_like(leaf) for leaf in leaves]
    results, weights = zip(*followed, strict=True)
    options = {"allow_unused": True, "materialize_grads": True}
    found: Sequence[Tensor] = torch.autograd.grad(results, leaves, weights, **options)
    return found


def tensorflow(
    function: Function, tensors: Sequence[Tensor], cotangents: Sequence[Tensor]
) -> Sequence[Tensor]:
    """Return the gradients that ``tf.GradientTape`` takes."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        results = function(*tensors)
    zero = tf.UnconnectedGradients.ZERO
    found = tape.gradient(results, tensors, tuple(cotangents), unconnected_gradients=zero)
    return [tf.convert_to_tensor(gradient) for gradient in found]


def jax(
    function: Function, tensors: Sequence[Tensor], cotangents: Sequence[Tensor]
) -> Sequence[Tensor]:
    """Return the gradients that ``jax.vjp`` takes."""
    import jax

    _, pull_back = jax.vjp(function, *tensors)
    found: Sequence[Tensor] = pull_back(tuple(cotangents))
    return found
