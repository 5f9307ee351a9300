"""Etalon: does an implementation of a neural-network operation compute what its spec says?

``catalogue()`` lists the ops, ``reference(id)`` returns an op's definition in NumPy, and
``bound(id, …)`` says how far a correct implementation in a given precision may be from it.
Nothing is imported before it is needed, and no framework ever is by this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from etalon.spec import Op

__version__ = "0.1.0"
__all__ = ["__version__", "bound", "catalogue", "reference"]


def catalogue() -> dict[str, Op]:
    """Return the ops of the catalogue by id."""
    from etalon import spec

    return spec.catalogue()


def reference(id: str) -> Callable[..., Any]:
    """Return the NumPy definition of an op; it refuses invalid calls by its numbered constraints.

    Raises:
        LookupError: no op has this id or alias; the message offers what is close.
    """
    from etalon import spec
    from etalon.backends import numpy

    return numpy.adapter(spec.find(id))


def bound(id: str, *args: Any, dtype: npt.DTypeLike = "float32", **config: Any) -> tuple[Any, Any]:
    """Return the exact value of a call and how far a working implementation may be from it.

    Args:
        id: an op's id or alias.
        args: the arrays of the call, as its reference takes them.
        dtype: the precision that the implementation works in.
        config: the hyperparameters.

    Returns:
        ``(value, bound)``, two arrays of the result's shape (of each, a tuple where the op has
        several results). Where the bound is infinite, nothing is claimed.

    Raises:
        LookupError: no op has this id or alias.
        ValueError: the op is random.
    """
    from etalon import spec
    from etalon.conformance.arithmetic import truth

    return truth.value_and_bound(spec.find(id), args, dtype, config)
