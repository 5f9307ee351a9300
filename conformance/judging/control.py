"""Whether a process is still of use: after a refusal, a call is made that must be answered.

A call may spoil its process, as one does that fails an assertion on a GPU: from then on every call
is refused, which says nothing about these calls. The case that did it is charged, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from etalon import spec
from etalon.conformance import laws
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.cases.covering_arrays import STRATUM, rows
from etalon.conformance.laws.invalid_calls import CRASHED
from etalon.conformance.subjects.fault_place import said
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.spec.words import DTYPES

SPOILS = "spoils the process"
"""The symptom of a case after which its process answers no call."""

ANSWERS_NONE = "the process answers no call"

_SPOILT: dict[tuple[str, str], str] = {}
"""Since when this process answers no call, by backend and device: a fact about the process."""


Key = tuple[str, str]
"""What is tried: a law and the id of a case, or a word for whatever else is called."""
T = TypeVar("T")


class Retrial(Protocol):
    """Has what is suspected of spoiling its process tried once more, in a fresh one."""

    def found(self, key: Key) -> tuple[Any] | None:
        """Return what came of it in a fresh process, ``None`` where it was in none."""

    def near(self, key: Key) -> bool:
        """Return whether something of the same cell was in one."""

    def begin(self, key: Key, answered: str, ended: Callable[[str], Any]) -> None:
        """Try something in a fresh process, and end this one.

        This one goes on where a fresh one answers no call at all, either.

        Args:
            key: what is tried.
            answered: a case whose call the fresh process must answer before.
            ended: returns what comes of it where it ends the fresh process, which it is told how.
        """


class Control:
    """Judges cases of a subject, and sees after each refusal whether its process is of use."""

    def __init__(self, judged: Subject, retrial: Retrial | None = None) -> None:
        self._judged, self._retrial = judged, retrial
        self.subject = judged.control
        """What the process is tried with."""
        self._mute = False

    @property
    def spoilt(self) -> str:
        """Why nothing is judged any more; empty where the process is of use."""
        since = _SPOILT.get(self._key)
        return f"not judged: the process is of no more use since {since}" if since else ""

    @property
    def _key(self) -> tuple[str, str]:
        return self._judged.name, self._judged.device

    def elsewhere(self, law: str, case: Case) -> bool:
        """Return whether what came of a case came of it in another process."""
        return self._retrial is not None and self._retrial.found((law, case.id)) is not None

    def outcome(self, law: str, case: Case, *, careful: bool = False) -> Outcome | None:
        """Judge a case by a law; ``None`` also where the process is of no more use.

        Args:
            law: the law.
            case: one of its cases.
            careful: whether the process is looked at even where no call was refused: on a GPU, a
                call may be answered before it fails.
        """

        def judged() -> Outcome | None:
            return laws.find(law)(self._judged, case)

        def spoilt(message: str) -> Outcome:
            return spoiling(case, message)

        return self.tried((law, case.id), judged, spoilt, careful=careful)

    def tried(
        self,
        key: Key,
        attempt: Callable[[], T],
        spoilt: Callable[[str], T],
        *,
        careful: bool = False,
    ) -> T | None:
        """Make calls, and see whether the process is of use behind them.

        Args:
            key: what the calls are for.
            attempt: makes them, and returns what came of them.
            spoilt: returns what comes of them where they spoil the process, which it is told how.
            careful: whether the process is looked at even where no call was refused.
        """
        if self.spoilt:
            return None
        noted = self._retrial.found(key) if self._retrial else None
        if noted is not None:
            found: T = noted[0]
            return found
        self._judged.refusals()
        result, error = _attempted(attempt)
        refusals = [*self._judged.refusals(), *([said(error)] if error else [])]
        careful = careful or (self._retrial is not None and self._retrial.near(key))
        if not (refusals or careful) or self.answers():
            if error is not None:
                raise error
            return result
        known = self.subject.answered
        if self._retrial is not None:
            self._retrial.begin(key, known[0].id if known else "", spoilt)
        if known is None:  # nor is it known that a healthy process answers one
            self._mute = True
            if error is not None:
                raise error
            return result
        _SPOILT[self._key] = f"case {key[1]}"
        how = refusals[0] if refusals else "it was answered"
        return spoilt(f"{how}; after it, {ANSWERS_NONE}")

    def look(self, since: str) -> None:
        """See whether the process is of use after calls that no law made: since when it is not."""
        if self._judged.refusals() and self.subject.answered and not self.answers():
            _SPOILT[self._key] = since

    def answers(self) -> bool:
        """Return whether the process answers a call that it should.

        That is the last one that it answered. Where there was none, the simplest case of each op
        is tried, until one is answered. A backend that refuses them all is tried once.
        """
        known = self.subject.answered
        if known:
            return self._answered(*known)
        simplest = () if self._mute else _simplest(self.subject)
        return self._mute or any(self._answered(case, case.arguments()) for case in simplest)

    def _answered(self, case: Case, arguments: Mapping[str, Argument]) -> bool:
        try:
            self.subject.answer(case, arguments)
        except Exception:  # it can be answered, so whatever is raised speaks of the process
            return False
        return True


def _attempted(attempt: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """Return what came of calls, or what was raised beside them.

    In a process that is of no use, even the conversion of an array fails.
    """
    try:
        return attempt(), None
    except Exception as error:  # it is raised again where the process is of use
        return None, error


def spoilt() -> bool:
    """Return whether this process answers no call of some backend any more."""
    return bool(_SPOILT)


def spoiling(case: Case, message: str) -> Outcome:
    """Return the outcome of a case that spoils its process; the message says how."""
    return Outcome(
        case=case,
        symptom=SPOILS,
        message=message,
        ratio=float("inf"),
        behaviour=f"{case.breaks}: {CRASHED}" if case.breaks else "",
    )


def _simplest(subject: Subject) -> Iterator[Case]:
    """Yield the simplest case of each op that a subject has."""
    dtype = next(dtype for dtype in DTYPES if dtype not in subject.lacks)
    for op in spec.catalogue().values():
        if subject.adapter(op) is not None:
            values = {name: value for name, value in rows(op)[0].items() if name != STRATUM}
            stratum = "drawn" if op.strata == ("drawn",) else "normal"
            yield Case(op, dtype, stratum, 1.0, 0, values)
