"""A record file while it is written: it only grows, by whole lines, and has one writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.reports.records import Record, Run, Verdict, encode, parse

if TYPE_CHECKING:
    from filelock import FileLock

WAIT = 5.0
"""For how many seconds a writer that was killed may take to be gone."""

FACT = b'{"record":"characteristic"'
"""How the line of a characteristic begins."""


class InUse(Exception):
    """Another run writes this file; the message says so in one sentence."""


class RecordFile:
    """The only writer of a record file, until it is closed or its process ends."""

    def __init__(self, path: Path, *, resume: bool = False, wait: float = WAIT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = locked(path, wait)
        if resume and path.exists():
            cut(path)
        else:
            path.unlink(missing_ok=True)

    @property
    def empty(self) -> bool:
        """Whether nothing was written yet."""
        return not self.path.exists() or not self.path.stat().st_size

    def append(self, *records: Record) -> None:
        """Write records at the end, all of them or, where that fails, none.

        Raises:
            OSError: they can't be written: the disk is full.
        """
        text = b"".join(encode(record) for record in records)
        with self.path.open("ab", buffering=0) as file:
            start = file.tell()
            try:
                written = file.write(text)
                if written < len(text):
                    file.write(text[written:])
            except OSError:
                file.truncate(start)
                raise

    def close(self) -> None:
        """Let others write."""
        self._lock.release()


def locked(path: Path, wait: float = WAIT) -> FileLock:
    """Return the lock of a record file, held.

    Raises:
        InUse: another run holds it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        says = f"{path} is being written by another run: wait, or choose another --out"
        raise InUse(says) from None
    return lock


def notes(records: Path) -> Path:
    """Return where the retrials of a run are noted: beside its record file, while it lasts."""
    return records.with_name(f".{records.stem}.retrials")


def trying(records: Path) -> Path:
    """Return what is there as long as a candidate is tried: the workers of its run wait for it."""
    return records.with_name(f".{records.stem}.trying")


def begin(path: Path) -> None:
    """Make way for a new file.

    Raises:
        InUse: another run writes the one that is there.
    """
    with locked(path):
        path.unlink(missing_ok=True)


def cut(path: Path) -> None:
    """Cut off at the end what a run that was killed wrote in part: a line, or the facts of an op.

    The facts of an op are written at once, and end in its code.
    """
    *lines, _ = path.read_bytes().split(b"\n")
    while lines and lines[-1].startswith(FACT):
        lines.pop()
    kept = sum(len(line) + 1 for line in lines)
    if kept < path.stat().st_size:
        with path.open("rb+") as file:
            file.truncate(kept)


@dataclass
class Tail:
    """What another process has written to a record file so far; each line is read once."""

    path: Path
    place: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    cells: int = 0

    def look(self) -> None:
        """Read what has been written since the last look."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.place)
            whole, end, _ = file.read().rpartition(b"\n")
        self.place += len(whole + end)
        for record in map(parse, whole.splitlines()):
            if isinstance(record, Verdict):
                self.verdicts.append(record)
            elif isinstance(record, Run):
                self.cells += record.cells
