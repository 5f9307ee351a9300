"""What backends compiled is kept between runs: in the user's cache folder, within bounds."""

from __future__ import annotations

import platform
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from etalon.backends import Backend
from etalon.conformance.truths import cache
from etalon.conformance.truths.store import trim

MOST = 2 * 2**30
"""How many bytes of it are kept when a run begins: of those left longest the rest is removed."""


def folders(backend: Backend) -> dict[str, str]:
    """Return where a backend keeps what it compiled, by its environment variables.

    It is another folder for other versions, and on another processor.
    """
    root = cache.folder()
    if root is None or not backend.folders:
        return {}
    versions = "-".join(map(version, backend.compiled_by))
    own = f"{versions}-{_processor()}"
    return {variable: str(root / name / own) for variable, name in backend.folders.items()}


def make_room(backend: Backend) -> None:
    """Remove what was kept longest, where there is too much."""
    root = cache.folder()
    if root is not None:
        for name in backend.folders.values():
            trim(root / name, MOST)


def _processor() -> str:
    """Return a short name of what the processor can do: code is compiled for that."""
    able = ""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        able = next((line for line in lines if line.startswith(("flags", "Features"))), able)
    return f"{platform.machine()}-{blake2b(able.encode(), digest_size=4).hexdigest()}"
