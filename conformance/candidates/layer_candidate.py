"""A class of layers of a framework, made anew for each config and called with given weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from etalon.backends import Backend
from etalon.backends.hosting import CallSetting, Host
from etalon.conformance.candidates.candidate import Candidate, parameters
from etalon.conformance.candidates.input_mapping import Signature, inputs_of
from etalon.conformance.candidates.name_mapping import (
    TRAINING,
    VARIABLE,
    InvalidMapping,
    arguments,
    listed,
    state_names,
    tensors,
)
from etalon.conformance.candidates.options import Options
from etalon.conformance.cases.case import Case
from etalon.spec.model import Op


class LayerCandidate(Candidate):
    """A class of layers over a backend's tensors; ``host`` calls one."""

    def __init__(
        self,
        made: Any,
        op: Op,
        backend: Backend,
        said: Options,
        again: Callable[[str], str],
        host: type[Host],
    ) -> None:
        super().__init__(made, op, backend, said, again)
        self.host = host
        taken = dict(list(parameters(getattr(made, host.calls)).items())[1:])
        self.inputs = inputs_of(self.op, said, tuple(op.inputs), taken)
        self.constants, self.options = parameters(made), self._options(taken)
        self._check_config({**self.constants, **self.options}, {*host.supplies, TRAINING})

    def _options(self, taken: Signature) -> Signature:
        """Return the parameters of the call that hyperparameters may go to."""
        named = self.inputs.named
        return {n: p for n, p in taken.items() if n not in named and p.kind not in VARIABLE}

    def _computed(self, case: Case, tensors: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
        args, named = self._handed({name: tensors[name] for name in self.op.inputs})
        setting = CallSetting(bool(config.get(TRAINING, False)), case.seed, _batch_axes(case))
        constants = arguments(self.op, self.said.config, config, self.constants)
        options = arguments(self.op, self.said.config, config, self.options)
        layer = self.host(self.made, constants, args, {**options, **named}, setting)
        own = {**layer.parameters, **layer.state}
        result, after = layer(self._placed_weights(layer, own, tensors))
        return self._with_state(result, after, own)

    def _placed_weights(
        self, layer: Any, own: Mapping[str, Any], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the op's weights by the layer's names, so that it has none of its own left."""
        weights = {name: given[name] for name in self.op.weights}
        placed = tensors(self.op, self.said.weights, weights, own)
        free = [name for name in layer.parameters if name not in placed]
        if free:
            which = "which no weight" if len(free) == 1 else "of which no weight"
            rules = ", ".join(f"{name!r}: '…'" for name in free)
            raise InvalidMapping(
                f"it holds {listed(map(repr, free))}, {which} of the op is called: there are "
                f"{', '.join(self.op.weights) or 'none'}; say which one it is, weights={{{rules}}}"
            )
        return placed

    def _with_state(self, result: Any, after: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
        """Return the results of the call, and the state after it, as the op returns them.

        A result that is ``None``, as the weights of attention that nobody asks for, is none.
        """
        several = isinstance(result, tuple)
        results = [each for each in result if each is not None] if several else [result]
        named = state_names(self.op, self.said.weights, own)
        rest = list(self.op.outputs)[len(results) :]
        results += [after[named[name]] for name in rest if name in named]
        return tuple(results)


def _batch_axes(case: Case) -> int:
    """Return how many axes of the first input count examples."""
    first = next(iter(case.op.inputs.values()))
    tokens = first.layout(case.known).split()
    batch: Any = case.known.get(case.op.batch)
    several = tokens[:1] == [f"*{case.op.batch}"] and len(tokens) > 1
    return len(batch) if several else 1
