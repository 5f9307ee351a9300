"""The subject of a check: somebody's implementation of one op, over the arrays of a backend."""

from __future__ import annotations

import inspect
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from etalon.backends import Backend
from etalon.backends.hosting import CallSetting, Host
from etalon.backends.package import Package, host
from etalon.conformance.candidates.name_mapping import (
    TRAINING,
    VARIABLE,
    InvalidMapping,
    Names,
    arguments,
    array,
    check_config,
    restricted,
    state_names,
    tensors,
)
from etalon.conformance.cases.call import MASK
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.outcomes import Misbehaved
from etalon.conformance.subjects.subject import Array, Refused, Subject
from etalon.spec.model import Op

Signature = Mapping[str, inspect.Parameter]


class WrongResult(Misbehaved):
    """A candidate returned something that is no array of its framework."""

    symptom = "wrong type of result"


class Ended(Misbehaved):
    """A candidate asked for the end of the process."""

    symptom = "end of the process"


class Hung(Misbehaved):
    """A candidate did not return."""

    symptom = "no return"


class Candidate(Subject):
    """A function, or a class of layers, that computes one op on a backend's tensors."""

    documented = False

    def __init__(
        self,
        made: Any,
        op: Op,
        backend: Backend,
        said: Names,
        *,
        again: Callable[[str], str],
        device: str = "cpu",
        timeout: float = 60,
    ) -> None:
        super().__init__(backend, device)
        self._control = Subject(backend, device)
        self.made, self.op, self.said = made, restricted(op, said.only), said
        self.again, self.timeout = again, timeout
        self.host = _host(self.package, made, backend.name)
        self._hung = False
        self._check()

    @property
    def control(self) -> Subject:
        """The backend: a candidate that is not called again says nothing about the process."""
        return self._control

    def entry(self, op_id: str) -> Op:
        """Return the entry that it is judged by, with what ``only`` says."""
        return self.op

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return the candidate itself."""
        return self.made if op.id == self.op.id else None

    def replaying(self, case_id: str) -> str:
        """Return how a case is judged again."""
        return self.again(case_id)

    def try_names(self, dtype: str) -> None:
        """Make the first case's call for its names alone, with every array that may be absent.

        Raises:
            InvalidMapping: they don't fit.
        """
        for case in _telling(self.op, dtype):
            try:
                self.answer(case, case.arguments())
            except Refused as refusal:
                if isinstance(refusal.__cause__, InvalidMapping):
                    raise refusal.__cause__ from None

    def _check(self) -> None:
        masks = {name for name in self.op.inputs if name.endswith(MASK)}
        supplied = {*(self.host.supplies if self.host else ()), "seed", *masks}
        if self.host:
            supplied.add(TRAINING)
        check_config(self.op, self.said, self._taken(), supplied)

    def _taken(self) -> Signature:
        """Return the parameters that hyperparameters may go to."""
        if self.host is not None:
            return {**_parameters(self.made), **self._of_call()}
        return dict(list(_parameters(self.made).items())[self._positional() :])

    def _positional(self) -> int:
        """Return how many arguments of a function are arrays."""
        if self.op.kind in ("metrics", "initializers"):
            return 1
        tensors = self.op.inputs if self.said.weights else self.op.tensors
        return len([n for n in tensors if n != "sample_weight" and not n.endswith(MASK)])

    def _of_call(self) -> Signature:
        """Return the parameters of the method that is called, behind itself and the inputs."""
        assert self.host is not None
        taken = list(_parameters(getattr(self.made, self.host.calls)).items())
        count = 1 + self._inputs()
        return {n: p for n, p in taken[count:] if p.kind not in VARIABLE}

    def _adapted(self, case: Case) -> Callable[..., Any]:
        call = self._function_call if self.host is None else self._layer_call

        def limited(*args: Any, **config: Any) -> Any:
            if self._hung:
                raise self._hanging
            try:
                with self._limit():
                    return call(case, *args, **config)
            except SystemExit as end:
                raise Ended(f"it ended the process with sys.exit({end.code!r})") from end

        return limited

    def _function_call(self, case: Case, *args: Any, **config: Any) -> Any:
        options = {n: v for n, v in config.items() if n not in case.config}
        known = {**case.known, **config}
        given = arguments(self.op, self.said.config, known, self._taken())
        if not self.said.weights:
            return self.made(*args, **given, **options)
        inputs, weights = self._split(args)
        rules = self.said.weights
        named = {name: array(self.op, name, rule, weights) for name, rule in rules.items()}
        return self.made(*inputs, **named, **given, **options)

    def _layer_call(self, case: Case, *args: Any, **config: Any) -> Any:
        assert self.host is not None
        inputs, weights = self._split(args)
        known = {**case.known, **config}
        setting = CallSetting(bool(known.get(TRAINING, False)), case.seed, _batch_axes(case))
        constants = arguments(self.op, self.said.config, known, _parameters(self.made))
        options = arguments(self.op, self.said.config, known, self._of_call())
        options |= self._masks(config)
        layer = self.host(self.made, constants, inputs, options, setting)
        own = {**layer.parameters, **layer.state}
        placed = tensors(self.op, self.said.weights, weights, own)
        for name in layer.parameters:
            if name not in placed:
                there = ", ".join(self.op.weights) or "none"
                raise InvalidMapping(
                    f"it holds {name!r}, which no weight of the op is called: there are {there}; "
                    f"say which one it is, weights={{{name!r}: '…'}}"
                )
        result, after = layer(placed)
        return self._with_state(result, after, own)

    def _masks(self, config: Mapping[str, Any]) -> dict[str, Any]:
        masks = {n: v for n, v in config.items() if n.endswith(MASK) and v is not None}
        for name in masks.keys() - self._of_call().keys():
            when = self.op.tensors[name].optional
            raise InvalidMapping(f"it takes no {name}: say by only that {when!r} does not hold")
        return masks

    def _with_state(self, result: Any, after: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        """Return the results of the call, and the state after it, as the op returns them."""
        results = list(result) if isinstance(result, tuple) else [result]
        named = state_names(self.op, self.said.weights, own)
        rest = list(self.op.outputs)[len(results) :]
        results += [after[named[name]] for name in rest if name in named]
        return tuple(results) if len(results) > 1 else results[0]

    def _inputs(self) -> int:
        """Return how many inputs are passed by their place: masks are not."""
        return len([name for name in self.op.inputs if not name.endswith(MASK)])

    def _split(self, args: tuple[Any, ...]) -> tuple[list[Any], dict[str, Any]]:
        count = self._inputs()
        return list(args[:count]), dict(zip(self.op.weights, args[count:], strict=False))

    def _back(self, tensor: Any) -> Array:
        try:
            array = super()._back(tensor)
        except Exception as error:
            raise WrongResult(self._no_tensor(tensor)) from error
        if array.dtype.kind in "OSU":
            raise WrongResult(self._no_tensor(tensor))
        return array

    def _no_tensor(self, found: Any) -> str:
        return f"it returned {type(found).__name__}, which is no array of {self.name}"

    @contextmanager
    def _limit(self) -> Iterator[None]:
        """Raise :class:`Hung` where a call takes too long and can be interrupted."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(
            signal, "setitimer"
        ):
            yield
            return
        start = time.monotonic()
        before = signal.signal(signal.SIGALRM, self._interrupt)
        left, interval = signal.setitimer(signal.ITIMER_REAL, self.timeout)
        try:
            yield
        finally:
            signal.signal(signal.SIGALRM, before)
            spent = time.monotonic() - start
            signal.setitimer(signal.ITIMER_REAL, max(left - spent, 1e-3) if left else 0, interval)

    def _interrupt(self, number: int, frame: object) -> None:
        self._hung = True
        raise self._hanging

    @property
    def _hanging(self) -> Hung:
        return Hung(f"it did not return within {self.timeout:g} s, and is not called again")


def _host(package: Package, made: Any, backend: str) -> type[Host] | None:
    """Return what calls a class of layers; ``None`` for a function.

    Raises:
        InvalidMapping: it is neither.
    """
    if inspect.isclass(made):
        found = host(package, made)
        if found is None:
            raise InvalidMapping(f"{made.__name__} is a class, but none of {backend}'s layers")
        return found
    if host(package, type(made)) is not None:
        name = type(made).__name__
        raise InvalidMapping(f"it is an instance: pass {name} itself, to be made for each config")
    if not callable(made):
        raise InvalidMapping(f"it is of type {type(made).__name__}, which can't be called")
    return None


def _parameters(made: Any) -> Signature:
    """Return the parameters of a function, or of what makes an instance of a class."""
    of_class = inspect.isclass(made)
    try:
        found = inspect.signature(made.__init__ if of_class else made).parameters
    except ValueError:  # a function of C has no signature
        return {"options": inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)}
    named = list(found.items())[1 if of_class else 0 :]
    return {n: p for n, p in named if not (of_class and p.kind in VARIABLE)}


def _telling(op: Op, dtype: str) -> list[Case]:
    """Return the cases with the most arrays and with the fewest."""
    found = sample(op, op.laws[0], dtype, "quick", 0)

    def present(case: Case) -> int:
        return sum(argument is not None for argument in case.arguments().values())

    return [max(found, key=present), min(found, key=present)] if found else []


def _batch_axes(case: Case) -> int:
    """Return how many axes of the first input count examples."""
    first = next(iter(case.op.inputs.values()))
    tokens = first.layout(case.known).split()
    batch: Any = case.known.get(case.op.batch)
    several = tokens[:1] == [f"*{case.op.batch}"] and len(tokens) > 1
    return len(batch) if several else 1
