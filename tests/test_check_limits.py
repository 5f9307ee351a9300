"""A check hands arrays over by their names, and asks for nothing that ``only`` excludes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.backends import BACKENDS
from etalon.backends.numpy import definition
from etalon.conformance.candidates.options import CheckOptions, Options
from etalon.conformance.judging.sampling import sample
from etalon.conformance.laws import exchangeability
from etalon.conformance.laws.gradients import _question
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Verdict

BRIEF: dict[str, Any] = {"backend": "numpy", "profile": "smoke", "dtypes": ["float32"]}
LOSS: dict[str, Any] = {
    "op": "losses/kl_divergence",
    "only": {"reduction": "none", "weighted": False, "masked": False},
    "laws": ["values", "special_values"],
}
honest = definition(spec.find("losses/kl_divergence"))


def check(made: Any, **asked: Any) -> dict[str, Verdict]:
    """Judge, and return the verdicts by law."""
    return {verdict.law: verdict for verdict in etalon.check(made, **{**BRIEF, **asked})}


def divergence(y_true: Any, y_pred: Any) -> Any:
    """Return the loss of each example."""
    return honest(y_true, y_pred, sample_weight=None, mask=None, reduction="none")


# Names of arrays


@pytest.mark.parametrize(
    "made",
    [
        lambda y_true, y_pred: divergence(y_true, y_pred),
        lambda y_pred, y_true: divergence(y_true, y_pred),
        lambda input, target: divergence(target, input),
        lambda predictions, targets: divergence(targets, predictions),
        lambda logits, labels: divergence(labels, logits),
        lambda y_hat, y: divergence(y, y_hat),
        lambda a, b: divergence(a, b),
        lambda *arrays: divergence(*arrays),
        lambda *, target, input: divergence(target, input),
    ],
)
def test_names_that_are_known_need_no_word(made: Any) -> None:
    check(made, **LOSS)


def test_others_are_said() -> None:
    def loss(guess: Any, wanted: Any) -> Any:
        return divergence(wanted, guess)

    check(loss, inputs={"guess": "y_pred", "wanted": "y_true"}, **LOSS)
    check(loss, inputs={"guess": "y_pred"}, **LOSS)
    check(loss, inputs={"guess": lambda y_pred: y_pred * 1}, **LOSS)


@pytest.mark.parametrize(("text", "value"), [("True", True), ("None", None), ("2", 2), (3, 3)])
def test_a_hyperparameter_of_theirs_may_be_given_a_constant(text: Any, value: Any) -> None:
    given = []

    def relu(x: Any, *, flag: Any) -> Any:
        given.append(flag)
        return np.maximum(x, 0)

    only = {"negative_slope": 0.0, "max_value": None, "threshold": 0.0}
    check(relu, op="activations/relu", config={"flag": text}, only=only, laws=["values"])
    assert set(given) == {value}


def test_inputs_in_each_others_place_are_noticed() -> None:
    def loss(guess: Any, wanted: Any) -> Any:
        return divergence(wanted, guess)

    with pytest.raises(AssertionError) as failure:
        check(loss, **LOSS)
    says = (
        "\n  with y_true and y_pred in each other's place it is right here: "
        "write inputs={'guess': 'y_pred', 'wanted': 'y_true'}\n"
    )
    assert says in str(failure.value)


def test_what_is_wrong_either_way_gets_no_such_hint() -> None:
    with pytest.raises(AssertionError) as failure:
        check(lambda y_true, y_pred: 2 * divergence(y_true, y_pred), **LOSS)
    assert "each other's place" not in str(failure.value)


@pytest.mark.parametrize(
    ("made", "inputs", "says"),
    [
        (divergence, {"true": "y_true"}, "inputs names 'true' (did you mean 'y_true'?), but it"),
        (
            divergence,
            {"y_true": "label"},
            "inputs, 'y_true': losses/kl_divergence has no input 'la",
        ),
        (lambda y_pred: y_pred, {}, "'y_true' of the op goes nowhere: it takes y_pred; say which"),
    ],
)
def test_arrays_that_do_not_fit(made: Any, inputs: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match="kl_divergence: ") as failure:
        check(made, inputs=inputs, **LOSS)
    assert says in str(failure.value)


def test_weights_are_found_by_their_names_too() -> None:
    def dense(x: Any, bias: Any, kernel: Any) -> Any:
        return x @ kernel if bias is None else x @ kernel + bias

    check(dense, op="Dense", only={"units": 3, "activation": "linear"}, laws=["values"])


# What ``only`` excludes


def fixed(made: Any, only: dict[str, Any], law: str, **asked: Any) -> Verdict:
    """Return the verdict by a law under what ``only`` says."""
    found = check(made, only=only, laws=[law], **asked)
    return found[law]


def picky(allowed: Any) -> Any:
    """Return the honest relu, which refuses another number of examples."""

    def relu(x: Any) -> Any:
        if x.shape != allowed:
            raise ValueError("another shape")
        return np.maximum(x, 0)

    return relu


RELU = {"negative_slope": 0.0, "max_value": None, "threshold": 0.0}


@pytest.mark.parametrize("law", ["values", "exchangeability", "repeatability"])
def test_one_shape_is_judged_by_what_stays_within_it(law: str) -> None:
    only = {**RELU, "shape": (4, 5)}
    assert fixed(picky((4, 5)), only, law, op="activations/relu").verdict == "conforms"


def test_a_larger_batch_is_not_asked_for() -> None:
    verdict = fixed(
        picky((4, 5)), {**RELU, "shape": (4, 5)}, "batch_independence", op="activations/relu"
    )
    assert (verdict.verdict, verdict.reason) == ("skipped", "yours has one shape, (4, 5)")


@pytest.mark.parametrize(
    ("op", "law", "only", "says"),
    [
        ("layers/max_pooling2d", "translation", {"spatial": (5, 6), "padding": "valid"}, "spatial"),
        ("layers/max_pooling2d", "data_formats", {"data_format": "channels_last"}, "data_format"),
        ("metrics/mean_squared_error", "streaming", {"splits": (4, 2)}, "splits"),
        ("losses/huber", "sample_weights", {"weighted": False}, "yours takes no sample_weight"),
    ],
)
def test_another_call_is_not_asked_for(op: str, law: str, only: dict[str, Any], says: str) -> None:
    verdict = fixed(etalon.reference(op), only, law, op=op)
    assert verdict.verdict == "skipped"
    assert says in verdict.reason
    free = fixed(etalon.reference(op), {}, law, op=op)
    assert free.verdict == "conforms"


def test_a_broken_constraint_stays_within_it() -> None:
    only = {"keyed": False}
    verdict = fixed(etalon.reference("layers/attention"), only, "invalid_calls", op="Attention")
    assert {name.split(":")[0] for name in verdict.behaviours} == {"C3"}


# No mark without a comparison


def test_a_loss_that_takes_no_weights_is_not_judged_by_them() -> None:
    free: dict[str, Any] = {"op": "losses/kl_divergence", "laws": ["sample_weights"]}
    with pytest.raises(ValueError, match="it takes no sample_weight and no mask: say by only"):
        check(divergence, only={"reduction": "none"}, **free)
    only = LOSS["only"]
    found = fixed(divergence, only, "sample_weights", op="losses/kl_divergence")
    assert (found.verdict, found.reason) == ("skipped", "yours takes no sample_weight")


def test_what_has_one_entry_is_not_exchanged() -> None:
    only = {**RELU, "shape": (1, 1)}
    verdict = fixed(picky((1, 1)), only, "exchangeability", op="activations/relu")
    assert (verdict.verdict, verdict.reason) == ("skipped", "no case here is one of its own")


def test_exchangeability_judges_cases_in_which_something_is_exchanged() -> None:
    for op in ("layers/add", "losses/huber", "layers/up_sampling2d"):
        cases = sample(spec.find(op), "exchangeability", "bfloat16", "quick", 0)
        assert cases
        for case in cases:
            outcome = exchangeability.judge(Subject(BACKENDS["numpy"]), case)
            assert outcome.compared + outcome.undecided > 0


def test_where_nothing_is_judged_the_head_says_so() -> None:
    from etalon.conformance.candidates import check as checking
    from etalon.conformance.candidates.failure_text import told

    only = {**RELU, "shape": (1, 1)}
    asked = {**BRIEF, "op": "activations/relu", "only": only, "laws": ["batch_independence"]}
    verdicts = checking.judged(checking.asked(picky((1, 1)), **asked))
    head, line = told("relu", "activations/relu", "numpy", verdicts).splitlines()
    assert head.startswith("relu could not be judged to compute what activations/relu specifies")
    assert line.endswith("∅ not judged: yours has one shape, (1, 1)")


def test_cotangents_are_never_all_zero() -> None:
    op = spec.find("losses/mean_squared_error")
    cases = sample(op, "gradients", "float32", "full", 0)
    assert any(case.seed % 2 and case.known["reduction"] == "sum" for case in cases)
    assert all(_question(case).cotangents[0].any() for case in cases)


# Options


def test_options_have_the_same_names_everywhere() -> None:
    assert set(CheckOptions.__annotations__) == set(Options.__dataclass_fields__)


def test_an_option_that_there_is_not() -> None:
    with pytest.raises(TypeError, match="tolerance"):
        etalon.check(np.tanh, op="tanh", backend="numpy", tolerance=1)  # type: ignore[call-arg]
