"""The reference: each op as its definition in NumPy, and NumPy as a backend like any other.

The functions run on plain arrays (the value), on bounded arrays (the value and how far a working
implementation may be from it), and on whatever else speaks NumPy's dispatch protocols. So they use
NumPy's functions only, never assign into an array, and never name a dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.spec.call_check import checked
from etalon.spec.entry_check import REFERENCE
from etalon.spec.model import Op
from etalon.spec.object_path import load

Array = Any
"""Whatever speaks NumPy's dispatch protocols: plain arrays, bounded ones."""


LACKS = {"cpu": ("bfloat16",)}
"""The dtypes that NumPy has not."""


def fixed(x: Array) -> Array:
    """Return ``x`` as a number on which the result does not depend, so derivatives skip it."""
    return getattr(x, "constant", x)


def with_slope(y: Array, x: Array, slope: Array) -> Array:
    """Return ``y`` with a derivative with respect to ``x`` that is not taken from its formula.

    For functions whose derivative implementations compute from the result. ``y`` and ``slope`` are
    computed from ``fixed(x)``.
    """
    attach = getattr(x, "attach", None)
    return y if attach is None else attach(y, slope)


def confined(y: Array, low: float, high: float) -> Array:
    """Return ``y``, which lies between two numbers however little is known of what it is made of.

    For functions whose formula does not show it.
    """
    confine = getattr(y, "confined", None)
    return y if confine is None else confine(low, high)


def version() -> str:
    """Return NumPy's version."""
    return np.__version__


def devices() -> tuple[str, ...]:
    """Return the only device NumPy has."""
    return ("cpu",)


def placed(device: str) -> AbstractContextManager[None]:
    """Return a context that changes nothing."""
    return nullcontext()


def from_numpy(array: Array) -> Array:
    """Return a copy, so that an adapter that writes into its input harms nobody."""
    return array.copy()


def to_numpy(array: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """Return the array itself."""
    return np.asarray(array)


def definition(op: Op) -> Callable[..., Any]:
    """Return the reference function of an op as it is written, without checks."""
    place = op.functions.get(REFERENCE, f"{__name__}.{op.module}:{op.function}")
    function: Callable[..., Any] = load(place)
    return function


def adapter(op: Op) -> Callable[..., Any]:
    """Return the reference of an op, which first checks a call against the op's constraints.

    What an unchosen branch divides by zero is no news to the caller, so NumPy does not warn.
    """
    quiet: Callable[..., Any] = np.errstate(all="ignore")(definition(op))
    return checked(op, quiet)
