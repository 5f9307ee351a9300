"""Runs of a backend that is harmed: how they are made, and what of their records is compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from etalon.reports.records import Record, Run, Verdict, read
from installing import install

COMMAND = [sys.executable, "-m", "etalon.conformance.commands.main"]
WORDS = ["verify", "numpy", "--op", "activations/*", "--profile", "smoke", "--dtype", "float32"]
RECORDS = "etalon-report/records/numpy.jsonl"


def settled(path: Path) -> set[Record]:
    """Return the records without what differs from run to run."""
    return {without_times(record) for record in read(path)}


def without_times(record: Record) -> Any:
    if isinstance(record, Verdict):
        record = msgspec.structs.replace(record, seconds=0.0)
    if isinstance(record, Run):
        record = msgspec.structs.replace(record, started="")
    return msgspec.json.encode(record)


def installed(folder: Path) -> None:
    source = (Path(__file__).parent / "harmful/__init__.py").read_text(encoding="utf-8")
    point = {"etalon.backends": "harmful = harmful"}
    install(folder, "harmful", {"__init__.py": source}, point)
