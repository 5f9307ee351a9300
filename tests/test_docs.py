"""The tutorials are true: the code that they show stands in the files that they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.commands.command_line import app

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
SHOWN = re.compile(r"^`([\w/.]+\.py)`:\n\n```python\n(.*?)```", flags=re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^etalon (\w+)(.*)$", flags=re.MULTILINE)
BLOCKS = [(page, *found) for page in PAGES for found in SHOWN.findall(page.read_text("utf-8"))]


def test_there_are_pages() -> None:
    assert "adding-an-op.md" in [page.name for page in PAGES]
    assert len(BLOCKS) >= 6


@pytest.mark.parametrize(("page", "path", "code"), BLOCKS, ids=[block[1] for block in BLOCKS])
def test_the_code_that_is_shown_stands_in_its_file(page: Path, path: str, code: str) -> None:
    assert code in (ROOT / path).read_text("utf-8"), f"{page.name} shows what {path} has not"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_exist_and_their_ops_are_found(page: Path) -> None:
    known = {
        c.name or c.callback.__name__.strip("_") for c in app.registered_commands if c.callback
    }
    for name, rest in COMMAND.findall(page.read_text("utf-8")):
        assert name in known
        for op in re.findall(r"--op (\S+)", rest):
            assert spec.select(op)


def test_the_published_report_is_whole_and_small() -> None:
    path = ROOT / "docs" / "report" / "index.html"
    text = path.read_text("utf-8")
    assert len(text.encode()) < 5_000_000
    assert {f'data-column="{name}"' for name in BACKENDS} <= set(
        re.findall(r'data-column="[\w-]+"', text)
    )
    for op in spec.in_edition("keras3"):
        assert f'data-view="{op.id}"' in text, f"{op.id} is not in it: make it anew"
