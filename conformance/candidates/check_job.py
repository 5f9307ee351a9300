"""Try a check in a process of its own: import what is named and match its names, or judge a case.

``python -m etalon.conformance.candidates.check_job ORDER [CASE]`` says line by line what it knows.
"""

from __future__ import annotations

import json
import os
import sys

from etalon.conformance.candidates import check
from etalon.conformance.candidates.name_mapping import InvalidMapping
from etalon.conformance.candidates.order import SAID, read
from etalon.conformance.cases.case import InvalidCase
from etalon.reports.records import BAD
from etalon.spec import InvalidEntry, UnknownOp
from etalon.spec.object_path import NoSuchObject

WRONG = (
    check.InvalidCheck,
    InvalidCase,
    InvalidEntry,
    InvalidMapping,
    NoSuchObject,
    UnknownOp,
)
"""What is raised where a check can't be made; each says why."""


def main(text: str, case: str = "") -> None:
    """Import the candidate and match its names; judge one case, where one is given."""
    sys.path.insert(0, "")
    problem, shown, bad, own = "", "", False, False
    try:
        request = read(text).asked()
        _say(problem=problem, shown=shown, bad=bad, own=own)
        if case:
            from etalon.conformance.candidates.failure_text import told

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
    os._exit(0)  # to take down what a framework has built takes a third of the time of its import


def _say(**found: object) -> None:
    """Write what is known so far on a line of its own."""
    sys.stdout.write(f"\n{SAID}{json.dumps(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
