"""The mutation operators: each makes small wrong variants of one node of a syntax tree.

They know Python, not neural networks: what they break is not chosen by what the laws look for. An
operator takes a node and yields what could stand in its place; a node it has nothing to say about
yields nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Operator = Callable[[ast.AST], Iterator[ast.AST]]
Kind = type[ast.operator] | type[ast.cmpop]
Node = TypeVar("Node", bound=ast.AST)

ARITHMETIC: Mapping[Kind, Kind] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
BOUNDARY: Mapping[Kind, Kind] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
DIRECTION: Mapping[Kind, Kind] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SIBLINGS = (
    ("mean", "sum"),
    ("reduce_mean", "reduce_sum"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("sqrt", "square"),
    ("floor", "ceil"),
    ("ones_like", "zeros_like"),
    ("zeros", "ones"),
    ("random", "standard_normal"),
    ("relu", "gelu"),
    ("softmax", "log_softmax"),
    ("sign", "abs"),
    ("var", "std"),
    ("add", "subtract"),
)
SIBLING = {**dict(SIBLINGS), **{second: first for first, second in SIBLINGS}}
SMALL = 1e-2
"""A constant below this is doubled; a larger one grows by a hundredth."""


def changed(node: Node, **fields: object) -> Node:
    """Return a copy of a node with some of its fields replaced."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """Replace an arithmetic operator: + and −, * and /, a power by a product."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield changed(node, op=ARITHMETIC[type(node.op)]())


def boundary(node: ast.AST) -> Iterator[ast.AST]:
    """Let a comparison include its boundary, or exclude it."""
    yield from _compared(node, BOUNDARY)


def direction(node: ast.AST) -> Iterator[ast.AST]:
    """Turn a comparison round."""
    yield from _compared(node, DIRECTION)


def _compared(node: ast.AST, table: Mapping[Kind, Kind]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in table:
        yield changed(node, ops=[table[type(node.ops[0])](), *node.ops[1:]])


def constant(node: ast.AST) -> Iterator[ast.AST]:
    """Perturb a number: 1 becomes 2, −1 becomes 0, 0.5 becomes 0.505, 1e-7 becomes 2e-7."""
    match node:
        case ast.Constant(value=bool()):
            return
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            yield ast.Constant(1 - value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value * (2 if value < SMALL else 1.01) if value else 1.0)


def truth_value(node: ast.AST) -> Iterator[ast.AST]:
    """Put True for False, and False for True."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)


def connective(node: ast.AST) -> Iterator[ast.AST]:
    """Put `and` for `or`, and `or` for `and`."""
    if isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def sign(node: ast.AST) -> Iterator[ast.AST]:
    """Drop a minus or a `not`; negate what is returned, or a variable given to a function."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Tuple):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Call(args=args) if not _in_place(node):
            for i, argument in enumerate(args):
                if isinstance(argument, ast.Name):
                    yield changed(node, args=_with(args, i, ast.UnaryOp(ast.USub(), argument)))


def scale(node: ast.AST) -> Iterator[ast.AST]:
    """Return a hundredth more than the result."""
    match node:
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Tuple):
            yield ast.Return(ast.BinOp(value, ast.Mult(), ast.Constant(1.01)))


def dropped_keyword(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out a keyword argument, so that its default takes its place."""
    if isinstance(node, ast.Call):
        for i in range(len(node.keywords)):
            yield changed(node, keywords=[*node.keywords[:i], *node.keywords[i + 1 :]])


def swapped(node: ast.AST) -> Iterator[ast.AST]:
    """Swap two neighbouring arguments of a call, or entries of a tuple."""
    match node:
        case ast.Call(args=args):
            yield from (changed(node, args=_exchanged(args, i)) for i in range(1, len(args)))
        case ast.Tuple(elts=parts, ctx=ast.Load()):
            yield from (changed(node, elts=_exchanged(parts, i)) for i in range(1, len(parts)))


def sibling(node: ast.AST) -> Iterator[ast.AST]:
    """Call the sibling of a function: the sum for the mean, the least for the largest."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) as function) if name in SIBLING:
            yield changed(node, func=changed(function, attr=SIBLING[name]))


def operand(node: ast.AST) -> Iterator[ast.AST]:
    """Put one operand in place of an operation, the first argument in place of a call."""
    match node:
        case ast.BinOp(left=left, right=right):
            yield from (left, right)
        case ast.Call(args=[ast.expr() as first, *_]) if not _in_place(node):
            if not isinstance(first, ast.Starred):
                yield first


def removed(node: ast.AST) -> Iterator[ast.AST]:
    """Remove a statement that updates what is there already."""
    match node:
        case ast.Expr(value=ast.Call() as call) if _in_place(call):
            return
        case ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.If(orelse=[]):
            yield ast.Pass()
        case ast.Assign(targets=[target], value=value) if _named(target) & _named(value):
            yield ast.Pass()


def branch(node: ast.AST) -> Iterator[ast.AST]:
    """Take one branch always."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.If(orelse=[]):
            yield changed(node, test=ast.Constant(True))
        case ast.If():
            yield from (changed(node, test=ast.Constant(value)) for value in (True, False))


def shifted_slice(node: ast.AST) -> Iterator[ast.AST]:
    """Start a slice one later, or end it one earlier."""
    match node:
        case ast.Slice(lower=None):
            yield changed(node, lower=ast.Constant(1))
        case ast.Slice(upper=None):
            yield changed(node, upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))


def reversed_list(node: ast.AST) -> Iterator[ast.AST]:
    """Reverse a list that is made of something."""
    match node:
        case ast.Call(func=ast.Name(id="list" | "tuple")):
            yield ast.Subscript(node, ast.Slice(step=ast.UnaryOp(ast.USub(), ast.Constant(1))))


def _in_place(call: ast.Call) -> bool:
    """Say whether PyTorch fills the first argument: left unfilled, it may hold anything."""
    return isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_")


def _with(nodes: list[ast.expr], i: int, node: ast.expr) -> list[ast.expr]:
    return [*nodes[:i], node, *nodes[i + 1 :]]


def _exchanged(nodes: list[ast.expr], i: int) -> list[ast.expr]:
    return [*nodes[: i - 1], nodes[i], nodes[i - 1], *nodes[i + 1 :]]


def _named(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


OPERATORS: Mapping[str, Operator] = {
    operator.__name__.replace("_", "-"): operator
    for operator in (
        arithmetic,
        boundary,
        direction,
        constant,
        truth_value,
        connective,
        sign,
        scale,
        dropped_keyword,
        swapped,
        sibling,
        operand,
        removed,
        branch,
        shifted_slice,
        reversed_list,
    )
}
