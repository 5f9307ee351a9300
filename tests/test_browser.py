"""The page in a real browser: what a person does with it, by mouse, by keyboard and on a phone.

Chromium is the system's; ``ETALON_CHROMIUM`` says where, and then it has to be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etalon.reports import page
from etalon.reports.comparison import compare
from etalon.reports.matrix import Matrix, by_op, matrix
from test_records import characteristic, failing, run, verdict, written
from test_report import HOSTILE

FOUND = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM = os.environ.get("ETALON_CHROMIUM") or next(filter(None, FOUND), "")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")

OPS = ("layers/dense", "layers/conv2d_transpose", "activations/elu", "losses/mean_squared_error")
PHONE = {"width": 390, "height": 844}


def sample() -> Matrix:
    """A small report with something of everything."""
    plotted = {"histogram": (5, 3, 0, 0, 0, 0, 0, 0, 0, 1), "ulps": (1, 4, 3, 1)}
    verdicts = [
        verdict(op=op, backend=backend, law=law, dtype=dtype, **plotted)
        for op in OPS
        for backend in ("numpy", "torch", "jax", "keras-torch")
        for law in ("values", "gradients", "invalid_calls")
        for dtype in ("float32", "float64")
    ]
    documented = failing().clusters[0]
    cluster = type(documented)(
        cause="torch-x",
        cases=2,
        counterexample=documented.counterexample,
        divergence="torch-x",
        nature="convention",
        what="It cuts evenly.",
        upstream="https://example.org/1",
    )
    changed = [
        verdict(op=OPS[1], verdict="diverges", clusters=(cluster,), pairs=9, pairs_covered=8),
        failing(op=OPS[2], backend="jax", dtype="float64", law="gradients"),
        verdict(op=OPS[0], law="invalid_calls", behaviours={"C1: crashed": 1}),
        verdict(op=OPS[0], audit={"zeros": True}, **plotted),
    ]
    calls = {"torch": "native: torch.f", "jax": "native: jax.f"}
    phrases = [written(op=op, backend=b, call=calls[b]) for op in OPS for b in calls]
    facts = (characteristic(), characteristic(backend="jax", finding="flushed to zero"))
    found = matrix([*verdicts, *changed], [run()])
    return replace(found, phrases=by_op(phrases), characteristics=facts)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(page.render(sample()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the same report, compared with an older one."""
    old = matrix([verdict(op="activations/elu", backend="jax", law="gradients", dtype="float64")])
    path: Path = tmp_path_factory.mktemp("changed") / "index.html"
    path.write_text(page.render(sample(), compare(old, sample())), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class Tab:
    """A tab of the browser that notes what went wrong in it, and what it fetched."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.fetched: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else 0)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.fetched.append(request.url))

    def shown(self) -> list[str]:
        """The ops in the table that are to be seen."""
        return [text.strip() for text in self.page.locator("th a:visible").all_inner_texts()]

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_function("document.documentElement.dataset.theme")

    def opened(self, heading: str) -> Any:
        """Wait until an op or a page is open."""
        return self.page.locator("#view h2", has_text=heading).wait_for()


@pytest.fixture
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A fresh tab; at the end nothing has gone wrong in it, and nothing was fetched."""
    found = Tab(browser, **getattr(request, "param", {}))
    yield found
    assert found.errors == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in found.fetched)
    found.context.close()


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
def test_search(tab: Tab, address: str, words: str, expected: list[str]) -> None:
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
def test_filters(tab: Tab, address: str, choice: dict[str, str], expected: list[str]) -> None:
    tab.go(address)
    for name, value in choice.items():
        tab.page.select_option(f"select[name={name}]", value)
    assert tab.shown() == expected
    tab.page.reload()
    assert tab.shown() == expected, "the address has the filters in it"


def test_a_backend_chosen_hides_the_others(tab: Tab, address: str) -> None:
    tab.go(f"{address}#?backend=jax")
    heads = tab.page.locator(".matrix thead th:visible").all_inner_texts()
    assert heads == ["op", "jax"]


def test_a_law_chosen_renames_the_cells(tab: Tab, address: str) -> None:
    tab.go(f"{address}#?law=values")
    cell = tab.page.locator("tr[data-words*=elu] td[data-column=jax]")
    assert cell.get_attribute("class") == "conforms"
    tab.page.select_option("select[name=law]", "")
    assert cell.get_attribute("class") == "fails"
    assert "✗" in cell.inner_text()


def test_a_deep_link_opens_the_cell_and_back_leads_back(tab: Tab, address: str) -> None:
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


def test_what_got_worse_is_said_first_and_leads_to_its_cell(tab: Tab, changed: str) -> None:
    tab.go(changed)
    assert "Worse since the baseline. ✗ 1 broken" in tab.page.locator(".since").inner_text()
    tab.page.get_by_text("See the changes").click()
    tab.opened("What changed")
    assert tab.page.get_by_text("conforms → fails: NaN in place of number").is_visible()
    tab.page.locator(".changes th a").first.click()
    tab.opened("activations/elu")


def test_axe_finds_no_violation_among_changes(tab: Tab, changed: str) -> None:
    tab.go(changed)
    assert violations(tab) == []
    tab.go(f"{changed}#changes")
    tab.opened("What changed")
    assert violations(tab) == []


def test_by_keyboard_alone(tab: Tab, address: str) -> None:
    tab.go(address)
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.id") == "ops"
    tab.page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        tab.page.keyboard.press(key)
    hash_ = tab.page.evaluate("document.activeElement.hash")
    assert hash_ == "#layers/dense/jax"
    tab.page.keyboard.press("Enter")
    tab.opened("layers/dense")
    tab.page.wait_for_function("document.activeElement.matches('summary')")
    tab.page.keyboard.press("Escape")
    tab.page.locator("#overview").wait_for()


def test_enter_opens_what_alone_is_left(tab: Tab, address: str) -> None:
    tab.go(address)
    tab.page.locator("input[name=q]").fill("native: jax.f elu")
    assert tab.shown() == ["elu"], "what the framework calls it is found, too"
    tab.page.keyboard.press("Enter")
    tab.opened("activations/elu")


@pytest.mark.parametrize("way", ["Escape", "link"])
def test_coming_back_keeps_the_filters(tab: Tab, address: str, way: str) -> None:
    tab.go(f"{address}#?kind=layers&verdict=diverges")
    tab.page.locator("td.diverges a").click()
    tab.opened("layers/conv2d_transpose")
    if way == "link":
        tab.page.get_by_text("all ops").click()
    else:
        tab.page.keyboard.press("Escape")
    tab.page.locator("#overview").wait_for()
    assert tab.shown() == ["conv2d_transpose"]


def test_a_slash_searches_from_anywhere(tab: Tab, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    tab.opened("layers/dense")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("elu")
    assert tab.shown() == ["elu"]


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_dark_as_the_system_and_light_as_chosen(tab: Tab, address: str) -> None:
    ink = "getComputedStyle(document.body).backgroundColor"
    tab.go(address)
    assert tab.page.evaluate(ink) == "rgb(21, 24, 27)"
    tab.page.get_by_role("button", name="Light or dark").click()
    tab.page.reload()
    assert tab.page.evaluate(ink) == "rgb(253, 253, 251)"


def test_the_plot_appears_for_each_law(tab: Tab, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    bars = tab.page.locator("figure svg .mark-rect path")
    bars.first.wait_for()
    assert bars.count() == 2 * 4 * (3 + 4), "two dtypes, four backends, and the bins of both"
    tab.page.get_by_role("radio", name="gradients").check()
    tab.page.wait_for_function("document.querySelectorAll('.mark-rect path').length === 56")


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
@pytest.mark.parametrize("place", ["", "#layers/conv2d_transpose/torch", "#characteristics"])
def test_a_phone_scrolls_up_and_down_alone(tab: Tab, address: str, place: str) -> None:
    tab.go(address + place)
    if place:
        tab.page.locator("#view h2").wait_for()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.page.evaluate(wide) == 0


@pytest.mark.parametrize(
    "tab", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_code_is_copied_whole(tab: Tab, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    tab.page.get_by_role("button", name="Copy the code for torch").click()
    tab.page.get_by_text("copied").wait_for()
    text = tab.page.evaluate("navigator.clipboard.readText()")
    assert text == "import torch\n\n\ndef dense(x): return x\n"


def test_on_paper_there_is_the_table_without_the_form(tab: Tab, address: str) -> None:
    tab.go(address)
    tab.page.emulate_media(media="print")
    assert not tab.page.locator("#filters").is_visible()
    assert tab.page.locator(".matrix").is_visible()


@pytest.mark.parametrize("tab", [{"color_scheme": s} for s in ("light", "dark")], indirect=True)
@pytest.mark.parametrize(
    "place",
    [
        "",
        "#layers/conv2d_transpose/torch",
        "#activations/elu",
        "#characteristics",
        "#refusals",
        "#bounds",
        "#runs",
    ],
)
def test_axe_finds_no_violation(tab: Tab, address: str, place: str) -> None:
    tab.go(address + place)
    if place:
        tab.page.locator("#view h2").wait_for()
    if "/" in place:
        tab.page.locator("figure svg").first.wait_for()
    assert violations(tab) == []


def violations(tab: Tab) -> list[tuple[str, list[str]]]:
    """What axe finds, with up to three places of each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab.page).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in found]


def test_hostile_text_does_nothing(tab: Tab, tmp_path: Path) -> None:
    one = failing(op=f"layers/{HOSTILE}", law=HOSTILE, dtype=HOSTILE, backend=HOSTILE)
    phrases = by_op([written(op=one.op, backend=HOSTILE, call=HOSTILE, source=HOSTILE)])
    path = tmp_path / "index.html"
    hostile = replace(matrix([one], [run(backend=HOSTILE, platform=HOSTILE)]), phrases=phrases)
    path.write_text(page.render(hostile), encoding="utf-8")
    tab.go(path.as_uri())
    tab.page.locator("td.fails a").click()
    tab.page.locator("#view h2").wait_for()
    assert HOSTILE in tab.page.locator("#view h2").inner_text()
    assert tab.page.locator("img").count() == 0
    tab.page.evaluate("location.hash = '#%E0%A4%A'")
    tab.page.locator("#overview").wait_for()
