"""Give the ops of all backends to the nodes of a Ray cluster, and merge what they record.

Each op of each backend is a task of its own. One that is lost with its node is given to another.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from etalon.backends import Backend
from etalon.conformance.ray import cluster
from etalon.conformance.ray.merge import MergedRecords, Mixed
from etalon.conformance.ray.node import judged
from etalon.conformance.running.errors import NothingJudged
from etalon.conformance.running.request import Finished, Request, Watch

LOSSES = 5
"""How often an op may be lost with its node: one that is lost more often may be the reason."""
QUIET = 60
"""Seconds without news after which it is asked whether there still is a node that could judge."""


@dataclass
class Task:
    """One op of one backend, which a node judges."""

    op: str
    backend: Backend
    records: MergedRecords
    losses: int = 0
    due: float = 0.0
    """When it may be given to a node again."""


def spread(request: Request, chosen: tuple[Backend, ...], watch: Watch) -> Iterator[Finished]:
    """Join a Ray cluster, and judge backends on it, all at a time.

    Returns:
        What came of each backend, as soon as all of it is there.

    Raises:
        WrongCall: the address of the cluster is none.
        NothingJudged: Ray is not installed, no cluster answers, none of its nodes can do what is
            asked, or, later, all that they find is that nothing can be judged.
    """
    return _spread(cluster.joined(request), request, chosen, watch)


def _spread(
    ray: Any, request: Request, chosen: tuple[Backend, ...], watch: Watch
) -> Iterator[Finished]:
    start = time.perf_counter()
    try:
        for records in Driver(ray, request, chosen).whole(watch):
            yield records.finished(time.perf_counter() - start)
    finally:
        ray.shutdown()


class Driver:
    """A run: its tasks, and what becomes of them."""

    def __init__(self, ray: Any, request: Request, chosen: tuple[Backend, ...]) -> None:
        self._ray, self._request = ray, request
        self._session: str = ray.get_runtime_context().get_session_name()
        self._files = [MergedRecords(request, backend) for backend in chosen]
        self._running: dict[Any, Task] = {}
        self._lost: list[Task] = []
        for backend, file in zip(chosen, self._files, strict=True):
            for op in file.missing:
                self._submit(Task(op, backend, file))

    def whole(self, watch: Watch) -> Iterator[MergedRecords]:
        """Yield the records of each backend when all of them are there."""
        left = self._files
        while left:
            for file in left:
                watch(file.path.stem, file.verdicts, file.cells)
            at_work = [task.records for task in (*self._running.values(), *self._lost)]
            yield from (file for file in left if file not in at_work)
            left = [file for file in left if file in at_work]
            if left:
                self._listen()

    def _submit(self, task: Task) -> None:
        request, name = self._request, task.backend.name
        remote = self._ray.remote(judged).options(
            name=f"{name} {task.op}",
            num_cpus=request.workers,
            num_gpus=int(request.device == "gpu"),
            num_returns="streaming",
            max_retries=0,  # Of a stream told again, Ray drops as many pieces as it has, unseen.
            runtime_env=cluster.environment(request, task.backend),
        )
        own = replace(request, backends=(name,), op=task.op, resume=False, ray="")
        self._running[remote.remote(own, self._session)] = task

    def _listen(self) -> None:
        """Take what has come; where nothing has, wait for it."""
        for task in [task for task in self._lost if task.due <= time.monotonic()]:
            self._lost.remove(task)
            self._submit(task)
        if not self._running:
            time.sleep(1)
            return
        streams, seconds = list(self._running), 1 if self._lost else QUIET
        told, _ = self._ray.wait(streams, num_returns=1, timeout=seconds, fetch_local=False)
        for stream in told:
            self._take(stream)
        if not told and not cluster.able(self._ray, self._request):
            for file in dict.fromkeys(task.records for task in self._running.values()):
                self._stop(file, "the cluster has no node left that could judge the rest")

    def _take(self, stream: Any) -> None:
        task, errors = self._running[stream], self._ray.exceptions
        try:
            piece = self._ray.get(next(stream))
            task.records.take(task.op, piece)
        except StopIteration:
            del self._running[stream]
        except errors.RayTaskError as error:
            self._stop(task.records, f"on a node of the cluster {_sentence(error.cause)}")
        except errors.RuntimeEnvSetupError as error:
            self._stop(task.records, f"Ray can't install it on a node: {_sentence(error)}")
        except Mixed as error:
            self._stop(task.records, str(error))
        except errors.RayError as error:
            self._lose(self._running.pop(stream), _sentence(error))

    def _lose(self, task: Task, why: str) -> None:
        task.losses += 1
        task.due = time.monotonic() + 2**task.losses
        task.records.note(f"{task.op} was lost: {why}")
        if task.losses < LOSSES:
            self._lost.append(task)
        else:
            task.records.problems.append(f"{task.op} was lost {LOSSES} times with its node")

    def _stop(self, file: MergedRecords, why: str) -> None:
        """End the run of one backend; where no verdict has fallen at all, the whole run."""
        if not any(each.verdicts for each in self._files):
            raise NothingJudged(f"{file.backend}: {why}")
        file.problems.insert(0, why)
        self._lost = [task for task in self._lost if task.records is not file]
        for stream, task in list(self._running.items()):
            if task.records is file:
                self._ray.cancel(stream, force=True)
                del self._running[stream]


def _sentence(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
