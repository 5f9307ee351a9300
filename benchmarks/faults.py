"""The faults of ``faults.toml``, and copies of Keras with one of them in it."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_suite import installed
from measuring import HERE


@dataclass(frozen=True)
class Fault:
    """One textual replacement in a file of Keras, and who is responsible for that file."""

    id: str
    kind: str
    file: str
    tests: tuple[str, ...]
    ops: tuple[str, ...]
    old: str
    new: str


def faults() -> list[Fault]:
    """Return the list."""
    text = (HERE / "faults.toml").read_text("utf-8")
    return [_fault(**entry) for entry in tomllib.loads(text)["fault"]]


def _fault(tests: list[str], ops: list[str], **rest: Any) -> Fault:
    return Fault(tests=tuple(tests), ops=tuple(ops), **rest)


def copied(folder: Path) -> Path:
    """Copy the installed Keras into a folder; put in front, Python imports it from there."""
    shutil.copytree(installed() / "keras", folder / "keras")
    return folder


@contextmanager
def planted(fault: Fault, site: Path) -> Iterator[None]:
    """Put a fault into a copy of Keras, and afterwards what was there, its time stamp included."""
    place = site / "keras" / "src" / fault.file
    text = place.read_text("utf-8")
    if text.count(fault.old) != 1:
        raise SystemExit(f"{fault.id}: {fault.file} has its text {text.count(fault.old)} times")
    place.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    try:
        yield
    finally:
        shutil.copy2(installed() / "keras" / "src" / fault.file, place)
