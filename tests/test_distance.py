"""How far a number is: its error, in multiples of its bound, and in units in the last place."""

from __future__ import annotations

import numpy as np

from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.subjects.distance import Distance, distance


def off(got: list[float], value: list[float], bound: list[float]) -> Distance:
    wanted = lift(np.array(value), precision("float32"))
    wanted.bound = np.array(bound)
    return distance(np.array(got, dtype=np.float32), wanted)


def test_each_number_has_its_error_ratio_and_place() -> None:
    found = off([1.0, 2.5, 4.0], [1.0, 2.0, 4.0], [0.0, 0.25, 1.0])
    assert found.errors.tolist() == [0.0, 0.5, 0.0]
    assert found.bounds.tolist() == [0.0, 0.25, 1.0]
    assert found.ratios.tolist() == [0.0, 2.0, 0.0]
    assert (found.place, found.worst, found.right) == ((1,), 2.0, False)


def test_errors_are_told_in_units_in_the_last_place() -> None:
    assert off([1 + 2.0**-23], [1.0], [1.0]).ulps.tolist() == [1.0]
    assert off([2 + 2.0**-22], [2.0], [1.0]).ulps.tolist() == [1.0]


def test_no_bound_excuses_a_number_that_is_none() -> None:
    found = off([np.nan, np.inf, np.nan], [1.0, 1.0, np.nan], [0.5, 0.5, 0.5])
    assert found.ratios.tolist() == [np.inf, np.inf, 0.0]


def test_where_there_is_no_number_all_are_right() -> None:
    found = off([], [], [])
    assert (found.worst, found.right) == (0.0, True)
