"""What is wrong with the store of truths, or with its disk, costs time and nothing else."""

from __future__ import annotations

import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from etalon import spec
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.conformance.truths import store, values
from etalon.conformance.truths.fingerprint import Sources
from etalon.conformance.truths.known import kept
from etalon.conformance.truths.store import HEAD, Shelf, trim
from etalon.conformance.truths.values import known_truth, truth

F32 = precision("float32")
CASES = sample(spec.find("layers/dense"), "values", "float32", "smoke", 0)[:4]
KEYS = [bytes([i]) * 16 for i in range(9)]


def shelf(folder: Path) -> Shelf:
    return Shelf(folder, adding=True)


def filled(folder: Path, count: int) -> Path:
    """Return the one file of a folder, with so many entries of three bytes."""
    writing = shelf(folder)
    for key in KEYS[:count]:
        writing.add(key, b"abc")
    (path,) = folder.iterdir()
    return path


def found(folder: Path) -> list[int]:
    """Return which of the keys are found with what was added by them."""
    reading = shelf(folder)
    return [i for i, key in enumerate(KEYS) if bytes(reading.find(key) or b"") == b"abc"]


def test_what_is_cut_off_is_not_there_and_the_rest_is(tmp_path: Path) -> None:
    path = filled(tmp_path, 3)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert found(tmp_path) == list(range(size // (HEAD.size + 3)))


def test_what_is_damaged_is_not_believed(tmp_path: Path) -> None:
    path = filled(tmp_path, 3)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        damaged = place // (HEAD.size + 3)
        assert damaged not in found(tmp_path)
        assert set(found(tmp_path)) >= set(range(damaged))


def test_an_entry_under_a_wrong_checksum_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "planted").write_bytes(HEAD.pack(3, KEYS[0], b"x" * 16) + b"abc")
    filled_ = shelf(tmp_path)
    filled_.add(KEYS[1], b"abc")
    assert found(tmp_path) == [1]


def test_an_entry_moved_under_another_key_is_not_believed(tmp_path: Path) -> None:
    path = filled(tmp_path, 1)
    path.write_bytes(path.read_bytes().replace(KEYS[0], KEYS[1]))
    assert found(tmp_path) == []


def test_what_others_add_is_seen_at_once(tmp_path: Path) -> None:
    one, other = shelf(tmp_path), shelf(tmp_path)
    for key in KEYS:
        assert other.find(key) is None
        one.add(key, b"abc")
        assert bytes(other.find(key) or b"") == b"abc"


def test_an_entry_that_is_being_written_is_seen_when_it_is_whole(tmp_path: Path) -> None:
    path = filled(tmp_path, 2)
    whole, reading = path.read_bytes(), shelf(tmp_path)
    path.write_bytes(whole[:-1])
    assert reading.find(KEYS[0]) is not None
    assert reading.find(KEYS[1]) is None
    path.write_bytes(whole)
    assert bytes(reading.find(KEYS[1]) or b"") == b"abc"


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    """Each is one of a run, or of two runs that share the folder."""
    keys = [os.urandom(16) for _ in range(400)]

    def add(start: int) -> None:
        writing = shelf(tmp_path)
        for key in keys[start::8]:
            writing.add(key, key * 100)
            assert writing.find(keys[0]) in (None, keys[0] * 100)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    reading = shelf(tmp_path)
    assert [bytes(reading.find(key) or b"") for key in keys] == [key * 100 for key in keys]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
def test_on_a_full_disk_no_more_is_written(tmp_path: Path) -> None:
    writing = shelf(tmp_path)
    full = tmp_path / writing._own
    full.symlink_to("/dev/full")
    writing.add(KEYS[0], b"abc")
    full.unlink()
    writing.add(KEYS[1], b"abc")
    assert list(tmp_path.iterdir()) == []
    assert bytes(writing.find(KEYS[0]) or b"") == b"abc"


def test_no_more_is_kept_of_an_op_than_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_OF_ONE", 4 * (HEAD.size + 3))
    filled(tmp_path, 9)
    assert found(tmp_path) == [0, 1, 2, 3]


def test_what_was_not_read_for_longest_is_removed_first(tmp_path: Path) -> None:
    folders = [tmp_path / "code" / name for name in "abc"]
    for age, folder in enumerate(folders):
        path = filled(folder, 9)
        os.utime(path, (time.time() - 99 + age,) * 2)
    found(folders[0])
    size = path.stat().st_size
    trim(tmp_path, 2 * size)
    assert [folder.exists() for folder in folders] == [True, False, True]
    trim(tmp_path, size)
    assert [folder.exists() for folder in folders] == [True, False, False]
    trim(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_removed_while_it_is_written_harms_nobody(tmp_path: Path) -> None:
    writing = shelf(tmp_path / "op")
    writing.add(KEYS[0], b"abc")
    trim(tmp_path, 0)
    writing.add(KEYS[1], b"abc")
    assert bytes(writing.find(KEYS[0]) or b"") == b"abc"


# The same, seen by who asks for a truth


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ETALON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Sources, "older", lambda self, start: True)
    return tmp_path / "cache"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Return the cases whose truth was computed."""
    found: list[Case] = []

    def noted(case: Case, *given: Any) -> Any:
        found.append(case)
        return truth(case, *given)

    monkeypatch.setattr(values, "truth", noted)
    return found


def ask() -> list[tuple[bytes, bytes]]:
    """Return the truths of some cases, as a process finds them that has just begun."""
    with kept(adding=True):
        truths = [known_truth(case, case.arguments(), F32) for case in CASES]
    return [(part.value.tobytes(), part.bound.tobytes()) for one in truths for part in one]


def test_whatever_lies_in_the_store_the_truth_is_the_same(
    cache: Path, computed: list[Case]
) -> None:
    right = ask()
    assert ask() == right
    assert len(computed) == len(CASES)
    (path,) = (path for path in cache.rglob("*") if path.is_file())
    whole = path.read_bytes()
    harmless = msgspec.msgpack.encode([[["O", [1], b"12345678"], ["d", [], b"12345678"]]])
    _, key, _ = HEAD.unpack_from(whole)
    for data in (b"", b"?", pickle.dumps(ask), harmless):
        path.write_bytes(HEAD.pack(len(data), key, store._checksum(key, data)) + data)
        assert ask() == right
    assert len(computed) >= 2 * len(CASES)


@pytest.mark.parametrize("place", [os.devnull, "file", "file/below"])
def test_where_nothing_can_be_kept_all_is_computed(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computed: list[Case]
) -> None:
    right = ask()
    (tmp_path / "file").touch()
    monkeypatch.setenv("ETALON_CACHE", str(tmp_path / place))
    computed.clear()
    assert ask() == right
    assert ask() == right
    assert len(computed) == 2 * len(CASES)


def test_what_can_only_be_read_is_read(
    cache: Path, monkeypatch: pytest.MonkeyPatch, computed: list[Case]
) -> None:
    """Root may write into any folder, so who may not is played."""
    right = ask()

    def refuse(*given: Any, **options: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert ask() == right
    assert len(computed) == len(CASES)


def test_what_can_not_even_be_read_is_computed(
    cache: Path, monkeypatch: pytest.MonkeyPatch, computed: list[Case]
) -> None:
    right = ask()

    def refuse(*given: Any, **options: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert ask() == right
    assert len(computed) == 2 * len(CASES)
