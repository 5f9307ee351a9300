"""A record file that another process writes, looked at again and again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etalon.reports.records import Run, Verdict, parse


@dataclass
class Growing:
    """How far a record file has grown; each line of it is read once."""

    path: Path
    place: int = 0
    verdicts: int = 0
    cells: int = 0

    def look(self) -> None:
        """Count what has been written since the last look."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.place)
            whole, end, _ = file.read().rpartition(b"\n")
        self.place += len(whole + end)
        for record in map(parse, whole.splitlines()):
            self.verdicts += isinstance(record, Verdict)
            self.cells += record.cells if isinstance(record, Run) else 0
