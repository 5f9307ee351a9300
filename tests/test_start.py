"""What a command imports: nothing that it does not need, so that it starts quickly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from etalon.conformance.commands import main
from house import FRAMEWORKS

JUDGING = {*FRAMEWORKS, "numpy", "ml_dtypes", "hypothesis", "pytest", "psutil", "mpmath", "ray"}
"""What judges, and what is judged."""
PAGES = {"jinja2", "altair", "vl_convert"}
NAMES = [*typer.main.get_group(main.app).commands]
"""How the commands are called."""

TELLING = "import atexit, sys; atexit.register(lambda: print('imported:', *sys.modules));"
COMMAND = "from etalon.conformance.commands.main import main; main()"


def imported(program: str, *words: str, folder: Path | None = None) -> set[str]:
    """Return what is imported once a program has run, by its full name."""
    run = subprocess.run(
        [sys.executable, "-c", TELLING + program, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return set(run.stdout.splitlines()[-1].removeprefix("imported: ").split())


@pytest.mark.process
@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("list", "--json"),
        ("show", "layers/dense"),
        ("--help",),
        *((name, "--help") for name in NAMES),
    ],
    ids=" ".join,
)
def test_a_command_that_judges_nothing_imports_nothing_that_judges(words: tuple[str, ...]) -> None:
    found = imported(COMMAND, *words)
    assert "typer" in found
    assert found & (JUDGING | PAGES) == set()


@pytest.mark.process
def test_the_command_imports_nothing_that_its_run_imports(tmp_path: Path) -> None:
    words = ("verify", "numpy", "--op", "activations/elu", "--law", "values", "--profile", "smoke")
    found = imported(COMMAND, *words, folder=tmp_path)
    assert (tmp_path / "etalon-report" / "records" / "numpy.jsonl").read_text("utf-8")
    assert "etalon.conformance.running.backend_run" in found
    assert found & (JUDGING | PAGES) == set()


@pytest.mark.process
@pytest.mark.parametrize(
    ("modules", "needs"),
    [(("recorder", "controller"), {"pytest", "psutil"}), (("worker", "suite"), {"numpy"})],
    ids=["controller", "worker"],
)
def test_the_processes_of_a_run_import_what_they_need(
    modules: tuple[str, ...], needs: set[str]
) -> None:
    wanted = ", ".join(f"etalon.conformance.running.{module}" for module in modules)
    found = imported(f"import {wanted}")
    assert needs <= found
    allowed = {"pytest", "psutil", "numpy", "ml_dtypes"} if "numpy" in needs else needs
    assert found & (JUDGING | PAGES | {"rich", "typer"}) <= allowed


def odd_plugin(folder: Path) -> dict[str, str]:
    """Return an environment in which somebody's plugin of pytest is installed."""
    (folder / "odd.py").write_text("open(__file__ + '.loaded', 'w').close()\n", "utf-8")
    told = folder / "odd-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n", "utf-8")
    (told / "entry_points.txt").write_text("[pytest11]\nodd = odd\n", "utf-8")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)}


@pytest.mark.process
@pytest.mark.parametrize(("more", "loaded"), [((), False), (("--pytest=-q",), True)])
def test_a_run_loads_other_plugins_only_where_pytest_is_told_more(
    tmp_path: Path, more: tuple[str, ...], loaded: bool
) -> None:
    words = ("verify", "numpy", "--op", "activations/elu", "--law", "values", "--profile", "smoke")
    run = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, *more],
        env=odd_plugin(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "odd.py.loaded").exists() == loaded


GRADIENTS = """import torch
from etalon.backends.torch.glue import gradients
x = torch.tensor([1.0, 2.0])
(slope,) = gradients(lambda x: (x * x,), [x], [torch.tensor([1.0, -3.0])])
assert slope.tolist() == [2.0, -12.0]
"""


@pytest.mark.process
def test_the_first_gradient_of_torch_imports_no_sympy() -> None:
    assert "sympy" not in imported(GRADIENTS)


LEAVING = """import atexit
from etalon.conformance.running.worker import leave

class Framework:
    def __del__(self):
        print("taken down")

kept = Framework()
atexit.register(print, "handled")
atexit.register(leave)
print("written")
"""


@pytest.mark.process
def test_a_worker_ends_by_its_exit_handlers_and_takes_nothing_down() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LEAVING], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.split("\n") == ["written", "handled", ""]
