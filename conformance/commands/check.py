"""``etalon check``: judge somebody's own implementation, in a process of its own.

Whatever that implementation does to its process, it prints, hangs or ends it, comes to a verdict.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from etalon.backends import BACKENDS
from etalon.conformance.candidates.options import USUAL_DTYPES
from etalon.conformance.candidates.order import SAID, Order
from etalon.conformance.commands.console import out, say
from etalon.conformance.commands.options import DeviceOption, ProfileOption
from etalon.conformance.running.backend_run import verify
from etalon.conformance.running.errors import EtalonFailed, WrongCall
from etalon.conformance.running.record_file import trying
from etalon.conformance.running.request import Finished, Request, record_file, usable, writable
from etalon.reports.records import BAD
from etalon.spec.words import CONTRACTS, DEVICES


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    made: Annotated[str, typer.Argument(metavar="MODULE:OBJECT")],
    op: Annotated[str, typer.Option(metavar="ID", help="the op that it computes")],
    backend: Annotated[str, typer.Option(metavar="B", help="whose tensors it takes")],
    config: Annotated[
        list[str] | None,
        typer.Option(metavar="YOURS=OURS", help="what a parameter of it is given: eps=epsilon"),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(metavar="YOURS=OURS", help="which weight is which: weight=kernel.T"),
    ] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option(metavar="YOURS=OURS", help="which array is which: input=y_pred"),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="the one value that it has of one: axis=-1"),
    ] = None,
    law: Annotated[list[str] | None, typer.Option(metavar="L", help="by this law")] = None,
    dtype: Annotated[list[str] | None, typer.Option(metavar="D", help="in this dtype")] = None,
    device: DeviceOption = DEVICES[0],
    profile: ProfileOption = "quick",
    seed: Annotated[int, typer.Option(metavar="N", help="the seed of the cases")] = 0,
    timeout: Annotated[
        float, typer.Option(metavar="S", help="the seconds after which a call hangs")
    ] = 60,
    contract: Annotated[
        str, typer.Option(metavar="C", help="what it may round on the way: narrow, parts, …")
    ] = CONTRACTS[0],
    case: Annotated[str, typer.Option(metavar="CASE", help="this case alone")] = "",
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="where the records go")
    ] = Path("etalon-report"),
) -> int:
    """Judge your own function or layer: does it compute what an op specifies?"""
    order = Order(
        made=made,
        op=op,
        backend=backend,
        only=_pairs("--only", only),
        options={
            "config": _pairs("--config", config),
            "weights": _pairs("--weights", weights),
            "inputs": _pairs("--inputs", inputs),
            "laws": law or None,
            "dtypes": dtype or USUAL_DTYPES,
            "device": device,
            "profile": profile,
            "seed": seed,
            "timeout": timeout,
            "contract": contract,
        },
    )
    usable((backend,), device)
    if case:
        return _case(order, case)
    writable(out_dir)
    return _judged(order, out_dir)


def _judged(order: Order, out_dir: Path) -> int:
    from etalon.conformance.candidates.failure_text import told

    run = _verified(order, out_dir)
    op = run.verdicts[0].op if run.verdicts else order.op
    out.print(told(order.label, op, order.backend, run.verdicts), markup=False, soft_wrap=True)
    if run.problem:
        say(run.problem)
    return int(bool(run.problem) or any(verdict.verdict in BAD for verdict in run.verdicts))


def _verified(order: Order, out_dir: Path) -> Finished:
    """Try the candidate while the run starts, whose workers wait until it may be judged."""
    request = Request(backends=(order.backend,), out=out_dir, candidate=order)
    backend = BACKENDS[order.backend]
    gate = trying(record_file(request, backend))

    def tried() -> None:
        _tried(order)
        gate.unlink(missing_ok=True)

    gate.touch()
    try:
        return verify(request, backend, lambda *_: None, tried)
    finally:
        gate.unlink(missing_ok=True)


def _case(order: Order, case: str) -> int:
    found = _tried(order, case)
    shown = found["shown"] or f"{order.made} ended the process"
    out.print(shown, markup=False, soft_wrap=True)
    return int(bool(found["bad"] or not found["shown"]))


def _tried(order: Order, case: str = "") -> dict[str, object]:
    """Import the candidate in another process; return the last that this says.

    One that lets itself be imported, but ends the process when it is called, gets its verdicts.

    Raises:
        WrongCall: it can't be imported, or its names don't fit.
        EtalonFailed: Etalon itself failed.
    """
    command = [sys.executable, "-m", "etalon.conformance.candidates.check_job", order.text, case]
    environment = {**os.environ, **BACKENDS[order.backend].environment}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            check=False,
            timeout=5 * order.timeout,
        )
    except subprocess.TimeoutExpired:
        raise WrongCall(f"{order.made} could not be imported and called in time") from None
    said = [line for line in done.stdout.splitlines() if line.startswith(SAID)]
    if not said:
        raise WrongCall(f"{order.made} {_ended(done.returncode, done.stderr)}")
    found: dict[str, object] = json.loads(said[-1].removeprefix(SAID))
    if found["problem"]:
        raise (EtalonFailed if found["own"] else WrongCall)(str(found["problem"]))
    return found


def _ended(status: int, stderr: str) -> str:
    last = next(iter(stderr.strip().splitlines()[-1:]), "")
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return f"ended the process with {how} when it was imported" + (f": {last}" if last else "")


def _pairs(option: str, given: Iterable[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or ():
        own, sign, rule = text.partition("=")
        if not (own and sign and rule):
            raise WrongCall(f"{option} takes yours=ours, not {text!r}")
        pairs[own] = rule
    return pairs
