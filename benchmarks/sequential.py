"""The reference in the arithmetic of a dtype, every sum added up one by one, from the first on.

That is the order of summation that errs most of those that people write, and has to be admitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.backends.numpy import definition
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Argument, Case
from etalon.spec.einsum import terms as letters_of

Array = npt.NDArray[Any]


class Sequential(np.ndarray[Any, Any]):
    """An array whose sums, means and products are added up one by one, in its own format."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute as NumPy does, but matrix products and the sums of ``np.add.reduce``."""
        given = [plain(x) for x in inputs]
        if ufunc is np.matmul and method == "__call__":
            return own(product(*given))
        return own(getattr(ufunc, method)(*given, **options))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Compute as NumPy does, but what adds up."""
        rule = RULES.get(func, func)
        found = rule(*(_deep(arg) for arg in args), **{k: plain(v) for k, v in kwargs.items()})
        return [own(x) for x in found] if isinstance(found, list) else own(found)


def plain(x: Any) -> Any:
    """Return an array of NumPy's own for one of these."""
    return x.view(np.ndarray) if isinstance(x, Sequential) else x


def _deep(x: Any) -> Any:
    return type(x)(map(_deep, x)) if isinstance(x, list | tuple) else plain(x)


def own(x: Any) -> Any:
    """Return one of these arrays for one of NumPy's."""
    return np.asarray(x).view(Sequential) if isinstance(x, np.ndarray | np.generic) else x


def total(x: Array, axis: Any = None, keepdims: bool = False, where: Any = True) -> Array:
    """Add up along axes, in row-major order."""
    x = np.where(where, x, np.zeros_like(x))
    axes = tuple(range(x.ndim)) if axis is None else np.atleast_1d(axis) % x.ndim
    kept = [n for n in range(x.ndim) if n not in axes]
    flat = x.transpose(*kept, *axes).reshape(*(x.shape[n] for n in kept), -1)
    found = np.add.accumulate(flat, axis=-1)[..., -1] if flat.shape[-1] else flat.sum(axis=-1)
    shape = [1 if n in axes else length for n, length in enumerate(x.shape)]
    return np.asarray(found).reshape(shape) if keepdims else np.asarray(found)


def mean(x: Array, axis: Any = None, keepdims: bool = False, where: Any = True) -> Array:
    """Add up and divide by the number of terms."""
    counts = np.sum(np.broadcast_to(where, x.shape), axis=axis, keepdims=keepdims)
    return total(x, axis, keepdims, where) / np.asarray(counts).astype(x.dtype)


def product(a: Array, b: Array) -> Array:
    """Matrices multiplied, product after product added."""
    left, right = np.atleast_2d(a), b[:, None] if b.ndim == 1 else b
    shape = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    found = np.zeros((*shape, left.shape[-2], right.shape[-1]), np.result_type(a, b))
    for term in range(left.shape[-1]):
        found += left[..., :, term, None] * right[..., None, term, :]
    lent = tuple(axis for axis, x in ((-2, a), (-1, b)) if x.ndim == 1)
    return np.squeeze(found, axis=lent)


def einsum(equation: str, a: Array, b: Array) -> Array:
    """As matrices: letters of both and of the result are a batch, the others are summed over."""
    first, second, result = letters_of(equation)
    batch = [x for x in result if x in first and x in second]
    inner = [x for x in first if x not in result]
    rows, columns = (
        [x for x in own_ if x in result and x not in batch] for own_ in (first, second)
    )
    lengths = {**dict(zip(first, a.shape, strict=True)), **dict(zip(second, b.shape, strict=True))}
    left = _matrices(a, first, (batch, rows, inner), lengths)
    right = _matrices(b, second, (batch, inner, columns), lengths)
    order = [*batch, *rows, *columns]
    found = product(left, right).reshape([lengths[x] for x in order])
    return found.transpose([order.index(x) for x in result])


def _matrices(x: Array, letters: str, groups: Any, lengths: Mapping[str, int]) -> Array:
    moved = x.transpose([letters.index(letter) for group in groups for letter in group])
    return moved.reshape([int(np.prod([lengths[n] for n in group], dtype=int)) for group in groups])


RULES: Mapping[Any, Callable[..., Any]] = {np.sum: total, np.mean: mean, np.einsum: einsum}


class SequentialSubject:
    """The reference, asked for results as a subject is."""

    name = "sequential"
    mode = "eager"
    version = np.__version__

    def answer(self, case: Case, arguments: Mapping[str, Argument]) -> tuple[Array, ...]:
        """Return the results of a case."""
        with np.errstate(all="ignore"):
            found = call(definition(case.op), case, arguments, own)
        return tuple(plain(np.asarray(x)) for x in found)
