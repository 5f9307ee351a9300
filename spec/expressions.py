"""Evaluate the short expressions of spec entries by walking Python's ``ast``: never ``eval``.

Allowed are names, numbers, strings, tuples, subscripts, arithmetic, comparisons, ``and``, ``or``,
``not``, ``a if c else b``, and calls of the functions in :mod:`etalon.spec.shape_functions`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache
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
