"""What `etalon new-op` and `etalon new-backend` write runs as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from installing import etalon, install

pytestmark = pytest.mark.process


def installed(project: Path, path: Path) -> None:
    """Install a project as pip does, its files left where they are."""
    described = tomllib.loads((project / "pyproject.toml").read_text())
    points = described["project"]["entry-points"]
    lines = {
        group: "\n".join(f"{n} = {v}" for n, v in own.items()) for group, own in points.items()
    }
    install(path, described["project"]["name"].replace("-", "_"), {}, lines)


def test_a_new_backend(tmp_path: Path) -> None:
    made = etalon("new-backend", "my-loom", path=tmp_path, cwd=tmp_path)
    assert made.returncode == 0
    assert "etalon verify my-loom --profile quick" in made.stdout
    project = tmp_path / "etalon-my-loom"
    installed(project, project)
    for op in ("*/maximum", "activations/*"):
        words = ("verify", "my-loom", "--op", op, "--profile", "smoke", "--dtype", "float32")
        done = etalon(*words, path=project, cwd=tmp_path)
        assert (done.returncode, "✓ conforms" in done.stdout) == (0, True), done


def test_a_new_op(tmp_path: Path) -> None:
    made = etalon("new-op", "layers/scaled_twice", path=tmp_path, cwd=tmp_path)
    assert made.returncode == 0
    project = tmp_path / "etalon-scaled-twice"
    installed(project, project)
    shown = etalon("show", "scaled_twice", path=project, cwd=tmp_path)
    assert "y = x · scale" in shown.stdout
    words = (
        "verify",
        "numpy",
        "--op",
        "layers/scaled_twice",
        "--profile",
        "smoke",
        "--dtype",
        "float32",
    )
    done = etalon(*words, path=project, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(project / "tests")],
        env={**os.environ, "PYTHONPATH": str(project)},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in tested.stdout, tested.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("new-op", "shawarma"), "an id is kind/name, and the kinds are layers, activations"),
        (("new-op", "layers/dense"), "layers/dense is in the catalogue already: `etalon show"),
        (("new-op", "layers/Big Layer"), "'Big Layer' can't be the name of an op"),
        (("new-backend", "torch"), "a backend is called torch already"),
        (("new-backend", "2fast"), "'2fast' can't be the name of a backend"),
        (("new-backend", "loom", "--out", "here"), "here is there already: nothing was written"),
    ],
)
def test_a_wrong_call(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "here").mkdir()
    done = etalon(*words, path=tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here"]
