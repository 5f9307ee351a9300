"""Inputs in another order give the same results in that order.

Which dimensions may be put in another order is declared in the spec: examples, units, filters,
channels, the numbers that an activation or an optimizer takes one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.laws.two_calls import Array, Arrays, axes_of, holds, related
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Tensor

Order = Mapping[int, Any]
"""By the length of an axis, the order of its entries."""


def concerns(case: Case) -> bool:
    """Return whether there are different entries that may be put in another order."""
    given = case.arguments()
    return any(
        _differ(array, axis)
        for name, tensor in case.op.tensors.items()
        for array in _arrays(given[name])
        for dim in _dims(case)
        for axis in axes_of(tensor, dim, case)
    )


def _dims(case: Case) -> list[str]:
    return [dim for dim, rule in case.op.exchangeable.items() if holds(rule, case)]


def _arrays(argument: Argument) -> list[Array]:
    if argument is None:
        return []
    return argument if isinstance(argument, list) else [argument]


def _differ(array: Array, axis: int) -> bool:
    """Return whether the entries of an array along an axis are not all the same."""
    return bool(np.any(array != np.take(array, [0], axis))) if array.size else False


def judge(subject: Subject, case: Case) -> Outcome:
    """Put all arrays in another order, and the results back."""
    op, orders = case.op, _Orders(case.seed)
    dims = _dims(case)

    def shuffled(tensor: Tensor, array: Array, *, back: bool) -> Array:
        for dim in dims:
            for axis in axes_of(tensor, dim, case):
                order = orders.of(dim, array.shape[axis])
                array = np.take(array, np.argsort(order) if back else order, axis=axis)
        return array

    arguments = {
        name: mapped(partial(shuffled, op.tensors[name], back=False), value)
        for name, value in case.arguments().items()
    }

    def put_back(results: Arrays) -> Arrays:
        pairs = zip(op.outputs.values(), results, strict=True)
        return tuple(shuffled(tensor, result, back=True) for tensor, result in pairs)

    return related(subject, case, case, arguments, put_back)


class _Orders:
    """One order for each dimension and length, the same in every array, and not as they were."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.RandomState(seed)
        self._orders: dict[tuple[str, int], Array] = {}

    def of(self, dim: str, length: int) -> Array:
        key = (dim, length)
        if key not in self._orders:
            drawn = self._generator.permutation(length)
            same = np.array_equal(drawn, np.arange(length))
            self._orders[key] = drawn[::-1] if same else drawn
        return self._orders[key]
