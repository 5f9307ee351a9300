"""Starting points for people's own packages: ``etalon new-op`` and ``etalon new-backend``.

The folders beside this file hold what is written, as files that end in ``.txt``; ``$name`` and the
like are replaced. What is written runs as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

PACKAGE = "package"
"""The folder that is named as the new package is."""


class NoStart(ValueError):
    """No starting point can be written so; the message says why."""


def write(kind: str, folder: Path, package: str, **words: str) -> list[Path]:
    """Write a starting point into a new folder; return the files.

    Raises:
        NoStart: the folder is there already, or can't be written.
    """
    source = Path(__file__).parent / kind
    if folder.exists():
        raise NoStart(f"{folder} is there already: nothing was written")
    written = []
    try:
        for template in sorted(source.rglob("*.txt")):
            place = template.relative_to(source).with_suffix("")
            parts = [package if part == PACKAGE else part for part in place.parts]
            path = folder.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            text = Template(template.read_text(encoding="utf-8"))
            path.write_text(text.substitute(package=package, **words), encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise NoStart(f"can't write into {folder}: {error.strerror}") from error
    return written


def identifier(name: str, what: str) -> str:
    """Return a name as one of Python's, its dashes as underscores.

    Raises:
        NoStart: it can't be one.
    """
    found = name.replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", found):
        raise NoStart(f"{name!r} can't be {what}: take small letters, digits and dashes")
    return found
