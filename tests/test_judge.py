"""The judge: outcomes become verdicts, divergences are strict both ways, statistics are proven."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import parse
from etalon.conformance.judging import divergences as documented
from etalon.conformance.judging import judge as judging
from etalon.conformance.judging.audit import faults
from etalon.conformance.judging.divergences import Divergence, InvalidDivergence
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.laws import statistics
from etalon.conformance.subjects.comparison import compare
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.place import Place
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op
from etalon.spec.words import DISTRIBUTION, VALUES

CASE = "activations/elu:float32:normal:x1.0:s1:alpha=1.0,shape=4x"
RELU_CASE = (
    "activations/relu:float32:ties:x1.0:s338:"
    "negative_slope=0.1,max_value=null,threshold=1.0,shape=4x"
)
FIXED = ("initializers/zeros", "initializers/ones")
"""The ops whose results some faults leave as they are."""
CELL = Cell("numpy", "activations/elu", "values", "float32")


class Wrong(Subject):
    """NumPy, but for whatever a test does to the result of elu."""

    def __init__(self, change: Callable[[Any], Any]) -> None:
        self.change = change
        super().__init__(BACKENDS["numpy"])

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return a function that changes the right result."""
        honest = super().adapter(op)
        return honest and (lambda *args, **config: self.change(honest(*args, **config)))


def entry(**changes: Any) -> Divergence:
    fields: dict[str, Any] = {
        "id": "numpy-elu",
        "nature": "defect",
        "laws": ("values",),
        "when": "True",
        "cases": (CASE,),
        "versions": "2.4.6",
        "what": "It is off.",
    }
    return Divergence(**{**fields, **changes})


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> Callable[[Divergence], None]:
    def put(one: Divergence) -> None:
        monkeypatch.setattr(judging, "divergences", lambda *where: (one,))

    return put


def test_an_undocumented_departure_fails() -> None:
    verdict = Judge(Wrong(lambda y: y * (1 + 1e-5)), "quick").verdict(CELL)
    assert verdict.verdict == "fails"
    (cluster,) = verdict.clusters
    assert cluster.cause == "y: beyond the bound"
    assert cluster.counterexample.element is not None
    assert float(cluster.counterexample.element.ratio) > 1
    assert "± " in cluster.counterexample.message


def test_a_counterexample_is_small_and_fails_again() -> None:
    subject = Wrong(lambda y: np.where(y < 0, -y, y))
    verdict = Judge(subject, "quick").verdict(CELL)
    case = parse(verdict.clusters[0].counterexample.case)
    assert (case.known["alpha"], case.known["shape"], case.stratum) == (1.0, (4,), "normal")
    outcome = Judge(subject).outcome("values", case)
    assert outcome is not None
    assert not outcome.holds


def test_a_case_with_three_wrong_results_counts_once_for_each() -> None:
    class Off(Wrong):
        def adapter(self, op: Op) -> Callable[..., Any] | None:
            """Return a function with all three results wrong."""
            honest = Subject.adapter(self, op)
            return honest and (lambda *a, **c: tuple(y + 1 for y in honest(*a, **c)))

    cell = Cell("numpy", "layers/batch_normalization", "values", "float32")
    verdict = Judge(Off(lambda y: y), "quick").verdict(cell)
    outputs = {cluster.cause.partition(":")[0] for cluster in verdict.clusters}
    assert outputs == {"y", "moving_mean", "moving_variance"}
    assert all(0 < cluster.cases <= verdict.cases for cluster in verdict.clusters)


def test_a_documented_departure_diverges(document: Callable[[Divergence], None]) -> None:
    document(entry(when="ratio > 1 and error < 1 and not isnan(wanted)"))
    verdict = Judge(Wrong(lambda y: y * (1 + 1e-5)), "quick").verdict(CELL)
    assert verdict.verdict == "diverges"
    (cluster,) = verdict.clusters
    assert (cluster.divergence, cluster.nature) == ("numpy-elu", "defect")


def test_what_the_entry_does_not_cover_still_fails(
    document: Callable[[Divergence], None],
) -> None:
    document(entry(when="stratum == 'normal'"))
    verdict = Judge(Wrong(lambda y: y * (1 + 1e-5)), "quick").verdict(CELL)
    assert verdict.verdict == "fails"
    assert {cluster.divergence for cluster in verdict.clusters} == {None, "numpy-elu"}


def test_an_entry_that_no_longer_occurs_fails(document: Callable[[Divergence], None]) -> None:
    document(entry())
    verdict = Judge(Subject(BACKENDS["numpy"]), "quick").verdict(CELL)
    assert verdict.verdict == "fails"
    assert verdict.clusters[0].cause == "divergence numpy-elu no longer occurs: remove its entry"


def test_but_one_of_other_processors_may_be_missing(
    document: Callable[[Divergence], None],
) -> None:
    document(entry(processors="those of another maker"))
    assert Judge(Subject(BACKENDS["numpy"]), "quick").verdict(CELL).verdict == "conforms"
    verdict = Judge(Wrong(lambda y: y * (1 + 1e-5)), "quick").verdict(CELL)
    assert verdict.verdict == "diverges"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[divergence]]\nid = 'a'\n", "missing required field"),
        ("not toml", "divergences.toml"),
        ("nature = 'odd'", "nature is 'odd'"),
        ("laws = ['murphy']", "no law is called 'murphy'"),
        ("when = 'nosuch > 1'", "`when` knows no nosuch"),
        ("when = 'dtype.upper'", "not allowed in a spec expression: dtype.upper"),
        ("cases = ['nonsense']", "not a case id"),
        ("cases = []", "it has no case"),
        (f"when = 'alpha > 0'\ncases = ['{CASE}', '{RELU_CASE}']", "no alpha of activations/relu"),
        ("colour = 'red'", "unknown field `colour`"),
    ],
)
def test_a_malformed_entry_is_said_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "divergences.toml"
    if " = " in text and not text.startswith("["):
        fields = msgspec.to_builtins(entry())
        given = {line.split(" = ")[0] for line in text.splitlines()}
        lines = [f"{name} = {json.dumps(v)}" for name, v in fields.items() if name not in given]
        text = "\n".join(["[[divergence]]", *lines, text])
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDivergence, match=says):
        documented._entries(path)


@pytest.mark.parametrize("backend", BACKENDS)
def test_documented_entries_are_well_formed(backend: str) -> None:
    entries = documented.divergences(Place(backend))
    assert len({one.id for one in entries}) == len(entries)
    for one in entries:
        assert one.what.endswith(".")
        assert one.upstream == "" or one.upstream.startswith("https://")


def judged(got: list[float], value: list[float], bound: list[float]) -> Outcome:
    case = parse(CASE)
    truth = lift(np.array(value), precision("float32"))
    truth.bound = np.array(bound)
    return compare(case, (np.array(got, dtype=np.float32),), (truth,))


INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("got", "value", "bound", "symptom"),
    [
        ([1.0], [1.0], [0.0], ""),
        ([1.25], [1.0], [0.25], ""),
        ([1.5], [1.0], [0.25], "beyond the bound"),
        ([1.0000001], [1.0], [0.0], "beyond the bound"),
        ([NAN], [1.0], [0.5], "NaN in place of number"),
        ([INF], [1.0], [0.5], "infinity in place of number"),
        ([1.0], [NAN], [0.0], "number in place of NaN"),
        ([NAN], [NAN], [0.0], ""),
        ([INF], [INF], [0.0], ""),
        ([-INF], [INF], [0.0], "infinity in place of infinity"),
        ([3e38], [1e39], [1e32], "number in place of number"),
        ([INF], [1e39], [1e32], ""),
        ([-INF], [1e39], [1e32], "infinity in place of number"),
        ([5.0], [1.0], [INF], ""),
        ([1.0, 9.0], [1.0, 2.0], [0.1, 0.1], "beyond the bound"),
    ],
)
def test_numbers_are_compared_with_their_bounds(
    got: list[float], value: list[float], bound: list[float], symptom: str
) -> None:
    outcome = judged(got, value, bound)
    assert bool(outcome.symptom) == bool(symptom)
    if "in place of number" not in symptom or symptom != "number in place of number":
        assert outcome.symptom == symptom
    if len(got) > 1:
        assert outcome.element is not None
        assert outcome.element.index == (1,)


def test_booleans_in_place_of_numbers_are_compared_as_such() -> None:
    truth = lift(np.ones(2), precision("float32"))
    outcome = compare(parse(CASE), (np.array([True, False]),), (truth,))
    assert outcome.element is not None
    assert (outcome.element.got, outcome.element.index) == ("0", (1,))


def test_undecided_numbers_are_counted() -> None:
    outcome = judged([5.0, 1.0], [1.0, 1.0], [INF, 0.0])
    assert (outcome.compared, outcome.undecided) == (1, 1)


def test_a_crash_of_ours_is_not_the_backends_answer() -> None:
    subject = Subject(BACKENDS["numpy"])
    subject.adapter = lambda op: None  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="without an adapter"):
        subject.run(parse(CASE))


def test_statistics_have_no_false_alarm_and_find_small_faults() -> None:
    generator = np.random.RandomState(1)
    for _ in range(200):
        u = generator.random_sample(5000)
        assert all(test.ratio < 0.8 for test in statistics.uniform("u", u))
    u = generator.random_sample(150_000)
    wide = np.clip((u - 0.5) * 1.02 + 0.5, 0, 1)
    assert max(test.ratio for test in statistics.uniform("u", wide)) > 1
    shifted = np.clip(u + 0.02, 0, 1)
    assert max(test.ratio for test in statistics.uniform("u", shifted)) > 1
    paired = np.repeat(u[:75_000], 2)
    assert statistics.agreement("pairs", paired > 0.5, 0.5).ratio > 1
    hits = generator.random_sample(20_000) < 0.5
    assert statistics.successes("coin", hits, 0.5).ratio < 1
    assert statistics.successes("coin", hits, 0.55).ratio > 1
    assert statistics.successes("never", hits, 0.0).ratio == INF


@pytest.mark.parametrize("op", spec.catalogue().values(), ids=lambda op: op.id)
def test_the_audit_of_the_bounds_misses_nothing(op: Op) -> None:
    law = DISTRIBUTION if op.distribution else VALUES
    for dtype in ("float32", "float64", "float16"):
        found = Judge(Subject(BACKENDS["numpy"]), "quick").verdict(Cell("numpy", op.id, law, dtype))
        unchanged = set() if op.id not in FIXED else set(faults(law, dtype)) - {"a NaN"}
        assert set(faults(law, dtype)) - unchanged <= set(found.audit) <= set(faults(law, dtype))
        assert all(found.audit.values()), (dtype, found.audit)


@pytest.mark.parametrize(
    ("op", "seen"), [("losses/mean_squared_error", False), ("layers/dense", True)]
)
def test_an_audit_sees_a_bound_that_is_too_wide(
    op: str, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dense layer has cases of integers, whose sums are exact: no unit makes their bound wide."""
    own = precision("float32")
    sums = dataclasses.replace(own.sums, unit=1e-3)
    wide = dataclasses.replace(own, unit=1e-3, sums=sums)
    subject = Subject(BACKENDS["numpy"])
    monkeypatch.setattr(subject, "precision", lambda dtype: wide)
    found = Judge(subject, "quick").verdict(Cell("numpy", op, "values", "float32")).audit
    assert found["times 1 + 1e-5"] is seen
    assert found["zeros"]


@pytest.mark.parametrize(
    ("deed", "behaviour", "verdict"),
    [
        ("raise ValueError('axis is out of range')", "C1: refused, naming it", "conforms"),
        ("raise ValueError('no')", "C1: refused unclearly", "conforms"),
        ("raise SystemError('axis')", "C1: crashed", "fails"),
        ("raise RuntimeError('INTERNAL ASSERT FAILED')", "C1: crashed", "fails"),
        ("return x", "C1: answered silently", "fails"),
    ],
)
def test_how_an_invalid_call_is_taken(deed: str, behaviour: str, verdict: str) -> None:
    made: dict[str, Any] = {}
    exec(f"def softmax(x, *, axis):\n    {deed}", made)
    subject = Subject(BACKENDS["numpy"])
    subject.adapter = lambda op: made["softmax"]  # type: ignore[method-assign]
    cell = Cell("numpy", "activations/softmax", "invalid_calls", "float32")
    found = Judge(subject, "quick").verdict(cell)
    assert set(found.behaviours) == {behaviour}
    assert found.verdict == verdict
