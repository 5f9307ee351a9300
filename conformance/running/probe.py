"""Ask a backend for its version and devices, in a process of its own.

``python -m etalon.conformance.running.probe torch`` prints one line of JSON. Frameworks disturb
each other in one process, so the command line never imports one itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from etalon.backends import BACKENDS, Backend
from etalon.backends.package import Compiling, InvalidPackage


@dataclass(frozen=True)
class Probe:
    """What was found of a backend: its version, devices and modes, or why it can't be used."""

    version: str = ""
    devices: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    problem: str = ""


def probe(backend: Backend) -> Probe:
    """Return what a fresh process finds of a backend."""
    missing = backend.missing()
    if missing:
        return Probe(problem=f"{' and '.join(missing)} not installed")
    command = [sys.executable, "-m", __name__, backend.name]
    environment = {**os.environ, **backend.environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return Probe(problem=f"can't be imported: {lines[-1]}")
    return Probe(found["version"], tuple(found["devices"]), tuple(found["modes"]))


def main(name: str) -> None:
    """Import a backend and print what it says of itself."""
    try:
        package = BACKENDS[name].load()
    except InvalidPackage as error:
        sys.exit(str(error))
    modes = ["eager"] if BACKENDS[name].provider else [*BACKENDS[name].modes]
    modes += ["compiled"] if isinstance(package, Compiling) and "compiled" not in modes else []
    found = {"version": package.version(), "devices": package.devices(), "modes": modes}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
