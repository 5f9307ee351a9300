"""The floating-point formats: one row for each dtype, with all that depends on which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Factors:
    """A format that the factors of products are rounded to, or given in; not that of results.

    ``digits`` is the number of bits of the significand, ``tiny`` the smallest normal number,
    ``largest`` the largest finite one, infinite where it is that of the results.
    """

    digits: int
    tiny: float
    largest: float = np.inf

    @property
    def unit(self) -> float:
        """The unit roundoff."""
        return 2.0**-self.digits

    def off(self, value: npt.NDArray[Any], carried: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return how far numbers are off once they are rounded: nothing that the format holds.

        Args:
            value: the numbers.
            carried: how far they may be off before.
        """
        reach = np.maximum(np.abs(value) + carried, self.tiny)
        rounded = np.where(reach > self.largest, np.inf, self.unit * reach)
        return np.where(self._holds(value) & (carried == 0), 0, rounded)

    def _holds(self, value: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        size = np.abs(value)
        _, exponent = np.frexp(np.maximum(size, self.tiny))
        scaled = np.ldexp(value, self.digits - exponent)
        held = (np.rint(scaled) == scaled) & (size <= self.largest)
        found: npt.NDArray[np.bool_] = held | np.isnan(value)
        return found


QUANTISED = ("float8_", "float6_", "float4_")
"""How the names of floats begin that are for inputs alone, and whose numbers are exact as given."""
_FLOAT8 = {"e4m3": Factors(4, 2.0**-6, 448.0), "e5m2": Factors(3, 2.0**-14, 57344.0)}
FACTORS: Mapping[str, Factors] = MappingProxyType(
    {"tf32": Factors(11, 2.0**-126), "bfloat16": Factors(8, 2.0**-126), **_FLOAT8}
)
"""The formats that a device rounds the factors of products to, or is given them in.

TF32 has the exponent of float32 and 11 bits of significand (NVIDIA A100 Tensor Core GPU
Architecture, 2020), bfloat16 has 8. ``e4m3`` and ``e5m2`` are float8 (Micikevicius et al., *FP8
Formats for Deep Learning*, 2022). What is beyond their largest number becomes infinity, NaN or that
number: nothing is claimed. Products and sums are those of float32.
"""


@dataclass(frozen=True, eq=False)
class Format:
    """A format that is judged."""

    name: str
    """The dtype, as :data:`~etalon.spec.words.DTYPES` has it."""
    truth: str
    """The wider format in which the truth about it is computed, by its name in NumPy."""
    faults: Mapping[str, float]
    """The factors that a law has to see in results, as one writes them."""
    coarser: str = ""
    """Another format, such that a law has to see results that are rounded to it."""
    module: str = "np"
    """Where programs find the type of its numbers."""
    factors: Mapping[str, Factors] = field(default_factory=dict)
    """The formats that factors of its products may be rounded to, by name."""
    sums: str = ""
    """The format that its sums are accumulated in; by default, it is its own."""
    label: str = ""
    """What has so many bits of significand: by default, the format alone."""

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of its arrays."""
        return np.dtype(self.name)

    @property
    def literal(self) -> str:
        """The type of its numbers, as a program writes it."""
        return f"{self.module}.{self.name}"

    @property
    def bits(self) -> str:
        """How precise a product of such factors is, in words: ``24 bits (float32)``."""
        return f"{self.digits} bits ({self.label or self.name})"

    @property
    def digits(self) -> int:
        """The number of bits of the significand."""
        return int(self._info.nmant) + 1

    @property
    def unit(self) -> float:
        """The unit roundoff."""
        return float(self._info.eps) / 2

    @property
    def tiny(self) -> float:
        """The smallest normal number."""
        return float(self._info.tiny)

    @property
    def largest(self) -> float:
        """The largest finite number."""
        return float(self._info.max)

    @cached_property
    def _info(self) -> Any:
        finfo: Any = ml_dtypes.finfo
        return finfo(self.dtype)


_FORMATS = (
    Format(
        "float32",
        truth="float64",
        faults={"1.0009": 1.0009, "1 + 1e-5": 1 + 1e-5},
        coarser="bfloat16",
        factors=FACTORS,
    ),
    Format(
        "float64",
        truth="longdouble",
        faults={"1.0009": 1.0009, "1 + 1e-12": 1 + 1e-12},
    ),
    Format(
        "float16",
        truth="float64",
        faults={"1.016": 1 + 2**-6},
        label="TF32 or float16",
        factors=_FLOAT8,
        sums="float32",
    ),
    Format(
        "bfloat16",
        truth="float64",
        faults={"1.125": 1 + 2**-3},
        module="ml_dtypes",
        factors=_FLOAT8,
        sums="float32",
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({row.name: row for row in _FORMATS})
"""The formats by the name of the dtype."""


def is_quantised(x: Any) -> bool:
    """Return whether an array is of a float of at most eight bits, as ml_dtypes has them."""
    return isinstance(x, np.ndarray) and x.dtype.name.startswith(QUANTISED)


def find(dtype: str) -> Format:
    """Return the format of a dtype.

    Raises:
        ValueError: no such dtype is judged.
    """
    if dtype.startswith(QUANTISED):
        raise ValueError(f"{dtype} is for inputs: dtype is that of results, {', '.join(FORMATS)}")
    if dtype not in FORMATS:
        raise ValueError(f"no dtype is called {dtype!r}: there are {', '.join(FORMATS)}")
    return FORMATS[dtype]
