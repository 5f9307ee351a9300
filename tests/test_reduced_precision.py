"""A mode that rounds the factors of products is judged with its own unit roundoff."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic import precision as precision_module
from etalon.conformance.arithmetic.formats import FACTORS
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.cases.case import parse
from etalon.conformance.commands import main
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op
from etalon.spec.words import DISTRIBUTION, DTYPES, MODES, REDUCED

torch = pytest.importorskip("torch")
CASE = (
    "layers/dense:float32:normal:x1.0:s42:"
    "units=3,use_bias=true,activation=relu,batch=2x3,features=4"
)
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


@pytest.mark.parametrize("mode", MODES)
def test_other_dtypes_are_granted_nothing(mode: str) -> None:
    assert set(REDUCED) < set(FACTORS)
    assert precision("float32", mode).factors == FACTORS.get(mode)
    for dtype in set(DTYPES) - {"float32"}:
        assert precision(dtype, mode) == precision(dtype)


def unmoved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PyTorch compute the same numbers in every mode, so that only the bounds differ."""
    package = BACKENDS["torch"].load()
    monkeypatch.setattr(package, "multiplied", lambda mode: contextlib.nullcontext())


def ratio(law: str, mode: str) -> float:
    outcome = Judge(Subject(BACKENDS["torch"], mode=mode)).outcome(law, parse(CASE))
    assert outcome is not None
    return outcome.ratio


@pytest.mark.parametrize("law", ["values", "gradients", "exchangeability"])
def test_each_law_judges_by_the_bound_of_the_mode(
    law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of four products are off by some 2⁻²², of rounded factors by 2⁻¹⁰ and 2⁻⁷."""
    unmoved(monkeypatch)
    full, tf32, bfloat16 = (ratio(law, mode) for mode in ("eager", "tf32", "bfloat16"))
    assert 2**10 < full / tf32 < 2**13
    assert 6 < tf32 / bfloat16 < 9


def test_the_audit_plants_faults_into_the_arithmetic_of_the_mode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One in 100,000 is beyond the bound of float32, and within that of TF32."""
    unmoved(monkeypatch)
    for mode in ("eager", "tf32"):
        cell = Cell("torch", "layers/dense", "gradients", "float32")
        audit = Judge(Subject(BACKENDS["torch"], mode=mode), "smoke").verdict(cell).audit
        assert audit["times 1 + 1e-5"] == (mode == "eager")
        assert audit["zeros"]


def test_random_numbers_are_tested_in_the_arithmetic_of_the_subject(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subject = Subject(BACKENDS["torch"], mode="tf32")
    honest, asked = subject.precision, set()

    def precision_of(dtype: str) -> Precision:
        asked.add(dtype)
        return honest(dtype)

    monkeypatch.setattr(subject, "precision", precision_of)
    for op in (op for op in spec.catalogue().values() if op.distribution):
        asked.clear()
        (case, *_) = sample(op, DISTRIBUTION, "float32", "smoke", 0)
        assert Judge(subject).outcome(DISTRIBUTION, case) is not None
        assert asked == {"float32"}, op.id


# What is shown


def replayed(
    mode: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> str:
    words = ["etalon", "replay", CASE, "--backend", "torch", "--mode", mode, *options]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 0
    return capsys.readouterr().out


def found(pattern: str, text: str) -> str:
    (one,) = re.findall(pattern, text, re.MULTILINE)
    return str(one)


VERDICT = r"values holds, worst error / bound (\S+)$"


@pytest.mark.parametrize("mode", ["eager", *REDUCED])
def test_replay_shows_the_bound_that_it_judges_by(
    mode: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = replayed(mode, monkeypatch, capsys)
    judged = found(VERDICT, table)
    worst = found(r"error / bound *\n(.*)\n", table).split()
    assert worst[-1] == judged

    exact = replayed(mode, monkeypatch, capsys, "--exact")
    said = found(r"y: both are right: worst error / bound (\S+)$", exact)
    assert said == f"{float(found(VERDICT, exact)):.2g}"

    script = replayed(mode, monkeypatch, capsys, "--script")
    assert (f'where.enter_context(multiplied("{mode}"))' in script) == (mode in REDUCED)
    assert f"{float(found('^wanted, bound = .*, (.*)$', script)):.3g}" == worst[-2]


@pytest.mark.parametrize("mode", MODES)
def test_bound_is_that_of_the_mode(mode: str) -> None:
    third = np.float32(1 / 3)  # of products of such numbers a sum may be rounded
    x, kernel = third * np.array([[1.0, 2.0, 4.0]]), third * np.array([[4.0], [2.0], [8.0]])
    value, bound = etalon.bound("layers/dense", x, kernel, None, use_bias=False, mode=mode)
    unit = FACTORS[mode].unit if mode in FACTORS else 0
    product = (1 + unit) ** 2 * (1 + 3 * 2.0**-24)
    assert value == float(third) ** 2 * 40
    assert 0 < bound - value * (product - 1) < value * 1e-13  # of higher order


def test_a_wrong_mode_gets_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^no mode is called 'tf23': there are eager, compiled,"):
        etalon.bound("layers/dense", np.ones((1, 1)), np.ones((1, 1)), None, mode="tf23")


def askers() -> set[str]:
    """Return the modules of ``conformance`` that make an arithmetic from names."""
    folder = Path(precision_module.__file__).parents[1]
    sources = {path: ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py")}
    return {
        path.relative_to(folder).as_posix()
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "precision" in {name.name for name in node.names}
    }


def test_whoever_judges_asks_the_subject_for_its_arithmetic() -> None:
    """Only the subject knows its mode; and ``etalon.bound`` is told.

    The constants of a distribution are made in Python's float64, whatever computes afterwards;
    entries of divergences tell errors in units of the dtype, which all its arithmetics share.
    """
    assert askers() == {
        "judging/divergences.py",
        "laws/distribution_families.py",
        "subjects/subject.py",
    }
