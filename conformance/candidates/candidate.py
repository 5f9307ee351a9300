"""The subject of a check: somebody's implementation of one op, over the arrays of a backend."""

from __future__ import annotations

import copy
import inspect
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from etalon.backends import Backend
from etalon.backends.hosting import Raised
from etalon.conformance import laws
from etalon.conformance.candidates.input_mapping import Inputs, Signature, absent
from etalon.conformance.candidates.name_mapping import check_config, restricted
from etalon.conformance.candidates.options import Options
from etalon.conformance.candidates.time_limit import TimeLimit
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.outcomes import CannotBeAsked, Misbehaved, Outcome
from etalon.conformance.subjects.subject import Array, Calling, OwnError, Subject
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Op
from etalon.spec.words import EXECUTIONS, GRADIENTS, SPECIAL_VALUES, VALUES

NUMBERED = (VALUES, GRADIENTS, SPECIAL_VALUES)
"""The laws that compare with the truth, of which inputs in each other's place are tried."""


class WrongResult(Misbehaved):
    """A candidate returned something that is no array of its framework."""

    symptom = "wrong type of result"


class Ended(Misbehaved):
    """A candidate asked for the end of the process."""

    symptom = "end of the process"


class Candidate(Subject):
    """Somebody's own code that computes one op on a backend's tensors."""

    documented = False
    inputs: Inputs

    def __init__(
        self, made: Any, op: Op, backend: Backend, said: Options, again: Callable[[str], str]
    ) -> None:
        super().__init__(backend, said.device, EXECUTIONS[0])
        self._control = Subject(backend, said.device, EXECUTIONS[0])
        self.made, self.op, self.said = made, restricted(op, said.only), said
        self.again, self.limit = again, TimeLimit(said.timeout)
        self.contract = said.contract

    @property
    def control(self) -> Subject:
        """The backend: a candidate that is not called again says nothing about the process."""
        return self._control

    def entry(self, op_id: str) -> Op:
        """Return the entry that it is judged by, with what ``only`` says."""
        return self.op

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return the candidate itself."""
        found: Callable[..., Any] | None = self.made if op.id == self.op.id else None
        return found

    def replaying(self, case_id: str) -> str:
        """Return how a case is judged again."""
        return self.again(case_id)

    def beyond(self, case: Case) -> str:
        """Return why ``only`` excludes a case; nothing where it does not."""
        only = self.said.only
        other = [name for name, value in only.items() if case.known[name] != value]
        if not other:
            return ""
        for name, tensor in self.op.tensors.items():
            rule = tensor.optional
            if rule and names(rule) & {*other} and evaluate(rule, case.known):
                return f"yours takes no {name}"
        return f"yours has one {other[0]}, {only[other[0]]!r}"

    def explained(self, law: str, outcome: Outcome) -> str:
        """Return what is said of a departure, and whether inputs are in each other's place."""
        if law not in NUMBERED:
            return outcome.message
        hints = (self._swapped(law, outcome.case, pair) for pair in _alike(outcome.case))
        return "\n  ".join([outcome.message, *filter(None, hints)])

    def _swapped(self, law: str, case: Case, pair: tuple[str, str]) -> str:
        if not {*pair} <= self.inputs.reached:
            return ""
        other = copy.copy(self)
        other.inputs, other._results = self.inputs.swapped(*pair), {}
        outcome = laws.find(law)(other, case)
        if not outcome.holds or not outcome.judges:
            return ""
        write = other.inputs.spelled(*pair)
        end = f": write {write}" if write else ""
        return f"with {' and '.join(pair)} in each other's place it is right here{end}"

    def try_names(self, dtype: str) -> None:
        """Make the first case's call for its names alone, with every array that may be absent.

        Raises:
            InvalidMapping: they don't fit.
        """
        for case in _telling(self.op, dtype):
            try:
                self.answer(case, case.arguments())
            except CannotBeAsked:
                raise
            except Exception:  # the verdicts say what else is wrong
                continue

    def _check_config(self, taken: Signature, supplied: set[str]) -> None:
        check_config(self.op, self.said, taken, {"seed", *supplied})

    @abstractmethod
    def _computed(self, case: Case, tensors: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
        """Return what the candidate makes of the tensors, by the op's names, and the config."""

    def _calling(self, case: Case) -> Calling:
        """Return how a case is computed: what is not the candidate's own is an ``OwnError``."""
        config = {n: float(v) if isinstance(v, float) else v for n, v in case.config.items()}

        def calling(tensors: Mapping[str, Any]) -> Any:
            try:
                with self.limit.kept():
                    return self._computed(case, tensors, {**case.known, **config})
            except SystemExit as end:
                raise Ended(f"it ended the process with sys.exit({end.code!r})") from end
            except (Raised, Misbehaved):
                raise
            except Exception as error:  # raised beside the call, by Etalon or a rule of the user's
                raise OwnError from error

        return calling

    def _handed(self, tensors: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arrays as the candidate takes them."""
        absent(self.op, self.said, self.inputs, tensors)
        return self.inputs.given(tensors)

    def _back(self, tensor: Any) -> Array:
        try:
            array = super()._back(tensor)
        except Exception as error:  # a framework may raise anything at what is none of its arrays
            raise WrongResult(self._no_tensor(tensor)) from error
        if array.dtype.kind in "OSU":
            raise WrongResult(self._no_tensor(tensor))
        return array

    def _no_tensor(self, found: Any) -> str:
        return f"it returned {type(found).__name__}, which is no array of {self.name}"


def parameters(made: Any) -> Signature:
    """Return the parameters of a function, or of what makes an instance of a class."""
    of_class = inspect.isclass(made)
    try:
        found = inspect.signature(made.__init__ if of_class else made).parameters
    except ValueError:  # a function of C has no signature
        kinds = {"args": inspect.Parameter.VAR_POSITIONAL, "options": inspect.Parameter.VAR_KEYWORD}
        return {name: inspect.Parameter(name, kind) for name, kind in kinds.items()}
    named = list(found.items())[1 if of_class else 0 :]
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {n: p for n, p in named if not (of_class and p.kind in variable)}


def _alike(case: Case) -> list[tuple[str, str]]:
    """Return the pairs of inputs that are arrays of one shape and dtype."""
    given = [(name, case.arguments()[name]) for name in case.op.inputs]
    kinds = [(name, (x.shape, x.dtype)) for name, x in given if isinstance(x, np.ndarray)]
    return [
        (one, other)
        for place, (one, kind) in enumerate(kinds)
        for other, its in kinds[place + 1 :]
        if kind == its
    ]


def _telling(op: Op, dtype: str) -> list[Case]:
    """Return the cases with the most arrays and with the fewest."""
    found = sample(op, op.laws[0], dtype, "quick", 0)

    def present(case: Case) -> int:
        return sum(argument is not None for argument in case.arguments().values())

    return [max(found, key=present), min(found, key=present)] if found else []
