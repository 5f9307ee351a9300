"""Evaluate the short expressions of spec entries by Python's ``ast``: never ``eval``.

Allowed are names, numbers, strings, tuples, subscripts, arithmetic, comparisons, ``and``, ``or``,
``not``, ``a if c else b``, and calls of the functions in :mod:`etalon.spec.shape_functions`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from etalon.spec.shape_functions import FUNCTIONS, UnknownName

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
    return _compiled(expression)(known)


@cache
def names(expression: str) -> frozenset[str]:
    """Return the names that an expression needs, functions left out."""
    found = {node.id for node in ast.walk(parse(expression)) if isinstance(node, ast.Name)}
    return frozenset(found - set(FUNCTIONS))


Evaluation = Callable[[Mapping[str, Any]], Any]
"""What gives the value of an expression, or of a part of it, where names have these values."""


@cache
def _compiled(expression: str) -> Evaluation:
    """Return an expression as a function: an entry's rules are evaluated a million times."""
    return _function(parse(expression))


def _function(node: ast.expr) -> Evaluation:
    match node:
        case ast.Constant(value=constant):
            return lambda known: constant
        case ast.Name(id=name):
            return partial(_named, name)
        case ast.Tuple(elts=items):
            parts = _functions(items)
            return lambda known: tuple(part(known) for part in parts)
        case ast.Subscript(value=value, slice=index):
            whole, place = _functions([value, index])
            return lambda known: whole(known)[place(known)]
        case ast.UnaryOp(op=op, operand=operand):
            return _applied(_operator(op), [operand])
        case ast.BinOp(left=left, op=op, right=right):
            return _applied(_operator(op), [left, right])
        case ast.BoolOp(op=op, values=values):
            parts, among = _functions(values), all if isinstance(op, ast.And) else any
            return lambda known: among(part(known) for part in parts)
        case ast.Compare():
            return _comparison(node)
        case ast.IfExp(test=test, body=body, orelse=other):
            holds, then, otherwise = _functions([test, body, other])
            return lambda known: then(known) if holds(known) else otherwise(known)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return _applied(FUNCTIONS[name], args)
    raise ValueError(f"not allowed in a spec expression: {ast.unparse(node)}")


def _functions(nodes: Sequence[ast.expr]) -> list[Evaluation]:
    return [_function(node) for node in nodes]


def _named(name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise UnknownName(name)
    return known[name]


def _applied(function: Callable[..., Any], operands: Sequence[ast.expr]) -> Evaluation:
    parts = _functions(operands)
    if len(parts) == 1:
        (only,) = parts
        return lambda known: function(only(known))
    return lambda known: function(*[part(known) for part in parts])


def _comparison(node: ast.Compare) -> Evaluation:
    parts, operators = _functions([node.left, *node.comparators]), [*map(_operator, node.ops)]

    def compared(known: Mapping[str, Any]) -> bool:
        values = [part(known) for part in parts]
        pairs = zip(operators, values, values[1:], strict=False)
        return all(holds(left, right) for holds, left, right in pairs)

    return compared


def _operator(op: ast.AST) -> Callable[..., Any]:
    if type(op) not in OPERATORS:
        raise ValueError(f"not allowed in a spec expression: {type(op).__name__}")
    return OPERATORS[type(op)]
