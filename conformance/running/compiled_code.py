"""What backends compiled is kept between runs: in the user's cache folder, within bounds."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import platformdirs

from etalon.backends import Backend

CACHE = "ETALON_CACHE"
"""The environment variable that names where to keep what later runs need; else it is the user's."""


def folders(backend: Backend) -> dict[str, str]:
    """Return where a backend keeps what it compiled, by its environment variables.

    It is another folder for other versions, and on another processor.
    """
    versions = "-".join(map(version, backend.compiled_by))
    root = Path(os.environ.get(CACHE) or platformdirs.user_cache_path("etalon"))
    return {
        variable: str(root.absolute() / name / f"{versions}-{_processor()}")
        for variable, name in backend.folders.items()
    }


def _processor() -> str:
    """Return a short name of what the processor can do: code is compiled for that."""
    able = platform.processor()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        able = next((line for line in lines if line.startswith(("flags", "Features"))), able)
    return f"{platform.machine()}-{blake2b(able.encode(), digest_size=4).hexdigest()}"
