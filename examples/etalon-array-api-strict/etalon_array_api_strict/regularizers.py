"""Regularizers."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

Array = Any


def l1(w: Array, *, l1: float = 0.01, role: str = "kernel") -> Array:
    """composed: xp.abs, xp.sum"""
    return _weighed(l1 * xp.sum(xp.abs(w)), w, role)


def l2(w: Array, *, l2: float = 0.01, role: str = "kernel") -> Array:
    """composed: xp.square, xp.sum"""
    return _weighed(l2 * xp.sum(xp.square(w)), w, role)


def l1_l2(w: Array, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel") -> Array:
    """composed: xp.abs, xp.square, xp.sum"""
    penalty = xp.zeros((), dtype=w.dtype)
    if l1:
        penalty = penalty + l1 * xp.sum(xp.abs(w))
    if l2:
        penalty = penalty + l2 * xp.sum(xp.square(w))
    return _weighed(penalty, w, role)


def _weighed(penalty: Array, w: Array, role: str) -> Array:
    """Divide the penalty of an activity by the number of examples."""
    return penalty / max(w.shape[0], 1) if role == "activity" else penalty
