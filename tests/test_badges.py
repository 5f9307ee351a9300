"""Badges: what they count, that they are legible, and that text in them stays text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from etalon.reports.machines.badges import AMBER, GREEN, GREY, RED, badges
from etalon.reports.machines.characters import legal
from etalon.reports.matrix import matrix
from etalon.reports.records import Verdict
from test_machines import HOSTILE, documented, hostile
from test_records import failing, verdict


def badge(*verdicts: Verdict) -> ElementTree.Element:
    (svg,) = badges(matrix(verdicts)).values()
    return ElementTree.fromstring(svg)


def words(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter() if (element.text or "").strip()]


def test_a_badge_counts_ops_by_their_worst_verdict() -> None:
    ops = [verdict(op=f"layers/{name}") for name in "abc"]
    worse = [failing(op="layers/a", law="state"), documented(op="layers/d")]
    svg = badge(*ops, *worse, verdict(op="layers/e", verdict="unsupported"))
    title, label, result = words(svg)
    assert title == (
        "etalon, torch 2.13.0, ops by their worst verdict: "
        "2 conforms, 1 diverges, 1 fails, 1 unsupported"
    )
    assert (label, result) == ("etalon | torch 2.13.0", "2 ✓ · 1 ≠ · 1 ✗ · 1 –")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == next(svg.iter("{http://www.w3.org/2000/svg}title")).get(
        "id"
    )


@pytest.mark.parametrize(
    ("names", "colour"),
    [
        (("conforms", "unsupported"), GREEN),
        (("conforms", "diverges"), AMBER),
        (("conforms", "diverges", "fails"), RED),
        (("conforms", "crashed"), RED),
        (("unsupported", "skipped"), GREY),
    ],
)
def test_the_colour_is_that_of_the_worst(names: tuple[str, ...], colour: str) -> None:
    svg = badge(*(verdict(op=f"layers/{name}", verdict=name) for name in names))
    assert colour in {element.get("fill") for element in svg.iter()}
    assert not {GREEN, AMBER, RED, GREY} - {colour} & {e.get("fill") for e in svg.iter()}
    assert all(name in words(svg)[0] for name in names)


@pytest.mark.parametrize("colour", [GREEN, AMBER, RED, GREY])
def test_white_text_is_legible_on_each_colour(colour: str) -> None:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (light + 0.05) >= 4.5


def test_each_column_has_a_file_of_its_own() -> None:
    found = badges(matrix([verdict(), verdict(device="gpu"), verdict(backend="keras-jax")]))
    assert set(found) == {"torch.svg", "torch-gpu.svg", "keras-jax.svg"}
    (away,) = badges(matrix([verdict(backend="../../etc/x")]))
    assert "/" not in away
    assert "." not in away.removesuffix(".svg")


def test_a_badge_leaves_out_the_build_and_the_end_of_a_long_name() -> None:
    assert words(badge(verdict(version="2.13.0+cu130")))[1] == "etalon | torch 2.13.0"
    long = words(badge(verdict(version="9" * 500)))
    assert len(long[1]) < 80
    assert "9" * 500 in long[0]


def test_hostile_text_stays_text_in_a_badge() -> None:
    (svg,) = badges(hostile()).values()
    parsed = ElementTree.fromstring(svg)
    assert {element.tag.partition("}")[2] for element in parsed.iter()} == {
        *("svg", "title", "clipPath", "rect", "g", "text")
    }
    assert legal(HOSTILE) in words(parsed)[0]
