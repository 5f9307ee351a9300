"""Shapes: from a shape string to numbers, and from the arrays of a call back to the dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from etalon.spec.expressions import evaluate
from etalon.spec.model import Op, Tensor
from etalon.spec.shape_functions import UnknownName


class InvalidCall(ValueError):
    """A call breaks a numbered constraint of its op."""


def resolve(shape: str, known: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the lengths that a shape string means where names have the values in ``known``."""
    lengths: list[int] = []
    for starred, expression in _tokens(shape):
        if starred:
            lengths.extend(evaluate(expression, known))
        else:
            lengths.append(evaluate(expression, known))
    return tuple(lengths)


@cache
def _tokens(shape: str) -> tuple[tuple[bool, str], ...]:
    """Return the expressions of a shape string, and whether each is behind a star."""
    return tuple((token.startswith("*"), token.removeprefix("*")) for token in shape.split())


def bind(
    op: Op, shapes: Mapping[str, tuple[int, ...] | None], config: Mapping[str, Any]
) -> dict[str, Any]:
    """Return config and dimensions of a call, read off the shapes of its arrays.

    They are read twice: the shape of an array may need names that a later array gives.

    Raises:
        InvalidCall: a shape does not fit, or a numbered constraint does not hold; the message
            says which, and names the argument.
    """
    known = {name: value for name, value in config.items() if value is not None}
    for name, tensor in [*op.tensors.items()] * 2:
        shape = shapes.get(name)
        if shape is not None and tensor.each is None:
            _match(op, name, tensor, shape, known)
    known.update({name: None for name in config if name not in known})
    for constraint in op.constraints:
        if constraint.rule is not None and not _holds(constraint.rule, known):
            given = ", ".join(f"{n}={known[n]!r}" for n in constraint.names if n in known)
            raise InvalidCall(f"{op.id}: {constraint.id}: {constraint.says}; got {given}")
    return known


def _holds(rule: str, known: Mapping[str, Any]) -> bool:
    try:
        return bool(evaluate(rule, known))
    except UnknownName:
        return True


def _match(op: Op, name: str, tensor: Tensor, shape: Sequence[int], known: dict[str, Any]) -> None:
    layout = tensor.layout(known)
    tokens = layout.split()
    lengths = _align(tokens, shape, known)
    if lengths is None or not all(_fits(t, n, known) for t, n in zip(tokens, lengths, strict=True)):
        cited = [c.id for c in op.constraints if c.rule is None and name in c.names]
        number = f"{cited[0]}: " if cited else ""
        raise InvalidCall(
            f"{op.id}: {number}{name} has shape {tuple(shape)}, which does not fit ({layout})"
        )


def _align(
    tokens: Sequence[str], shape: Sequence[int], known: Mapping[str, Any]
) -> list[Any] | None:
    """Deal the lengths of ``shape`` out to ``tokens``; a starred one takes what is left."""
    starred = [i for i, token in enumerate(tokens) if token.startswith("*")]
    spare = len(shape) - (len(tokens) - len(starred))
    if spare < 0 or (not starred and spare):
        return None
    found = {i: _width(tokens[i][1:], known) for i in starred}
    left = spare - sum(width or 0 for width in found.values())
    unknown = [i for i, width in found.items() if width is None]
    if left < 0 or len(unknown) > 1 or (left and not unknown):
        return None
    widths = {i: left if width is None else width for i, width in found.items()}
    lengths: list[Any] = []
    position = 0
    for i in range(len(tokens)):
        if i not in widths:
            lengths.append(shape[position])
            position += 1
            continue
        lengths.append(tuple(shape[position : position + widths[i]]))
        position += widths[i]
    return lengths


def _width(expression: str, known: Mapping[str, Any]) -> int | None:
    try:
        value = evaluate(expression, known)
    except UnknownName:
        return None
    return len(value) if isinstance(value, Sequence) else None


def _fits(token: str, length: Any, known: dict[str, Any]) -> bool:
    expression = token.removeprefix("*")
    if expression.isidentifier() and known.get(expression) is None:
        known[expression] = length
        return True
    try:
        wanted = evaluate(expression, known)
    except UnknownName:
        return True
    if isinstance(wanted, Sequence):
        return bool(tuple(wanted) == length)
    return bool(wanted == length)
