"""``etalon replay --script``: programs that run where Etalon is not, and say what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etalon.backends import BACKENDS
from etalon.conformance.commands.command_line import app
from etalon.conformance.judging.divergences import Place, divergences

ELU = "activations/elu:float32:normal:x1.0:s1:alpha=0.3,shape=4x"
CONV = (
    "layers/conv2d:bfloat16:normal:x1.0:s3:filters=2,kernel_size=2x2,strides=1x1,padding=valid,"
    "data_format=channels_last,dilation_rate=1x1,groups=1,use_bias=true,activation=relu,"
    "batch=3,spatial=9x6,channels=2"
)
ACCURACY = "metrics/categorical_accuracy:float32:ties:x1.0:s3:splits=4x2,weighted=true,classes=3"
DEPARTURES = {
    "torch": ("torch-adam-epsilon", "torch-conv2d-strided-same"),
    "tensorflow": ("tensorflow-elu-cancels", "tensorflow-adam-unchecked"),
    "jax": ("jax-collapse-scalar", "jax-optax-adam-epsilon"),
    "keras-torch": ("keras-torch-float64-dense", "keras-torch-float64-dense-dtype"),
}


def program(case: str, backend: str) -> str:
    command = [sys.executable, "-m", app_module(), "replay", case, "--backend", backend, "--script"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def app_module() -> str:
    assert app.registered_commands
    return "etalon.conformance.commands.command_line"


def ran(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program where Etalon can't be imported."""
    assert "import etalon" not in text
    assert "from etalon" not in text
    path = folder / "program.py"
    path.write_text(
        f"import sys\nsys.modules['etalon'] = None\nexec(open({str(path)!r} + 'x').read())\n"
    )
    (folder / "program.pyx").write_text(text, encoding="utf-8")
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": ""}
    command = [sys.executable, "-W", "ignore", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)


@pytest.mark.parametrize(
    ("backend", "name"), [(backend, name) for backend, ids in DEPARTURES.items() for name in ids]
)
def test_a_program_shows_its_departure(backend: str, name: str, tmp_path: Path) -> None:
    (entry,) = (one for one in divergences(Place(backend)) if one.id == name)
    done = ran(program(entry.case, backend), tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) >= 1


@pytest.mark.parametrize(
    ("backend", "case"),
    [("torch", ELU), ("torch", CONV), ("jax", ACCURACY), ("keras-tensorflow", CONV)],
)
def test_a_program_of_a_right_result_says_so(backend: str, case: str, tmp_path: Path) -> None:
    done = ran(program(case, backend), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "within the bound" in done.stdout


def test_every_documented_case_has_a_backend_of_its_own() -> None:
    assert set(DEPARTURES) <= set(BACKENDS)
