"""A check as it is handed from one process to another: plain text, nothing imported yet."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from etalon.conformance.candidates import check
from etalon.conformance.candidates.failure_text import told
from etalon.conformance.candidates.name_mapping import InvalidMapping
from etalon.conformance.candidates.options import Options
from etalon.conformance.cases.case import InvalidCase, read_value
from etalon.reports.records import BAD
from etalon.spec import InvalidEntry, UnknownOp
from etalon.spec.object_path import NoSuchObject


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What ``etalon check`` was asked for. Objects are named by their places."""

    made: str
    op: str
    backend: str
    only: dict[str, str] = {}
    """Values as the id of a case writes them."""
    options: dict[str, Any] = {}
    """All other options of :class:`CheckOptions`."""

    @property
    def label(self) -> str:
        """What the candidate is called in records."""
        return self.made.rpartition(":")[2].rpartition(".")[2]

    @property
    def timeout(self) -> float:
        """After how many seconds a call hangs."""
        seconds: float = self.options.get("timeout", Options().timeout)
        return seconds

    @property
    def text(self) -> str:
        """The order as JSON."""
        return msgspec.json.encode(self).decode()

    def asked(self) -> check.Asked:
        """Import what is named, and return what is asked for."""
        only = {name: read_value(text) for name, text in self.only.items()}
        return check.asked(self.made, op=self.op, backend=self.backend, only=only, **self.options)


def read(text: str) -> Order:
    """Return the order that a text is."""
    return msgspec.json.decode(text, type=Order)


WRONG = (
    check.InvalidCheck,
    InvalidCase,
    InvalidEntry,
    InvalidMapping,
    NoSuchObject,
    UnknownOp,
)
"""What is raised where a check can't be made; each says why."""
SAID = "etalon-check: "
"""What a line begins with that is said here, the last one last: the candidate may print, too."""


def main(text: str, case: str = "") -> None:
    """Import the candidate and match its names; judge one case, where one is given."""
    sys.path.insert(0, "")
    problem, shown, bad, own = "", "", False, False
    try:
        request = read(text).asked()
        _say(problem=problem, shown=shown, bad=bad, own=own)
        if case:
            verdicts = check.judged(request, case)
            shown = told(request.label, request.op.id, request.backend.name, verdicts)
            bad = any(verdict.verdict in BAD for verdict in verdicts)
        else:
            check.judge_of(request)
    except WRONG as error:
        problem = str(error)
    except check.CouldNotJudge as error:
        problem, own = str(error), True
    _say(problem=problem, shown=shown, bad=bad, own=own)


def _say(**found: object) -> None:
    """Write what is known so far on a line of its own."""
    sys.stdout.write(f"\n{SAID}{json.dumps(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
