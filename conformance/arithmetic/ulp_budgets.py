"""How accurate library functions have to be: the budgets that the bound grants them.

They are the published figures in :mod:`~etalon.conformance.arithmetic.published`: a backend's own
where it has one, else those of the OpenCL specification. Addition, subtraction, multiplication,
division and the square root are not here: correctly rounded by IEEE 754, they get half a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np

from etalon.backends.numpy.special import erfc
from etalon.conformance.arithmetic.published import OPENCL, TABLES, Published

NAMES: Mapping[Callable[..., Any], str] = MappingProxyType(
    {
        erfc: "erfc",
        np.cos: "cos",
        np.exp: "exp",
        np.expm1: "expm1",
        np.log: "log",
        np.log1p: "log1p",
        np.power: "pow",
        np.sin: "sin",
        np.tanh: "tanh",
    }
)
"""What the tables call NumPy's functions."""

Budgets = Mapping[Callable[..., Any], float]


def held(backend: str, device: str, mode: str) -> str:
    """Return whose figures a backend is held to on a device, in a mode: ``JAX, gpu``.

    Nothing where it is the default.
    """
    own = (table for table in TABLES.values() if _own(table, backend, device, mode))
    return next((f"{table.publisher}, {device}" for table in own), "")


def _own(table: Published, backend: str, device: str, mode: str) -> bool:
    where = device in table.devices and mode in (table.modes or (mode,))
    return backend in table.backends and where


@cache
def budgets(dtype: str, to: str = "") -> Budgets:
    """Return the budgets in a dtype, in units in the last place, by function.

    ``logaddexp`` is ``exp`` and ``log1p`` in a row.

    Args:
        dtype: of the results.
        to: whose figures, as :func:`held` says; by default, the default.
    """
    found = _figures(OPENCL, "cpu", _column(dtype))
    if to:
        publisher, device = to.split(", ")
        found |= _figures(TABLES[publisher], device, dtype)
    by_function = {function: found[name] for function, name in NAMES.items()}
    return MappingProxyType({**by_function, np.logaddexp: found["exp"] + found["log1p"]})


def _column(dtype: str) -> str:
    """Return in which column OpenCL's table has a dtype: it has one of all that are narrow."""
    finfo: Any = ml_dtypes.finfo
    return dtype if finfo(dtype).bits >= 32 else "float16"


def _figures(table: Published, device: str, dtype: str) -> dict[str, float]:
    figures = table.figures.get((device, dtype), {})
    return {name: figure + table.beyond for name, figure in figures.items()}
