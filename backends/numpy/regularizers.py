"""The definitions of the regularizers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def l1(w: Array, *, l1: float = 0.01, role: str = "kernel") -> Array:
    """``l1 * sum(|w|)``, a scalar; of an activity the mean over the examples."""
    return weighed(l1 * np.sum(np.abs(w)), w, role)


def l2(w: Array, *, l2: float = 0.01, role: str = "kernel") -> Array:
    """``l2 * sum(w ** 2)``, a scalar; of an activity the mean over the examples."""
    return weighed(l2 * np.sum(np.square(w)), w, role)


def l1_l2(w: Array, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel") -> Array:
    """The sum of both, each only where its factor is not zero."""
    penalty = if_any(l1, l1 * np.sum(np.abs(w))) + if_any(l2, l2 * np.sum(np.square(w)))
    return weighed(penalty, w, role)


def l1_keras2(w: Array, *, l1: float = 0.01, role: str = "kernel") -> Array:
    """``sum(l1 * |w|)``, a scalar."""
    return np.sum(l1 * np.abs(w))


def l2_keras2(w: Array, *, l2: float = 0.01, role: str = "kernel") -> Array:
    """``sum(l2 * w ** 2)``, a scalar."""
    return np.sum(l2 * np.square(w))


def l1_l2_keras2(w: Array, *, l1: float = 0.01, l2: float = 0.01, role: str = "kernel") -> Array:
    """The sum of both, each only where its factor is not zero."""
    return if_any(l1, l1_keras2(w, l1=l1)) + if_any(l2, l2_keras2(w, l2=l2))


def if_any(factor: float, term: Array) -> Array:
    """The term, or zero where its factor is zero, even if the term is not a number."""
    return np.where(factor == 0, 0.0, term)


def weighed(penalty: Array, w: Array, role: str) -> Array:
    """What reaches the loss: that of an activity is divided by the number of examples, if any."""
    return penalty / max(len(w), 1) if role == "activity" else penalty
