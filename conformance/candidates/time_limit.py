"""A limit to how long a call of somebody's code may take."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from etalon.conformance.subjects.outcomes import Misbehaved


class Hung(Misbehaved):
    """A candidate did not return."""

    symptom = "no return"


class TimeLimit:
    """Ends calls that take longer than so many seconds, where they can be interrupted.

    A candidate that hung once is not called again.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._hung = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Limit what runs within.

        Raises:
            Hung: it took too long, or a call before it did.
        """
        if self._hung:
            raise self._hanging
        in_main = threading.current_thread() is threading.main_thread()
        if not in_main or not hasattr(signal, "setitimer"):
            yield
            return
        start = time.monotonic()
        before = signal.signal(signal.SIGALRM, self._interrupt)
        left, interval = signal.setitimer(signal.ITIMER_REAL, self.seconds)
        try:
            yield
        finally:
            signal.signal(signal.SIGALRM, before)
            spent = time.monotonic() - start
            signal.setitimer(signal.ITIMER_REAL, max(left - spent, 1e-3) if left else 0, interval)

    def _interrupt(self, number: int, frame: object) -> None:
        self._hung = True
        raise self._hanging

    @property
    def _hanging(self) -> Hung:
        return Hung(f"it did not return within {self.seconds:g} s, and is not called again")
