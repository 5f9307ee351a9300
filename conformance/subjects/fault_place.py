"""Where an exception comes from: a line of Etalon's own, or one of the user's."""

from __future__ import annotations

import sys
import sysconfig
import traceback
from collections.abc import Iterator
from pathlib import Path

from etalon.reports.records import OWN_ERROR

HOME = Path(__file__).resolve().parents[2]
"""What holds the folders of Etalon: a checkout, or the installed package."""
PARTS = ("spec", "backends", "conformance", "reports")
LIBRARIES = tuple(
    Path(folder).resolve()
    for folder in {*map(sysconfig.get_path, ("stdlib", "purelib", "platlib")), sys.prefix}
)


def own_error(error: BaseException) -> str:
    """Return the sentence that says of an exception that Etalon itself raised it, and where."""
    frames = [f"{own.relative_to(HOME)}:{line}" for own, line in _frames(error) if _ours(own)]
    where = f" in {frames[-1]}" if frames else ""
    return f"{OWN_ERROR}{where}: {said(error)}"


def users_line(error: BaseException) -> str:
    """Return the line of the user's code in which an exception was raised: ``mine.py:12``.

    Where no line of it is the user's, the last one of all is returned.
    """
    frames = [(path, line) for path, line in _frames(error) if not _ours(path)]
    own = [(path, line) for path, line in frames if not _within(path, LIBRARIES)]
    path, line = next(reversed(own or frames), (Path("no file"), 0))
    return f"{_short(path)}:{line}"


def said(error: BaseException | None) -> str:
    """Return the type and the first line of what was raised."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"[:300]


def _frames(error: BaseException) -> Iterator[tuple[Path, int]]:
    """Yield the file and line of each call that the exception came out of, the outermost first."""
    for frame in traceback.extract_tb(error.__traceback__):
        yield Path(frame.filename).resolve(), frame.lineno or 0


def _ours(path: Path) -> bool:
    return _within(path, tuple(HOME / part for part in PARTS))


def _within(path: Path, folders: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _short(path: Path) -> Path:
    """Return a path as seen from the working directory, or from where libraries are installed."""
    for folder in (Path.cwd(), *LIBRARIES):
        if path.is_relative_to(folder):
            return path.relative_to(folder)
    return path
