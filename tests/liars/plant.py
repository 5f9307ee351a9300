"""A pytest plugin that plants the fault named in ``ETALON_LIAR`` into whatever is judged."""

from __future__ import annotations

import os

from etalon.conformance.running import run_plan
from liars.faults import LIARS, Lying

Lying.fault = next(liar for liar in LIARS if liar.name == os.environ["ETALON_LIAR"])
setattr(run_plan, "Subject", Lying)  # noqa: B010 - a module does not export what it imports
