"""Records: what is written is read again, and what is no record is said in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from etalon.reports import checksums
from etalon.reports.records import (
    SCHEMA_VERSION,
    AdapterCode,
    Characteristic,
    Cluster,
    CorruptRecords,
    Counterexample,
    Element,
    Record,
    Run,
    Verdict,
    encode,
    files,
    read,
)
from etalon.reports.schema import json_schema


def run(**changes: Any) -> Run:
    fields: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "etalon": "0.1.0",
        "python": "3.11.7",
        "platform": "Linux x86_64",
        "backend": "torch",
        "version": "2.13.0",
        "device": "cpu",
        "profile": "quick",
        "seed": 0,
        "edition": "keras3",
        "started": "2026-01-01T00:00:00+00:00",
        "cells": 1,
    }
    return Run(**{**fields, **changes})


def verdict(**changes: Any) -> Verdict:
    fields: dict[str, Any] = {
        "op": "layers/dense",
        "law": "values",
        "backend": "torch",
        "version": "2.13.0",
        "device": "cpu",
        "dtype": "float32",
        "verdict": "conforms",
        "cases": 64,
        "worst_ratio": "0.5",
    }
    return Verdict(**{**fields, **changes})


def failing(**changes: Any) -> Verdict:
    element = Element(
        output="y", index=(0, 1), wanted="1.0", got="nan", error="nan", bound="1e-7", ratio="inf"
    )
    found = Counterexample(
        case="layers/dense:…", message="y[0, 1] is nan", command="etalon replay …", element=element
    )
    cluster = Cluster(cause="NaN in place of number", cases=3, counterexample=found)
    return verdict(**{"verdict": "fails", "clusters": (cluster,), **changes})


def divergence(**changes: Any) -> Cluster:
    fields: dict[str, Any] = {
        "cause": "torch-x",
        "cases": 2,
        "counterexample": failing().clusters[0].counterexample,
        "divergence": "torch-x",
        "nature": "convention",
        "what": "It cuts evenly.",
        "upstream": "https://example.org/1",
    }
    return Cluster(**{**fields, **changes})


def written(**changes: Any) -> AdapterCode:
    fields: dict[str, Any] = {
        "op": "layers/dense",
        "backend": "torch",
        "version": "2.13.0",
        "device": "cpu",
        "call": "native: torch.nn.functional.linear",
        "source": "def dense(x): return x",
        "helpers": "import torch",
    }
    return AdapterCode(**{**fields, **changes})


def characteristic(**changes: Any) -> Characteristic:
    fields: dict[str, Any] = {
        "op": "layers/dense",
        "backend": "torch",
        "version": "2.13.0",
        "device": "cpu",
        "dtype": "float32",
        "name": "subnormals",
        "finding": "kept",
        "detail": "Every number is subnormal.",
    }
    return Characteristic(**{**fields, **changes})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "torch.jsonl"
    records: list[Record] = [run(), verdict(), failing(), characteristic()]
    path.write_bytes(b"".join(encode(record) for record in records))
    assert list(read(path)) == records
    assert path.read_bytes().count(b"\n") == len(records)


def test_a_file_of_version_2_is_read(tmp_path: Path) -> None:
    path = tmp_path / "torch.jsonl"
    code = encode(written()).partition(b',"crc32"')[0] + b"}"
    before = checksums.sealed(code.replace(b'"adapter_code"', b'"phrase"')) + b"\n"
    path.write_bytes(encode(run(schema=2)) + encode(verdict()) + before)
    *_, found = read(path)
    assert isinstance(found, AdapterCode)
    assert found.source == written().source


def test_the_schema_describes_each_line() -> None:
    schema = json_schema()
    tagged = {
        d["properties"]["record"]["enum"][0]
        for n, d in schema["$defs"].items()
        if n
        in (
            "Run",
            "Verdict",
        )
    }
    assert tagged == {"run", "verdict"}
    assert msgspec.json.decode(encode(verdict()))["record"] == "verdict"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"not json\n", "line 1: not a record"),
        (b'{"record": "cake"}\n', "line 1: not a record: Invalid value 'cake'"),
        (encode(verdict()), "line 1: a file has one run, in its first line"),
        (encode(run()) + encode(run()), "line 2: a file has one run"),
        (encode(run()) + encode(verdict())[:-20], "line 2: not a record"),
        (encode(run()) + b"\xff\xfe\n", "line 2: not a record"),
        (encode(run(schema=99)), "has schema version 99; this Etalon reads 2 and 3"),
        (encode(run()) + encode(verdict()).replace(b'"conforms"', b'"perhaps"'), "line 2"),
    ],
)
def test_a_corrupt_file_is_named_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "torch.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorruptRecords) as error:
        list(read(path))
    assert str(path) in str(error.value)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_being_written_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "torch.jsonl"
    path.write_bytes(encode(run()) + encode(verdict()) + encode(failing())[:30])
    assert list(read(path, partial=True)) == [run(), verdict()]


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    with pytest.raises(CorruptRecords, match="has no record file"):
        files([tmp_path])
    (tmp_path / "b.jsonl").touch()
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in files([tmp_path])] == ["a.jsonl", "b.jsonl"]
    with pytest.raises(CorruptRecords, match="nowhere: can't be read"):
        list(read(tmp_path / "nowhere"))
