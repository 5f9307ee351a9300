"""A function that is judged as an op: inputs, weights, then hyperparameters by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from etalon.backends import Backend
from etalon.backends.hosting import theirs
from etalon.conformance.candidates.candidate import Candidate, parameters
from etalon.conformance.candidates.input_mapping import Signature, inputs_of
from etalon.conformance.candidates.name_mapping import InvalidMapping, arguments, array
from etalon.conformance.candidates.options import Options
from etalon.conformance.cases.call import arranged
from etalon.conformance.cases.case import Case
from etalon.spec.model import Op

WITHOUT_ARRAYS = ("metrics", "initializers")
"""The kinds whose functions take something else in the place of arrays: batches, or a shape."""


class FunctionCandidate(Candidate):
    """A function over a backend's tensors."""

    def __init__(
        self, made: Any, op: Op, backend: Backend, said: Options, again: Callable[[str], str]
    ) -> None:
        super().__init__(made, op, backend, said, again)
        taken = parameters(made)
        self.arrays = () if op.kind in WITHOUT_ARRAYS else self._arrays()
        if said.inputs and not self.arrays:
            raise InvalidMapping(f"one of {op.kind} takes no arrays that inputs could name")
        self.inputs = inputs_of(self.op, said, self.arrays, taken)
        flags = {str(self.op.tensors[name].optional) for name in self.inputs.reached}
        self._check_config(self.taken, {*said.weights, *flags, "dtype"})

    @property
    def taken(self) -> Signature:
        """The parameters that hyperparameters may go to."""
        taken = parameters(self.made)
        if not self.arrays:
            return dict(list(taken.items())[1:])
        return {name: p for name, p in taken.items() if name not in self.inputs.named}

    def _arrays(self) -> tuple[str, ...]:
        """Return the arrays that are handed over as they are: weights that have no rule, too."""
        return tuple(self.op.inputs if self.said.weights else self.op.tensors)

    def _computed(self, case: Case, tensors: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
        options = arguments(self.op, self.said.config, config, self.taken)
        if not self.arrays:
            args, rest = arranged(case, tensors, lambda tensor: tensor)
            options |= {name: value for name, value in rest.items() if name not in case.config}
        else:
            args, named = self._handed({name: tensors[name] for name in self.arrays})
            options |= {**named, **self._weights(tensors), **self._seed(case)}
        with theirs():
            return self.made(*args, **options)

    def _weights(self, tensors: Mapping[str, Any]) -> dict[str, Any]:
        own = {name: tensors[name] for name in self.op.weights}
        return {name: array(self.op, name, rule, own) for name, rule in self.said.weights.items()}

    def _seed(self, case: Case) -> dict[str, Any]:
        return {"seed": case.seed} if case.op.distribution is not None else {}
