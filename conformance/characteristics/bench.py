"""Where characteristics are measured: one op of one backend, called with chosen numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from etalon.backends import BACKENDS
from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.cases.covering_arrays import STRATUM, rows
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.spec.model import Op, Value

Array = npt.NDArray[np.floating]
Arguments = dict[str, Argument]


class Finding(NamedTuple):
    """What was measured, what was found, and how."""

    name: str
    finding: str
    detail: str = ""


@dataclass(frozen=True)
class Bench:
    """An op of a backend in one dtype."""

    subject: Subject
    op: Op
    dtype: str

    @property
    def main(self) -> str:
        """The first input that derivatives are taken with respect to: of a loss, ``y_pred``."""
        return next(name for name, tensor in self.op.inputs.items() if tensor.differentiable)

    def case(self, **chosen: Value) -> Case:
        """Return the simplest case of the op, with these values of its config and dimensions.

        Names that the op does not have are left out. Where the op slides a window, the window is
        all of ``x``, unless either is chosen.
        """
        simplest = {name: value for name, value in rows(self.op)[0].items() if name != STRATUM}
        if "pool_size" in simplest and not chosen.keys() & {"spatial", "pool_size"}:
            window = simplest["pool_size"]
            simplest |= {"spatial": window, "strides": window}
        known = {name: value for name, value in chosen.items() if name in simplest}
        stratum = "drawn" if self.op.strata == ("drawn",) else "normal"
        return Case(self.op, self.dtype, stratum, 1.0, 0, {**simplest, **known})

    def answer(self, case: Case, arguments: Arguments) -> Array:
        """Return the first result of the backend for these arrays; raise ``Refused``."""
        return self.subject.answer(case, arguments)[0]

    def wanted(self, case: Case, arguments: Arguments) -> Array:
        """Return the same of the reference, computed in the dtype of the arrays."""
        return reference().answer(case, arguments)[0]

    def gradient(self, case: Case, arguments: Arguments) -> list[Array]:
        """Return the gradient of the sum of the first result in each array of the input ``main``.

        Raises:
            Refused: the backend does not differentiate, or not this.
        """
        if not self.subject.differentiates:
            raise Refused
        pairs = zip(self.subject.answer(case, arguments), self.op.outputs.values(), strict=False)
        first, *others = (result for result, tensor in pairs if not tensor.dtype)
        cotangents = [np.ones_like(first), *(np.zeros_like(other) for other in others)]
        return list(self.subject.gradients(case, arguments, (self.main,), cotangents))


@cache
def reference() -> Subject:
    """Return the reference as a backend."""
    return Subject(BACKENDS["numpy"])


def filled(case: Case, number: float, others: float | None = None) -> Arguments:
    """Return the arguments of a case, its inputs full of one number.

    Weights are full of ``others``, or drawn where it is ``None``. Labels and indices are drawn: not
    each whole number is one.
    """

    def fill(name: str, value: Argument) -> Argument:
        new = number if name in case.op.inputs else others
        return value if new is None else each(value, lambda array: full(array, new))

    def full(array: Array, new: float) -> Array:
        return array if np.issubdtype(array.dtype, np.integer) else np.full_like(array, new)

    return {name: fill(name, value) for name, value in case.arguments().items()}


def each(value: Argument, change: Callable[[Any], Any]) -> Argument:
    """Return an argument with each of its arrays changed."""
    found: Argument = mapped(change, value)
    return found


def same_bits(first: Array, second: Array) -> bool:
    """Return whether two arrays have the same shape and the same bits, NaN included."""
    return first.shape == second.shape and first.tobytes() == second.tobytes()
