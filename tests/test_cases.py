"""Cases: their ids, what they draw, and the covering arrays they come from."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.cases import covering_arrays
from etalon.conformance.cases.case import InvalidCase, parse
from etalon.conformance.judging import sampling
from etalon.conformance.judging.divergences import divergences
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.place import Place
from etalon.spec.model import Choice
from etalon.spec.shapes import bind
from etalon.spec.words import (
    DISTRIBUTION,
    DTYPES,
    INVALID_CALLS,
    LIKELY,
    SHAPE_AND_DTYPE,
    STRATA,
    VALUES,
)

OPS = list(spec.catalogue().values())
IDS = [op.id for op in OPS]


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_an_id_is_all_of_a_case(op: spec.Op) -> None:
    cases = [
        *sample(op, VALUES, "float32", "quick", 0),
        *sample(op, INVALID_CALLS, "float64", "quick", 0),
    ]
    for case in cases:
        again = parse(case.id)
        assert again == case
        assert pickle.dumps(again.arguments()) == pickle.dumps(case.arguments())


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_ids_need_no_quotes_in_a_shell(op: spec.Op) -> None:
    for case in sample(op, VALUES, "float32", "quick", 0):
        assert not set(case.id) & set(" \t\"'`$&|;<>()[]{}*?!~#\\")


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_cases_are_valid_by_the_spec(op: spec.Op) -> None:
    for case in sample(op, VALUES, "float32", "quick", 1):
        arrays = {n: a for n, a in case.arguments().items() if not isinstance(a, list)}
        shapes = {n: None if a is None else a.shape for n, a in arrays.items()}
        known = {n: v for n, v in case.known.items() if n in op.config or n in op.dims}
        assert bind(op, shapes, known)


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_every_feasible_pair_is_covered(op: spec.Op) -> None:
    covered = set().union(*(covering_arrays.pairs_of(row) for row in covering_arrays.rows(op)))
    for row in covering_arrays.rows(op):
        assert covering_arrays._valid(op, row, row)
    domains = covering_arrays._domains(op)
    for pair in covering_arrays._pairs(domains) - covered:
        start = dict(pair)
        if covering_arrays._valid(op, start, start):
            found = covering_arrays._completions(op, domains, start, lambda name, _: domains[name])
            assert not [row for row in found if row == covering_arrays._effective(op, row)], pair


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_a_cell_has_at_least_fifty_cases(op: spec.Op) -> None:
    main = DISTRIBUTION if op.distribution else VALUES
    for dtype in DTYPES:
        assert len(sample(op, main, dtype, "full", 0)) >= 50
        assert len(sample(op, main, dtype, "quick", 0)) >= (24 if dtype == DTYPES[0] else 12)
    judged = sample(op, SHAPE_AND_DTYPE, "float32", "quick", 0)
    assert {case.stratum for case in judged if not case.long} == set(op.strata)


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_every_law_has_cases_in_every_value_of_what_it_is_about(op: spec.Op) -> None:
    for law in set(op.laws) - {INVALID_CALLS}:
        cases = sample(op, law, "float32", "quick", 0)
        assert len(cases) >= (1 if law == LIKELY else 4), law
        concerned = sampling._rows(op, law)
        values = {
            item for row in concerned for item in row.items() if item[0] != covering_arrays.STRATUM
        }
        assert values <= {item for case in cases for item in case.assignment.items()}, law


def test_coverage_counts_pairs() -> None:
    conv = spec.find("layers/conv2d")
    cases = sample(conv, VALUES, "float32", "quick", 0)
    covered, pairs = sampling.coverage(conv, VALUES, cases)
    assert covered == pairs > 100
    assert sampling.coverage(conv, VALUES, cases[:1])[0] < pairs / 5


def test_the_seed_decides_the_cases() -> None:
    dense = spec.find("layers/dense")
    first = [case.id for case in sample(dense, VALUES, "float32", "quick", 3)]
    sample.__globals__["_valid"].cache_clear()
    assert [case.id for case in sample(dense, VALUES, "float32", "quick", 3)] == first
    assert [case.id for case in sample(dense, VALUES, "float32", "quick", 4)] != first


@pytest.mark.process
def test_another_process_draws_the_same() -> None:
    code = (
        "from etalon import spec; from etalon.conformance.judging.sampling import sample;"
        "op = spec.find('layers/conv2d');"
        "print(*(case.id for case in sample(op, 'values', 'float32', 'quick', 0)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    here = " ".join(c.id for c in sample(spec.find("layers/conv2d"), VALUES, "float32", "quick", 0))
    assert runs == {here + "\n"}


@pytest.mark.process
def test_an_installed_package_draws_the_same_as_a_checkout() -> None:
    """Hypothesis reads constants from local source files: they must not reach the cases."""
    code = (
        "import hypothesis.internal.conjecture.providers as p, sys;"
        "p.is_local_module_file = lambda path: sys.argv[1] == 'checkout' and 'etalon' in path;"
        "from etalon import spec; from etalon.conformance.judging.sampling import sample;"
        "print(*(c.id for op in spec.catalogue().values()"
        " for c in sample(op, 'values', 'float64', 'quick', 0)))"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", code, place], capture_output=True, text=True, check=True
        ).stdout
        for place in ("checkout", "installed")
    ]
    assert printed[0] == printed[1]


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_a_name_that_an_id_lacks_has_the_first_value_of_its_domain(op: spec.Op) -> None:
    case = sample(op, SHAPE_AND_DTYPE, "float32", "quick", 0)[-1]
    *head, config = case.id.split(":")
    for name, domain in {**op.config, **op.dims}.items():
        rest = ",".join(pair for pair in config.split(",") if not pair.startswith(f"{name}="))
        found = parse(":".join([*head, rest]))
        assert found.assignment == {**case.assignment, name: domain.values[0]}
        assert list(found.assignment) == list(case.assignment)


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_documented_ids_outlive_a_new_hyperparameter(
    op: spec.Op, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = (e for name in BACKENDS for e in divergences(Place(name)))
    ids = {text: case for e in entries for text, case in zip(e.cases, e.shown, strict=True)}
    grown = replace(op, config={"novel": Choice(False, True), **op.config})
    monkeypatch.setattr(spec, "find", lambda name: grown)
    for text, case in ids.items():
        if case.op.id == op.id:
            found = parse(text)
            assert found.known == {"novel": False, **case.known}
            assert pickle.dumps(found.arguments()) == pickle.dumps(case.arguments())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "not a case id"),
        ("layers/nosuch:float32:normal:x1.0:s0:", "no op matches"),
        ("layers/flatten:float8:normal:x1.0:s0:", "no dtype is called 'float8'"),
        ("layers/flatten:float32:odd:x1.0:s0:", "no stratum is called 'odd'"),
        ("layers/flatten:float32:normal:xa:s0:", "not a case id"),
        ("layers/flatten:float32:normal:x1.0:s0:batch=1,rows=2", "has no rows: it has data_format"),
        (
            "regularizers/l2:float32:normal:x1.0:s0:l2=0.01,role=kernel,shape=4x5:breaks=C9",
            "has no constraint 'C9'",
        ),
    ],
)
def test_what_is_no_case_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InvalidCase, match=says):
        parse(text)


def test_strata_are_what_they_are_called() -> None:
    relu = spec.find("activations/relu")
    for case in sample(relu, VALUES, "float32", "quick", 0):
        x = case.arguments()["x"]
        assert isinstance(x, np.ndarray)
        match case.stratum:
            case "empty_batch":
                assert x.size == 0
            case "constant":
                assert len(set(x.ravel().tolist())) == 1
            case "ties":
                assert len(set(x.ravel().tolist())) <= 5
            case "large_mean":
                assert (x > 90 * case.scale).all()
    assert set(relu.strata) <= set(STRATA)
