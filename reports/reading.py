"""Read several record files at once: whole, or without what can't be read of them.

A record file outlives the disk that fills up, the transfer that breaks and the Etalon that wrote
it. What can be read of it is known only after all of it was tried; whether the rest may be
skipped is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from etalon.reports.records import (
    ONE_RUN,
    CorruptRecords,
    OtherVersion,
    Record,
    Run,
    files,
    lines,
    parse,
)

Skip = Callable[[str], None]
"""Is told, in one sentence for each file, what was skipped of it and why."""

HINT = "; --skip-bad goes on with what can be read"


@dataclass(frozen=True)
class Sheet:
    """What could be read of a file, and, in a sentence, why the rest of it could not."""

    records: tuple[Record, ...] = ()
    problem: str = ""
    skipped: str = ""


def read_all(paths: Iterable[Path], skip: Skip | None = None) -> list[Record]:
    """Return the records of all files, and of those in folders, in ``paths``.

    Args:
        paths: record files and folders of them.
        skip: is told what was skipped; ``None`` lets nothing be skipped.

    Raises:
        CorruptRecords: something can't be read and may not be skipped, or nothing can be read.
    """
    sheets = list(_sheets(paths))
    records = [record for one in sheets for record in one.records]
    bad = [one for one in sheets if one.problem]
    if bad and skip is None:
        raise CorruptRecords(bad[0].problem + (HINT if records else ""))
    for one in bad:
        if skip is not None:
            skip(one.skipped)
    if bad and not records:
        raise CorruptRecords("not one record can be read")
    return records


def _sheets(paths: Iterable[Path]) -> Iterator[Sheet]:
    for path in paths:
        try:
            found = files([path])
        except CorruptRecords as error:
            yield _unread(str(error))
        else:
            yield from map(sheet, found)


def sheet(path: Path) -> Sheet:
    """Read of a file what can be read."""
    try:
        found = lines(path)
        return _sorted_out(path, [_parsed(line) for line in found])
    except OtherVersion as error:
        return _unread(f"{path}: {error}")
    except CorruptRecords as error:
        return _unread(str(error))


def _unread(sentence: str) -> Sheet:
    return Sheet(problem=sentence, skipped=f"skipped {sentence}")


def _parsed(line: bytes) -> Record | str:
    try:
        return parse(line)
    except OtherVersion:
        raise
    except CorruptRecords as error:
        return str(error)


def _sorted_out(path: Path, found: list[Record | str]) -> Sheet:
    problems = list(_problems(found))
    records = tuple(
        one
        for number, one in enumerate(found, start=1)
        if not isinstance(one, str) and (number == 1 or not isinstance(one, Run))
    )
    if not problems:
        return Sheet(records)
    number, reason = problems[0]
    if not records:
        return _unread(f"{path}, line {number}: {reason}; no line of it is a record of Etalon's")
    count = len(found) - len(records)
    lost = f"skipped {count} of {len(found)} lines"
    first = f"line {number}: {reason}"
    return Sheet(records, f"{path}, {first}", f"{path}: {lost}; {first}")


def _problems(found: list[Record | str]) -> Iterator[tuple[int, str]]:
    for number, one in enumerate(found, start=1):
        if isinstance(one, str):
            yield number, one
        elif isinstance(one, Run) is not (number == 1):
            yield number, ONE_RUN
