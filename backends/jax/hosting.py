"""Modules as JAX's users write them, called as functions of their inputs and weights.

Flax is imported only where a module of its own is to be called, and Equinox not at all: its modules
are trees of arrays, which JAX itself takes apart.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from etalon.backends.hosting import CallSetting, theirs

Constants = Mapping[str, Any]
COLLECTION = "params"
"""The collection in which Flax's Linen keeps what is learned."""


class LinenHost:
    """A ``flax.linen.Module``, which is applied to its variables."""

    calls = "__call__"
    supplies: tuple[str, ...] = ("name", "parent")

    def __init__(
        self,
        kind: Any,
        constants: Constants,
        inputs: Sequence[Any],
        options: Constants,
        setting: CallSetting,
    ) -> None:
        with theirs("constructor"):
            self.module = kind(**constants)
        self.inputs, self.options = inputs, options
        self.keys = {name: jax.random.key(setting.seed) for name in (COLLECTION, "dropout")}
        with theirs():
            shapes = jax.eval_shape(self._initialised)
        self.collections = {name: self._flat(tree) for name, tree in shapes.items()}

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The module's parameters, ``Dense_0.kernel`` where a module inside holds them."""
        return self.collections.get(COLLECTION, {})

    @property
    def state(self) -> Mapping[str, Any]:
        """The variables of all other collections."""
        others = (held for name, held in self.collections.items() if name != COLLECTION)
        return {name: value for held in others for name, value in held.items()}

    def __call__(self, weights: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Apply the module; its state is what it returns of the mutable collections."""
        if not {*self.parameters, *self.state} <= set(weights):
            initial = {c: self._flat(tree) for c, tree in self._initialised().items()}
            weights = {**{n: v for held in initial.values() for n, v in held.items()}, **weights}
        variables = {
            collection: _nested({name: weights[name] for name in held})
            for collection, held in self.collections.items()
        }
        mutable = [name for name in self.collections if name != COLLECTION]
        with theirs():
            result, after = self.module.apply(
                variables, *self.inputs, **self.options, rngs=self.keys, mutable=mutable
            )
        moved = {name: value for tree in after.values() for name, value in self._flat(tree).items()}
        return result, moved

    def _initialised(self) -> Any:
        return self.module.init(self.keys, *self.inputs, **self.options)

    def _flat(self, tree: Any) -> dict[str, Any]:
        flatten = importlib.import_module("flax.traverse_util").flatten_dict
        return {".".join(path): value for path, value in flatten(tree).items()}


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    unflatten = importlib.import_module("flax.traverse_util").unflatten_dict
    tree: dict[str, Any] = unflatten({tuple(name.split(".")): v for name, v in flat.items()})
    return tree


class NnxHost:
    """A ``flax.nnx.Module``, which is split into its variables and merged from them."""

    calls = "__call__"
    supplies: tuple[str, ...] = ("rngs",)

    def __init__(
        self,
        kind: Any,
        constants: Constants,
        inputs: Sequence[Any],
        options: Constants,
        setting: CallSetting,
    ) -> None:
        self.nnx = importlib.import_module("flax.nnx")
        taken = inspect.signature(kind.__init__).parameters
        own = {"rngs": self.nnx.Rngs(setting.seed)} if "rngs" in taken else {}
        with theirs("constructor"):
            self.module = kind(**constants, **own)
        self.inputs, self.options, self.training = inputs, options, setting.training
        self.graph, self.variables = self.nnx.split(self.module)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The module's parameters, ``norm.scale`` where a module inside holds them."""
        return {n: v for n, v in self._flat(self.variables).items() if self._learned(v)}

    @property
    def state(self) -> Mapping[str, Any]:
        """All other variables."""
        return {n: v for n, v in self._flat(self.variables).items() if not self._learned(v)}

    def __call__(self, weights: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Merge the module from these weights, and call it."""
        flat = [
            (path, variable.replace(weights[name]) if name in weights else variable)
            for (path, variable), name in zip(
                self.nnx.to_flat_state(self.variables), self._flat(self.variables), strict=True
            )
        ]
        merged = self.nnx.merge(self.graph, self.nnx.from_flat_state(flat))
        if self.training:
            merged.train()
        else:
            merged.eval()
        with theirs():
            result = merged(*self.inputs, **self.options)
        after = self._flat(self.nnx.state(merged))
        return result, {n: v[...] for n, v in after.items() if not self._learned(v)}

    def _learned(self, variable: Any) -> bool:
        return isinstance(variable, self.nnx.Param)

    def _flat(self, variables: Any) -> dict[str, Any]:
        found = self.nnx.to_flat_state(variables)
        return {".".join(map(str, path)): variable for path, variable in found}


class EquinoxHost:
    """An ``equinox.Module``, whose arrays are replaced; it is mapped over the batch."""

    calls = "__call__"
    supplies: tuple[str, ...] = ("key",)
    state: Mapping[str, Any] = {}

    def __init__(
        self,
        kind: Any,
        constants: Constants,
        inputs: Sequence[Any],
        options: Constants,
        setting: CallSetting,
    ) -> None:
        taken = inspect.signature(kind.__init__).parameters
        own = {"key": jax.random.key(setting.seed)} if "key" in taken else {}
        with theirs("constructor"):
            self.module = kind(**constants, **own)
        self.inputs, self.options, self.batch_axes = inputs, options, setting.batch_axes
        self.leaves, self.tree = jax.tree_util.tree_flatten_with_path(self.module)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The module's arrays of floats, ``norm.weight`` where a module inside holds them."""
        named = ((_dotted(path), leaf) for path, leaf in self.leaves)
        return {name: leaf for name, leaf in named if _learned(leaf)}

    def __call__(self, weights: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Call the module on each example, as Equinox's own layers are."""
        held = [weights.get(_dotted(path), leaf) for path, leaf in self.leaves]
        call = functools.partial(self.tree.unflatten(held), **self.options)
        for _ in range(self.batch_axes):
            call = jax.vmap(call)
        with theirs():
            return call(*self.inputs), {}


def _learned(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jnp.inexact)


def _dotted(path: Sequence[Any]) -> str:
    name: str = jax.tree_util.keystr(tuple(path), simple=True, separator=".")
    return name


HOSTS = {"flax.linen.": LinenHost, "flax.nnx.": NnxHost, "equinox.": EquinoxHost}
"""What calls a class, by where one of its bases comes from."""
