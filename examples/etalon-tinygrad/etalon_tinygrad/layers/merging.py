"""tinygrad's ways to merge tensors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from tinygrad import Tensor


def concatenate(x: Sequence[Tensor], *, axis: int = -1) -> Tensor:
    """native: Tensor.cat"""
    return Tensor.cat(*x, dim=axis)


def add(x: Sequence[Tensor]) -> Tensor:
    """native: Tensor.add"""
    return reduce(Tensor.add, x)


def average(x: Sequence[Tensor]) -> Tensor:
    """composed: Tensor.add, Tensor.div"""
    return Tensor.div(reduce(Tensor.add, x), len(x))
