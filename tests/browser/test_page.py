"""The page in a real browser: what a person does with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etalon.reports import page
from etalon.reports.certificates import Certificate
from etalon.reports.matrix import by_op, matrix
from test_records import failing, run, verdict, written
from test_report import HOSTILE

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("conv", ["conv2d_transpose"]),
        ("Conv2DTranspose", ["conv2d_transpose"]),
        ("mse", ["mean_squared_error"]),
        ("layers", ["dense", "conv2d_transpose"]),
        ("nothing", []),
    ],
)
def test_search(tab: Any, address: str, words: str, expected: list[str]) -> None:
    tab.go(address)
    tab.page.keyboard.press("/")
    tab.page.keyboard.type(words)
    assert sorted(tab.shown()) == sorted(expected)
    assert tab.page.locator("output").inner_text() == f"{len(expected)} of 4 ops"
    tab.page.get_by_role("button", name="clear").click()
    tab.page.wait_for_function("document.querySelector('output').textContent === '4 ops'")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"kind": "losses"}, ["mean_squared_error"]),
        ({"verdict": "fails"}, ["elu"]),
        ({"verdict": "fails", "backend": "torch"}, []),
        ({"verdict": "diverges", "backend": "torch"}, ["conv2d_transpose"]),
        ({"verdict": "fails", "law": "values"}, []),
        ({"verdict": "fails", "law": "gradients", "dtype": "float64"}, ["elu"]),
        ({"verdict": "fails", "dtype": "float32"}, []),
    ],
)
def test_filters(tab: Any, address: str, choice: dict[str, str], expected: list[str]) -> None:
    tab.go(address)
    for name, value in choice.items():
        tab.page.select_option(f"select[name={name}]", value)
    assert tab.shown() == expected
    tab.page.reload()
    assert tab.shown() == expected, "the address has the filters in it"


def test_a_backend_chosen_hides_the_others(tab: Any, address: str) -> None:
    tab.go(f"{address}#?backend=jax")
    heads = tab.page.locator(".matrix thead th:visible").all_inner_texts()
    assert heads == ["op", "jax"]


def test_a_law_chosen_renames_the_cells(tab: Any, address: str) -> None:
    tab.go(f"{address}#?law=values")
    cell = tab.page.locator("tr[data-words*=elu] td[data-column=jax]")
    assert cell.get_attribute("class") == "conforms"
    tab.page.select_option("select[name=law]", "")
    assert cell.get_attribute("class") == "fails"
    assert "✗" in cell.inner_text()


def test_a_deep_link_opens_the_cell_and_back_leads_back(tab: Any, address: str) -> None:
    tab.go(f"{address}#?q=elu")
    tab.page.locator("td.fails a").click()
    tab.opened("activations/elu")
    cell = tab.page.locator("[id='activations/elu/jax']")
    assert cell.get_attribute("open") is not None
    assert cell.get_by_text("NaN in place of number").first.is_visible()
    tab.page.go_back()
    assert tab.shown() == ["elu"]
    tab.go(f"{address}#layers/conv2d_transpose/torch")
    tab.page.reload()
    tab.opened("layers/conv2d_transpose")
    assert tab.page.get_by_text("It cuts evenly.").first.is_visible()


def test_what_got_worse_is_said_first_and_leads_to_its_cell(tab: Any, changed: str) -> None:
    tab.go(changed)
    assert "Worse since the baseline. ✗ 1 broken" in tab.page.locator(".since").inner_text()
    tab.page.get_by_text("See the changes").click()
    tab.opened("What changed")
    assert tab.page.get_by_text("conforms → fails: NaN in place of number").is_visible()
    tab.page.locator(".changes th a").first.click()
    tab.opened("activations/elu")


def test_enter_opens_what_alone_is_left(tab: Any, address: str) -> None:
    tab.go(address)
    tab.page.locator("input[name=q]").fill("native: jax.f elu")
    assert tab.shown() == ["elu"], "what the framework calls it is found, too"
    tab.page.keyboard.press("Enter")
    tab.opened("activations/elu")


@pytest.mark.parametrize("way", ["Escape", "link"])
def test_coming_back_keeps_the_filters(tab: Any, address: str, way: str) -> None:
    tab.go(f"{address}#?kind=layers&verdict=diverges")
    tab.page.locator("td.diverges a").click()
    tab.opened("layers/conv2d_transpose")
    if way == "link":
        tab.page.get_by_text("all ops").click()
    else:
        tab.page.keyboard.press("Escape")
    tab.page.locator("#overview").wait_for()
    assert tab.shown() == ["conv2d_transpose"]


def test_a_slash_searches_from_anywhere(tab: Any, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    tab.opened("layers/dense")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("elu")
    assert tab.shown() == ["elu"]


def test_the_plot_appears_for_each_law(tab: Any, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    bars = tab.page.locator("figure svg .mark-rect path")
    bars.first.wait_for()
    assert bars.count() == 2 * 4 * (3 + 4), "two dtypes, four backends, and the bins of both"
    tab.page.get_by_role("radio", name="gradients").check()
    tab.page.wait_for_function("document.querySelectorAll('.mark-rect path').length === 56")


@pytest.mark.parametrize(
    "tab", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_code_is_copied_whole(tab: Any, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    tab.page.get_by_role("button", name="Copy the code for torch").click()
    tab.page.get_by_text("copied").wait_for()
    text = tab.page.evaluate("navigator.clipboard.readText()")
    assert text == "import torch\n\n\ndef dense(x): return x\n"


def test_hostile_text_does_nothing(tab: Any, tmp_path: Path) -> None:
    one = failing(op=f"layers/{HOSTILE}", law=HOSTILE, dtype=HOSTILE, backend=HOSTILE)
    adapters = by_op([written(op=one.op, backend=HOSTILE, call=HOSTILE, source=HOSTILE)])
    path = tmp_path / "index.html"
    hostile = replace(matrix([one], [run(backend=HOSTILE, platform=HOSTILE)]), adapters=adapters)
    path.write_text(page.render(hostile), encoding="utf-8")
    tab.go(path.as_uri())
    tab.page.locator("td.fails a").click()
    tab.page.locator("#view h2").wait_for()
    assert HOSTILE in tab.page.locator("#view h2").inner_text()
    assert tab.page.locator("img").count() == 0
    tab.page.evaluate("location.hash = '#%E0%A4%A'")
    tab.page.locator("#overview").wait_for()


def test_bounds_are_sorted_by_power(tab: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    gains = {"layers/dense": "1e-06", "layers/lstm": "inf", "activations/elu": "0"}
    certified = [
        verdict(op=op, audit={"zeros": True}, power=Certificate(gain=gain, numbers=1))
        for op, gain in gains.items()
    ]
    bare = verdict(op="losses/poisson", audit={"zeros": True})
    path.write_text(page.render(matrix([*certified, bare], [run()])), encoding="utf-8")
    tab.go(f"{path.as_uri()}#bounds")
    tab.opened("How tight the bounds are")
    head = tab.page.get_by_role("columnheader", name="float32")
    ops = tab.page.locator(".sortable tbody th")
    head.get_by_role("button").click()
    weakest_first = ["layers/lstm", "layers/dense", "activations/elu", "losses/poisson"]
    assert ops.all_inner_texts() == weakest_first
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").press("Enter")
    assert ops.all_inner_texts() == [*reversed(weakest_first[:3]), "losses/poisson"]
    assert head.get_attribute("aria-sort") == "ascending"
    assert tab.violations() == []


def test_the_power_is_plotted_against_the_size(tab: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    power = Certificate(gain="1e-07", numbers=9, gains={4: "1e-07", 64: "2e-06"})
    path.write_text(page.render(matrix([verdict(power=power)], [run()])), encoding="utf-8")
    tab.go(f"{path.as_uri()}#layers/dense")
    figure = tab.page.locator("figure[data-chart=power]")
    figure.locator("svg").wait_for()
    assert figure.locator(".mark-symbol.role-mark path").count() == 2
    assert figure.get_by_text("values: numbers that go in").count() == 1
    assert figure.get_by_text("gradients: numbers that go in").count() == 0, "none were judged"


def test_what_claims_nothing_is_found_by_the_filter(tab: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    reason = "any finite answer is right for 3 of 4 numbers"
    open_ = verdict(verdict="nothing claimed", reason=reason)
    both = matrix([open_, verdict(op="losses/poisson")], [run()])
    path.write_text(page.render(both), encoding="utf-8")
    tab.go(path.as_uri())
    tab.page.get_by_role("link", name="1 nothing claimed").click()
    tab.page.wait_for_function("document.querySelector('output').textContent === '1 of 2 ops'")
    assert tab.shown() == ["dense"]
    assert tab.violations() == []
