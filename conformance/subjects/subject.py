"""The subject of a judgement: a backend on a device, asked for results as NumPy arrays."""

from __future__ import annotations

import copy
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from etalon import spec
from etalon.backends import Backend
from etalon.backends.adapters import adapter, why_not
from etalon.backends.hosting import Raised
from etalon.backends.package import Compiling, Differentiating, computing_in, lacks, multiplied
from etalon.conformance.arithmetic.contract import DEFAULT
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.arithmetic.ulp_budgets import held
from etalon.conformance.cases.call import arranged, mapped, several
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.subjects.execution import Call, Execution, signature
from etalon.conformance.subjects.fault_place import said
from etalon.conformance.subjects.outcomes import Misbehaved, NotMade, Outcome
from etalon.conformance.subjects.place import Place
from etalon.conformance.subjects.side_effects import Surroundings, on_device, untouched
from etalon.spec.model import Op
from etalon.spec.words import DEVICES, REDUCED

Array = npt.NDArray[Any]
Results = tuple[Array, ...]
Function = Callable[..., tuple[Any, ...]]
Calling = Callable[[Mapping[str, Any]], Any]


class Refused(Exception):
    """The backend raised instead of returning a result; ``__cause__`` is what it raised."""

    @property
    def says(self) -> str:
        """The type and the first line of what was raised."""
        return said(self.__cause__)

    @property
    def raised(self) -> BaseException | None:
        """What the judged code raised, in its constructor or in the call."""
        made = isinstance(self.__cause__, NotMade)
        return self.__cause__.__cause__ if made and self.__cause__ else self.__cause__


class OwnError(Exception):
    """Etalon raised on the way to the backend's call; ``__cause__`` is what."""


class Subject:
    """A loaded backend on one of its devices. Laws that ask for one case twice get one call."""

    documented = True
    """Whether its departures may be documented, and those that are have to show."""

    def __init__(self, backend: Backend, device: str = DEVICES[0], mode: str = "") -> None:
        self.name = backend.name
        self.device = device
        self.mode = mode or backend.modes[0]
        self.package = backend.load()
        self._execution = Execution(self.package, self.mode)
        self.version: str = self.package.version()
        self.surroundings = Surroundings(self.package)
        self.usual = backend.modes[0]
        self.contract = DEFAULT
        """What it may round on the way, by name."""
        self._results: dict[str, Results | Refused] = {}
        self._op = ""
        self.answered: tuple[Case, Mapping[str, Argument]] | None = None
        """The last valid call that was answered."""
        self._refusals: list[str] = []

    @property
    def control(self) -> Subject:
        """What the process is tried with, once a call was refused: the subject itself."""
        return self

    def compiler(self, op: Op) -> Compiling | None:
        """Return what compiles the calls of an op; ``None`` where they are made as they are."""
        return self._execution.compiler(op)

    def refusals(self) -> list[str]:
        """Return what was said by the refusals since it was last asked, each by its first line."""
        found, self._refusals = self._refusals, []
        return found

    @property
    def place(self) -> Place:
        """Where it computes."""
        return Place(self.name, self.device, self.mode)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The dtypes that the framework has not on the device."""
        return lacks(self.package, self.device)

    @property
    def differentiates(self) -> bool:
        """Whether the backend takes gradients."""
        return isinstance(self.package, Differentiating)

    def precision(self, dtype: str) -> Precision:
        """Return the arithmetic in which it computes a dtype: that of its mode and contract.

        Library functions have the budgets that its backend publishes for its device, if it does.
        """
        own = held(self.name, self.device, self.mode)
        return precision(dtype, self.mode, self.contract, own)

    def under(self, contract: str) -> Self:
        """Return the subject as it is judged by another contract; its answers are the same."""
        other = copy.copy(self)
        other.contract = contract
        return other

    def entry(self, op_id: str) -> Op:
        """Return the entry that it is judged by."""
        return spec.find(op_id)

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return the backend's function for an op, or ``None`` where it has none."""
        return adapter(self.name, self.package, op)

    def beyond(self, case: Case) -> str:
        """Return why the subject is not to be asked for a case; nothing where it is."""
        return ""

    def explained(self, law: str, outcome: Outcome) -> str:
        """Return what is said of a departure."""
        return outcome.message

    def why_not(self, op: Op) -> str:
        """Return why the backend has no function for an op."""
        return why_not(self.package, op)

    def call_of(self, op: Op) -> str:
        """Return how the adapter says it computes the op: the first line of its docstring."""
        function = self.adapter(op)
        text = (function.__doc__ or "").strip() if function else ""
        return text.splitlines()[0] if text.startswith(("native:", "composed:")) else ""

    def replaying(self, case_id: str) -> str:
        """Return the command that judges a case again."""
        device = "" if self.device == DEVICES[0] else f" --device {self.device}"
        mode = "" if self.mode == self.usual else f" --mode {self.mode}"
        return f"etalon replay {case_id} --backend {self.name}{device}{mode}"

    def run(self, case: Case) -> Results:
        """Return the results of a case on the arrays that it draws.

        Raises:
            Refused: the backend raised an exception.
        """
        if case.op.id != self._op:
            if self._op:
                self._execution.forget()
            self._results, self._op = {}, case.op.id
        if case.id not in self._results:
            try:
                self._results[case.id] = self.answer(case, case.arguments())
            except Refused as refusal:
                self._results[case.id] = refusal
        found = self._results[case.id]
        if isinstance(found, Refused):
            raise found
        return found

    def answer(self, case: Case, arguments: Mapping[str, Argument]) -> Results:
        """Return the results of a call with a case's config on other arrays, computed anew.

        Raises:
            Refused: the backend raised an exception.
        """
        with self._placed(case.dtype):
            call = self._call(case, arguments)
            function = self._execution.results(call)

            def answered() -> Results:
                found = function(*call.tensors)
                results = tuple(self._back(result) for result in found)
                on_device(self.package, found, self.device)
                self._untouched(arguments, tuple(arguments), call)
                return results

            results = self._asked(answered)
        if not case.breaks:
            self.answered = case, arguments
        return results

    def gradients(
        self,
        case: Case,
        arguments: Mapping[str, Argument],
        names: Sequence[str],
        cotangents: Sequence[Array],
    ) -> tuple[Array, ...]:
        """Return the gradients of the sum of results times cotangents.

        One for each array among the arguments called ``names``, those of a list one by one.
        Results of another dtype than the case's, such as masks, have no cotangent.

        Raises:
            Refused: the backend raised an exception.
        """
        with self._placed(case.dtype):
            call = self._call(case, arguments)
            weights = [self._there(cotangent) for cotangent in cotangents]
            taken = self._execution.gradients(call, names)

            def answered() -> Results:
                found = taken(call.tensors, weights)
                gradients = tuple(self._back(gradient) for gradient in found)
                self._untouched(arguments, names, call)
                return gradients

            return self._asked(answered)

    def _calling(self, case: Case) -> Calling:
        """Return how a case is computed from its tensors, by their names.

        What is raised before the call of the backend's adapter is an :class:`OwnError`.
        """
        adapted = self.adapter(case.op)
        assert adapted is not None, "an op without an adapter is not run"

        def calling(tensors: Mapping[str, Any]) -> Any:
            try:
                args, options = arranged(case, tensors, lambda tensor: tensor)
            except Exception as error:  # a fault of Etalon's is no answer of the backend's
                raise OwnError from error
            return adapted(*args, **options)

        return calling

    def _call(self, case: Case, arguments: Mapping[str, Argument]) -> Call:
        """Return the call of a case on some arrays, which are converted for it."""
        calling = self._calling(case)
        tensors = {name: mapped(self._there, value) for name, value in arguments.items()}
        lengths = {name: len(_leaves(value)) for name, value in arguments.items()}
        absent = {name: value for name, value in arguments.items() if value is None}
        listed = {name for name, value in arguments.items() if isinstance(value, list)}

        def function(*given: Any) -> tuple[Any, ...]:
            supply = iter(given)
            parts = {name: list(itertools.islice(supply, n)) for name, n in lengths.items()}
            handed = {n: part if n in listed else part[0] for n, part in parts.items() if part}
            return several(
                calling({name: handed.get(name, absent.get(name, [])) for name in lengths})
            )

        return Call(
            op=case.op,
            function=function,
            tensors=[leaf for value in tensors.values() for leaf in _leaves(value)],
            names=[name for name, count in lengths.items() for _ in range(count)],
            signature=signature(case, arguments),
        )

    def _untouched(
        self, arguments: Mapping[str, Argument], names: Sequence[str], call: Call
    ) -> None:
        given = [array for name in names for array in _leaves(arguments[name])]
        for place, array in zip(call.places(names), given, strict=True):
            after = np.asarray(self.package.to_numpy(call.tensors[place]))
            untouched(call.names[place], array, after)

    def _there(self, array: Array) -> Any:
        return self.package.from_numpy(array.copy())

    def _back(self, tensor: Any) -> Array:
        return np.array(self.package.to_numpy(tensor))

    def _asked(self, answered: Callable[[], Results]) -> Results:
        """Return what the backend answers; an exception of its own is an answer, too.

        Raises:
            Refused: the backend raised an exception.
        """
        try:
            with self.surroundings.kept():
                return answered()
        except OwnError as error:
            raise (error.__cause__ or error) from None
        except Raised as raised:
            cause = raised.__cause__ or raised
            made = raised.part == "call" or isinstance(cause, Misbehaved)
            refusal = cause if made else NotMade(cause)
        except Exception as error:  # whatever a backend raises is its answer to the call
            refusal = error
        self._refusals.append(said(refusal))
        raise Refused from refusal

    @contextmanager
    def _placed(self, dtype: str) -> Iterator[None]:
        """Place the computation, on a GPU or by a mode in its precision; keep warnings to us."""
        with (
            computing_in(self.package, dtype),
            warnings.catch_warnings(action="ignore"),
            np.errstate(all="ignore"),
            self.package.placed(self.device),
            self._multiplied(),
        ):
            yield

    def _multiplied(self) -> AbstractContextManager[Any]:
        reduced = self.device != DEVICES[0] or self.mode in REDUCED
        return multiplied(self.package, self.mode) if reduced else nullcontext()


def _leaves(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
