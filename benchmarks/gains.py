"""The smallest gain error that each bound notices, by the number of terms.

    python benchmarks/gains.py [--op NAME ...] [--dtype NAME ...]

A result times 1 + g, rounded to the dtype, is noticed where one of its numbers is beyond its bound.
The table has the smallest g, of normal numbers: by the guaranteed bound; by the likely one; and,
marked exact, by the guaranteed bound of integers that no order of summation can round. What admits
16-bit accumulators, the contract ``narrow``, is there for comparison.

dense is of 64 examples and 64 units; layer normalization, without weights, and softmax of 8 rows;
attention of 16 queries of 64 features, of so many positions, with scores near 1.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

import ml_dtypes  # noqa: F401  (gives NumPy its bfloat16)
import numpy as np
import numpy.typing as npt
import typer
from measuring import table

import etalon

Array = npt.NDArray[Any]

TERMS = (16, 64, 256, 1024, 4096, 32768)
DTYPES = ("float32", "float16", "bfloat16")
RATE = 1e-9
GAINS = np.geomspace(1e-9, 100, 4401)
"""What is tried: four hundred to a power of ten."""
WIDTH: Mapping[str, int] = MappingProxyType({"float32": 2**13, "float16": 2**9, "bfloat16": 2**8})
"""Below which integers are drawn that are exact."""
FEW = 400
"""How many of the factors of an exact sum are not zero, of many."""

Asked = tuple[str, tuple[Array, ...], dict[str, Any]]
"""What ``etalon.bound`` is asked: an id, arrays and hyperparameters."""
Asking = Callable[[np.random.Generator, int, str], Asked]


def main(
    op: Annotated[list[str] | None, typer.Option(help="these alone")] = None,
    dtype: Annotated[list[str] | None, typer.Option(help="these alone")] = None,
) -> None:
    """Print the smallest gain that is noticed."""
    heads = ("smallest gain noticed", *(f"{terms:,}" for terms in TERMS))
    rows = [
        (f"{name}, {own}, {kind}", *_cells(OPS[name], own, options))
        for name in op or OPS
        for own in dtype or DTYPES
        for kind, options in _kinds(name, own)
    ]
    print(table(heads, rows))


def _kinds(name: str, dtype: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield how the bounds are asked for, and what each is called."""
    if name in EXACT:
        yield "exact", {}
        return
    if dtype != "float32":
        yield "sums in 16 bits", {"contract": "narrow"}
    yield "guaranteed", {}
    yield "likely", {"rate": RATE}


def _cells(asking: Asking, dtype: str, options: Mapping[str, Any]) -> list[str]:
    return [f"{smallest(asking, terms, dtype, options):.1e}" for terms in TERMS]


def smallest(asking: Asking, terms: int, dtype: str, options: Mapping[str, Any]) -> float:
    """Return the smallest gain that is noticed; infinite where none is."""
    id, arrays, config = asking(np.random.default_rng(0), terms, dtype)
    value, bound = etalon.bound(id, *arrays, dtype=dtype, **config, **options)
    place = bisect.bisect_left(GAINS, True, key=lambda gain: _noticed(value, bound, gain, dtype))
    return float(GAINS[place]) if place < len(GAINS) else np.inf


def _noticed(value: Array, bound: Array, gain: float, dtype: str) -> bool:
    with np.errstate(over="ignore"):
        found = (value * (1 + gain)).astype(dtype).astype(float)
    return bool(np.any(np.abs(found - value) > bound))


def _normal(generator: np.random.Generator, dtype: str, *shape: int) -> Array:
    return generator.standard_normal(shape).astype(dtype).astype(float)


def _dense(generator: np.random.Generator, terms: int, dtype: str) -> Asked:
    arrays = _normal(generator, dtype, 64, terms), _normal(generator, dtype, terms, 64)
    return "layers/dense", arrays, {"units": 64, "use_bias": False}


def _exact_dense(generator: np.random.Generator, terms: int, dtype: str) -> Asked:
    wide = generator.integers(1 - WIDTH[dtype], WIDTH[dtype], (64, terms)).astype(float)
    signs = generator.choice([-1.0, 1.0], (terms, 64))
    few = np.where(generator.random(signs.shape) < FEW / terms, signs, 0)
    return "layers/dense", (wide, few), {"units": 64, "use_bias": False}


def _layer_normalization(generator: np.random.Generator, terms: int, dtype: str) -> Asked:
    config = {"center": False, "scale": False, "axis": -1}
    return "layers/layer_normalization", (_normal(generator, dtype, 8, terms), None, None), config


def _softmax(generator: np.random.Generator, terms: int, dtype: str) -> Asked:
    return "activations/softmax", (_normal(generator, dtype, 8, terms),), {}


def _attention(generator: np.random.Generator, terms: int, dtype: str) -> Asked:
    lengths = (1, 16, 64), (1, terms, 64), (1, terms, 64)
    arrays = (_normal(generator, dtype, *shape) for shape in lengths)
    return "layers/attention", (*arrays, np.float64(0.125)), {"use_scale": True}


OPS: Mapping[str, Asking] = MappingProxyType(
    {
        "dense": _dense,
        "dense of integers": _exact_dense,
        "layer normalization": _layer_normalization,
        "softmax": _softmax,
        "attention": _attention,
    }
)
EXACT = ("dense of integers",)
"""Whose data no order of summation can round."""


if __name__ == "__main__":
    typer.run(main)
