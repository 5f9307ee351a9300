"""Calls a layer of Keras as a function of its inputs and weights.

Weights are put in place by ``keras.StatelessScope`` rather than by ``assign``: the layer computes
with the given tensors themselves, so that a gradient with respect to a weight can be taken, and
what the layer does to its state can be read afterwards.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import keras

from etalon.backends.keras import functions
from etalon.spec.model import Op

FUNCTION = "function"
"""The hyperparameter that names a function of :mod:`etalon.backends.keras.functions`."""
LAYER = "layer"
"""The hyperparameter that names the layer which another one wraps."""
INITIAL = {"recurrent_initializer": "zeros"}
"""All weights are given: what they were first needs no QR decomposition, which few dtypes have."""


def call(found: Callable[..., Any], op: Op, *args: Any, **config: Any) -> Any:
    """Build the layer, call it with these weights, and return its outputs and its state."""
    count = len(op.inputs) - len(op.masks)
    inputs, weights = _inputs(found, args[:count]), args[count:]
    options, constants = _split(found, _masks(found, op, config))
    layer = _made(found, constants)
    layer.build(*keras.tree.map_structure(lambda x: tuple(x.shape), inputs))
    variables = _variables(layer)
    given = zip(op.weights, weights, strict=False)
    mapping = [(variables[name], value) for name, value in given if value is not None]
    with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
        outputs = layer(*inputs, **options)
        results = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
        rest = list(op.outputs)[len(results) :]
        followed = {name: _followed(name, layer, results[0]) for name in rest}
    results += [
        _current(scope, variables[name]) if value is None else value
        for name, value in followed.items()
    ]
    return tuple(results) if len(results) > 1 else results[0]


def _made(found: Any, constants: Mapping[str, Any]) -> Any:
    """Return the layer; one that wraps another is given that, made of what is not its own."""
    if LAYER not in constants:
        first = _taken(found, INITIAL)
        return found(dtype=keras.config.floatx(), **first, **constants)
    wrapped = _named(constants[LAYER])
    layer = _made(wrapped, _taken(wrapped, constants))
    return found(dtype=keras.config.floatx(), **{**_taken(found, constants), LAYER: layer})


@cache
def _named(layer: str) -> Any:
    """Return the class that an op such as ``simple_rnn`` is in Keras."""
    wanted = layer.replace("_", "")
    (name,) = (name for name in dir(keras.layers) if name.lower() == wanted)
    return getattr(keras.layers, name)


def _taken(found: Any, constants: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the constructor takes."""
    taken = _parameters(found)
    return {name: value for name, value in constants.items() if name in taken}


@cache
def _parameters(function: Callable[..., Any]) -> frozenset[str]:
    """Return the names of what a function or a constructor takes."""
    return frozenset(inspect.signature(function).parameters)


def _followed(name: str, layer: Any, y: Any) -> Any:
    """Return what comes of a layer beside its outputs; ``None`` where that is in its state.

    That is what it adds to the loss, the mask that the next layer is given, and what the next
    layer makes of both.
    """
    match name:
        case "penalty":
            (penalty,) = layer.losses
            return penalty
        case "mask":
            return keras.layers.Lambda(_given_mask)(y)
        case "average":
            return keras.layers.GlobalAveragePooling1D(dtype=keras.config.floatx())(y)
    return None


def _given_mask(x: Any, mask: Any = None) -> Any:
    return mask


def _inputs(found: Any, given: tuple[Any, ...]) -> list[Any]:
    """Return the inputs that there are, in a list where the layer's ``call`` takes one."""
    present = [x for x in given if x is not None]
    listed = len(present) > 1 and "inputs" in _parameters(found.call)
    return [present] if listed else present


def _masks(found: Any, op: Op, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments, with masks that ``call`` does not know by name in one list."""
    known = _parameters(found.call)
    listed = [name for name in op.masks if name not in known]
    rest = {name: value for name, value in config.items() if name not in listed}
    masks = [config.get(name) for name in listed]
    return rest if all(mask is None for mask in masks) else {**rest, "mask": masks}


def _split(found: Any, config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what belongs to ``call``, such as ``training``, and what to the constructor."""
    of_call = _parameters(found.call) - _parameters(found)
    options = {name: value for name, value in config.items() if name in of_call}
    constants = {name: value for name, value in config.items() if name not in of_call}
    if FUNCTION in constants:
        constants[FUNCTION] = getattr(functions, constants[FUNCTION])
    return options, constants


def _variables(layer: Any) -> dict[str, Any]:
    """Return the layer's variables by name.

    Those of layers inside are there also as ``query_kernel``, and where these have cells, such as
    those in two directions, as ``forward_kernel``.
    """
    paths = [(variable.path.split("/")[1:], variable) for variable in layer.variables]
    inner = {"_".join(path): variable for path, variable in paths}
    cells = {f"{p[0].split('_')[0]}_{p[-1]}": variable for p, variable in paths if len(p) > 2}
    return cells | inner | {variable.name: variable for variable in layer.variables}


def _current(scope: Any, variable: Any) -> Any:
    value = scope.get_current_value(variable)
    return variable.value if value is None else value
