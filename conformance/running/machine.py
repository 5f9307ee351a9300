"""How many processes this machine has room for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

EACH = 2 * 2**30
"""How many bytes of memory a worker may take: one on JAX takes nearly as many."""
LIMITS = Path("/sys/fs/cgroup")
"""Where Linux says what a container may use."""


def workers() -> int:
    """Return how many workers cores and memory allow: at least one."""
    memory = min(_memory(), _limit("memory.max"))
    return max(1, min(_cores(), int(memory // EACH)))


def _memory() -> int:
    """Return how many bytes of memory the machine has."""
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    import psutil  # where the standard library does not know

    return int(psutil.virtual_memory().total)


def _cores() -> int:
    """Return on how many cores this process may run."""
    try:
        own = len(os.sched_getaffinity(0))
    except AttributeError:  # where a process can't be bound to cores
        own = os.cpu_count() or 1
    return max(1, int(min(own, _limit("cpu.max"))))


def _limit(name: str) -> float:
    """Return a limit of a container, a share of time as a number of cores; infinite without one."""
    with suppress(OSError, ValueError):
        most, *period = (LIMITS / name).read_text().split()
        return float(most) / float(*period or (1,))
    return float("inf")
