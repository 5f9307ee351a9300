"""The record format: JSON Lines, a run's description first, then verdicts, characteristics, code.

A line holds one of them and its own checksum, and is written as it falls. Reading validates every
line, and says in one sentence what is wrong with the first that is not a record.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from etalon.reports import checksums
from etalon.reports.certificates import Certificate, NumberText

SCHEMA_VERSION = 3
READABLE = (2, SCHEMA_VERSION)
"""The versions of the format that are read; what is written is of the last."""
LONGEST_REASON = 200

VerdictName = Literal[
    "conforms", "diverges", "fails", "unsupported", "crashed", "skipped", "nothing claimed"
]
VERDICTS: tuple[VerdictName, ...] = (
    "conforms",
    "diverges",
    "fails",
    "unsupported",
    "crashed",
    "skipped",
    "nothing claimed",
)
BAD: frozenset[VerdictName] = frozenset({"fails", "crashed"})

OWN_ERROR = "Etalon's own error"
"""What the reason of a crashed verdict begins with that says nothing of what is judged."""


class CorruptRecords(ValueError):
    """A record file can't be read; the message says which line, and why, in one sentence."""


class OtherVersion(CorruptRecords):
    """A record file is of another version of the format, so none of its lines can be trusted."""


class Run(msgspec.Struct, frozen=True, kw_only=True, tag="run", tag_field="record"):
    """What was run, where and on what: the first line of a record file."""

    schema: int
    etalon: str
    python: str
    platform: str
    backend: str
    version: str
    device: str
    profile: str
    mode: str = "eager"
    """How the backend executed: ``eager``; ``compiled`` by its own compiler; ``tf32`` or
    ``bfloat16``, where it rounds the factors of products so."""
    seed: int
    edition: str
    started: str
    cells: int
    """How many verdicts the run will have when it ends."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """The worst number of a counterexample. Numbers are text, so that NaN and inf survive."""

    output: str
    index: tuple[int, ...]
    wanted: str
    got: str
    error: str
    bound: str
    ratio: NumberText


class Counterexample(msgspec.Struct, frozen=True, kw_only=True):
    """A case that departs from the spec: what was seen, and how to see it again."""

    case: str
    message: str
    command: str
    script: str = ""
    """The same case as a program that needs no Etalon; empty where it would be long."""
    element: Element | None = None


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """All departures of a cell with one cause: a documented divergence, or what looks alike."""

    cause: str
    """The id of the divergence, or the output and its symptom: ``y: beyond the bound``."""
    cases: int
    counterexample: Counterexample
    """The smallest case."""
    worst: Counterexample | None = None
    """The case that is furthest off, where that is another."""
    where: str = ""
    """What all of its cases have and no conforming one has: ``center=true, stratum=ties``."""
    divergence: str | None = None
    """The id of the documented divergence, or ``None`` where there is none."""
    nature: str | None = None
    what: str | None = None
    """What the divergence is; of somebody's own implementation, what the backend does as well."""
    upstream: str | None = None
    versions: str | None = None
    """The versions of the backend that were seen to depart so when it was documented."""

    @property
    def furthest(self) -> Counterexample:
        """The case that is furthest off."""
        return self.worst or self.counterexample

    @property
    def shown(self) -> dict[str, Counterexample]:
        """The smallest case, then the worst where that is another, with a word for the latter."""
        return {"": self.counterexample, **({"at worst: ": self.worst} if self.worst else {})}

    @property
    def ratio(self) -> float:
        """The largest error / bound; infinite where it has none, as a call that is refused."""
        element = self.furthest.element
        return float(element.ratio) if element else float("inf")


class Verdict(msgspec.Struct, frozen=True, kw_only=True, tag="verdict", tag_field="record"):
    """The judgement of one op under one law, on one backend, device and dtype."""

    op: str
    law: str
    backend: str
    version: str
    device: str
    dtype: str
    verdict: VerdictName
    mode: str = "eager"
    contract: str = ""
    """What may be rounded on the way, in one line: ``bf16 × bf16 → f32, out bf16``."""
    cases: int = 0
    """Cases judged."""
    compared: int = 0
    """Numbers compared."""
    undecided: int = 0
    """Numbers that may have overflowed, or of which nothing was claimed; ``power`` tells these."""
    worst_ratio: NumberText = "0"
    """The largest error / bound among conforming cases, as text."""
    worst_ulp: NumberText = "0"
    """The largest error in units in the last place of the dtype, among the same cases."""
    histogram: tuple[int, ...] = ()
    """How many conforming cases have their worst ratio in each tenth of [0, 1]."""
    ulps: tuple[int, ...] = ()
    """How many have their worst error at 0, up to 1/2, 1, 2, 4, … 64, and above, in ULP."""
    strata: dict[str, int] = {}
    """Cases judged in each stratum."""
    pairs: int = 0
    """Pairs of values of two hyperparameters, dimensions or strata that valid cases can have."""
    pairs_covered: int = 0
    """How many of these pairs the judged cases have."""
    audit: dict[str, bool] = {}
    """Of small faults planted into right results, which were caught: how tight the bound is."""
    below_power: tuple[str, ...] = ()
    """Of those that were not caught, the ones that are too small for the power to promise it."""
    power: Certificate | None = None
    """The smallest faults that it would have noticed; ``None`` where no bound was asked."""
    behaviours: dict[str, int] = {}
    """Of invalid calls, how they were taken, by the constraint that they break."""
    clusters: tuple[Cluster, ...] = ()
    """Departures by cause, undocumented ones first."""
    reason: str = ""
    """Why nothing was judged, or what crashed."""
    seconds: float = 0.0

    @property
    def own_error(self) -> bool:
        """Whether Etalon itself failed, so that nothing is said of what is judged."""
        return self.verdict == "crashed" and self.reason.startswith(OWN_ERROR)


class Characteristic(
    msgspec.Struct, frozen=True, kw_only=True, tag="characteristic", tag_field="record"
):
    """A measured fact about one op on one backend that is neither right nor wrong."""

    op: str
    backend: str
    version: str
    device: str
    dtype: str
    name: str
    """What was measured: ``subnormals``."""
    finding: str
    """What was found, in a few words, the same words for the same: ``flushed to zero``."""
    detail: str = ""
    """How it was measured, in one sentence."""
    mode: str = "eager"
    """How the backend executed."""


class AdapterCode(
    msgspec.Struct, frozen=True, kw_only=True, tag="adapter_code", tag_field="record"
):
    """How one op is written on one backend: the code whose results the verdicts are about."""

    op: str
    backend: str
    version: str
    device: str
    call: str
    """How the adapter computes the op, in its own words: ``native: …`` or ``composed: …``."""
    source: str = ""
    """The adapter; empty where the call says it all."""
    helpers: str = ""
    """The imports and functions that it needs."""


Record = Run | Verdict | Characteristic | AdapterCode


class Phrase(AdapterCode, frozen=True, tag="phrase"):
    """What version 2 of the format calls :class:`AdapterCode`."""


class _Head(msgspec.Struct):
    """What every version of the format has in its first line."""

    record: str = ""
    schema: int = SCHEMA_VERSION


_decoder = msgspec.json.Decoder(Record | Phrase)
_head = msgspec.json.Decoder(_Head)
_encoder = msgspec.json.Encoder()


def encode(record: Record) -> bytes:
    """Return a record as one line of JSON, the newline included."""
    return checksums.sealed(_encoder.encode(record)) + b"\n"


def read(path: Path, *, partial: bool = False) -> Iterator[Record]:
    """Yield the records of a file.

    Args:
        path: the record file.
        partial: the file is being written, so a last line without an end is not read yet.

    Raises:
        CorruptRecords: the file is missing or unreadable, a line is not a record, the first line
            does not describe a run, or the file is of a later version of the format.
    """
    found = lines(path)
    if partial and not found[-1].endswith(b"\n"):
        found.pop()
    for number, line in enumerate(found, start=1):
        try:
            record = parse(line)
        except CorruptRecords as error:
            raise type(error)(f"{path}, line {number}: {error}") from error
        if isinstance(record, Run) is not (number == 1):
            raise CorruptRecords(f"{path}, line {number}: {ONE_RUN}")
        yield record


ONE_RUN = "a file has one run, in its first line"


def lines(path: Path) -> list[bytes]:
    """Return the lines of a record file, of which there is at least one."""
    try:
        found = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise CorruptRecords(f"{path}: can't be read: {error.strerror}") from error
    if not found:
        raise CorruptRecords(f"{path}: is empty: not one record")
    return found


def parse(line: bytes) -> Record:
    """Return the record in a line.

    Raises:
        OtherVersion: it describes a run of another version of the format.
        CorruptRecords: it is not a record; the message says why, not where.
    """
    try:
        head = _head.decode(line)
        if head.record == "run" and head.schema not in READABLE:
            known = " and ".join(map(str, READABLE))
            raise OtherVersion(f"has schema version {head.schema}; this Etalon reads {known}")
        record: Record = _decoder.decode(line)
        checksums.check(line)
    except (checksums.Damaged, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CorruptRecords(f"not a record: {_reason(line, error)}") from error
    return record


def _reason(line: bytes, error: Exception) -> str:
    ended = line.endswith((b"\n", b"\r"))
    if line.startswith(b"{") and not ended and not isinstance(error, msgspec.ValidationError):
        return "the file ends in the middle of it"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return textwrap.shorten(str(error), LONGEST_REASON, placeholder=" …")


def files(paths: Iterable[Path]) -> list[Path]:
    """Return the record files among ``paths``; of a folder, all ``*.jsonl`` below it."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise CorruptRecords(f"{path}: has no record file (*.jsonl) in it")
        found.extend(inside)
    return found
