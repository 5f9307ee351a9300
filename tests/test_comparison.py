"""Two runs compared: what is worse, what is better, and what can't be compared."""

from __future__ import annotations

from typing import Any

import pytest

from etalon.reports.comparison import KINDS, Change, Comparison, compare
from etalon.reports.matrix import Column, matrix
from etalon.reports.records import VERDICTS, Cluster, Run, Verdict, VerdictName
from test_records import failing, run, verdict


def cluster(cause: str, divergence: str | None = None) -> Cluster:
    shown = failing().clusters[0].counterexample
    return Cluster(cause=cause, cases=1, counterexample=shown, divergence=divergence)


def with_causes(*causes: str, **changes: Any) -> Verdict:
    return failing(clusters=tuple(map(cluster, causes)), **changes)


def compared(old: Verdict | list[Verdict], new: Verdict | list[Verdict]) -> Comparison:
    sides = [[side] if isinstance(side, Verdict) else side for side in (old, new)]
    return compare(*(matrix(side, [run(cells=len(side))]) for side in sides))


def only(comparison: Comparison) -> Change:
    ((change,),) = (group.changes for group in comparison.groups)
    return change


@pytest.mark.parametrize("old", VERDICTS)
@pytest.mark.parametrize("new", VERDICTS)
def test_a_verdict_of_a_higher_rank_is_broken(old: VerdictName, new: VerdictName) -> None:
    ranks = {"conforms": 0, "diverges": 1, "fails": 3, "crashed": 4}
    ranks |= dict.fromkeys(("unsupported", "skipped", "nothing claimed"), 2)
    found = compared(verdict(verdict=old), verdict(verdict=new))
    if ranks[old] == ranks[new]:
        assert (found.groups, found.unchanged, found.worse) == ((), 1, False)
    else:
        change = only(found)
        assert change.kind == ("broken" if ranks[new] > ranks[old] else "fixed")
        assert change.says == f"{old} → {new}"
        assert (change.old, change.new) == (verdict(verdict=old), verdict(verdict=new))
        assert found.worse is (ranks[new] > ranks[old])
        assert found.unchanged == 0


def test_a_change_says_why() -> None:
    broken = only(compared(verdict(), failing()))
    assert broken.says == "conforms → fails: NaN in place of number"
    fixed = only(compared(failing(), verdict()))
    assert (fixed.kind, fixed.says) == ("fixed", "fails → conforms: NaN in place of number")
    crashed = only(compared(verdict(), verdict(verdict="crashed", reason="Killed: 9")))
    assert crashed.says == "conforms → crashed: Killed: 9"
    documented = with_causes("torch-x", verdict="diverges")
    assert only(compared(documented, with_causes("torch-x", "sign"))).cause == "sign"
    assert only(compared(documented, with_causes("torch-x"))).cause == "torch-x"


@pytest.mark.parametrize(
    ("old", "new", "kind", "says"),
    [
        (("a",), ("a", "b"), "broken", "still fails, now with b"),
        (("a",), ("b",), "broken", "still fails, now with b"),
        (("a", "b"), ("a",), "fixed", "still fails, now without b"),
    ],
)
def test_of_verdicts_of_one_rank_the_causes_are_compared(
    old: tuple[str, ...], new: tuple[str, ...], kind: str, says: str
) -> None:
    change = only(compared(with_causes(*old), with_causes(*new)))
    assert (change.kind, change.says) == (kind, says)


def test_each_cause_is_a_change_but_a_verdict_counts_once() -> None:
    found = compared(
        [verdict(), verdict(dtype="float16")],
        [with_causes("a", "b"), with_causes("b", dtype="float16")],
    )
    assert [(group.cause, group.dtypes) for group in found.groups] == [
        ("a", ("float32",)),
        ("b", ("float32", "float16")),
    ]
    assert found.counts["broken"] == 2


def test_causes_in_another_order_are_the_same() -> None:
    assert compared(with_causes("a", "b"), with_causes("b", "a")).groups == ()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("0.2", "0.3", "less accurate"),
        ("0.3", "0.2", "more accurate"),
        ("0.2", "0.299", None),
        ("0.299", "0.2", None),
        ("0", "inf", "less accurate"),
        ("inf", "inf", None),
        ("nan", "0.5", None),
    ],
)
def test_a_tenth_of_the_bound_is_a_change(old: str, new: str, kind: str | None) -> None:
    found = compared(verdict(worst_ratio=old), verdict(worst_ratio=new))
    assert [group.kind for group in found.groups] == ([kind] if kind else [])
    assert found.worse is (kind == "less accurate")


def test_a_change_of_accuracy_gives_both_errors() -> None:
    old = verdict(worst_ratio="0.31", worst_ulp="1.5")
    change = only(compared(old, verdict(worst_ratio="0.5249", worst_ulp="432")))
    assert change.says == "worst error 0.31 → 0.52 of the bound, 1.5 → 432 ULP"


def test_what_is_on_one_side_only_is_new_or_gone_and_not_worse() -> None:
    found = compared([verdict(), failing(dtype="float64")], [verdict(), verdict(op="losses/huber")])
    assert [(group.kind, group.says) for group in found.groups] == [
        ("gone", "gone: fails"),
        ("new", "new: conforms"),
    ]
    assert not found.worse
    assert found.unchanged == 1


@pytest.mark.parametrize("field", ["op", "backend", "device", "mode", "law", "dtype"])
def test_only_verdicts_about_the_same_are_compared(field: str) -> None:
    found = compared(verdict(), failing(**{field: "another"}))
    assert {group.kind for group in found.groups} == {"gone", "new"}
    assert not found.worse
    assert "the two have no verdict in common, so nothing was compared" in found.warnings


def test_dtypes_and_laws_of_one_cause_are_one_group() -> None:
    places = [("values", "float32"), ("values", "float16"), ("gradients", "float16")]
    old = [verdict(law=law, dtype=dtype) for law, dtype in places]
    new = [with_causes("NaN", law=law, dtype=dtype) for law, dtype in places]
    (group,) = compared(old, new).groups
    assert (group.op, group.column, group.cause) == ("layers/dense", Column("torch", "cpu"), "NaN")
    assert (group.laws, group.dtypes) == (("values", "gradients"), ("float32", "float16"))
    assert group.command == "etalon replay …"
    assert compared(new, old).groups[0].command == ""
    other = [*new[:2], with_causes("sign", law="gradients", dtype="float16")]
    assert [group.cause for group in compared(old, other).groups] == ["NaN", "sign"]


def test_the_worst_comes_first_and_stands_for_its_group() -> None:
    old = [verdict(law=law, worst_ratio="0.5") for law in "abcd"] + [failing(law="e")]
    new = [
        verdict(law="e"),
        verdict(law="d", worst_ratio="0.2"),
        verdict(law="a", worst_ratio="0.7"),
        verdict(law="b", worst_ratio="0.9"),
        verdict(law="c", verdict="crashed", reason="Killed"),
        verdict(law="f"),
    ]
    found = compared(old, new)
    assert [group.kind for group in found.groups] == [
        "broken",
        "less accurate",
        "new",
        "more accurate",
        "fixed",
    ]
    assert found.groups[1].says.startswith("worst error 0.50 → 0.90")
    assert found.counts == dict(zip(KINDS, (1, 2, 0, 1, 1, 1), strict=True))
    order = compared(
        [verdict(), verdict(op="layers/add")],
        [failing(op="layers/add"), verdict(verdict="crashed")],
    )
    assert [group.op for group in order.groups] == ["layers/dense", "layers/add"]


def test_versions_of_both_sides_are_named() -> None:
    later = [verdict(version="2.14.0"), verdict(backend="jax", version="0.10.2")]
    old, new = matrix([verdict()], [run()]), matrix(later, [run(version="2.14.0")])
    assert compare(old, new).versions == {
        Column("jax", "cpu"): ("", "0.10.2"),
        Column("torch", "cpu"): ("2.13.0", "2.14.0"),
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        (
            "profile",
            "full",
            "the profile of torch is another, so other cases were judged: quick → ",
        ),
        ("seed", 7, "the seed of torch is another, so other cases were judged: 0 → 7"),
        ("edition", "keras2", "the edition of torch is another, so names mean something else"),
        ("platform", "Darwin arm64", "the platform of torch is another: Linux x86_64 → Darwin"),
        ("etalon", "0.2.0", "torch was judged by another version of Etalon: 0.1.0 → 0.2.0"),
    ],
)
def test_a_comparison_of_unlike_runs_warns(field: str, value: object, says: str) -> None:
    old, new = run(), run(**{field: value})
    (warning,) = sides([old], [new]).warnings
    assert says in warning
    assert sides([old, new], [new, old]).warnings == ()
    assert sides([], [new]).warnings == ()
    assert sides([run(version="1", python="3.12", started="")], [run()]).warnings == ()


def test_columns_that_differ_alike_are_one_warning() -> None:
    names = ("torch", "jax")
    old = [run(backend=name) for name in names]
    new = [run(backend=name, seed=7) for name in names]
    (warning,) = sides(old, new).warnings
    assert "the seed of jax, torch is another" in warning


def test_a_run_that_ended_early_is_said() -> None:
    found = compare(matrix([verdict()], [run(cells=92)]), matrix([verdict()], [run()]))
    assert found.warnings == ("the old run of torch ended after 1 of 92 verdicts",)


def sides(old: list[Run], new: list[Run]) -> Comparison:
    verdicts = [verdict(), verdict(backend="jax")]
    return compare(matrix(verdicts, old), matrix(verdicts, new))
