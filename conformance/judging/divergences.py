"""Documented departures: what is known to differ, why, and the case that shows it.

Entries live in ``divergences.toml`` in the folder of the backend's package. One that matches no
departure any more is as much an error as a departure that no entry matches.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from etalon import backends
from etalon.conformance.cases.case import Case, InvalidCase, parse
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.place import Place
from etalon.reports.records import Element
from etalon.spec.expressions import evaluate, names
from etalon.spec.words import CONTRACTS, DEVICES, LAWS, MODES

if TYPE_CHECKING:
    from etalon.conformance.subjects.subject import Subject

NATURES = ("convention", "defect", "limitation")


class InvalidDivergence(ValueError):
    """An entry of a ``divergences.toml`` is not one; the message says which and why."""


class Divergence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One documented departure, of every op of which it has a case.

    ``laws`` are those that it breaks; the cases show it under the first of them. ``when`` is an
    expression over the case (config and dimensions, then ``law``, ``dtype``, ``stratum``,
    ``scale``, ``device``, ``breaks``) and its worst number (``symptom``, ``output``, ``wanted``,
    ``got``, ``error``, ``ratio``; ``ulp`` is the error in units in the last place of ``wanted``).
    Each of ``cases`` shows it, on every backend in ``backends`` (by default all of the file's).
    ``processors`` says on which alone it shows, where a framework has other kernels for others:
    elsewhere its cases may conform. ``contract`` is the precision contract that the op keeps where
    it departs from the one that it is judged by: what does not keep it is no such departure.
    """

    id: str
    nature: str
    laws: tuple[str, ...]
    when: str
    cases: tuple[str, ...]
    versions: str
    what: str
    upstream: str = ""
    backends: tuple[str, ...] = ()
    devices: tuple[str, ...] = DEVICES
    modes: tuple[str, ...] = MODES
    processors: str = ""
    contract: str = ""

    @property
    def shown(self) -> tuple[Case, ...]:
        """The cases that show the departure."""
        return _parsed(self.cases)

    @property
    def ops(self) -> frozenset[str]:
        """The ids of the ops that depart."""
        return _ops(self.cases)


@cache
def _ops(cases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(case.op.id for case in _parsed(cases))


@cache
def _parsed(cases: tuple[str, ...]) -> tuple[Case, ...]:
    return tuple(parse(case) for case in cases)


def divergences(
    place: Place, op: str | None = None, law: str | None = None
) -> tuple[Divergence, ...]:
    """Return what is documented of a place: all, or of an op under a law.

    Raises:
        InvalidDivergence: an entry is malformed.
    """
    return tuple(
        entry
        for entry in _entries(_file(place.backend))
        if (not entry.backends or place.backend in entry.backends)
        if place.device in entry.devices and place.mode in entry.modes
        if (op is None or op in entry.ops) and (law is None or law in entry.laws)
    )


def match(
    outcome: Outcome, law: str, subject: Subject, entries: Iterable[Divergence]
) -> Divergence | None:
    """Return the first of an op's and law's entries that documents a departure, or ``None``."""
    known = _names(outcome, law, subject.device)
    among = (entry for entry in entries if evaluate(entry.when, known))
    return next((entry for entry in among if _kept(entry, outcome, law, subject)), None)


def _kept(entry: Divergence, outcome: Outcome, law: str, subject: Subject) -> bool:
    """Return whether what departs keeps the contract that an entry names."""
    if not entry.contract:
        return True
    from etalon.conformance import laws  # commands that judge nothing read entries, too

    under = laws.find(law)(subject.under(entry.contract), outcome.case)
    return not any(_of_one_result(part, outcome) for part in under.departures)


def _of_one_result(one: Outcome, other: Outcome) -> bool:
    """Return whether two departures may be of the same result; one without a number is of all."""
    if one.element is None or other.element is None:
        return True
    return one.element.output == other.element.output


def _names(outcome: Outcome, law: str, device: str) -> Mapping[str, Any]:
    case, element = outcome.case, outcome.element
    return {
        "law": law,
        "dtype": case.dtype,
        "stratum": case.stratum,
        "scale": case.scale,
        "device": device,
        "breaks": case.breaks,
        "symptom": outcome.symptom,
        "ratio": outcome.ratio,
        "ulp": _ulps(case.dtype, element) if element else float("nan"),
        "output": element.output if element else "",
        "wanted": float(element.wanted) if element else float("nan"),
        "got": float(element.got) if element else float("nan"),
        "error": float(element.error) if element else float("nan"),
        **case.known,
    }


def _ulps(dtype: str, element: Element) -> float:
    """Return the error of a number in units in the last place of the dtype."""
    import numpy as np  # commands that judge nothing read the entries, too

    from etalon.conformance.arithmetic.precision import precision

    wanted = np.asarray(np.longdouble(element.wanted))
    place = precision(dtype).ulp(np.nan_to_num(wanted, posinf=0, neginf=0))
    return float(np.longdouble(element.error) / place)


def _file(backend: str) -> Path | None:
    """Return where a backend documents its departures: beside the code of its package."""
    folder = backends.BACKENDS[backend].folder
    return folder / "divergences.toml" if folder else None


@cache
def _entries(path: Path | None) -> tuple[Divergence, ...]:
    if path is None or not path.exists():
        return ()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = msgspec.convert(document.get("divergence", []), tuple[Divergence, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidDivergence(f"{path.parent.name}/{path.name}: {error}") from error
    for entry in entries:
        _validate(path, entry)
    return entries


def _validate(path: Path, entry: Divergence) -> None:
    wrong = "" if entry.cases else "it has no case"
    try:
        for case in entry.shown:
            nothing_yet = _names(Outcome(case=case), "values", DEVICES[0])
            unknown = sorted(names(entry.when) - set(nothing_yet))
            if unknown:
                wrong = f"`when` knows no {', '.join(unknown)} of {case.op.id}"
            else:
                evaluate(entry.when, nothing_yet)
    except (InvalidCase, ValueError) as error:
        wrong = str(error)
    if entry.nature not in NATURES:
        wrong = f"nature is {entry.nature!r}, not one of {', '.join(NATURES)}"
    for law in set(entry.laws) - set(LAWS):
        wrong = f"no law is called {law!r}"
    if not entry.laws:
        wrong = "it breaks no law"
    if entry.contract and entry.contract not in CONTRACTS:
        wrong = f"no contract is called {entry.contract!r}"
    if wrong:
        raise InvalidDivergence(f"{path.parent.name}/{path.name}: {entry.id}: {wrong}")
