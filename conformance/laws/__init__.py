"""The laws: one module each, with a function ``judge(subject, case)`` that returns an outcome.

``None`` stands for a case that the law has nothing to say about.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from etalon.conformance.cases.case import Case
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.subject import Subject

Law = Callable[[Subject, Case], Outcome | None]


def find(name: str) -> Law:
    """Return the function of the law called ``name``."""
    law: Law = importlib.import_module(f"{__name__}.{name}").judge
    return law
