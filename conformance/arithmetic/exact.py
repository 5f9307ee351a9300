"""The exact array: the reference computed in 50 digits, on demand, to adjudicate.

The truth and the backend are both rounded. When they disagree, the same formula on exact arrays
says which of the two is wrong, independently of the bounded arrays: it shares NumPy's dispatch
with them, and none of their arithmetic. The formula itself is taken as the reference has it.

The exact value is off, too. But by the error analysis that gives the bound, arithmetic with a unit
roundoff of 1e-50 is off by 1e-50 / u of the bound in a precision with unit roundoff u: less than
1e-30 of it even in float64, in any formula.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from etalon.backends.numpy import special
from etalon.conformance.arithmetic import exact_numbers as numbers
from etalon.conformance.arithmetic.precision import Float
from etalon.conformance.arithmetic.rules import Rule, Rules
from etalon.spec.einsum import terms as letters_of

Numbers = npt.NDArray[np.object_]

UFUNCS = Rules()
"""What NumPy's element-by-element functions do to exact numbers."""
FUNCTIONS = Rules()
"""What NumPy's functions on whole arrays do to them."""

_numbers = np.frompyfunc(numbers.number, 1, 1)


class Exact(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of numbers of 50 digits.

    Args:
        value: the numbers, as :mod:`~etalon.conformance.arithmetic.exact_numbers` has them.
    """

    def __init__(self, value: Any) -> None:
        self.value: Numbers = np.asarray(value, dtype=object)

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    T = property(lambda self: Exact(self.value.T))

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Exact]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Exact:
        return Exact(self.value[index])

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:
        return f"Exact({self.value!r})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs or ufunc not in UFUNCS:
            return NotImplemented
        return UFUNCS[ufunc](*map(lift, inputs))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func not in FUNCTIONS:
            raise TypeError(f"exact arrays have no rule for numpy.{func.__name__}")
        return FUNCTIONS[func](*args, **kwargs)

    def rounded(self, dtype: np.dtype[Any]) -> Float:
        """Return the numbers as a format of NumPy's holds them, too large ones as infinity."""
        with np.errstate(over="ignore", under="ignore"):
            found = [numbers.rounded(number, dtype) for number in self.value.flat]
        return np.array(found, dtype=dtype).reshape(self.shape)


def lift(x: Any) -> Exact:
    """Return a plain array or number as an exact one: every number is what its format holds."""
    if isinstance(x, Exact):
        return x
    array = np.asarray(x)
    return Exact(_numbers(array if array.dtype == object else array.astype(np.longdouble)))


def elementwise(rule: Rule, operands: int) -> Callable[..., Exact]:
    """Return the rule for so many arrays of a rule for as many numbers."""
    ufunc = np.frompyfunc(rule, operands, 1)
    return lambda *arrays: Exact(ufunc(*(array.value for array in arrays)))


UFUNCS.update(
    {ufunc: elementwise(rule, getattr(ufunc, "nin", 1)) for ufunc, rule in numbers.RULES.items()}
)


def comparison(ufunc: np.ufunc) -> Callable[[Exact, Exact], npt.NDArray[np.bool_]]:
    """Return the rule of a comparison, which is decided: plain booleans."""
    return lambda a, b: np.asarray(ufunc(a.value, b.value), dtype=bool)


UFUNCS.family(comparison, np.equal, np.not_equal)
UFUNCS.family(comparison, np.less, np.less_equal, np.greater, np.greater_equal)


@UFUNCS.implements(np.matmul)
def matmul(a: Exact, b: Exact) -> Exact:
    """A sum of products; an axis that a vector lacks is lent to it."""
    left = a.value[None] if a.ndim == 1 else a.value
    right = b.value[:, None] if b.ndim == 1 else b.value
    products = UFUNCS[np.multiply](Exact(left[..., None]), Exact(right[..., None, :, :]))
    lent = tuple(axis for axis, x in ((-2, a), (-1, b)) if x.ndim == 1)
    return Exact(np.squeeze(sum_(products, axis=-2).value, axis=lent))


@FUNCTIONS.implements(np.einsum)
def einsum(equation: str, a: Any, b: Any) -> Exact:
    """A sum of products: with an axis for each letter in both, and those not in y summed over."""
    first, second, result = letters_of(equation)
    letters = result + "".join(sorted({*first, *second} - {*result}))

    def spread(x: Exact, own: str) -> Exact:
        order = sorted(range(len(own)), key=lambda axis: letters.index(own[axis]))
        places = tuple(slice(None) if letter in own else None for letter in letters)
        return Exact(np.transpose(x.value, order)[places])

    products = UFUNCS[np.multiply](spread(lift(a), first), spread(lift(b), second))
    return sum_(products, axis=tuple(range(len(result), len(letters))))


def reduction(rule: Rule, **identity: Any) -> Callable[..., Exact]:
    """Return the rule of a function that folds numbers in any order."""
    ufunc = np.frompyfunc(rule, 2, 1, **identity)

    def reduced(x: Exact, axis: Any = None, keepdims: bool = False) -> Exact:
        return Exact(ufunc.reduce(x.value, axis=axis, keepdims=keepdims))

    return reduced


sum_ = reduction(numbers.add, identity=-0.0)
largest = reduction(numbers.larger, identity=None)
smallest = reduction(numbers.smaller, identity=None)
FUNCTIONS.update({np.sum: sum_, np.max: largest, np.min: smallest})


@FUNCTIONS.implements(np.mean)
def mean(x: Exact, axis: Any = None, keepdims: bool = False, *, where: Any = True) -> Exact:
    """A sum over a count; of nothing it is NaN."""
    counted = np.broadcast_to(where, x.shape)
    total = sum_(Exact(np.where(counted, x.value, 0)), axis, keepdims)
    count: Any = lift(np.sum(counted, axis=axis, keepdims=keepdims))
    result: Exact = UFUNCS[np.divide](total, count)
    return result


@FUNCTIONS.implements(special.softmax_last_axis)
def softmax(x: Exact) -> Exact:
    """Exponentials over their sum."""
    exponentials: Any = np.exp(x - largest(x, -1, keepdims=True))
    found: Exact = exponentials / sum_(exponentials, -1, keepdims=True)
    return found


@FUNCTIONS.implements(special.dot_attention)
def dot_attention(query: Any, key: Any, value: Any, scale: Any, mask: Any) -> Any:
    """A softmax of scores, times the values."""
    return special.softmax_last_axis(special.dot_scores(query, key, scale, mask)) @ value


@FUNCTIONS.implements(special.added)
def added(parts: Sequence[Any]) -> Any:
    """A sum of arrays."""
    return functools.reduce(np.add, parts)


@FUNCTIONS.implements(special.affine)
def affine(factors: Sequence[Any], kernels: Sequence[Any], biases: Sequence[Any]) -> Any:
    """Matrix products and biases, added."""
    return added([*(x @ kernel for x, kernel in zip(factors, kernels, strict=True)), *biases])


@FUNCTIONS.implements(np.argmax)
def argmax(x: Exact, axis: int) -> npt.NDArray[np.intp]:
    """The index of the first of the largest, or of the first NaN."""
    first = x.value == largest(x, axis, keepdims=True).value
    index: npt.NDArray[np.intp] = np.argmax(first | (x.value != x.value), axis=axis)
    return index


@FUNCTIONS.implements(np.any)
def any_(x: Exact, axis: Any = None, keepdims: bool = False) -> npt.NDArray[np.bool_]:
    """Whether one of many is not zero; NaN is not."""
    return np.asarray(np.any(x.value != 0, axis=axis, keepdims=keepdims))


def rearranged(function: Callable[..., Any]) -> Callable[..., Exact]:
    """Return the rule of a function that only moves elements about."""
    return lambda x, *args, **kwargs: Exact(function(x.value, *args, **kwargs))


FUNCTIONS.family(rearranged, np.broadcast_to, np.expand_dims, np.moveaxis, np.reshape, np.squeeze)
FUNCTIONS.family(rearranged, np.take_along_axis, np.transpose, sliding_window_view)


def joined(function: Callable[..., Any]) -> Callable[..., Exact]:
    """Return the rule of a function that puts several arrays together."""
    return lambda arrays, *args, **kwargs: Exact(
        function([lift(array).value for array in arrays], *args, **kwargs)
    )


FUNCTIONS.family(joined, np.concatenate, np.stack)


def filled(function: Callable[..., Any]) -> Callable[..., Exact]:
    """Return the rule of a function that adds numbers of its own."""
    return lambda x, *args, **kwargs: lift(function(x.value, *args, **kwargs))


FUNCTIONS.family(filled, np.ones_like, np.pad, np.zeros_like)


@FUNCTIONS.implements(np.full_like)
def full_like(x: Exact, fill_value: Any, shape: Any = None) -> Exact:
    """Numbers of one's own."""
    return Exact(np.broadcast_to(lift(fill_value).value, x.shape if shape is None else shape))


@FUNCTIONS.implements(np.where)
def where(condition: Any, a: Any, b: Any) -> Exact:
    """The chosen one."""
    return Exact(np.where(condition, lift(a).value, lift(b).value))
