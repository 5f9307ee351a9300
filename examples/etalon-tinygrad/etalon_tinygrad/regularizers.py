"""Regularizers, of which tinygrad has none."""

from __future__ import annotations

from tinygrad import Tensor


def l1(w: Tensor, *, l1: float = 0.01, role: str = "kernel") -> Tensor:
    """composed: Tensor.abs, Tensor.sum"""
    return _weighed(l1 * Tensor.sum(Tensor.abs(w)), w, role)


def l2(w: Tensor, *, l2: float = 0.01, role: str = "kernel") -> Tensor:
    """composed: Tensor.square, Tensor.sum"""
    return _weighed(l2 * Tensor.sum(Tensor.square(w)), w, role)


def l1_l2(w: Tensor, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel") -> Tensor:
    """composed: Tensor.abs, Tensor.square, Tensor.sum"""
    penalty = Tensor.zeros((), dtype=w.dtype)
    if l1:
        penalty = penalty + l1 * Tensor.sum(Tensor.abs(w))
    if l2:
        penalty = penalty + l2 * Tensor.sum(Tensor.square(w))
    return _weighed(penalty, w, role)


def _weighed(penalty: Tensor, w: Tensor, role: str) -> Tensor:
    """Divide the penalty of an activity by the number of examples."""
    return penalty / max(w.shape[0], 1) if role == "activity" else penalty
