"""The terms of the sums of a case in another order: the same numbers, elsewhere.

Which axes are long, an entry says by what their lengths are where sums are long. Along these the
entries of all arrays are permuted, axes of one length alike: those of the features of ``x`` and of
``kernel``. What sums over all of an axis is the same number then, of terms in another order. What
slides or steps along it is asked something else, of the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.spec.expressions import evaluate
from etalon.spec.model import Assignment, Op, Tensor
from etalon.spec.shapes import resolve

Array = npt.NDArray[Any]
LENGTHS = (256, 512)
"""Numbers of terms: what is longer of the second is a long axis."""


class Permutation:
    """One order for each length, drawn from the seed of a case, and not the one that it had."""

    def __init__(self, op: Op, known: Assignment, seed: int) -> None:
        self._seed = seed
        self._known = [
            {
                **known,
                **{name: evaluate(value, {"terms": terms}) for name, value in op.long.items()},
            }
            for terms in LENGTHS
        ]

    def of(self, tensor: Tensor, argument: Any) -> Any:
        """Return an argument with its terms in the order: an array, a list of them, ``None``."""
        if isinstance(argument, list):
            return [self._moved(tensor, array, at) for at, array in enumerate(argument)]
        return None if argument is None else self._moved(tensor, argument)

    def _moved(self, tensor: Tensor, array: Array, index: int = 0) -> Array:
        for axis in self._long(tensor, index):
            array = np.take(array, self._order(array.shape[axis]), axis)
        array.setflags(write=False)
        return array

    def _long(self, tensor: Tensor, index: int) -> list[int]:
        """Return the axes of an array that are longer where sums are."""
        shorter, longer = (_lengths(tensor, known, index) for known in self._known)
        return [axis for axis, (a, b) in enumerate(zip(shorter, longer, strict=True)) if a != b]

    def _order(self, length: int) -> Array:
        drawn = np.random.RandomState(self._seed).permutation(length)
        return drawn[::-1] if np.array_equal(drawn, np.arange(length)) else drawn


def _lengths(tensor: Tensor, known: Mapping[str, Any], index: int) -> tuple[int, ...]:
    each = {"size": known[tensor.each][index], "index": index} if tensor.each else {}
    return resolve(tensor.layout(known), {**known, **each})
