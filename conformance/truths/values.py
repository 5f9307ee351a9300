"""The truth about a case: the reference, computed on bounded arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from etalon.backends.numpy import definition
from etalon.conformance.arithmetic.bounded import Bounded, Decision, lift
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.truths.known import known
from etalon.spec.model import Op


def truth(case: Case, arguments: Mapping[str, Argument], working: Precision) -> tuple[Bounded, ...]:
    """Return the value and bound of each result of a case.

    Args:
        case: whose config is used.
        arguments: the arrays of the call, by name.
        working: the arithmetic of the implementation that the bound is for.
    """

    def lifted(x: Any) -> Any:
        return lift(x, working)

    with np.errstate(all="ignore"):
        results = call(definition(case.op), case, arguments, lifted, lifted)
    return tuple(_number(result, working) for result in results)


def known_truth(
    case: Case, arguments: Mapping[str, Argument], working: Precision
) -> tuple[Bounded, ...]:
    """Return the truth about a call, computed where it is not known."""
    return known("values", case, arguments, working, lambda: truth(case, arguments, working))


def truth_of(case: Case, working: Precision) -> tuple[Bounded, ...]:
    """Return the truth about a case on the arrays that it draws, computed once for all laws."""
    return _computed(case, working, definition(case.op))


@lru_cache(maxsize=256)
def _computed(case: Case, working: Precision, reference: Callable[..., Any]) -> tuple[Bounded, ...]:
    """Return the truth by a reference, which is asked for by name since it is the case's own."""
    return known_truth(case, case.arguments(), working)


def value_and_bound(
    op: Op, args: Sequence[Any], config: Mapping[str, Any], working: Precision
) -> tuple[Any, Any]:
    """Return the value and bound of a call, as plain arrays: what ``etalon.bound`` returns."""
    if op.distribution is not None:
        raise ValueError(f"{op.id} is random: it has a distribution, and no bound for a number")
    function, numbers = definition(op), (float, np.ndarray)
    own = {name for name, tensor in op.tensors.items() if tensor.dtype}
    named = zip(inspect.signature(function).parameters, args, strict=False)
    lifted = [arg if name in own else _lift_any(arg, working) for name, arg in named]
    options = {
        name: lift(value, working) if isinstance(value, numbers) and name not in own else value
        for name, value in config.items()
    }
    with np.errstate(all="ignore"):
        result = function(*lifted, **options)
    if isinstance(result, tuple):
        results = [_number(part, working) for part in result]
        return tuple(r.value for r in results), tuple(r.bound for r in results)
    result = _number(result, working)
    return result.value, result.bound


def _number(result: Any, working: Precision) -> Bounded:
    """Return a result as numbers: those of a mask are 0 and 1."""
    number: Bounded = result.number if isinstance(result, Decision) else lift(result, working)
    return number


def _lift_any(arg: Any, working: Precision) -> Any:
    if arg is None:
        return None
    if isinstance(arg, list | tuple):
        return type(arg)(_lift_any(part, working) for part in arg)
    return lift(arg, working)
