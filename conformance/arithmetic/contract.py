"""The precision contract: what an implementation may round on the way to its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from etalon.conformance.arithmetic import formats
from etalon.spec.words import CONTRACTS

DEFAULT = CONTRACTS[0]
"""The contract by which everybody is judged who names no other."""
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "float16": "f16",
        "bfloat16": "bf16",
        "float32": "f32",
        "float64": "f64",
        "tf32": "tf32",
        "e4m3": "e4m3",
        "e5m2": "e5m2",
    }
)
"""The formats as contracts name them."""


@dataclass(frozen=True)
class Contract:
    """The formats of a computation, by name.

    Args:
        dtype: what the results are rounded to, and those of every primitive of the definition.
        factors: what the factors of products are rounded to before they are multiplied: what this
            format holds is exact.
        sums: what sums, and sums of products, are accumulated in.
        parts: whether a sum may be stored in parts, each rounded to the dtype, and these added.
        truncated: whether a sum is truncated to the dtype where it is stored, not rounded.
        towards_zero: whether each addition of a sum is rounded towards zero, not to nearest.
    """

    dtype: str
    factors: str
    sums: str
    parts: bool = False
    truncated: bool = False
    towards_zero: bool = False

    def __str__(self) -> str:
        factor, sums, out = (SHORT[name] for name in (self.factors, self.sums, self.dtype))
        added = " towards zero" if self.towards_zero else ""
        stored = ", stored in parts" if self.parts else ", truncated" if self.truncated else ""
        return f"{factor} × {factor} → {sums}{added}{stored}, out {out}"


SINGLE = "float32"
"""What the contract ``single`` computes in, and what tensor cores accumulate in."""


def _in_single(own: Contract) -> Contract:
    return replace(own, dtype=SINGLE, factors=SINGLE, sums=SINGLE)


def _digits(dtype: str) -> int:
    return formats.find(dtype).digits


_MAKING: Mapping[str, Callable[[Contract], Contract]] = MappingProxyType(
    {
        "default": lambda own: own,
        "narrow": lambda own: replace(own, sums=own.dtype),
        "parts": lambda own: replace(own, parts=True),
        "truncated": lambda own: replace(own, truncated=True),
        "single": lambda own: _in_single(own) if _digits(own.dtype) > _digits(SINGLE) else own,
        "tensor_core": lambda own: replace(own, towards_zero=True),
        **{name: partial(replace, factors=name) for name in formats.FACTORS},
    }
)
"""What makes each contract of that of the dtype, by the name of the contract.

``narrow`` accumulates in the dtype itself. ``parts`` is what PyTorch calls a reduced-precision
reduction: the parts of a sum, which several blocks of a GPU accumulate, are stored in 16 bits.
``truncated`` cuts off the digits of a sum that the dtype has not, where others round.
``tensor_core`` rounds each addition in the accumulator towards zero, and what is stored to
nearest. ``single`` computes float64 in float32, its inputs rounded to that. ``tf32`` and
``bfloat16`` round the factors of products of float32; ``e4m3`` and ``e5m2`` have them in float8.
"""


def contract(dtype: str, sums: str, name: str = DEFAULT) -> Contract:
    """Return a contract by its name, for a dtype whose sums are accumulated so.

    Raises:
        ValueError: none has this name.
    """
    if name not in CONTRACTS:
        raise ValueError(f"no contract is called {name!r}: there are {', '.join(CONTRACTS)}")
    return _MAKING[name](Contract(dtype, factors=dtype, sums=sums))
