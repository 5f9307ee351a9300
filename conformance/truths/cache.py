"""Where what later runs need is kept: in the user's cache folder, or where a variable says."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

CACHE = "ETALON_CACHE"
"""The environment variable that names another folder."""


def folder() -> Path | None:
    """Return the folder; ``None`` where there is none, as nobody's home is known."""
    named = os.environ.get(CACHE)
    place = Path(named).absolute() if named else platformdirs.user_cache_path("etalon")
    return place if place.is_absolute() else None
