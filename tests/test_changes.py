"""What `etalon diff` prints: a sentence, what was compared, and the changes, the worst first."""

from __future__ import annotations

import io

from rich.console import Console

from etalon.reports.changes import LINES, shown
from etalon.reports.comparison import Comparison, compare
from etalon.reports.matrix import matrix
from etalon.reports.records import Verdict
from test_records import failing, run, verdict


def printed(old: list[Verdict], new: list[Verdict]) -> list[str]:
    file = io.StringIO()
    Console(width=200, file=file).print(shown(compared(old, new)), soft_wrap=True)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def compared(old: list[Verdict], new: list[Verdict]) -> Comparison:
    return compare(matrix(old, [run()]), matrix(new, [run(seed=1)]))


def test_a_sentence_then_versions_then_warnings() -> None:
    lines = printed([verdict()], [verdict(version="2.14.0"), verdict(backend="jax", version="1")])
    assert [" ".join(line.split()) for line in lines[:5]] == [
        "Nothing got worse: 1 new, 1 unchanged.",
        "backend old new",
        "jax not judged → 1",
        "torch 2.13.0 → 2.13.0, 2.14.0",
        "! the seed of torch is another, so other cases were judged: 0 → 1",
    ]


def test_changes_come_worst_first_with_what_replays_them() -> None:
    laws = ("values", "gradients", "linearity")
    old = [verdict(law=law) for law in laws] + [failing(law="state")]
    new = [
        failing(),
        failing(law="gradients", dtype="float32"),
        verdict(law="linearity", worst_ratio="0.9", worst_ulp="3"),
        verdict(law="state"),
    ]
    lines = printed(old, new)
    assert lines[0] == "Worse: 2 broken, 1 less accurate, 1 fixed, 0 unchanged."
    assert lines[-9:] == [
        "broken",
        "✗ layers/dense on torch: conforms → fails: NaN in place of number "
        "(values, gradients; float32)",
        "  replay: etalon replay …",
        "",
        "less accurate",
        "▼ layers/dense on torch: worst error 0.50 → 0.90 of the bound, 0 → 3 ULP "
        "(linearity; float32)",
        "",
        "fixed",
        "✓ layers/dense on torch: fails → conforms: NaN in place of number (state; float32)",
    ]


def test_what_came_and_went_is_counted_by_op() -> None:
    dtypes = ("float32", "float64", "float16")
    came = [verdict(op="losses/huber", dtype=dtype) for dtype in dtypes]
    came += [verdict(op="losses/huber", backend="jax"), failing(op="losses/huber", law="x")]
    lines = printed([verdict()], came)
    assert "– layers/dense on torch: 1 conforms" in lines
    assert "+ losses/huber on torch, jax: 1 fails, 4 conforms" in lines


def test_nothing_in_common_is_no_success() -> None:
    lines = printed([verdict()], [verdict(backend="jax")])
    assert lines[0] == "Nothing was compared: 1 gone, 1 new, 0 unchanged."


def test_a_long_list_is_cut_and_says_so() -> None:
    ops = [f"layers/op{number}" for number in range(LINES + 7)]
    lines = printed([], [verdict(op=op) for op in ops])
    assert sum(line.startswith("+ ") for line in lines) == LINES
    assert lines[-1] == "  and 7 more"


def test_text_of_records_is_no_markup() -> None:
    lines = printed([verdict()], [failing(op="[bold]x[/bold]"), verdict(version="[red]9[/red]")])
    assert any("[bold]x[/bold]" in line for line in lines)
    assert any("[red]9[/red]" in line for line in lines)
