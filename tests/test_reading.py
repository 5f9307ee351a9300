"""Records that can't be read: each kind has its sentence, and what can be read is used if asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from etalon.reports.matrix import load
from etalon.reports.reading import HINT, read_all
from etalon.reports.records import CorruptRecords, Record, encode
from test_records import failing, run, verdict

RUN, VERDICT, OTHER = encode(run()), encode(verdict()), encode(verdict(law="gradients"))

PARTLY = {
    "cut off": (
        RUN + VERDICT + OTHER[:-20],
        "line 3: not a record: the file ends in the middle of it",
    ),
    "garbage within": (
        RUN + b"\x00\x01\x02\n" + VERDICT,
        "line 2: not a record: JSON is malformed",
    ),
    "not UTF-8": (
        RUN + OTHER.replace(b"gradients", b"\xff") + VERDICT,
        "line 2: not a record: it is not UTF-8",
    ),
    "JSON, but no record": (
        RUN + b'{"a": 1}\n' + VERDICT,
        "line 2: not a record: Object missing required field `record`",
    ),
    "an array": (RUN + b"[1]\n" + VERDICT, "line 2: not a record: Expected `object`, got `array`"),
    "a huge number": (
        RUN + OTHER.replace(b'"cases":64', b'"cases":1e999') + VERDICT,
        "line 2: not a record: Number out of range - at `$.cases`",
    ),
    "a long number": (
        RUN + OTHER.replace(b'"cases":64', b'"cases":' + b"9" * 5000) + VERDICT,
        "line 2: not a record: Integer value out of range - at `$.cases`",
    ),
    "no number": (
        RUN + OTHER.replace(b'"worst_ratio":"0.5"', b'"worst_ratio":"1.2.3"') + VERDICT,
        "line 2: not a record: Expected `str` matching regex",
    ),
    "deep": (RUN + b'{"a":' + b"[" * 100_000 + b"\n" + VERDICT, "line 2: not a record: maximum"),
    "damaged": (
        RUN + OTHER.replace(b'"cases":64', b'"cases":65') + VERDICT,
        "line 2: not a record: its checksum is not that of what it says",
    ),
    "without a checksum": (
        RUN + OTHER.replace(b',"crc32"', b',"crc33"') + VERDICT,
        "line 2: not a record: it has no checksum at its end",
    ),
    "another run": (RUN + RUN + VERDICT, "line 2: a file has one run, in its first line"),
    "long and of several lines": (
        RUN + b'{"record":"a\\n' + b"b " * 5000 + b'"}\n' + VERDICT,
        "line 2: not a record: Invalid value 'a b b",
    ),
}

WHOLLY = {
    "empty": (b"", "is empty: not one record"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00", "line 1: not a record: JSON is malformed"),
    "foreign": (b'{"a": 1}', "field `record`; no line of it is a record of Etalon's"),
    "an array": (b"[1, 2]", "got `array`; no line of it is a record of Etalon's"),
    "of the future": (encode(run(schema=99)) + VERDICT, "has schema version 99; this Etalon reads"),
    "of a future with other fields": (
        b'{"record":"run","schema":4,"host":"x"}\n' + VERDICT,
        "has schema version 4; this Etalon reads 2 and 3",
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "torch.jsonl"


def skipping(*paths: Path) -> tuple[list[Record], list[str]]:
    told: list[str] = []
    return read_all(paths, told.append), told


@pytest.mark.parametrize(("content", "says"), PARTLY.values(), ids=PARTLY)
def test_what_is_readable_of_a_file_is_used_if_asked(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    with pytest.raises(CorruptRecords) as error:
        read_all([path])
    assert str(error.value).startswith(f"{path}, {says}")
    assert str(error.value).endswith(HINT)
    records, told = skipping(path)
    assert records == [run(), verdict()]
    (sentence,) = told
    assert sentence.startswith(f"{path}: skipped 1 of 3 lines; {says}")
    assert "\n" not in sentence
    assert len(sentence) < len(str(path)) + 300


@pytest.mark.parametrize(("content", "says"), WHOLLY.values(), ids=WHOLLY)
def test_a_file_of_which_nothing_is_readable(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    with pytest.raises(CorruptRecords) as error:
        read_all([path])
    assert says in str(error.value)
    assert HINT not in str(error.value)
    with pytest.raises(CorruptRecords, match="not one record can be read"):
        skipping(path)
    whole = path.with_name("jax.jsonl")
    whole.write_bytes(RUN + VERDICT)
    with pytest.raises(CorruptRecords, match=f"{path.name}.*{HINT}"):
        read_all([path, whole])
    records, told = skipping(path.parent)
    assert records == [run(), verdict()]
    (sentence,) = told
    assert sentence.startswith(f"skipped {path}")
    assert says in sentence


def test_places_without_a_readable_file(tmp_path: Path, path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "folder.jsonl").mkdir()
    path.write_bytes(RUN + VERDICT)
    hollow, nowhere = tmp_path / "hollow", tmp_path / "nowhere"
    records, told = skipping(hollow, nowhere, tmp_path)
    assert records == [run(), verdict()]
    assert told == [
        f"skipped {hollow}: has no record file (*.jsonl) in it",
        f"skipped {nowhere}: can't be read: No such file or directory",
        f"skipped {tmp_path / 'folder.jsonl'}: can't be read: Is a directory",
    ]
    with pytest.raises(CorruptRecords, match="has no record file"):
        read_all([hollow, path])


def test_verdicts_without_the_description_of_their_run_are_used(path: Path) -> None:
    path.write_bytes(VERDICT + encode(failing()))
    records, told = skipping(path)
    assert records == [verdict(), failing()]
    assert told == [f"{path}: skipped 0 of 2 lines; line 1: a file has one run, in its first line"]
    assert load([path], told.append).runs == ()


def test_nothing_is_told_of_whole_files(path: Path) -> None:
    path.write_bytes(RUN + VERDICT)
    assert skipping(path) == ([run(), verdict()], [])
    assert read_all([path]) == [run(), verdict()]
