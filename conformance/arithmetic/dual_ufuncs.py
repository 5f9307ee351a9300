"""What each of NumPy's element-by-element functions does to tangents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from etalon.backends.numpy.special import ROOT_OF_2, ROOT_OF_PI, normal_distribution
from etalon.conformance.arithmetic import bounded
from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.dual import (
    UFUNCS,
    Dual,
    DualDecision,
    combined,
    precision_of,
    primal,
    products,
)
from etalon.conformance.arithmetic.dual_functions import where
from etalon.conformance.arithmetic.rules import Rule

Partials = Callable[..., tuple[Any, ...]]


def smooth(ufunc: Rule, partials: Partials) -> Rule:
    """Return the rule of a function from its partial derivatives."""

    def rule(*inputs: Any) -> Any:
        precision = precision_of(*inputs)
        operands = [primal(x, precision) for x in inputs]
        value = bounded.UFUNCS[ufunc](*operands)
        terms = [
            x.tangent.aligned(value.ndim).times(lift(partial, precision))
            for x, partial in zip(inputs, partials(*operands, value), strict=True)
            if isinstance(x, Dual)
        ]
        return combined(value, terms)

    return rule


def _sign(x: Bounded) -> Bounded:
    """Return the derivative of the magnitude: anything between −1 and 1 at zero."""
    low, high = x.ends
    return Bounded(np.sign(x.value), np.where((low <= 0) & (high >= 0), 1.0, 0.0), x.precision)


def _share(difference: Bounded) -> Any:
    """Return ``1 / (1 + exp(-difference))``, without overflow."""
    falling: Any = np.exp(-np.abs(difference))
    risen: Any = np.where(difference < 0, falling, 1.0)
    return risen / (1 + falling)


def _square_of_secant(x: Bounded) -> Any:
    """Return ``1 / cosh(x)²``; its root is ``2 · e / (1 + e²)``, where e is ``exp(-|x|)``."""
    falling: Any = np.exp(-np.abs(x))
    return np.square(2 * falling / (1 + np.square(falling)))


PARTIALS: Mapping[Rule, Partials] = {
    np.absolute: lambda x, y: (_sign(x),),
    np.add: lambda a, b, y: (1.0, 1.0),
    np.cos: lambda x, y: (-np.sin(x),),
    np.divide: lambda a, b, y: (1 / b, -y / b),
    np.exp: lambda x, y: (y,),
    np.expm1: lambda x, y: (np.exp(x),),
    np.log: lambda x, y: (1 / x,),
    np.log1p: lambda x, y: (1 / (1 + x),),
    np.logaddexp: lambda a, b, y: (_share(a - b), _share(b - a)),
    np.multiply: lambda a, b, y: (b, a),
    np.negative: lambda x, y: (-1.0,),
    np.sin: lambda x, y: (np.cos(x),),
    np.sqrt: lambda x, y: (0.5 / y,),
    np.square: lambda x, y: (2 * x,),
    np.subtract: lambda a, b, y: (1.0, -1.0),
    np.tanh: lambda x, y: (_square_of_secant(x),),
    normal_distribution: lambda x, y: (np.exp(-np.square(x) / 2) / (ROOT_OF_2 * ROOT_OF_PI),),
}
"""The partial derivatives, from the operands and the result.

None of them is taken from a result that they cancel: ``exp(x)`` is ``expm1(x) + 1`` and
``1 / cosh(x)²`` is ``1 - tanh(x)²`` in exact arithmetic alone. Where the result is within a
rounding of -1 or 1, the sum has no digit that is right, and is 0.
"""


UFUNCS.update({ufunc: smooth(ufunc, partials) for ufunc, partials in PARTIALS.items()})


def comparison(ufunc: Rule) -> Callable[[Any, Any], DualDecision]:
    """Return the rule of a comparison: there is a kink where both are the same, or one is NaN."""

    def rule(a: Any, b: Any) -> DualDecision:
        precision = precision_of(a, b)
        one, two = primal(a, precision), primal(b, precision)
        tied = (one.value == two.value) | np.isnan(one.value) | np.isnan(two.value)
        return DualDecision(bounded.UFUNCS[ufunc](one, two), tied)

    return rule


UFUNCS.family(comparison, np.equal, np.not_equal)
UFUNCS.family(comparison, np.less, np.less_equal, np.greater, np.greater_equal)


def selection(ufunc: Rule, first: Rule) -> Rule:
    """Return the rule of the larger or smaller of two, from what tells that it is the first."""

    def rule(a: Any, b: Any) -> Any:
        precision = precision_of(a, b)
        value = bounded.UFUNCS[ufunc](primal(a, precision), primal(b, precision))
        found = where(UFUNCS[first](a, b), a, b)
        return Dual(value, found.tangent) if isinstance(found, Dual) else value

    return rule


UFUNCS[np.maximum] = selection(np.maximum, np.greater)
UFUNCS[np.minimum] = selection(np.minimum, np.less)


@UFUNCS.implements(np.matmul)
def matmul(a: Any, b: Any) -> Any:
    """The tangents of either with the other, each a sum of products."""
    precision = precision_of(a, b)
    one, two = primal(a, precision), primal(b, precision)
    value = one @ two
    terms = []
    if isinstance(a, Dual):
        terms.append(products(a.tangent.aligned(value.ndim), two, lambda t, m: t @ m))
    if isinstance(b, Dual):
        terms.append(products(b.tangent.aligned(value.ndim), one, lambda t, m: m @ t))
    return combined(value, terms)
