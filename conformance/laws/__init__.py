"""The laws: one module each, with a function ``judge(subject, case)`` that returns an outcome.

Where a law can say nothing of a case, the outcome judges nothing, and its message says why. A
module may have, too:

- ``STRATA``: the strata of the cases that it judges, by default the ordinary ones;
- ``concerns(case)``: whether a valid case is one of its own;
- ``NUMBERED = True``: its worst number is one of the results of the call, so that a program that
  makes the call can show it;
- ``AUDITED = True``: small faults are planted into right results, and it has to catch them;
- ``WHOLE = True``: it takes every row of the covering array, others take rows with every value
  once;
- ``LONG = True``: cases whose sums are long are among its own;
- ``SHAPED = True``: the shapes and dtypes of the results in its cases are judged as well.

A law is written down in two places: what it says, and which ops have it, in ``LAWS`` of
:mod:`etalon.spec.words`; how it judges in a module of its name here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.spec.words import EMPTY_BATCH, SPECIAL, STRATA

Law = Callable[[Subject, Case], Outcome]

Mark = Literal["NUMBERED", "AUDITED", "WHOLE", "LONG", "SHAPED"]
"""What a law may say of itself."""

ORDINARY_STRATA = tuple(name for name in STRATA if name not in (*SPECIAL, EMPTY_BATCH))


def find(name: str) -> Law:
    """Return the function of the law called ``name``."""
    law: Law = _module(name).judge
    return law


def concerns(name: str, case: Case) -> bool:
    """Return whether the law called ``name`` judges a case."""
    module = _module(name)
    if case.stratum not in getattr(module, "STRATA", ORDINARY_STRATA):
        return False
    return bool(module.concerns(case)) if hasattr(module, "concerns") else True


def marked(name: str, mark: Mark) -> bool:
    """Return whether the law called ``name`` says this of itself."""
    return bool(getattr(_module(name), mark, False))


@cache
def _module(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}")
