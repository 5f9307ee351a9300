"""What an einsum equation of two operands says, such as ``abc,cde->abde``.

Every letter stands for an axis, and stands once in a term; there are no ellipses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def terms(equation: str) -> tuple[str, str, str]:
    """Return the letters of the two operands and of the result."""
    found = re.fullmatch(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]*)", equation.replace(" ", ""))
    if found is None:
        raise ValueError(f"{equation!r} is not an equation such as 'abc,cd->abd'")
    return found[1], found[2], found[3]


def kernel_shape(equation: str, rest: Sequence[int], output: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of the second operand, as Keras's EinsumDense infers it.

    ``rest`` and ``output`` are the lengths of the first operand and of the result behind the batch
    axis, which is the first of both.
    """
    first, kernel, result = terms(equation)
    lengths = {**dict(zip(first[1:], rest, strict=False)), **_named(result, output)}
    if not set(kernel) <= set(lengths):
        raise ValueError(f"{equation!r} has letters that are no axes of x or the result")
    return tuple(lengths[letter] for letter in kernel)


def bias_shape(equation: str, bias_axes: str, output: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of a bias along some axes of the result: 1 along those between them."""
    result = terms(equation)[2]
    lengths = _named(result, output)
    if not bias_axes or not set(bias_axes) <= set(lengths):
        raise ValueError(f"bias_axes {bias_axes!r} are no axes of the result of {equation!r}")
    begin = min(result.index(letter) for letter in bias_axes)
    return tuple(lengths[letter] if letter in bias_axes else 1 for letter in result[begin:])


def fits(equation: str, rest: Sequence[int], output: Sequence[int]) -> bool:
    """Return whether the two shapes behind the batch axis are those of an equation."""
    first, _, result = terms(equation)
    if (len(first), len(result)) != (1 + len(rest), 1 + len(output)):
        return False
    wanted = _named(result, output)
    return all(wanted.get(c, n) == n for c, n in zip(first[1:], rest, strict=True))


def holds(equation: str, letters: str) -> bool:
    """Return whether all letters are axes of the result behind the first."""
    return set(letters) <= set(terms(equation)[2][1:])


def _named(result: str, output: Sequence[int]) -> dict[str, int]:
    return dict(zip(result[1:], output, strict=False))
