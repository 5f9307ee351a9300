"""What came of one case under one law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.fault_place import said, users_line
from etalon.reports.records import Element

if TYPE_CHECKING:
    from etalon.conformance.subjects.power import Power


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of judging a case.

    ``symptom`` is empty where the law holds; otherwise it says in a few words how it was broken,
    the same words for the same way. ``ratio`` is the worst error / bound, ``ulp`` the worst error
    in units in the last place. Where several results of one case are wrong, ``others`` holds all
    but the worst, so that one documented departure hides no other. ``behaviour`` says how an
    invalid call was taken. Where nothing was compared, ``message`` says why. ``power`` says how
    small a fault the comparison notices, where numbers were held against bounds.
    """

    case: Case
    symptom: str = ""
    message: str = ""
    ratio: float = 0.0
    ulp: float = 0.0
    compared: int = 0
    undecided: int = 0
    element: Element | None = None
    others: tuple[Outcome, ...] = ()
    behaviour: str = ""
    power: Power | None = None

    @property
    def departures(self) -> tuple[Outcome, ...]:
        """Each way in which the law is broken, the worst first."""
        return () if self.holds else (self, *self.others)

    @property
    def holds(self) -> bool:
        """Whether the law holds in this case."""
        return not self.symptom

    @property
    def judges(self) -> bool:
        """Whether the case was judged: something was compared, or is wrong."""
        return not self.holds or self.compared + self.undecided > 0


def unjudged(case: Case, why: str) -> Outcome:
    """Return the outcome of a case of which a law has nothing to say."""
    return Outcome(case=case, message=why)


class CannotBeAsked(ValueError):
    """A subject can't be called as its caller says; the message says why."""


class Misbehaved(Exception):
    """A call neither returned a result nor refused: ``symptom`` says in a few words what it did."""

    symptom = "misbehaved"


class NotMade(Misbehaved):
    """The constructor of a class of layers raised the ``__cause__`` instead of making one."""

    def __init__(self, error: BaseException) -> None:
        self.symptom = f"constructor raised {type(error).__name__}"
        self.__cause__ = error
        super().__init__(f"its constructor raised {said(error)} ({users_line(error)})")


def refused(case: Case, cause: BaseException | None, says: str) -> Outcome:
    """Return the outcome of a valid call that the backend refused, or that came to no result."""
    symptom, message = f"refused with {type(cause).__name__}", f"refused a valid call: {says}"
    if isinstance(cause, Misbehaved):
        symptom, message = cause.symptom, str(cause)
    return Outcome(case=case, symptom=symptom, message=message, ratio=float("inf"))
