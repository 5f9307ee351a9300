"""``etalon replay --script``: programs that run where Etalon is not, and say what is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from command import Run
from etalon.conformance.judging.divergences import divergences
from etalon.conformance.subjects.place import Place

pytestmark = pytest.mark.process

CONV = (
    "layers/conv2d:bfloat16:normal:x1.0:s3:filters=2,kernel_size=2x2,strides=1x1,padding=valid,"
    "data_format=channels_last,dilation_rate=1x1,groups=1,use_bias=true,activation=relu,"
    "batch=3,spatial=9x6,channels=2"
)
DENSE = (
    "layers/dense:bfloat16:normal:x1.0:s41:"
    "units=3,use_bias=true,activation=relu,batch=2x3,features=4"
)
EMBEDDING = "layers/embedding:float32:normal:x1.0:s0:input_dim=5,output_dim=4,batch=2x3"
ACCURACY = "metrics/categorical_accuracy:float32:ties:x1.0:s3:splits=4x2,weighted=true,classes=3"
DEPARTURES = {
    "torch": ("torch-conv2d-strided-same",),
    "tensorflow": ("tensorflow-adam-unchecked",),
    "jax": ("jax-optax-adam-epsilon",),
    "keras-torch": ("keras-torch-float64-dense-dtype",),
}


def program(etalon: Run, case: str, backend: str) -> str:
    """Return a program; Keras computes with PyTorch in this process, and else in one of its own."""
    words = ("replay", case, "--backend", backend, "--script")
    if backend != "keras-tensorflow":
        ended = etalon(*words)
        assert ended.status == 0, ended.err
        return ended.out
    command = [sys.executable, "-m", "etalon.conformance.commands.main", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ran(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program where Etalon can't be imported."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    without = "import runpy, sys; sys.modules['etalon'] = None; runpy.run_path(sys.argv[1])"
    command = [sys.executable, "-W", "ignore", "-c", without, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("backend", "name"), [(backend, name) for backend, ids in DEPARTURES.items() for name in ids]
)
def test_a_program_shows_its_departure(
    etalon: Run, backend: str, name: str, tmp_path: Path
) -> None:
    (entry,) = (one for one in divergences(Place(backend)) if one.id == name)
    done = ran(program(etalon, entry.cases[0], backend), tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) >= 1


@pytest.mark.parametrize(
    ("backend", "case"),
    [("torch", CONV), ("torch", EMBEDDING), ("jax", ACCURACY), ("keras-tensorflow", DENSE)],
)
def test_a_program_of_a_right_result_says_so(
    etalon: Run, backend: str, case: str, tmp_path: Path
) -> None:
    done = ran(program(etalon, case, backend), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "within the bound" in done.stdout
