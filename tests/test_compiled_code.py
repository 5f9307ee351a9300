"""What was compiled is found by later runs; what is damaged, or has no place, costs time alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from command import Run
from etalon.backends import BACKENDS
from etalon.conformance.running import compiled_code

JAX = BACKENDS["jax"]
WORDS = ("verify", "jax", "--op", "activations/relu", "--law", "values", "--dtype", "float32")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder of the test's own."""
    monkeypatch.setenv("ETALON_CACHE", str(tmp_path / "own"))
    return tmp_path / "own"


def test_it_lies_in_the_cache_folder_by_versions_and_processor(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = map(Path, compiled_code.folders(JAX).values())
    assert before.parent == own / "jax"
    assert compiled_code.folders(BACKENDS["torch"]) == {}
    assert compiled_code.folders(BACKENDS["keras-jax"]) == compiled_code.folders(JAX)
    monkeypatch.setattr(compiled_code, "version", lambda name: "0.0.1")
    (other,) = map(Path, compiled_code.folders(JAX).values())
    monkeypatch.setattr(compiled_code, "_processor", lambda: "abacus")
    (foreign,) = map(Path, compiled_code.folders(JAX).values())
    assert len({before, other, foreign}) == 3


def test_it_is_bounded(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder,) = map(Path, compiled_code.folders(JAX).values())
    folder.mkdir(parents=True)
    for number in range(4):
        path = folder / str(number)
        path.write_bytes(b"x" * 100)
        os.utime(path, (number, number))
    monkeypatch.setattr(compiled_code, "MOST", 250)
    compiled_code.make_room(JAX)
    assert {path.name for path in folder.iterdir()} == {"2", "3"}


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(300))


@pytest.mark.process
@pytest.mark.parametrize("damage", [nothing, noise])
def test_what_is_damaged_is_compiled_anew(
    etalon: Run, own: Path, damage: Callable[[Path], None]
) -> None:
    chosen = (*WORDS, "--profile", "quick", "--workers", 1)
    assert etalon(*chosen).status == 0
    kept = list((own / "jax").rglob("*-cache"))
    assert kept
    for path in kept:
        damage(path)
    done = etalon(*chosen)
    assert done.status == 0, done.err
    assert "✓ conforms 1" in done.out


@pytest.mark.process
def test_without_a_place_nothing_is_kept(etalon: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETALON_CACHE", os.devnull)
    done = etalon(*WORDS, "--profile", "quick", "--workers", 1)
    assert done.status == 0, done.err
