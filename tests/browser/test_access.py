"""For everybody: by keyboard alone, in the dark, on a phone, on paper, by a screen reader."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.process

PHONE = {"width": 390, "height": 844}


def test_axe_finds_no_violation_among_changes(tab: Any, changed: str) -> None:
    tab.go(changed)
    assert tab.violations() == []
    tab.go(f"{changed}#changes")
    tab.opened("What changed")
    assert tab.violations() == []


def test_by_keyboard_alone(tab: Any, address: str) -> None:
    tab.go(address)
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function("document.activeElement.id === 'ops'")
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


def test_a_late_change_of_the_address_leaves_the_focus_where_it_went(
    tab: Any, address: str
) -> None:
    tab.go(f"{address}#ops")
    tab.page.wait_for_function("document.activeElement.id === 'ops'")
    tab.page.keyboard.press("Tab")
    tab.page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))")
    assert tab.page.evaluate("document.activeElement.id") != "ops"


def test_what_a_page_covered_is_focused_once_it_is_to_be_seen(tab: Any, address: str) -> None:
    tab.go(f"{address}#layers/dense")
    tab.opened("layers/dense")
    tab.page.evaluate("location.hash = 'ops'")
    tab.page.wait_for_function("document.activeElement.id === 'ops'")


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_dark_as_the_system_and_light_as_chosen(tab: Any, address: str) -> None:
    ink = "getComputedStyle(document.body).backgroundColor"
    tab.go(address)
    assert tab.page.evaluate(ink) == "rgb(21, 24, 27)"
    tab.page.get_by_role("button", name="Light or dark").click()
    tab.page.reload()
    assert tab.page.evaluate(ink) == "rgb(253, 253, 251)"


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
@pytest.mark.parametrize("place", ["", "#layers/conv2d_transpose/torch", "#characteristics"])
def test_a_phone_scrolls_up_and_down_alone(tab: Any, address: str, place: str) -> None:
    tab.go(address + place)
    if place:
        tab.page.locator("#view h2").wait_for()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.page.evaluate(wide) == 0


def test_on_paper_there_is_the_table_without_the_form(tab: Any, address: str) -> None:
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
def test_axe_finds_no_violation(tab: Any, address: str, place: str) -> None:
    tab.go(address + place)
    if place:
        tab.page.locator("#view h2").wait_for()
    if "/" in place:
        tab.page.locator("figure svg").first.wait_for()
    assert tab.violations() == []
