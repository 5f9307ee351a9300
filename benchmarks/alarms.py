"""True and false alarms of judges of numbers: Etalon's bounds beside the rules that are usual.

    python benchmarks/alarms.py [--seeds N] [--picture FILE]

Dense layers and attention are computed in NumPy and PyTorch, over 64 to 32,768 terms, in float32,
bfloat16 and float16: rightly, in several orders of summation that all accumulate in float32 or
better, and with planted faults (``alarm_subjects.py``). Each judge (``alarm_judges.py``) says of
each whether it refuses it. A true alarm is a plant that is refused, a false one a right
implementation that is. A plant that gives the very numbers of a right implementation is none
there. Data are normal numbers, but for the judge of exact data: it has integers that no order of
summation can round, as Etalon's strata do.

Tables are printed, and a picture of them is written as SVG.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import alarm_subjects as subjects
import numpy as np
import torch
import typer
from alarm_judges import EXACT, JUDGES, Judge, bounded, guaranteed
from alarm_picture import Share, picture
from alarm_subjects import Call, Subject
from alarm_sums import Array, rounded
from measuring import HERE, machine, table

DTYPES = ("float32", "bfloat16", "float16")
TERMS = (64, 256, 1024, 4096, 32768)
SUBJECTS = {"dense": subjects.dense_subjects, "attention": subjects.attention_subjects}
STRENGTH = 30
"""By what the queries are multiplied where a subject is asked for large scores."""
SHOWN = 4096
"""At how many terms it is told which plants are refused."""


@dataclass(frozen=True)
class Answer:
    """What a judge said of a subject."""

    op: str
    dtype: str
    terms: int
    judge: str
    subject: str
    right: bool
    refused: bool


def main(
    seeds: Annotated[int, typer.Option(min=1, help="how often data are drawn")] = 1,
    out: Annotated[Path, typer.Option("--picture", help="where the picture goes")] = (
        HERE.parent / "docs" / "pictures" / "alarms.svg"
    ),
) -> None:
    """Print the shares of true and of false alarms, and draw them."""
    torch.set_num_threads(1)
    print(f"{machine()}; {seeds} seeds\n")
    answers = [answer for op in SUBJECTS for answer in _answers(op, seeds)]
    shares = list(_shares(answers))
    for tables in (_totals(answers), _by_terms(shares), _by_plant(answers)):
        print(tables, end="\n\n")
    out.write_text(picture(shares), encoding="utf-8")


def _answers(op: str, seeds: int) -> Iterator[Answer]:
    for dtype in DTYPES:
        for terms in TERMS:
            for seed in range(seeds):
                yield from _of_one(op, dtype, terms, np.random.default_rng(seed))


def _of_one(op: str, dtype: str, terms: int, generator: np.random.Generator) -> Iterator[Answer]:
    """Yield what all judges say of all subjects on data that are drawn once."""
    call = subjects.drawn(op, dtype, terms, generator)
    query, *others = call.arrays
    strong = Call(op, dtype, (rounded(STRENGTH * query, dtype), *others))
    asked = {call: _made(call)} | ({strong: _made(strong)} if op == "attention" else {})
    exact = [(one, guaranteed(one)) for one in subjects.exact(op, dtype, terms, generator)]
    known: set[bytes] = set()
    for subject in SUBJECTS[op](dtype):
        own = strong if subject.strong else call
        y = _stored(subject, own)
        if not subject.right and y.tobytes() in known:
            continue
        known |= {y.tobytes()} if subject.right else set()
        said = {name: judge(y) for name, judge in asked[own].items()}
        said[EXACT] = any(judge(_stored(subject, one)) for one, judge in exact)
        for name, refused in said.items():
            yield Answer(op, dtype, terms, name, subject.name, subject.right, refused)


def _made(call: Call) -> dict[str, Judge]:
    value, _ = bounded(call)
    return {name: made(call, value) for name, made in JUDGES.items()}


def _stored(subject: Subject, call: Call) -> Array:
    """Return the results of a subject, rounded to the dtype."""
    with np.errstate(all="ignore"):
        return rounded(subject.compute(call), call.dtype)


def _shares(answers: Iterable[Answer]) -> Iterator[Share]:
    """Yield the shares of alarms of each judge, by op, dtype and number of terms."""
    told: dict[tuple[str, str, int, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        told[answer.op, answer.dtype, answer.terms, answer.judge].append(answer)
    for place, some in told.items():
        yield Share(*place, _alarms(some, right=False), _alarms(some, right=True))


def _alarms(answers: Iterable[Answer], *, right: bool) -> float:
    """Return the share of the right ones, or of the plants, that are refused."""
    told = [answer.refused for answer in answers if answer.right is right]
    return sum(told) / len(told)


def _names(answers: Iterable[Answer | Share]) -> list[str]:
    found = {answer.judge for answer in answers}
    return [name for name in (*JUDGES, EXACT) if name in found]


def _totals(answers: Sequence[Answer]) -> str:
    heads = ("over all", *(f"{dtype}, {side}" for dtype in DTYPES for side in ("plants", "right")))
    rows = []
    for name in _names(answers):
        own = [[a for a in answers if (a.judge, a.dtype) == (name, d)] for d in DTYPES]
        told = (_alarms(some, right=right) for some in own for right in (False, True))
        rows.append((name, *(f"{share:.0%}" for share in told)))
    return table(heads, rows)


def _by_terms(shares: Sequence[Share]) -> str:
    heads = ("refused: plants / right ones", *(f"{terms:,}" for terms in TERMS))
    found = {(s.op, s.dtype, s.judge, s.terms): f"{s.true:.0%} / {s.false:.0%}" for s in shares}
    rows = [
        (f"{op}, {dtype}: {name}", *(found[op, dtype, name, terms] for terms in TERMS))
        for op in SUBJECTS
        for dtype in DTYPES
        for name in _names(shares)
    ]
    return table(heads, rows)


def _by_plant(answers: Sequence[Answer]) -> str:
    """Return in which dtypes each plant is refused at so many terms, by the letters of these."""
    names = _names(answers)
    heads = (f"plants refused at {SHOWN:,} terms: f float32, b bfloat16, h float16", *names)
    plants = [a for a in answers if a.terms == SHOWN and not a.right]
    letters = dict(zip(DTYPES, "fbh", strict=True))
    rows = []
    for op, subject in dict.fromkeys((a.op, a.subject) for a in plants):
        own = [a for a in plants if (a.op, a.subject) == (op, subject)]
        cells = [
            "".join(letters[d] for d in dict.fromkeys(a.dtype for a in own if _said(a, name)))
            for name in names
        ]
        rows.append((f"{op}: {subject}", *(cell or "–" for cell in cells)))
    return table(heads, rows)


def _said(answer: Answer, judge: str) -> bool:
    return answer.judge == judge and answer.refused


if __name__ == "__main__":
    typer.run(main)
