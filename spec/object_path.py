"""Find an object by its path, ``package.module:name``, as entry points write it."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import Any


class NoSuchObject(LookupError):
    """There is no object at a path; the message says how far the way to it led."""


def load(path: str) -> Any:
    """Import the module of a path, and return the object that has the name there.

    Raises:
        NoSuchObject: the text is no path, the module can't be imported, or has no such name.
    """
    module, colon, name = path.partition(":")
    if not (colon and module and name):
        raise NoSuchObject(f"{path!r} is no path of an object: write package.module:name")
    try:
        found: Any = importlib.import_module(module)
    except BaseException as error:  # whatever a module does when it is imported
        if isinstance(error, KeyboardInterrupt):
            raise
        said = " ".join(str(error).split()) or "no reason was given"
        raise NoSuchObject(f"{module} can't be imported: {type(error).__name__}: {said}") from error
    for part in name.split("."):
        if not hasattr(found, part):
            close = get_close_matches(part, dir(found), n=3)
            hint = f": did you mean {', '.join(close)}?" if close else ""
            raise NoSuchObject(f"{module} has no {name}{hint}")
        found = getattr(found, part)
    return found
