"""The exact values of a case: the reference, computed in 50 digits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from etalon.backends.numpy import definition
from etalon.conformance.arithmetic.exact import Numbers, lift
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Argument, Case


def exact_truth(case: Case, arguments: Mapping[str, Argument]) -> tuple[Numbers, ...]:
    """Return the exact value of each number of each result of a case.

    The inputs are what the dtype of the case holds, and a number of the config is the double that
    it is.
    """
    with np.errstate(all="ignore"):
        results = call(definition(case.op), case, arguments, lift, lift)
        return tuple(lift(result).value for result in results)
