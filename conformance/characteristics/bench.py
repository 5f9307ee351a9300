"""Where characteristics are measured: one op of one backend, called with chosen numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from etalon.backends import BACKENDS
from etalon.conformance.cases.calling import call
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.cases.configs import STRATUM, rows
from etalon.conformance.judging.subject import Refused, Subject
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

    def case(self, **chosen: Value) -> Case:
        """Return the simplest case of the op, with these values of its config and dimensions.

        Names that the op does not have are left out. Where the op slides a window, the window is
        all of ``x``, unless either is chosen.
        """
        simplest = {name: value for name, value in rows(self.op.id)[0].items() if name != STRATUM}
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
        """Return the gradient of the sum of the first result in each array of the first input.

        Raises:
            Refused: the backend does not differentiate, or not this.
        """
        name = next(iter(self.op.inputs))
        given = arguments[name]
        points = given if isinstance(given, list) else [given]
        try:
            with self.subject.package.placed(self.subject.device):
                return self._gradient(case, arguments, name, points)
        except Exception as error:  # whatever a backend raises is its answer
            raise Refused from error

    def _gradient(
        self, case: Case, arguments: Arguments, name: str, points: list[Any]
    ) -> list[Array]:
        package, function = self.subject.package, self.subject.adapter(self.op)
        assert function is not None, "an op without an adapter is not measured"
        known = {key: _converted(value, package.from_numpy) for key, value in arguments.items()}
        single = not isinstance(arguments[name], list)

        def results(*tensors: Any) -> tuple[Any, ...]:
            moved = tensors[0] if single else list(tensors)
            return call(function, case, {**known, name: moved}, lambda tensor: tensor)[:1]

        weight = package.from_numpy(np.ones_like(self.answer(case, arguments)))
        tensors = [package.from_numpy(point.copy()) for point in points]
        found = package.gradients(results, tensors, [weight])
        return [np.asarray(package.to_numpy(gradient)) for gradient in found]


@cache
def reference() -> Subject:
    """Return the reference as a backend."""
    return Subject(BACKENDS["numpy"])


def filled(case: Case, number: float, others: float | None = None) -> Arguments:
    """Return the arguments of a case, its inputs full of one number.

    Weights are full of ``others``, or drawn where it is ``None``.
    """

    def fill(name: str, value: Argument) -> Argument:
        new = number if name in case.op.inputs else others
        return value if new is None else each(value, lambda array: np.full_like(array, new))

    return {name: fill(name, value) for name, value in case.arguments().items()}


def each(value: Argument, change: Callable[[Any], Any]) -> Argument:
    """Return an argument with each of its arrays changed."""
    found: Argument = _converted(value, change)
    return found


def _converted(value: Any, change: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    return [change(item) for item in value] if isinstance(value, list) else change(value)


def same_bits(first: Array, second: Array) -> bool:
    """Return whether two arrays have the same shape and the same bits, NaN included."""
    return first.shape == second.shape and first.tobytes() == second.tobytes()
