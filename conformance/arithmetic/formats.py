"""The floating-point formats: one row for each dtype, with all that depends on which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np

FACTORS: Mapping[str, float] = MappingProxyType({"tf32": 2.0**-11, "bfloat16": 2.0**-8})
"""The unit roundoff in which a device rounds the factors of products of float32, by the format.

TF32 has the exponent of float32 and 11 bits of significand (NVIDIA A100 Tensor Core GPU
Architecture, 2020), bfloat16 has 8. Products and sums are those of float32.
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
    factors: Mapping[str, float] = field(default_factory=dict)
    """The unit roundoff of the formats that factors of its products may be rounded to."""
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
        sums="float32",
    ),
    Format(
        "bfloat16",
        truth="float64",
        faults={"1.125": 1 + 2**-3},
        module="ml_dtypes",
        sums="float32",
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({row.name: row for row in _FORMATS})
"""The formats by the name of the dtype."""


def find(dtype: str) -> Format:
    """Return the format of a dtype.

    Raises:
        ValueError: no such dtype is judged.
    """
    if dtype not in FORMATS:
        raise ValueError(f"no dtype is called {dtype!r}: there are {', '.join(FORMATS)}")
    return FORMATS[dtype]
