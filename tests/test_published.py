"""Whose figures a backend is held to, and what they grant."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

import etalon
from etalon.backends import BACKENDS
from etalon.conformance import laws
from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.arithmetic.published import TABLES, Published
from etalon.conformance.arithmetic.ulp_budgets import NAMES, budgets, held
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.divergences import Divergence, match
from etalon.conformance.subjects.subject import Results, Subject
from etalon.spec.words import DTYPES, MODES, VALUES

X = np.linspace(-30, 30, 2001)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_table_has_a_source_a_date_and_known_places(table: Published) -> None:
    assert table.source.startswith("https://")
    assert table.date
    assert set(table.devices) <= {"cpu", "gpu"}
    assert set(table.modes) <= set(MODES)
    assert set(table.backends) <= set(BACKENDS)
    for (device, dtype), figures in table.figures.items():
        assert device in table.devices
        assert dtype in DTYPES
        assert all(figure >= 0.5 for figure in figures.values())


@pytest.mark.parametrize(
    ("backend", "device", "mode", "to"),
    [
        ("jax", "cpu", "compiled", "JAX, cpu"),
        ("jax", "gpu", "eager", "JAX, gpu"),
        ("keras-jax", "cpu", "eager", "JAX, cpu"),
        ("torch", "gpu", "tf32", "CUDA, gpu"),
        ("torch", "gpu", "compiled", ""),
        ("torch", "cpu", "eager", ""),
        ("tensorflow", "gpu", "compiled", ""),
        ("numpy", "cpu", "eager", ""),
    ],
)
def test_who_is_held_to_what(backend: str, device: str, mode: str, to: str) -> None:
    assert held(backend, device, mode) == to


@pytest.mark.parametrize(
    ("dtype", "to", "function", "units"),
    [
        ("float32", "", np.exp, 3),
        ("bfloat16", "", np.exp, 2),
        ("float64", "", np.logaddexp, 5),
        ("float64", "JAX, cpu", np.tanh, 7.25),
        ("float32", "JAX, cpu", np.expm1, 6.75),
        ("bfloat16", "JAX, cpu", np.expm1, 0.75),
        ("float32", "JAX, cpu", np.power, 16),  # JAX says nothing of powers
        ("float32", "CUDA, gpu", np.tanh, 2.5),
        ("float16", "CUDA, gpu", np.tanh, 2),  # CUDA says nothing of 16 bits here
    ],
)
def test_a_budget(dtype: str, to: str, function: np.ufunc, units: float) -> None:
    assert budgets(dtype, to)[function] == units
    assert set(budgets(dtype, to)) == {*NAMES, np.logaddexp}


@pytest.mark.parametrize(("units", "default", "own"), [(4.5, 1, 1), (7, 0, 1), (8, 0, 0)])
def test_a_liar_by_so_many_units_is_within_the_figures_that_grant_them(
    units: float, default: bool, own: bool
) -> None:
    for to, admitted in (("", default), ("JAX, cpu", own)):
        working = precision("float64", held=to)
        truth = np.tanh(lift(X, working))
        off = truth.value + units * working.ulp(truth.value) * (X != 0)
        assert bool((np.abs(off - truth.value) <= truth.bound).all()) == admitted


def test_what_a_backend_is_held_to_is_part_of_its_arithmetic() -> None:
    """Truths that are kept are told apart by it."""
    assert repr(precision("float32", held="JAX, cpu")) != repr(precision("float32"))
    assert Subject(BACKENDS["numpy"]).precision("float32") == precision("float32")


def summed(x: npt.NDArray[np.float64], dtype: type) -> npt.NDArray[np.float64]:
    """Compute in another format, for float64 from and to."""
    return np.cumsum((x * x).astype(dtype), axis=1, dtype=dtype)[:, -1].astype(np.float64)


def admitted(got: npt.NDArray[np.float64], x: npt.NDArray[np.float64], contract: str) -> bool:
    """Return whether the sums of squares are within the bounds of a contract."""
    value, bound = etalon.bound(
        "losses/mean_squared_error", x, 0 * x, dtype="float64", contract=contract
    )
    return bool((np.abs(got / x.shape[1] - value) <= bound).all())


def test_single_admits_float32_and_nothing_less() -> None:
    x = np.random.default_rng(0).standard_normal((32, 64))
    squares = {kind: summed(x, kind) for kind in (np.float64, np.float32, np.float16)}
    assert admitted(squares[np.float64], x, "default")
    assert not admitted(squares[np.float32], x, "default")
    assert admitted(squares[np.float32], x, "single")
    assert not admitted(squares[np.float16], x, "single")
    assert not admitted(1.001 * squares[np.float64], x, "single")
    half = summed(x.astype(ml_dtypes.bfloat16).astype(float), np.float32)
    assert not admitted(half, x, "single")


def test_under_single_nothing_is_claimed_of_what_float32_does_not_hold() -> None:
    x = np.array([1e300, 1.0, 1e-300])
    _, bound = etalon.bound("activations/relu", x, dtype="float64", contract="single")
    assert bound.tolist() == [np.inf, 0.0, 1e-300]
    for dtype in ("float32", "bfloat16"):
        line = str(precision(dtype, name="single").contract)
        assert line == str(precision(dtype).contract)


class InSingle(Subject):
    """NumPy, whose results are those of float32, and off by some units of that."""

    off = 1.0

    def run(self, case: Case) -> Results:
        """Return the results as float32 has them."""
        return tuple((self.off * r.astype(np.float32)).astype(r.dtype) for r in super().run(case))


def test_an_entry_documents_a_departure_as_far_as_its_contract_is_kept() -> None:
    case = parse("activations/tanh:float64:normal:x1.0:s1:shape=5x33")
    entry = Divergence(
        id="in-single",
        nature="defect",
        laws=(VALUES,),
        contract="single",
        when="dtype == 'float64'",
        cases=(case.id,),
        versions="1",
        what="",
    )
    subject = InSingle(BACKENDS["numpy"])
    outcome = laws.find(VALUES)(subject, case)
    assert match(outcome, VALUES, subject, (entry,)) is entry
    subject.off = 1.00001
    outcome = laws.find(VALUES)(subject, case)
    assert match(outcome, VALUES, subject, (entry,)) is None
    by_units = [entry.__replace__(contract="", when=f"ulp < {n}") for n in (2.0**33, 2.0**40)]
    assert match(outcome, VALUES, subject, by_units) is by_units[1]
