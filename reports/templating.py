"""The templates of a report, and Jinja, which fills them in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"
NEEDED = ("jinja2", "altair", "vl_convert", "pygments")
"""What pages and badges are made with: the extra ``report``."""


class MissingExtra(RuntimeError):
    """The packages of the extra ``report`` are not installed."""


def environment() -> Any:
    """Return Jinja with the templates; all text that it puts in is escaped.

    Raises:
        MissingExtra: the packages of the extra are not installed.
    """
    if any(importlib.util.find_spec(package) is None for package in NEEDED):
        raise MissingExtra("reports need more packages: pip install 'nn-etalon[report]'")
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
