"""What is made of records before it is shown: matrix, departures, bounds, refusals, plots."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from etalon.reports import opened, plots, terminal
from etalon.reports.bounds import bounds
from etalon.reports.certificates import Certificate
from etalon.reports.formatting import notices
from etalon.reports.matrix import MARKS, load, matrix
from etalon.reports.records import OWN_ERROR, VERDICTS, Verdict, encode
from etalon.reports.refusals import refusals
from test_records import divergence, failing, run, verdict


def test_the_later_of_two_verdicts_about_the_same_counts(tmp_path: Path) -> None:
    for name, one in (("a", failing()), ("b", verdict())):
        (tmp_path / f"{name}.jsonl").write_bytes(encode(run()) + encode(one))
    merged = load([tmp_path])
    assert [cell.verdict for cell in merged.cells] == ["conforms"]
    assert len(merged.runs) == 2


def test_a_cell_is_named_after_its_worst_verdict() -> None:
    found = matrix([verdict(), verdict(law="shape_and_dtype", verdict="diverges")])
    assert found.cells[0].verdict == "diverges"
    worse = matrix([verdict(), failing(dtype="float64"), verdict(verdict="unsupported", law="x")])
    assert worse.cells[0].verdict == "fails"
    assert worse.totals["conforms"] == 1
    assert set(worse.totals) == set(VERDICTS)


def test_columns_are_the_reference_the_frameworks_then_keras() -> None:
    names = ("keras-jax", "torch", "numpy", "jax")
    found = matrix([verdict(backend=name) for name in names] + [verdict(device="gpu")])
    assert [c.name for c in found.columns] == ["numpy", "jax", "torch", "torch (gpu)", "keras-jax"]
    assert found.columns[3].anchor == "torch-gpu"


def printed(*verdicts: Verdict) -> str:
    file = io.StringIO()
    Console(width=200, file=file).print(terminal.summary(verdicts))
    return file.getvalue()


@pytest.mark.parametrize("name", VERDICTS)
def test_the_terminal_marks_each_verdict(name: str) -> None:
    assert MARKS[name] in printed(verdict(verdict=name))  # type: ignore[index]


def test_the_terminal_says_what_failed_and_how_to_see_it() -> None:
    crashed = verdict(verdict="crashed", reason="Killed: 9", law="invalid_calls")
    text = printed(failing(), crashed, verdict(backend="jax"))
    head = "layers/dense values on torch 2.13.0, cpu, float32: NaN in place of number in 3 of 64"
    for part in (head, "y[0, 1] is nan", "replay: etalon replay …", "crashed: Killed: 9"):
        assert part in text


def audited(**changes: Any) -> Verdict:
    return verdict(**{"worst_ratio": "0.5", "audit": {"zeros": True, "a NaN": True}, **changes})


def test_bounds_say_what_was_reached_and_what_was_missed() -> None:
    found = bounds(
        [
            audited(),
            audited(backend="jax", worst_ratio="0.7", audit={"zeros": False, "a NaN": True}),
            audited(dtype="float64", worst_ratio="0"),
            audited(dtype="float16", worst_ratio="0.001"),
            verdict(law="shape_and_dtype"),
        ]
    )
    (row,) = found.rows
    assert found.dtypes == ("float32", "float64", "float16")
    single = row.by_dtype["float32"]
    assert (single.ratio, single.backend) == (0.7, "jax")
    assert (single.caught, single.missed) == (("a NaN",), ("zeros",))
    assert row.by_dtype["float64"].exact
    assert not row.by_dtype["float64"].loose
    assert row.by_dtype["float16"].loose


def test_bounds_tell_faults_below_the_power_from_missed_ones() -> None:
    weak = Certificate(gain="0.02", numbers=4)
    found = bounds(
        [
            audited(audit={"a": False, "b": False, "c": True}, below_power=("a",), power=weak),
            audited(backend="jax", audit={"a": True, "c": True}, power=Certificate(gain="1e-06")),
        ]
    )
    (quality,) = found.qualities
    assert (quality.caught, quality.missed, quality.below_power) == (("c",), ("b",), ("a",))
    assert quality.power == weak, "what every backend's verdict notices"
    assert not bounds([audited()]).qualities[0].power, "as old records have it"


def test_the_power_is_plotted_by_the_weakest_verdict_and_the_quartiles_of_the_ops() -> None:
    def certified(gain: str, **changes: Any) -> Verdict:
        return verdict(power=Certificate(gain=gain, gains={8: gain}), **changes)

    of_one = plots.powers([certified("1e-06"), certified("0.5", backend="jax")])
    place = {"law": "values", "dtype": "float32", "size": 8}
    assert of_one == [{**place, "ops": 1, "low": 0.5, "gain": 0.5, "high": 0.5}]
    ops = ("layers/dense", "layers/lstm", "layers/gru")
    gains = ("0.125", "0.25", "0.5")
    (of_all,) = plots.powers(certified(g, op=op) for g, op in zip(gains, ops, strict=True))
    quartiles = {"low": 0.1875, "gain": 0.25, "high": 0.375}
    assert of_all == {**place, "ops": 3, **quartiles}
    assert plots.powers([verdict(), certified("1", law="linearity")]) == []


def test_a_certificate_is_said_in_one_line() -> None:
    power = Certificate(
        gain="1.234e-06", shift="inf", dropped="0", numbers=1234, exact=3, unclaimed=2
    )
    assert notices(power) == (
        "notices a gain of 1.2e-06, no shift of one number, any loss of equal terms; "
        "of 1,234 numbers, 3 exact, claims nothing of 2"
    )


def test_the_gains_of_a_cell_are_those_of_its_values() -> None:
    powers = {"float64": "1e-15", "float32": "1e-06"}
    found = [verdict(dtype=d, power=Certificate(gain=g)) for d, g in powers.items()]
    other = verdict(law="gradients", power=Certificate(gain="0.5"))
    (cell,) = matrix([*found, other]).cells
    assert cell.power == "it notices a gain of 1e-06 in float32, 1e-15 in float64"
    assert matrix([verdict()]).cells[0].power == ""


def test_an_error_of_etalons_is_said_beside_documented_departures() -> None:
    reason = f"{OWN_ERROR}: planted faults pass unnoticed"
    both = verdict(verdict="crashed", reason=reason, clusters=(divergence(),))
    assert f"could not be judged: {reason}" in printed(both)


def test_refusals_show_the_worst_by_constraint() -> None:
    law = "invalid_calls"
    found = refusals(
        [
            verdict(law=law, behaviours={"C1: refused, naming it": 4}),
            verdict(
                law=law, behaviours={"C1: crashed": 1, "C1: refused unclearly": 3}, backend="jax"
            ),
        ]
    )
    (row,) = found.rows
    assert row.says
    assert [row.worst(column) for column in found.columns] == ["fails", "conforms"]


def test_one_cause_is_told_once_with_all_places() -> None:
    cell = matrix([failing(), failing(dtype="float64"), failing(law="special_values")]).cells[0]
    (found,) = opened.departures(cell)
    assert found.where == {"values": ["float32", "float64"], "special_values": ["float32"]}
    assert found.cases == 9


def test_plots_have_the_cases_of_each_bin() -> None:
    cells = matrix([verdict(histogram=(0, 3), ulps=(1, 2)), verdict(law="state")]).cells
    found = {(v["measure"], v["bin"]): v["cases"] for v in plots.values(cells)}
    assert found == {
        ("error / bound", "0.1–0.2"): 3,
        ("error in ULP", "0"): 1,
        ("error in ULP", "≤ ½"): 2,
    }


def test_bounds_of_reduced_precision_do_not_hide_those_of_full() -> None:
    full, reduced = (
        verdict(audit={"times 1 + 1e-5": True}),
        verdict(mode="tf32", worst_ratio="0.9", audit={"times 1 + 1e-5": False}),
    )
    assert bounds([full, reduced]) == bounds([full])
    assert bounds([reduced]).qualities[0].missed == ("times 1 + 1e-5",)
