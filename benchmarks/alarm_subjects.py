"""What ``alarms.py`` judges: sums of products and attention in NumPy, right and with faults.

All numbers are held in float32, which holds those of float16 and bfloat16, too. An implementation
is a function of a call, which returns numbers of float32 or of float64; they are then rounded once
to the call's dtype.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from alarm_sums import ORDERS, Array, Sum, blocks, faulty_sums, rounded, truncated, whole

ROWS, COLUMNS, QUERIES, FEATURES, PADDING = 64, 64, 16, 64, 16
FEW = 400
"""How many terms of a sum of exact data are not zero."""
SCALE = 0.125
"""That of the scores: a power of two, so that it does not round."""


@dataclass(frozen=True, eq=False)
class Call:
    """A dense layer on ``(x, kernel)``, or attention on ``(query, value, key)`` and a mask.

    Attention has 16 positions more than terms, which the mask takes away.
    """

    op: str
    dtype: str
    arrays: tuple[Array, ...]

    @property
    def terms(self) -> int:
        """Over how many terms is summed."""
        return len(self.arrays[1]) - (PADDING if self.op == "attention" else 0)


@dataclass(frozen=True)
class Subject:
    """An implementation, right or not; ``strong`` ones are asked for scores of about 30."""

    name: str
    right: bool
    compute: Callable[[Call], Array]
    strong: bool = False


def drawn(op: str, dtype: str, terms: int, generator: np.random.Generator) -> Call:
    """Return a call on normal numbers."""

    def normal(*shape: int) -> Array:
        return rounded(generator.standard_normal(shape), dtype)

    if op == "dense":
        return Call(op, dtype, (normal(ROWS, terms), normal(terms, COLUMNS)))
    positions = terms + PADDING, FEATURES
    return Call(op, dtype, (normal(QUERIES, FEATURES), normal(*positions), normal(*positions)))


def exact(op: str, dtype: str, terms: int, generator: np.random.Generator) -> Iterator[Call]:
    """Yield calls on integers that no order of summation in float32 can round.

    Products are of wide integers with few ones and minus ones, either way round; attention has
    equal scores, so that the shares are powers of two, as the numbers of terms are.
    """
    width = {"float32": 2**13, "float16": 2**9, "bfloat16": 2**8}[dtype]

    def wide(*shape: int) -> Array:
        return generator.integers(1 - width, width, shape).astype(np.float32)

    def few(*shape: int) -> Array:
        signs = generator.choice([-1.0, 1.0], shape)
        return np.where(generator.random(shape) < FEW / terms, signs, 0.0).astype(np.float32)

    if op == "dense":
        yield Call(op, dtype, (wide(ROWS, terms), few(terms, COLUMNS)))
        yield Call(op, dtype, (few(ROWS, terms), wide(terms, COLUMNS)))
    else:
        positions = terms + PADDING, FEATURES
        query = np.zeros((QUERIES, FEATURES), np.float32)
        yield Call(op, dtype, (query, wide(*positions), wide(*positions)))


def gains(compute: Callable[[Call], Array]) -> Iterator[Subject]:
    """Yield a right implementation, times a little more than 1."""
    for gain in (1e-6, 1e-5, 1e-4, 1e-3):
        yield Subject(f"times 1 + {gain:g}", False, partial(_gained, compute=compute, gain=gain))


def _gained(call: Call, compute: Callable[[Call], Array], gain: float) -> Array:
    return compute(call).astype(np.float64) * (1 + gain)


def _cut(call: Call, compute: Callable[[Call], Array]) -> Array:
    return truncated(compute(call).astype(np.float64), call.dtype)


def stored_wrongly(compute: Callable[[Call], Array], dtype: str) -> Iterator[Subject]:
    """Yield a right implementation whose results are kept wrongly."""
    yield Subject("zeros", False, lambda call: np.zeros_like(compute(call)))
    if dtype != "float32":
        yield Subject("result cut off", False, partial(_cut, compute=compute))


def dense(sum_: Sum, call: Call) -> Array:
    """The product of x and kernel, added up so."""
    x, kernel = call.arrays
    return sum_(x, kernel)


def dense_subjects(dtype: str) -> Iterator[Subject]:
    """Yield what computes dense layers."""
    for name, sum_ in ORDERS.items():
        yield Subject(name, True, partial(dense, sum_))
    yield Subject("PyTorch", True, _torch_dense)
    for name, sum_ in faulty_sums(dtype):
        yield Subject(name, False, partial(dense, sum_))
    right = partial(dense, whole)
    yield from gains(right)
    yield from stored_wrongly(right, dtype)
    yield Subject("last 32 terms dropped", False, partial(dense, lambda a, b: a[:, :-32] @ b[:-32]))
    yield Subject("one term missing", False, partial(dense, _without_one))
    yield Subject("one term missing in one number", False, _once_without_one)


def _without_one(a: Array, b: Array) -> Array:
    middle = len(b) // 2
    return np.delete(a, middle, axis=1) @ np.delete(b, middle, axis=0)


def _once_without_one(call: Call) -> Array:
    y = dense(whole, call)
    y[0, 0] = dense(_without_one, call)[0, 0]
    return y


def _torch_dense(call: Call) -> Array:
    x, kernel = (tensor(array, call.dtype) for array in call.arrays)
    return as_numpy(x @ kernel)


def tensor(array: Array, dtype: str) -> Any:
    """Return a tensor of PyTorch's."""
    return torch.from_numpy(array).to(getattr(torch, dtype))


def as_numpy(found: Any) -> Array:
    """Return the numbers of a tensor of at most 32 bits."""
    numbers: Array = found.float().numpy()
    return numbers


def shares(
    call: Call,
    *,
    kept: int | None = None,
    scale: float = SCALE,
    shifted: bool = True,
    stored: Callable[[Array], Array] = lambda x: x,
    summed: int | None = None,
) -> Array:
    """Return the shares that positions have: the softmax of their scores.

    Args:
        call: whose queries and keys are multiplied.
        kept: how many positions the mask keeps, or all terms.
        scale: by which scores are multiplied.
        shifted: whether the largest score is taken from all before the exponential.
        stored: what each exponential is rounded by.
        summed: how many positions are in the sum of the exponentials; all that are kept.
    """
    query, _, key = call.arrays
    scores = (query @ key[: kept or call.terms].T) * np.float32(scale)
    if shifted:
        scores = scores - scores.max(axis=-1, keepdims=True)
    found = stored(np.exp(scores))
    sums: Array = np.sum(found[:, :summed], axis=-1, keepdims=True)
    return found / sums


def attention(sum_: Sum, call: Call, **options: Any) -> Array:
    """Values weighted by shares, added up so."""
    found = shares(call, **options)
    return sum_(found, call.arrays[1][: found.shape[-1]])


def online(call: Call) -> Array:
    """Attention block by block, with the largest score so far, as FlashAttention does."""
    query, value, key = call.arrays
    most = np.full((len(query), 1), -np.inf, np.float32)
    sums, total = np.zeros_like(most), np.zeros((len(query), value.shape[-1]), np.float32)
    for part in blocks(call.terms, 64):
        scores = (query @ key[part].T) * np.float32(SCALE)
        now = np.maximum(most, scores.max(axis=-1, keepdims=True))
        found, before = np.exp(scores - now), np.exp(most - now)
        sums = sums * before + found.sum(axis=-1, keepdims=True)
        total, most = total * before + found @ value[part], now
    return total / sums


def attention_subjects(dtype: str) -> Iterator[Subject]:
    """Yield what computes attention."""
    for name, sum_ in ORDERS.items():
        yield Subject(name, True, partial(attention, sum_))
    yield Subject("block by block", True, online)
    yield Subject("PyTorch", True, _torch_attention)
    if dtype != "float32":
        yield Subject("shares stored", True, partial(_stored_shares, dtype=dtype))
    for name, sum_ in faulty_sums(dtype):
        yield Subject(name, False, partial(attention, sum_))
    right = partial(attention, whole)
    yield from gains(right)
    yield from stored_wrongly(right, dtype)
    yield Subject("last 32 positions dropped", False, _without_last)
    yield Subject("one share missing in the sum", False, partial(right, summed=-1))
    yield Subject("one position of the padding kept", False, _with_padding)
    yield Subject("scale times 1.001", False, partial(right, scale=SCALE * 1.001))
    if dtype != "bfloat16":
        in_half = partial(rounded, name="bfloat16")
        yield Subject("exponentials in bfloat16", False, partial(right, stored=in_half))
    yield Subject("softmax without the largest", False, partial(right, shifted=False), strong=True)


def _stored_shares(call: Call, dtype: str) -> Array:
    return rounded(shares(call), dtype) @ call.arrays[1][: call.terms]


def _without_last(call: Call) -> Array:
    return attention(whole, call, kept=call.terms - 32)


def _with_padding(call: Call) -> Array:
    return attention(whole, call, kept=call.terms + 1)


def _torch_attention(call: Call) -> Array:
    query, value, key = (tensor(array, call.dtype)[None] for array in call.arrays)
    mask = torch.arange(len(call.arrays[1])) < call.terms
    found = torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask.expand(1, query.shape[1], -1), scale=SCALE
    )
    return as_numpy(found[0])
