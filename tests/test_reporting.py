"""The commands that read records: what they print and write, and the status they end with."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from command import Run
from etalon.reports import page
from etalon.reports.comparison import Comparison
from etalon.reports.matrix import Matrix
from etalon.reports.records import Record, encode
from test_records import characteristic, failing, run, verdict


def written(name: str, *records: Record, tail: bytes = b"") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(encode(record) for record in (run(), *records)) + tail)
    return path


@pytest.mark.parametrize(
    ("old", "new", "status", "says"),
    [
        (verdict(), verdict(), 0, "Nothing got worse: 1 unchanged."),
        (verdict(), failing(), 1, "Worse: 1 broken, 0 unchanged."),
        (verdict(), verdict(worst_ratio="0.7"), 1, "Worse: 1 less accurate, 0 unchanged."),
        (failing(), verdict(), 0, "Nothing got worse: 1 fixed, 0 unchanged."),
        (failing(), failing(), 0, "Nothing got worse: 1 unchanged."),
        (verdict(), verdict(worst_ratio="0.1"), 0, "1 more accurate"),
        (verdict(), failing(op="losses/huber"), 0, "Nothing was compared: 1 gone, 1 new"),
    ],
)
def test_diff_ends_with_1_where_anything_got_worse(
    etalon: Run, old: Record, new: Record, status: int, says: str
) -> None:
    ended = etalon("diff", written("old/torch.jsonl", old), written("new/torch.jsonl", new))
    assert (ended.status, ended.err) == (status, "")
    assert says in ended.out.splitlines()[0]
    assert etalon("diff", "old", "new").out == ended.out


def test_diff_prints_a_command_on_one_line(etalon: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (cluster,) = failing().clusters
    command = f"etalon replay {'x' * 50} --backend torch"
    shown = msgspec.structs.replace(cluster.counterexample, command=command)
    long = failing(clusters=(msgspec.structs.replace(cluster, counterexample=shown),))
    ended = etalon("diff", written("a.jsonl", verdict()), written("b.jsonl", long))
    assert f"  replay: {command}" in ended.out.splitlines()


BAD = {
    "cut off": (encode(run()) + encode(verdict())[:40], "line 2: not a record: the file ends in"),
    "corrupt": (encode(run()) + b"\x00\n", "line 2: not a record: JSON is malformed"),
    "foreign": (b'{"name": "x"}\n', "no line of it is a record of Etalon's"),
    "of the future": (encode(run(schema=99)), "has schema version 99; this Etalon reads 2 and 3"),
}


@pytest.mark.parametrize("command", ["report", "diff"])
@pytest.mark.parametrize(("content", "says"), BAD.values(), ids=BAD)
def test_what_is_bad_is_skipped_only_where_that_is_asked_for(
    etalon: Run, command: str, content: bytes, says: str
) -> None:
    written("records/good.jsonl", verdict())
    Path("records/bad.jsonl").write_bytes(content)
    words = (command, *["records"] * (1 + (command == "diff")))
    strict = etalon(*words)
    assert (strict.status, strict.out) == (2, "")
    (sentence,) = strict.err.splitlines()
    assert sentence.startswith("etalon: records/bad.jsonl")
    assert says in sentence
    assert "--skip-bad" in sentence
    tolerant = etalon(*words, "--skip-bad")
    assert tolerant.status == 0
    told = tolerant.err.splitlines()
    assert len(told) == len(words) - 1
    assert all("records/bad.jsonl" in one and "skipped" in one and says in one for one in told)


@pytest.mark.parametrize("command", ["report", "diff"])
@pytest.mark.parametrize("place", ["hollow", "nowhere", "foreign.jsonl"])
def test_nothing_readable_is_status_2(etalon: Run, command: str, place: str) -> None:
    Path("hollow").mkdir()
    Path("foreign.jsonl").write_bytes(b"\x89PNG")
    words = (command, *[place] * (1 + (command == "diff")))
    strict, tolerant = etalon(*words), etalon(*words, "--skip-bad")
    assert (strict.status, strict.out, len(strict.err.splitlines())) == (2, "", 1)
    assert place in strict.err
    assert "--skip-bad" not in strict.err
    assert (tolerant.status, tolerant.out) == (2, "")
    assert [place in line for line in tolerant.err.splitlines()] == [True, False]
    assert tolerant.err.endswith("etalon: not one record can be read\n")


def test_report_writes_for_people_and_machines(etalon: Run) -> None:
    records = written("torch.jsonl", failing(), characteristic(), tail=b"garbage\n")
    words = ("report", records, "--out", "a/index.html", "--skip-bad")
    ended = etalon(*words, "--junit", "b/x.xml", "--markdown", "c/x.md", "--badges", "d")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "wrote a/index.html",
        "wrote b/x.xml",
        "wrote c/x.md",
        "wrote d/torch.svg",
    ]
    assert len(ended.err.splitlines()) == 1
    assert ElementTree.parse("b/x.xml").getroot().get("failures") == "1"
    assert "### Not documented: 1" in Path("c/x.md").read_text(encoding="utf-8")
    assert "0 ✓ · 0 ≠ · 1 ✗" in Path("d/torch.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--out", "--junit", "--markdown", "--badges"])
def test_what_can_not_be_written_is_said(etalon: Run, option: str) -> None:
    records = written("torch.jsonl", verdict())
    Path("file").touch()
    ended = etalon("report", records, option, "file/within")
    assert ended.status == 2
    (sentence,) = ended.err.splitlines()
    assert "can't write file/within" in sentence


def test_a_report_knows_what_changed_since_its_baseline(
    etalon: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Comparison | None] = []

    def render(matrix: Matrix, comparison: Comparison | None = None) -> str:
        seen.append(comparison)
        return ""

    monkeypatch.setattr(page, "render", render)
    old, new = written("old.jsonl", verdict()), written("new.jsonl", failing())
    assert etalon("report", new, "--baseline", old).status == 0
    assert etalon("report", new).status == 0
    compared, nothing = seen
    assert compared is not None
    assert compared.counts["broken"] == 1
    assert nothing is None
    missing = etalon("report", new, "--baseline", "nowhere")
    assert missing.status == 2
    assert "nowhere: can't be read" in missing.err
    assert len(seen) == 2


def test_a_page_with_a_comparison_is_whole() -> None:
    from etalon.reports.comparison import compare
    from etalon.reports.matrix import matrix

    found = matrix([failing()], [run()])
    text = page.render(found, compare(matrix([verdict()], [run()]), found))
    assert text.rstrip().endswith("</html>")


def test_schema_prints_the_schema_of_a_line(etalon: Run) -> None:
    ended = etalon("schema")
    assert ended.status == 0
    printed = json.loads(ended.out)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    described = printed["$defs"]["Verdict"]
    line = json.loads(encode(failing()))
    assert set(described["properties"]) == set(line) - {"crc32"}
    assert printed["required"] == list(printed["properties"]) == ["crc32"]
    assert {*described["required"]} == {
        *("record", "op", "law", "backend", "version", "device", "dtype", "verdict")
    }
    mapping = printed["discriminator"]["mapping"]
    assert set(mapping) == {"run", "verdict", "characteristic", "adapter_code"}
