"""What `etalon verify` shows while it runs: what is judged, what is left, and what fails."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn

from etalon.conformance.commands.console import err
from etalon.conformance.running.request import Finished
from etalon.reports import terminal
from etalon.reports.records import BAD, Verdict

SILENCE = 30.0
"""Seconds between two lines where the display can't move: in a file, or in a log of CI."""
SETTLED = 5.0
"""Seconds after which an estimate says something."""
SHOWN = 30
"""How many failures are told as they fall: the report has all."""


class Display:
    """One display of a whole run; ``efforts`` says how long each run takes beside the others."""

    def __init__(self, efforts: Mapping[str, float]) -> None:
        self._efforts = efforts
        self._done: dict[str, int] = dict.fromkeys(efforts, 0)
        self._cells: dict[str, int] = {}
        self._ended: set[str] = set()
        self._failures = 0
        self._start = self._said = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
        self._progress = Progress(
            *columns, console=err, transient=True, disable=not err.is_terminal
        )
        self._bar = self._progress.add_task("starting", total=None, left="")

    def __enter__(self) -> Self:
        """Begin to show it."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End it."""
        self._progress.stop()

    def watch(self, run: str, verdicts: Sequence[Verdict], cells: int) -> None:
        """Show how far a run is: its verdicts so far, and how many there will be."""
        for verdict in verdicts[self._done[run] :]:
            self._fallen(verdict)
        self._done[run] = len(verdicts)
        if cells:
            self._cells[run] = cells
        if verdicts:
            self._show()

    def end(self, finished: Finished) -> None:
        """Say what came of a run."""
        run = finished.records.stem
        self._ended.add(run)
        counted = terminal.totals(finished.verdicts)
        words = ", ".join(f"{count} {name}" for name, count in counted.items() if count)
        says = f"{run}: {words or 'no verdict'} in {finished.seconds:.0f} s → {finished.records}"
        err.print(says, soft_wrap=True, highlight=False)

    def _fallen(self, verdict: Verdict) -> None:
        if verdict.verdict not in BAD:
            return
        self._failures += 1
        if self._failures <= SHOWN:
            err.print(_failure(verdict), soft_wrap=True, highlight=False, markup=False)
        if self._failures == SHOWN:
            err.print("  further failures are in the report", highlight=False)

    def _show(self) -> None:
        work = sum(self._effort(run, done) for run, done in self._done.items())
        every = sum(self._effort(run, self._expected(run)) for run in self._efforts)
        elapsed = time.monotonic() - self._start
        left = _duration(elapsed * (every - work) / work) if elapsed > SETTLED else ""
        self._progress.update(
            self._bar, description=self._running, completed=work, total=every, left=left
        )
        if not err.is_terminal and time.monotonic() - self._said > SILENCE:
            self._said = time.monotonic()
            err.print(f"{self._running}, {work / every:.0%} of all, {left}", highlight=False)

    @property
    def _running(self) -> str:
        runs = [run for run, done in self._done.items() if done and run not in self._ended]
        far = (f"{run} {self._done[run]:,} of {self._cells.get(run, 0):,} cells" for run in runs)
        return ", ".join(far)

    def _effort(self, run: str, cells: int) -> float:
        return self._efforts[run] * cells

    def _expected(self, run: str) -> int:
        """Return how many cells a run has; one that has not begun, as many as any has at most."""
        if run in self._ended:
            return self._done[run]
        return self._cells.get(run) or max(self._cells.values(), default=0)


def _failure(verdict: Verdict) -> str:
    head = f"✗ {verdict.backend} {verdict.op} {verdict.law} {verdict.dtype}"
    causes = [cluster.cause for cluster in verdict.clusters if cluster.divergence is None]
    return f"{head}: {'; '.join(causes) or verdict.reason or verdict.verdict}"


def _duration(seconds: float) -> str:
    """Return how long something will take, in words that promise no more than is known."""
    if seconds < 60:
        return f"about {max(5, 5 * round(seconds / 5))} s left"
    return f"about {round(seconds / 60)} min left"
