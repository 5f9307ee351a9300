"""Packages as their users install them: files and entry points in a folder of the path."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def install(folder: Path, name: str, files: Mapping[str, str], points: Mapping[str, str]) -> None:
    """Write a package into ``folder`` as pip does; ``points`` are its entry points by group."""
    for place, text in files.items():
        path = folder / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups = "\n".join(f"[{group}]\n{line}\n" for group, line in points.items())
    (info / "entry_points.txt").write_text(groups)


def etalon(*words: str, path: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where what lies in ``path`` is installed."""
    paths = (str(path), *filter(None, [os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "etalon.conformance.commands.main", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
