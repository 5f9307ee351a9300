"""A case that is suspected of spoiling its process is judged once more, in a fresh one.

What came of it there stands. It is noted beside the record file, since the suspect's process
leaves: whoever judges the cell then does not make the call again, so a case costs one process.
``python -m etalon.conformance.running.retrial REQUEST LAW CASE ANSWERED FILE`` is the fresh one.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.control import Key
from etalon.conformance.judging.judge import Judge
from etalon.conformance.running import request as requests
from etalon.conformance.running import run_plan
from etalon.conformance.running.controller import SPOILT, Ending
from etalon.conformance.running.plugin import CHARACTERISTICS
from etalon.conformance.running.record_file import notes
from etalon.conformance.running.request import Request, record_file
from etalon.conformance.subjects.subject import Refused

POLL = 0.5
"""Seconds between two looks at whether the process that is worked for is still there."""


class Retrials:
    """What came of what was suspected in fresh processes, as all workers of a run know it."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._path = notes(record_file(request, BACKENDS[request.backends[0]]))
        self._found: dict[Key, Any] = {}
        self._cells: set[Key] = set()

    def look(self) -> None:
        """Read what was noted, by this worker's predecessors or by others."""
        self._found = dict(_pickled(self._path))
        self._cells = set(map(_cell, self._found))

    def found(self, key: Key) -> tuple[Any] | None:
        """Return what came of something in a fresh process, ``None`` where it was in none."""
        return (self._found[key],) if key in self._found else None

    def near(self, key: Key) -> bool:
        """Return whether something of the same cell was in one."""
        return _cell(key) in self._cells

    def begin(self, key: Key, answered: str, ended: Callable[[str], Any]) -> None:
        """Try something in a fresh process, note what came of it, and leave.

        The call that was answered last may be the one that spoils: then it is done without it.
        """
        found = self._fresh(key, answered, ended) or (answered and self._fresh(key, "", ended))
        if found:
            with self._path.open("ab", buffering=0) as file:
                file.write(pickle.dumps((key, *found)))
            os._exit(SPOILT)

    def _fresh(self, key: Key, answered: str, ended: Callable[[str], Any]) -> tuple[Any] | None:
        """Return what came of it in a fresh process, ``None`` where that answers no call either."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "told"
            words = (self._request.text, *key, answered, str(told))
            done = subprocess.run([sys.executable, "-m", __name__, *words], check=False)
            stages = list(_pickled(told))
        if len(stages) == 1:
            status = done.returncode
            ending = Ending(signal=-status) if status < 0 else Ending(status=status)
            return (ended(f"{ending} in its call"),)
        return (stages[1],) if stages else None


def _pickled(path: Path) -> Iterator[Any]:
    with (
        suppress(FileNotFoundError),
        path.open("rb") as file,
        suppress(EOFError, pickle.UnpicklingError),
    ):
        while True:
            yield pickle.load(file)


def _cell(key: Key) -> Key:
    """Return the law, and the op and dtype of the case."""
    return key[0], ":".join(key[1].split(":")[:2])


def end_with(parent: int) -> None:
    """Have this process end when its parent is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main(text: str, law: str, tried: str, answered: str, told: str) -> None:
    """Try something, first of all; write that a call is answered here, then what came of it."""
    end_with(os.getppid())
    judge = run_plan.judge(requests.parse(text))
    subject = judge.control.subject
    with Path(told).open("wb", buffering=0) as file:
        if answered:
            known = parse(answered)
            with suppress(Refused):
                subject.answer(known, known.arguments())
        if judge.control.answers() and subject.answered is not None:
            file.write(pickle.dumps(subject.answered[0].id))
            file.write(pickle.dumps(_found(judge, law, tried)))


def _found(judge: Judge, law: str, tried: str) -> Any:
    if law == CHARACTERISTICS:
        return run_plan.facts(judge, spec.find(tried))
    return judge.control.outcome(law, parse(tried), careful=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
