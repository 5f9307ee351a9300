"""A mode that rounds the factors of products is judged with its own unit roundoff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.precision import FACTORS, executed, precision
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op

torch = pytest.importorskip("torch")
BITS = {"float32": 24, "tf32": 11, "bfloat16": 8, "less": 6}
"""How many bits of significand the factors keep."""


def rounded(x: Any, bits: int) -> Any:
    if x.dtype != torch.float32:
        return x
    significand, exponent = torch.frexp(x)
    return torch.ldexp(torch.round(significand * 2**bits) / 2**bits, exponent)


class Rounding(Subject):
    """PyTorch, whose factors are rounded to some bits as a GPU does."""

    def __init__(self, mode: str, bits: int) -> None:
        super().__init__(BACKENDS["torch"], mode=mode)
        self.bits = bits

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        function = super().adapter(op)
        assert function is not None

        def multiplied(x: Any, kernel: Any, *rest: Any, **config: Any) -> Any:
            return function(rounded(x, self.bits), rounded(kernel, self.bits), *rest, **config)

        return multiplied


@pytest.mark.parametrize("op", ["layers/dense", "layers/conv2d"])
@pytest.mark.parametrize(
    ("mode", "kept", "name"),
    [
        ("eager", "float32", "conforms"),
        ("eager", "tf32", "fails"),
        ("tf32", "tf32", "conforms"),
        ("tf32", "bfloat16", "fails"),
        ("bfloat16", "bfloat16", "conforms"),
        ("bfloat16", "less", "fails"),
    ],
)
def test_factors_are_granted_what_the_mode_says(op: str, mode: str, kept: str, name: str) -> None:
    judge = Judge(Rounding(mode, BITS[kept]), "smoke")
    verdict = judge.verdict(Cell("torch", op, "values", "float32"))
    undocumented = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    assert verdict.mode == mode
    assert ("fails" if undocumented else "conforms") == name
    assert float(verdict.worst_ratio) <= 1


def test_other_dtypes_are_granted_nothing() -> None:
    plain = {dtype: precision(dtype) for dtype in ("float32", "float64", "float16")}
    for mode, factors in FACTORS.items():
        with executed(mode):
            assert precision("float32").factors == factors
            assert precision("float64") == plain["float64"]
            assert precision("float16") == plain["float16"]
    assert precision("float32") == plain["float32"]
