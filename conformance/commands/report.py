"""The commands that only read records: ``etalon report``, ``diff`` and ``schema``.

Exit status: ``diff`` ends with 1 where anything got worse; all of them with 2 where a file can't be
read or written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etalon.conformance.commands.console import out, say
from etalon.conformance.running.errors import WrongCall

if TYPE_CHECKING:
    from etalon.reports.matrix import Matrix

SkipOption = Annotated[
    bool, typer.Option("--skip-bad", help="go on without what can't be read, and say what it is")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (report, diff, schema):
        app.command()(command)


def report(
    records: Annotated[list[Path], typer.Argument(metavar="RECORDS...")],
    page: Annotated[
        Path, typer.Option("--out", metavar="FILE.html", help="where the page goes")
    ] = Path("etalon-report/index.html"),
    baseline: Annotated[
        Path | None, typer.Option(metavar="OLD", help="show what changed since these records")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="write JUnit XML, too")] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write a summary for a pull request, too")
    ] = None,
    badges: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write a badge for each backend, too")
    ] = None,
    skip_bad: SkipOption = False,
) -> None:
    """Make an HTML page of record files, or of the folders they are in."""
    from etalon.reports import page as pages
    from etalon.reports.comparison import compare
    from etalon.reports.matrix import load
    from etalon.reports.templating import MissingExtra

    skip = say if skip_bad else None
    matrix = load(records, skip)
    comparison = compare(load([baseline], skip), matrix) if baseline else None
    try:
        _write(page, pages.render(matrix, comparison))
        _write_for_machines(matrix, junit, markdown, badges)
    except MissingExtra as error:
        raise WrongCall(str(error)) from error


def _write_for_machines(
    matrix: Matrix, junit: Path | None, markdown: Path | None, badges: Path | None
) -> None:
    from etalon.reports.machines import badges as drawn
    from etalon.reports.machines import junit as xml
    from etalon.reports.machines import markdown as words

    if junit:
        _write(junit, xml.document(matrix))
    if markdown:
        _write(markdown, words.summary(matrix))
    if badges:
        for name, svg in drawn.badges(matrix).items():
            _write(badges / name, svg)


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise WrongCall(f"can't write {path}: {error.strerror}") from error
    out.print(f"wrote {path}", soft_wrap=True)


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="record file, or folder of them")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="what to compare with it")],
    skip_bad: SkipOption = False,
) -> int:
    """Compare two runs; end with 1 where anything broke, or became less accurate."""
    from etalon.reports import changes
    from etalon.reports.comparison import compare
    from etalon.reports.matrix import load

    skip = say if skip_bad else None
    comparison = compare(load([old], skip), load([new], skip))
    out.print(changes.shown(comparison), soft_wrap=True)
    return 1 if comparison.worse else 0


def schema() -> None:
    """Print the JSON Schema of one line of a record file."""
    from etalon.reports.schema import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
