"""What frameworks bring is judged by a short call, and conforms, or shows what it really does."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

import etalon
from etalon.reports.records import Verdict

# CI has all of them; a contributor may have one framework alone.
torch = pytest.importorskip("torch")

BRIEF: dict[str, Any] = {"backend": "torch", "profile": "smoke", "dtypes": ["float32"]}
WITHOUT = {"weighted": False, "masked": False}
MEAN = {"reduction": "sum_over_batch_size", **WITHOUT}
CONV: dict[str, Any] = {
    "op": "Conv2D",
    "config": {
        "in_channels": "channels",
        "out_channels": "filters",
        "stride": "strides",
        "dilation": "dilation_rate",
        "bias": "use_bias",
    },
    "weights": {"weight": "kernel.transpose(3, 2, 0, 1)"},
}
ATTENTION: dict[str, Any] = {
    "op": "MultiHeadAttention",
    "config": {
        "embed_dim": "features",
        "kdim": "breadth",
        "vdim": "depth",
        "bias": "use_bias",
        "batch_first": True,
        "need_weights": False,
    },
    "weights": {
        "in_proj_bias": lambda query_bias, key_bias, value_bias: torch.cat(
            [bias.flatten() for bias in (query_bias, key_bias, value_bias)]
        ),
        "out_proj.weight": lambda attention_output_kernel: attention_output_kernel.flatten(0, 1).T,
        "out_proj.bias": "attention_output_bias",
    },
}
PACKED = {
    "in_proj_weight": lambda query_kernel, key_kernel, value_kernel: torch.cat(
        [kernel.flatten(1).T for kernel in (query_kernel, key_kernel, value_kernel)]
    )
}
SEPARATE = {
    "q_proj_weight": lambda query_kernel: query_kernel.flatten(1).T,
    "k_proj_weight": lambda key_kernel: key_kernel.flatten(1).T,
    "v_proj_weight": lambda value_kernel: value_kernel.flatten(1).T,
}
HEADS = {"num_heads": 2, "key_dim": 2, "value_dim": 2, "features": 4}
PLAIN = {**HEADS, "use_causal_mask": False, "keyed": True}
ALIKE = {"depth": 4, "breadth": 4}


def check(made: Any, **asked: Any) -> dict[str, Verdict]:
    """Judge, and return the verdicts by law."""
    return {verdict.law: verdict for verdict in etalon.check(made, **{**BRIEF, **asked})}


def unjudged(verdicts: dict[str, Verdict]) -> dict[str, str]:
    """Return why laws were not judged; all others have to conform."""
    assert {v.verdict for v in verdicts.values()} <= {"conforms", "skipped"}
    return {law: v.reason for law, v in verdicts.items() if v.verdict == "skipped"}


@pytest.mark.parametrize(
    "only", [{"padding": "valid"}, {"padding": "same", "strides": (1, 1)}], ids=["valid", "same"]
)
def test_conv2d_has_one_layout_and_conforms(only: dict[str, Any]) -> None:
    fixed = {"data_format": "channels_first", "activation": "linear", **only}
    found = unjudged(check(torch.nn.Conv2d, only=fixed, **CONV))
    assert found.pop("data_formats") == "yours has one data_format, 'channels_first'"
    assert set(found) <= {"translation"}


def test_conv2d_refuses_strides_with_padding_same() -> None:
    fixed = {"data_format": "channels_first", "activation": "linear", "padding": "same"}
    says = r"its constructor raised ValueError: padding='same' is not supported for strided conv"
    with pytest.raises(AssertionError, match=says) as failure:
        check(torch.nn.Conv2d, only={**fixed, "strides": (2, 2)}, laws=["values"], **CONV)
    assert "values, float32: constructor raised ValueError in" in str(failure.value)
    assert "torch/nn/modules/conv.py:" in str(failure.value)


def test_all_that_goes_nowhere_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="hyperparameters of the op, go nowhere") as failure:
        check(torch.nn.Conv2d, op="Conv2D")
    for part in ("'filters'", "'strides' (did you mean 'stride'?)", "'data_format'", "'use_bias'"):
        assert part in str(failure.value)
    assert "(data_format is 'channels_last' or 'channels_first')" in str(failure.value)


@pytest.mark.parametrize(
    "mask",
    [
        {"only": {"masked": None}},
        {
            "only": {"masked": "all"},
            "inputs": {"attn_mask": lambda attention_mask: ~attention_mask},
        },
    ],
    ids=["no mask", "mask"],
)
def test_multi_head_attention_with_packed_weights(mask: dict[str, Any]) -> None:
    asked = {**ATTENTION, **mask, "only": {**PLAIN, **ALIKE, **mask["only"]}}
    asked["weights"] = {**ATTENTION["weights"], **PACKED}
    every = etalon.catalogue()["layers/multi_head_attention"].laws
    laws = [law for law in every if law not in ("likely", "special_values", "invalid_calls")]
    assert unjudged(check(torch.nn.MultiheadAttention, laws=laws, **asked)) == {}


def test_multi_head_attention_makes_zero_of_a_softmax_without_a_finite_score() -> None:
    asked = {**ATTENTION, "weights": {**ATTENTION["weights"], **SEPARATE}}
    fixed = {**PLAIN, "masked": None}
    assert unjudged(check(torch.nn.MultiheadAttention, only=fixed, laws=["values"], **asked)) == {}
    with pytest.raises(AssertionError, match=r"is 0\.0, wanted nan"):
        check(torch.nn.MultiheadAttention, only=fixed, laws=["special_values"], **asked)


def test_huber_loss_by_its_own_names() -> None:
    found = unjudged(check(torch.nn.HuberLoss, op="losses/huber", only=MEAN))
    assert found["sample_weights"] == "yours takes no sample_weight"
    assert set(found) == {"sample_weights", "empty_batch", "batch_independence"}


def test_a_reduction_is_spelled_as_it_is_elsewhere() -> None:
    said = {"delta": "delta", "reduction": "reduction"}
    asked = {"op": "losses/huber", "config": said, "only": MEAN, "laws": ["values"]}
    assert unjudged(check(torch.nn.HuberLoss, **asked)) == {}
    assert unjudged(check(torch.nn.functional.huber_loss, **asked)) == {}


def test_cross_entropy_of_probabilities() -> None:
    spelled = "reduction if reduction in ('none', 'sum') else 'mean'"
    found = check(
        torch.nn.CrossEntropyLoss,
        op="categorical_crossentropy",
        config={"reduction": spelled},
        only={"from_logits": True, "axis": 1, **WITHOUT},
    )
    assert unjudged(found) == {"sample_weights": "yours takes no sample_weight"}


def test_cross_entropy_of_classes() -> None:
    found = check(
        torch.nn.CrossEntropyLoss,
        op="sparse_categorical_crossentropy",
        inputs={"target": lambda y_true: y_true.long()},
        only={"from_logits": True, "axis": 1, "ignore_class": None, **MEAN},
        laws=["values", "gradients", "special_values"],
    )
    assert unjudged(found) == {}


def test_what_a_loss_does_not_take_is_said_at_once() -> None:
    says = (
        "HuberLoss as losses/huber: it takes no sample_weight and no mask: say by only that "
        "'weighted' and 'masked' do not hold, only={'weighted': False, 'masked': False}"
    )
    with pytest.raises(ValueError, match="it takes no sample_weight") as failure:
        check(torch.nn.HuberLoss, op="losses/huber")
    assert str(failure.value) == says


def test_a_function_of_c_is_called_by_place() -> None:
    asked = {"op": "softmax", "config": {"dim": "axis"}, "only": {"axis": -1}}
    assert unjudged(check(torch.softmax, laws=["values", "gradients"], **asked)) == {}


def test_a_hyperparameter_that_is_called_a_mask() -> None:
    fixed = {"use_scale": False, "score_mode": "dot", "masked": None, "keyed": True}
    attention = importlib.import_module("candidates.in_torch").Attention
    assert unjudged(check(attention, op="layers/attention", only=fixed)) == {}


def test_keras_takes_a_list_of_inputs() -> None:
    keras = pytest.importorskip("keras")
    both: dict[str, Any] = {
        "inputs": lambda query, value, key: [
            each for each in (query, value, key) if each is not None
        ],
        "mask": lambda query_mask, value_mask: [query_mask, value_mask],
    }
    attention = keras.layers.Attention
    asked = {"op": "layers/attention", "backend": "keras-torch", "laws": ["values"]}
    assert unjudged(check(attention, inputs=both, **asked)) == {}
    assert (
        unjudged(check(keras.layers.MultiHeadAttention, **{**asked, "op": "MultiHeadAttention"}))
        == {}
    )


def test_optax_takes_logits_first() -> None:
    optax = pytest.importorskip("optax")
    found = check(
        optax.softmax_cross_entropy,
        op="categorical_crossentropy",
        backend="jax",
        only={"from_logits": True, "label_smoothing": 0.0, "axis": -1, "reduction": "none"}
        | WITHOUT,
        laws=["values"],
    )
    assert unjudged(found) == {}
