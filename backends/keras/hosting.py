"""Layers as Keras's users write them, called as functions of their inputs and weights."""

from __future__ import annotations

import inspect
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from etalon.backends.hosting import CallSetting, theirs


class LayerHost:
    """A ``keras.layers.Layer``, built by a first call, whose variables are then replaced."""

    calls = "call"
    supplies: tuple[str, ...] = ("dtype", "name", "trainable")

    def __init__(
        self,
        kind: type,
        constants: Mapping[str, Any],
        inputs: Sequence[Any],
        options: Mapping[str, Any],
        setting: CallSetting,
    ) -> None:
        self.inputs, self.options = inputs, options
        with _seeded(setting.seed):
            with theirs("constructor"):
                self.layer = kind(**_with_seed(kind, constants, setting.seed))
            with theirs():
                self.layer(*inputs, **options)
        learned = {id(variable) for variable in self.layer.trainable_variables}
        self._named = {_dotted(v): v for v in self.layer.variables}
        self._learned = {n for n, v in self._named.items() if id(v) in learned}

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The trainable variables, ``norm.gamma`` where a layer inside holds them."""
        return {name: v for name, v in self._named.items() if name in self._learned}

    @property
    def state(self) -> Mapping[str, Any]:
        """The other variables."""
        return {name: v for name, v in self._named.items() if name not in self._learned}

    def __call__(self, weights: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Call the layer with these tensors themselves, so that gradients can be taken."""
        mapping = [(self._named[name], value) for name, value in weights.items()]
        stateless = keras.StatelessScope(state_mapping=mapping)
        with stateless as scope, theirs():
            result = self.layer(*self.inputs, **self.options)
        current = {name: scope.get_current_value(v) for name, v in self.state.items()}
        after = {n: self._named[n].value if v is None else v for n, v in current.items()}
        return tuple(result) if isinstance(result, list) else result, after


def _with_seed(kind: Any, constants: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Add the seed that random layers of Keras take: without it, some draw from the framework."""
    taken = "seed" in inspect.signature(kind.__init__).parameters
    return {**({"seed": seed} if taken else {}), **constants}


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed Python's generator, from which Keras draws the seeds that it is not given."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


def _dotted(variable: Any) -> str:
    """Return a variable's name within the layer: the path begins with the layer's own."""
    return ".".join(variable.path.split("/")[1:])
