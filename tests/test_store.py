"""What is wrong with the store of truths, or with its disk, costs time and nothing else."""

from __future__ import annotations

import os
import pickle
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from etalon import spec
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.conformance.truths import store
from etalon.conformance.truths.known import kept
from etalon.conformance.truths.store import Shelf, trim
from etalon.conformance.truths.values import known_truth

pytestmark = pytest.mark.usefixtures("cache")

F32 = precision("float32")
CASES = sample(spec.find("layers/dense"), "values", "float32", "smoke", 0)[:4]
KEYS = [bytes([i]) * 16 for i in range(9)]


def shelf(folder: Path) -> Shelf:
    return Shelf(folder, adding=True)


def filled(folder: Path, keys: Sequence[bytes] = KEYS) -> Path:
    """Return a new file of a folder, with three bytes by each key."""
    before = set(folder.glob("*"))
    writing = shelf(folder)
    for key in keys:
        writing.add(key, b"abc")
    writing.write()
    (path,) = set(folder.iterdir()) - before
    return path


def found(folder: Path) -> list[bytes]:
    """Return by which of the keys a new process finds what was added."""
    reading = shelf(folder)
    return [key for key in KEYS if reading.find(key) == b"abc"]


def test_what_is_added_is_found(tmp_path: Path) -> None:
    filled(tmp_path, KEYS[:4])
    filled(tmp_path, KEYS[6:])
    assert found(tmp_path) == KEYS[:4] + KEYS[6:]


def test_a_file_that_is_cut_off_is_not_believed_and_the_others_are(tmp_path: Path) -> None:
    path, _ = filled(tmp_path, KEYS[:5]), filled(tmp_path, KEYS[5:])
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert found(tmp_path) == KEYS[5:]


def test_a_file_that_is_damaged_is_not_believed_and_the_others_are(tmp_path: Path) -> None:
    path, _ = filled(tmp_path, KEYS[:5]), filled(tmp_path, KEYS[5:])
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert found(tmp_path) == KEYS[5:]


def packed(entries: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(entries))


def test_what_is_planted_under_a_wrong_checksum_is_not_believed(tmp_path: Path) -> None:
    data = packed({KEYS[0]: b"abc"})
    (tmp_path / "planted").write_bytes(b"x" * store.SIZE + data)
    assert found(tmp_path) == []
    (tmp_path / "planted").write_bytes(store._checksum(data) + data)
    assert found(tmp_path) == KEYS[:1]


@pytest.mark.parametrize("data", [b"", b"?", packed([1]), packed({"key": 1}), pickle.dumps({})])
def test_what_is_no_entry_is_passed_over(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "planted").write_bytes(store._checksum(data) + data)
    filled(tmp_path)
    assert found(tmp_path) == KEYS


def test_many_writers_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is one of a run, or of two runs that share the folder."""
    monkeypatch.setattr(store, "AT_ONCE", 10_000)
    keys = [os.urandom(16) for _ in range(400)]

    def add(start: int) -> None:
        writing = shelf(tmp_path)
        for key in keys[start::8]:
            writing.add(key, key * 100)
            assert shelf(tmp_path).find(keys[0]) in (None, keys[0] * 100)
        writing.write()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    reading = shelf(tmp_path)
    assert [reading.find(key) for key in keys] == [key * 100 for key in keys]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
def test_on_a_full_disk_no_more_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = shelf(tmp_path)
    writing.add(KEYS[0], b"abc")
    with monkeypatch.context() as patch:
        patch.setattr(store, "uuid", SimpleNamespace(uuid4=lambda: SimpleNamespace(hex="full")))
        (tmp_path / f"{os.getpid()}-full").symlink_to("/dev/full")
        writing.write()
    assert list(tmp_path.iterdir()) == []
    writing.add(KEYS[1], b"abc")
    writing.write()
    assert list(tmp_path.iterdir()) == []
    assert writing.find(KEYS[0]) == b"abc"


def test_no_more_is_kept_of_an_op_than_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_OF_ONE", 13)
    filled(tmp_path)
    assert found(tmp_path) == KEYS[:4]


def test_what_was_not_read_for_longest_is_removed_first(tmp_path: Path) -> None:
    folders = [tmp_path / "code" / name for name in "abc"]
    for age, folder in enumerate(folders):
        path = filled(folder)
        os.utime(path, (time.time() - 99 + age,) * 2)
    found(folders[0])
    size = path.stat().st_size
    trim(tmp_path, 2 * size)
    assert [folder.exists() for folder in folders] == [True, False, True]
    trim(tmp_path, size)
    assert [folder.exists() for folder in folders] == [True, False, False]
    trim(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def test_what_is_removed_while_it_is_used_harms_nobody(tmp_path: Path) -> None:
    writing = shelf(tmp_path / "op")
    writing.add(KEYS[0], b"abc")
    writing.write()
    trim(tmp_path, 0)
    writing.add(KEYS[1], b"abc")
    writing.write()
    assert writing.find(KEYS[0]) == b"abc"
    assert found(tmp_path / "op") == KEYS[1:2]


# The same, seen by who asks for a truth


def refuse(*given: Any, **options: Any) -> None:
    raise PermissionError


def ask() -> list[tuple[bytes, bytes]]:
    """Return the truths of some cases, as a process finds them that has just begun."""
    with kept(adding=True):
        truths = [known_truth(case, case.arguments(), F32) for case in CASES]
    return [(part.value.tobytes(), part.bound.tobytes()) for one in truths for part in one]


@pytest.mark.parametrize(
    "planted",
    [
        b"",
        pickle.dumps(CASES),
        msgspec.msgpack.encode([[["O", [1], b"12345678"], ["d", [], b"12345678"]]]),
        msgspec.msgpack.encode([[["d", [2], b"12345678"], ["d", [], b"12345678"]]]),
        msgspec.msgpack.encode([[["d", [0], b"12345678"], ["d", [], b"12345678"]]]),
        msgspec.msgpack.encode([[["d", [-1], b"12345678"], ["d", [], b"12345678"]]]),
    ],
)
def test_what_is_no_truth_is_not_taken_for_one(
    planted: bytes, cache: Path, computed: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = ask()
    monkeypatch.setattr(Shelf, "find", lambda self, key: planted)
    assert ask() == right
    assert len(computed) == 2 * len(CASES)


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

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert ask() == right
    assert len(computed) == len(CASES)


def test_what_can_not_even_be_read_is_computed(
    cache: Path, monkeypatch: pytest.MonkeyPatch, computed: list[Case]
) -> None:
    right = ask()

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert ask() == right
    assert len(computed) == 2 * len(CASES)
