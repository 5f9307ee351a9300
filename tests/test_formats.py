"""The table of formats is all that knows which dtype is which."""

from __future__ import annotations

import ast
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

import etalon
from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.formats import FORMATS
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.characteristics.bits import NAMES
from etalon.conformance.judging.audit import faults
from etalon.spec.words import DTYPES, VALUES

CONFORMANCE = Path(formats.__file__).parents[1]


def test_the_table_has_a_row_for_each_dtype_and_no_other() -> None:
    assert tuple(FORMATS) == DTYPES
    assert all(name == row.name for name, row in FORMATS.items())


@pytest.mark.parametrize(
    ("dtype", "digits", "truth", "type_of_literals", "bits"),
    [
        ("float32", 24, np.float64, np.float32, "24 bits (float32)"),
        ("float64", 53, np.longdouble, np.float64, "53 bits (float64)"),
        ("float16", 11, np.float64, np.float16, "11 bits (TF32 or float16)"),
        ("bfloat16", 8, np.float64, ml_dtypes.bfloat16, "8 bits (bfloat16)"),
    ],
)
def test_a_row_says_what_the_format_is(
    dtype: str, digits: int, truth: type, type_of_literals: type, bits: str
) -> None:
    own, working = FORMATS[dtype], precision(dtype)
    assert own.digits == working.digits == digits
    assert own.unit == 2.0**-digits
    assert working.truth == np.dtype(own.truth) == truth
    assert eval(own.literal, {"np": np, "ml_dtypes": ml_dtypes}) is type_of_literals
    assert NAMES[digits] == bits


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_fault_is_beyond_what_one_rounding_may_change(dtype: str) -> None:
    """The smallest factor is some roundings from 1, beyond those of an op, and not far more."""
    own = FORMATS[dtype]
    smallest = min(own.faults.values()) - 1
    assert 16 * own.unit <= smallest <= 2**14 * own.unit
    planted = faults(VALUES, dtype)
    assert {f"times {written}" for written in own.faults} <= set(planted)
    ones = np.ones(3, own.dtype)
    assert all(fault(ones).dtype == own.dtype for fault in planted.values())


def test_a_dtype_that_is_not_judged_gets_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^no dtype is called 'int32': there are float32, "):
        etalon.bound("activations/relu", np.ones(2), dtype="int32")


def compared(source: str) -> set[str]:
    """Return the dtypes that a source tests for by their names."""
    return {
        part.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in DTYPES
    }


def test_no_dtype_is_told_by_its_name_outside_of_the_table() -> None:
    sources = {
        path: path.read_text("utf-8")
        for path in CONFORMANCE.rglob("*.py")
        if path != Path(formats.__file__)
    }
    found = {str(path): compared(source) for path, source in sources.items()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source", ["if dtype == 'float64': ...", "x = dtype in ('float16', 'bfloat16')"]
)
def test_a_name_test_is_seen(source: str) -> None:
    assert compared(source) != set()
