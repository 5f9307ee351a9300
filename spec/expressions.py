"""Evaluate the short expressions of spec entries by walking Python's ``ast``: never ``eval``.

Allowed are names, numbers, strings, tuples, subscripts, arithmetic, comparisons, ``and``, ``or``,
``not``, ``a if c else b``, and calls of the functions listed in ``FUNCTIONS``.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from etalon.spec import einsum


class UnknownName(LookupError):
    """An expression mentions a name that has no value here."""


def window_lengths(
    lengths: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    dilation: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """Return the output lengths of a sliding window, per axis, as Keras defines them."""
    if padding != "valid":
        return tuple(-(-n // s) for n, s in zip(lengths, strides, strict=True))
    spans = effective(window, dilation or (1,) * len(window))
    return tuple((n - k) // s + 1 for n, k, s in zip(lengths, spans, strides, strict=True))


def transposed_lengths(
    lengths: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    output_padding: Sequence[int] | None,
    dilation: Sequence[int],
) -> tuple[int, ...]:
    """Return the output lengths of a transposed convolution, per axis, as Keras defines them."""
    spans = effective(window, dilation)
    axes = list(zip(lengths, spans, strides, strict=True))
    if output_padding is None and padding == "same":
        return tuple(n * s for n, _, s in axes)
    if output_padding is None:
        return tuple((n - 1) * s + max(k, s) for n, k, s in axes)
    kept = [k if padding == "valid" else k % 2 for k in spans]
    added = zip(axes, kept, output_padding, strict=True)
    return tuple((n - 1) * s + k + more for (n, _, s), k, more in added)


def effective(window: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """Return how many positions a dilated window spans, per axis."""
    return tuple((k - 1) * d + 1 for k, d in zip(window, dilation, strict=True))


def fits(window: Sequence[int], lengths: Sequence[int]) -> bool:
    """Return whether a window is nowhere longer than what it slides over."""
    return all(k <= n for k, n in zip(window, lengths, strict=True))


def with_axis(shape: Sequence[int], axis: int, size: int) -> tuple[int, ...]:
    """Return ``shape`` with the length of one axis replaced."""
    axis %= len(shape)
    return (*shape[:axis], size, *shape[axis + 1 :])


def without_axis(shape: Sequence[int], axis: int) -> tuple[int, ...]:
    """Return ``shape`` with one axis removed."""
    axis %= len(shape)
    return (*shape[:axis], *shape[axis + 1 :])


def inserted(shape: Sequence[int], axis: int, size: int) -> tuple[int, ...]:
    """Return the shape behind the batch axis, with an axis of that length put at ``axis``."""
    place = axis - 1 if axis > 0 else len(shape) + 1 + axis
    return (*shape[:place], size, *shape[place:])


def places(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return the axes that one or several numbers name, counted from the front."""
    named = (axis,) if isinstance(axis, int) else axis
    return tuple(each + ndim if each < 0 else each for each in named)


def spanned(rest: Sequence[int], axis: Any) -> tuple[int, ...]:
    """Return the lengths behind the batch axis, which is axis 0, of the axes named.

    Raises:
        UnknownName: there is no such axis behind it.
    """
    named = sorted(places(axis, 1 + len(rest)))
    if not 1 <= named[0] <= named[-1] <= len(rest):
        raise UnknownName("axis")
    return tuple(rest[place - 1] for place in named)


def margins(value: Any, axes: int) -> tuple[tuple[int, int], ...]:
    """Return what is cut off or added before and after along each axis, as Keras reads it.

    Over one axis, two numbers are before and after; over several, each number is both.
    """
    if isinstance(value, int):
        return ((value, value),) * axes
    if axes == 1:
        return ((value[0], value[1]),)
    return tuple((each, each) if isinstance(each, int) else tuple(each) for each in value)


def less(lengths: Sequence[int], cropping: Any) -> tuple[int, ...]:
    """Return the lengths of the axes after cropping."""
    pairs = zip(lengths, margins(cropping, len(lengths)), strict=True)
    return tuple(n - before - after for n, (before, after) in pairs)


def more(lengths: Sequence[int], padding: Any) -> tuple[int, ...]:
    """Return the lengths of the axes after padding."""
    pairs = zip(lengths, margins(padding, len(lengths)), strict=True)
    return tuple(n + before + after for n, (before, after) in pairs)


def times(lengths: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths of the axes after each entry is repeated."""
    return tuple(n * k for n, k in zip(lengths, size, strict=True))


def permuted(shape: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Return the shape behind the batch axis with its axes, counted from 1, in this order."""
    return tuple(shape[axis - 1] for axis in order)


def reshaped(shape: Sequence[int], target: Sequence[int]) -> tuple[int, ...]:
    """Return ``target`` with -1 replaced by what is left of all numbers of ``shape``."""
    rest = math.prod(shape) // math.prod(n for n in target if n != -1)
    return tuple(rest if n == -1 else n for n in target)


def fan_in(shape: Sequence[int]) -> int:
    """Return the number of inputs of one unit of a kernel in Keras layout."""
    return math.prod(shape[:-1])


def fan_out(shape: Sequence[int]) -> int:
    """Return the number of outputs that one input of a kernel in Keras layout reaches."""
    return math.prod(shape[:-2]) * shape[-1]


def reduced(reduction: str, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that losses of this shape have after Keras's ``reduction``."""
    return tuple(shape) if reduction == "none" else ()


def shared(lengths: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths behind the batch axis, which is axis 0, with 1 along ``axes``."""
    return tuple(1 if axis in axes else n for axis, n in enumerate(lengths, 1))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "effective": effective,
    "einsum_bias": einsum.bias_shape,
    "einsum_fits": einsum.fits,
    "einsum_holds": einsum.holds,
    "einsum_kernel": einsum.kernel_shape,
    "fan_in": fan_in,
    "fan_out": fan_out,
    "fits": fits,
    "inserted": inserted,
    "isinf": math.isinf,
    "isnan": math.isnan,
    "len": len,
    "less": less,
    "max": max,
    "min": min,
    "more": more,
    "permuted": permuted,
    "places": places,
    "prod": math.prod,
    "reduced": reduced,
    "reshaped": reshaped,
    "shared": shared,
    "spanned": spanned,
    "sorted": lambda values: tuple(sorted(values)),
    "sqrt": math.sqrt,
    "sum": sum,
    "times": times,
    "transposed_lengths": transposed_lengths,
    "window_lengths": window_lengths,
    "with_axis": with_axis,
    "without_axis": without_axis,
}

OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


@cache
def parse(expression: str) -> ast.expr:
    """Return the syntax tree of an expression; raise ``ValueError`` where it is none."""
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"not an expression: {expression!r}") from error


def evaluate(expression: str, known: Mapping[str, Any]) -> Any:
    """Return the value of ``expression`` where names have the values in ``known``.

    Raises:
        UnknownName: a name is not in ``known``.
        ValueError: the expression uses something that is not allowed.
    """
    return _walk(parse(expression), known)


def names(expression: str) -> frozenset[str]:
    """Return the names that an expression needs, functions left out."""
    found = {node.id for node in ast.walk(parse(expression)) if isinstance(node, ast.Name)}
    return frozenset(found - set(FUNCTIONS))


def _walk(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name(id=name):
            if name not in known:
                raise UnknownName(name)
            return known[name]
        case ast.Tuple(elts=items):
            return tuple(_walk(item, known) for item in items)
        case ast.Subscript(value=value, slice=index):
            return _walk(value, known)[_walk(index, known)]
        case ast.UnaryOp(op=op, operand=operand):
            return _operator(op)(_walk(operand, known))
        case ast.BinOp(left=left, op=op, right=right):
            return _operator(op)(_walk(left, known), _walk(right, known))
        case ast.BoolOp(op=op, values=values):
            results = (bool(_walk(value, known)) for value in values)
            return all(results) if isinstance(op, ast.And) else any(results)
        case ast.Compare():
            return _compare(node, known)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _walk(body if _walk(test, known) else other, known)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_walk(arg, known) for arg in args))
    raise ValueError(f"not allowed in a spec expression: {ast.unparse(node)}")


def _compare(node: ast.Compare, known: Mapping[str, Any]) -> bool:
    values = [_walk(node.left, known), *(_walk(item, known) for item in node.comparators)]
    pairs = zip(node.ops, values[:-1], values[1:], strict=True)
    return all(_operator(op)(left, right) for op, left, right in pairs)


def _operator(op: ast.AST) -> Callable[..., Any]:
    if type(op) not in OPERATORS:
        raise ValueError(f"not allowed in a spec expression: {type(op).__name__}")
    return OPERATORS[type(op)]
