"""The pages of docs/ are true: the code that they show stands in its file, and the rest runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

import documented
from documented import ROOT, Block
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.commands.main import app

PAGES = sorted((ROOT / "docs").glob("*.md"))
FOLLOWED = [page for page in PAGES if documented.steps(page)]
SHOWN = [(page, block) for page in PAGES for block in documented.blocks(page) if block.shown]
EXAMPLES = [ROOT / "examples" / "etalon-gated-linear"]
LINK = re.compile(r"\[[^]]*\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def test_there_are_pages() -> None:
    assert "adding-an-op.md" in [page.name for page in PAGES]
    assert len(SHOWN) >= 6


@pytest.mark.parametrize(("page", "block"), SHOWN, ids=[block.path for _, block in SHOWN])
def test_the_code_that_is_shown_stands_in_its_file(page: Path, block: Block) -> None:
    there = (ROOT / block.path).read_text("utf-8")
    assert block.code in there, f"{page.name} shows what {block.path} has not"


@pytest.mark.process
@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.name)
def test_the_code_runs_and_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    if missing := documented.missing(documented.frameworks(page)):
        # CI has all of them; a contributor may have one framework alone.
        pytest.skip(f"{', '.join(missing)} not installed")
    steps = documented.steps(page)
    for step, printed in zip(steps, documented.follow(page, tmp_path, EXAMPLES), strict=True):
        says = step.printed if step.printed is not None else "" if not step.path else printed
        assert documented.alike(printed, says), f"{step.code}\nprints\n{printed}\nnot\n{says}"


@each_page
def test_the_commands_exist_and_their_ops_are_found(page: Path) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, *words in documented.commands(page):
        assert name in known
        options = {option for parameter in known[name].params for option in parameter.opts}
        given = [word for word in words if word.startswith("-")]
        assert not {word.split("=")[0] for word in given} - options - {"--help"}
        for op in (words[i + 1] for i, word in enumerate(words) if word == "--op"):
            assert ":" in op or specified(page, op) or spec.select(op)
        if name == "show":
            assert specified(page, words[0]) or spec.find(words[0])


def specified(page: Path, op: str) -> bool:
    """Return whether a page shows the entry of an op, which is not of the catalogue then."""
    return any(f'id="{op}"' in block.code for block in documented.blocks(page) if block.shown)


@each_page
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert not target or (page.parent / target).exists(), target


@pytest.mark.parametrize(
    ("printed", "said", "same"),
    [
        ("4 cases, 0.37 of the bound", "12  cases, 0.1 of the bound", True),
        ("on torch 2.13.0+cpu in 3 s", "on torch … in 47 s", True),
        ("off by inf", "off by 1.5e-07", True),
        ("float32 ✓", "float64 ✓", False),
        ("conforms", "fails", False),
    ],
)
def test_what_is_printed_is_compared_but_for_its_numbers(
    printed: str, said: str, same: bool
) -> None:
    assert documented.alike(printed, said) is same


@pytest.mark.process
def test_a_page_is_followed_in_order(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`mine.py`:\n\n```python\nVALUE = 1\n```\n\n"
        "```python\nimport mine\nprint(mine.VALUE)\n```\n\n```text\n1\n```\n\n"
        "```python\nraise ValueError(f'no {mine.VALUE}')\n```\n\n"
        "```python\ndef test_it():\n    print('tested')\n```\n"
    )
    printed = documented.follow(page, tmp_path)
    assert [text.strip() for text in printed] == ["", "1", "ValueError: no 1", "tested"]


def test_the_published_report_is_whole_and_small() -> None:
    path = ROOT / "docs" / "report" / "index.html"
    text = path.read_text("utf-8")
    assert len(text.encode()) < 5_000_000
    assert {f'data-column="{name}"' for name in BACKENDS} <= set(
        re.findall(r'data-column="[\w-]+"', text)
    )
    for op in spec.in_edition("keras3"):
        assert f'data-view="{op.id}"' in text, f"{op.id} is not in it: make it anew"
