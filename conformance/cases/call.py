"""How an op is called: the conventions of each kind, over anybody's arrays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from etalon.conformance.cases.case import Argument, Case
from etalon.spec.model import Op
from etalon.spec.words import SAMPLE_WEIGHT

Convert = Callable[[Any], Any]
Arrange = Callable[[Case, dict[str, Any]], tuple[list[Any], dict[str, Any]]]


def call(
    function: Callable[..., Any],
    case: Case,
    arguments: Mapping[str, Argument],
    convert: Convert,
    number: Convert = float,
) -> tuple[Any, ...]:
    """Call ``function`` as the kind of the op prescribes; return its results, always a tuple.

    ``convert`` makes an array of the case's dtype into one of the function's own, ``number`` a
    float of the config.
    """
    args, options = arranged(case, arguments, convert, number)
    return several(function(*args, **options))


def arranged(
    case: Case, arguments: Mapping[str, Argument], convert: Convert, number: Convert = float
) -> tuple[list[Any], dict[str, Any]]:
    """Return what a function is given in a case: by its place, and by its name."""
    own = _own(case.op)
    tensors = {n: v if n in own else mapped(convert, v) for n, v in arguments.items()}
    config = {n: number(v) if isinstance(v, float) else v for n, v in case.config.items()}
    masks = {name: tensors.pop(name) for name in case.op.masks}
    arrange: Arrange = _CONVENTIONS.get(case.op.kind, _positional)
    args, options = arrange(case, tensors)
    seed = {"seed": case.seed} if case.op.distribution is not None else {}
    return args, {**config, **options, **masks, **seed}


@lru_cache(maxsize=8)
def _own(op: Op) -> frozenset[str]:
    """Return the arrays that have a dtype of their own."""
    return frozenset(name for name, tensor in op.tensors.items() if tensor.dtype)


def several(result: Any) -> tuple[Any, ...]:
    """Return the results of a call, always as a tuple."""
    return result if isinstance(result, tuple) else (result,)


def mapped(function: Convert, argument: Any) -> Any:
    """Return what ``function`` makes of an argument: an array, a list of them, or ``None``."""
    if argument is None:
        return None
    return [function(a) for a in argument] if isinstance(argument, list) else function(argument)


def _positional(case: Case, tensors: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return list(tensors.values()), {}


def _loss(case: Case, tensors: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    weights = {n: tensors.pop(n) for n in (SAMPLE_WEIGHT,) if n in tensors}
    return list(tensors.values()), weights


def _initializer(case: Case, tensors: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return [case.known["shape"]], {"dtype": case.dtype}


def _metric(case: Case, tensors: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    splits: Any = case.known["splits"]
    ends = [*itertools.accumulate(splits[:-1]), None]
    present = [value for value in tensors.values() if value is not None]
    batches = [
        tuple(value[start:end, ...] for value in present)
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]
    return [batches], {}


_CONVENTIONS: Mapping[str, Arrange] = {
    "initializers": _initializer,
    "losses": _loss,
    "metrics": _metric,
}
