"""What a truth depends on beside its case: the code that computes it, and the machine."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from etalon import spec
from etalon.backends import numpy as reference
from etalon.conformance import arithmetic, cases, truths

CODE = (spec, reference, arithmetic, cases, truths)
"""The packages whose code a truth is computed by."""

Stamp = tuple[int, int, int]
"""When a file was changed, its size, and which it is."""


class Sources:
    """The files of the code that truths are computed by."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self.files = tuple(files or _files())
        self._stamps = self._now()

    def older(self, start: float) -> bool:
        """Return whether none was changed since some time, in seconds since 1970."""
        return all(changed < start * 1e9 for changed, _, _ in self._stamps.values())

    def unchanged(self) -> bool:
        """Return whether they are what they were: modules may be imported late."""
        try:
            return self._stamps == self._now()
        except OSError:  # one is gone
            return False

    def _now(self) -> Mapping[Path, Stamp]:
        """Return the stamp of each file.

        Raises:
            OSError: one is gone.
        """
        found = ((path, path.stat()) for path in self.files)
        return {path: (s.st_mtime_ns, s.st_size, s.st_ino) for path, s in found}

    @property
    def fingerprint(self) -> str:
        """A text that is another one where the code, or what it runs on, is another.

        Raises:
            OSError: a file can't be read.
        """
        digest = blake2b(repr(_machine()).encode(), digest_size=16)
        for path in self.files:
            code = path.read_bytes()
            digest.update(f"{path.name} {len(code)} ".encode() + code)
        return digest.hexdigest()


def _files() -> Iterator[Path]:
    for package in CODE:
        for folder in package.__path__:
            yield from sorted(Path(folder).rglob("*.py"))


def _machine() -> tuple[Any, ...]:
    """Return what makes the same code compute other numbers, or so it might."""
    wide: Any = np.finfo(np.longdouble)
    return (
        (platform.system(), platform.machine(), platform.libc_ver()),
        platform.python_version(),
        np.show_config(mode="dicts"),
        (np.__version__, ml_dtypes.__version__),
        (wide.nmant, str(wide.max), str(wide.eps)),
        bool(np.float64(5e-324) * np.float64(1)),
    )
