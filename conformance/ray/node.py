"""What happens on a node: one op is judged as on any machine, and what is recorded is told."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from etalon.backends import Backend
from etalon.conformance.ray.merge import Piece
from etalon.conformance.running.backend_run import POLL, verify
from etalon.conformance.running.request import Request, record_file, usable, writable


def judged(request: Request, session: str) -> Iterator[Piece]:
    """Judge the one op of a request; yield its records as they fall, and at last its log.

    It runs in a process and a folder of its own.

    Raises:
        NothingJudged: the backend or the device is not on this node.
    """
    # Ray sets it for each task; a plain run leaves it to the backend.
    os.environ.pop("OMP_NUM_THREADS", None)
    backend = _here(request.backends[0], request.device, request.mode)
    with tempfile.TemporaryDirectory(prefix=f"etalon-{session}-") as folder:
        own = replace(request, out=Path(folder))
        writable(own.out)
        for piece in _run(own, backend):
            # The folder will be gone: what is said of it is true of the folder of the whole run.
            yield replace(piece, problem=piece.problem.replace(folder, str(request.out)))


@lru_cache(maxsize=1)
def _here(name: str, device: str, mode: str) -> Backend:
    """Return the backend, asked for once by each process of Ray's, since asking imports it."""
    return usable((name,), device, mode)[0]


def _run(request: Request, backend: Backend) -> Iterator[Piece]:
    records, told = record_file(request, backend), 0
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(verify, request, backend, lambda *_: None)
        while not run.done():
            wait([run], timeout=POLL)
            lines = _whole_lines(records, told)
            told += sum(map(len, lines))
            if lines:
                yield Piece(lines)
    finished = run.result()
    log = (request.out / "logs" / f"{records.stem}.txt").read_text(errors="replace")
    yield Piece(_whole_lines(records, told), log, finished.problem)


def _whole_lines(path: Path, start: int) -> tuple[bytes, ...]:
    """Return the lines of a file behind so many bytes, but for one that is still being written."""
    if not path.exists():
        return ()
    with path.open("rb") as file:
        file.seek(start)
        return tuple(line for line in file if line.endswith(b"\n"))
