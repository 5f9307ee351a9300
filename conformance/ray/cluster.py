"""A Ray cluster: join it, and see whether it can do what is asked.

Nobody but this module imports Ray, and only when a run asks for it.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from typing import Any

import etalon
from etalon.backends import Backend
from etalon.conformance.running.errors import NothingJudged, WrongCall
from etalon.conformance.running.request import Request

PLACES = ("auto", "local")
"""What an address may be beside host:port: the cluster of this machine, or one for this run."""
ADDRESS = re.compile(r"\[?(?P<host>[\w.:-]+?)\]?:(?P<port>\d{1,5})")
LAST_PORT = 65535
PATIENCE = 5
"""Seconds in which the port of a cluster has to answer."""
PATIENCE_WITH_RAY = 15
"""Seconds in which what answers there has to prove to be Ray."""


def joined(request: Request) -> Any:
    """Return Ray, which has joined the cluster that a run asks for.

    Raises:
        WrongCall: the address is none.
        NothingJudged: Ray is not installed, no cluster answers at the address, or none of its
            nodes has what is asked for.
    """
    address = request.ray
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "1")
    try:
        import ray
    except ImportError:
        raise NothingJudged(
            "--ray needs Ray, which is not installed: pip install 'nn-etalon[ray]'"
        ) from None
    if address not in PLACES:
        _answers(address)
    alone = {"include_dashboard": False} if address == "local" else {}
    try:
        ray.init(address, log_to_driver=False, logging_level="ERROR", **alone)
    except (OSError, RuntimeError, ValueError) as error:
        raise _nobody(address, str(error)) from error
    if not able(ray, request):
        ray.shutdown()
        cpus = f"{request.workers} CPU{'s' * (request.workers > 1)}"
        wanted = f"{cpus} and a GPU" if request.device == "gpu" else cpus
        raise NothingJudged(f"no node of the Ray cluster {address} has {wanted}")
    return ray


def _answers(address: str) -> None:
    """See that a cluster answers. Ray itself would try for long, and might end this process."""
    found = ADDRESS.fullmatch(address)
    if not found:
        raise WrongCall(f"--ray takes HOST:PORT, {' or '.join(PLACES)}: not {address!r}")
    if int(found["port"]) > LAST_PORT:
        raise WrongCall(f"--ray names no port that there is: {address!r}")
    try:
        socket.create_connection((found["host"], int(found["port"])), PATIENCE).close()
    except OSError as error:
        raise _nobody(address, error.strerror or str(error)) from error
    asked = [sys.executable, "-m", "ray.scripts.scripts", "status", "--address", address]
    try:
        subprocess.run(asked, capture_output=True, check=True, timeout=PATIENCE_WITH_RAY)
    except subprocess.SubprocessError as error:
        raise _nobody(address, "what answers there is no Ray of this version") from error


def _nobody(address: str, why: str) -> NothingJudged:
    first = (why.strip().splitlines() or ["it does not say why"])[0]
    return NothingJudged(f"no Ray cluster can be joined at {address}: {first}")


def able(ray: Any, request: Request) -> bool:
    """Return whether a node of the cluster has what the run of one op takes."""
    needs = {"CPU": request.workers, "GPU": int(request.device == "gpu")}
    return any(
        all(node["Resources"].get(name, 0) >= count for name, count in needs.items())
        for node in ray.nodes()
        if node["Alive"]
    )


def environment(request: Request, backend: Backend) -> dict[str, Any]:
    """Return the runtime environment of a backend: its variables, and what Ray installs for it."""
    found: dict[str, Any] = {"env_vars": dict(backend.environment)}
    if request.ray_install:
        extra = f"[{backend.extra}]" if backend.extra else ""
        ours = f"nn-etalon{extra}=={etalon.__version__}"
        found["pip"] = [ours, backend.provider] if backend.provider else [ours]
    return found
