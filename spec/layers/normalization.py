"""Normalization layers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

BATCH_NORMALIZATION = Op(
    id="layers/batch_normalization",
    keras="BatchNormalization",
    source="Keras 3, layers.BatchNormalization; Ioffe & Szegedy 2015, arXiv:1502.03167",
    formula=(
        "y = gamma · (x − mean) / √(variance + epsilon) + beta; in training, mean and (biased) "
        "variance are those of the batch and moving = momentum · moving + (1 − momentum) · batch; "
        "in inference they are the moving ones. Where a mask says which numbers count in training, "
        "sums over these are divided by their number plus 1e-7"
    ),
    inputs={
        "x": tensor("*shape"),
        "mask": tensor("*without_axis(shape,-1)", values="mask", optional="masked"),
    },
    weights={
        "gamma": tensor("shape[axis]", values="weight", optional="scale"),
        "beta": tensor("shape[axis]", values="weight", optional="center"),
        "moving_mean": tensor("shape[axis]", values="weight", differentiable=False),
        "moving_variance": tensor("shape[axis]", values="positive", differentiable=False),
    },
    config={
        "training": Choice(False, True, long="True"),
        "axis": Choice(-1, 1),
        "momentum": Choice(0.99, 0.5),
        "epsilon": Choice(1e-3, 1e-5),
        "center": FLAG,
        "scale": FLAG,
    },
    dims={
        "shape": Choice((4, 3), (8, 1), (3, 4, 2), (2, 4, 3, 3), long="(terms, 3)"),
        "masked": FLAG,
    },
    batch="shape",
    outputs={
        "y": tensor("*shape"),
        "moving_mean": tensor("shape[axis]", differentiable=False),
        "moving_variance": tensor("shape[axis]", differentiable=False),
    },
    constraints=(
        Constraint(
            id="C1",
            says="gamma, beta and the moving statistics have one number for each channel",
            names=("gamma", "beta", "moving_mean", "moving_variance"),
            breach=Breach(shapes={"moving_mean": "shape[axis]+1"}),
        ),
        Constraint(
            id="C2",
            says="statistics in training need at least one number for each channel",
            names=("x",),
            rule="not training or prod(shape) > 0",
        ),
        Constraint(
            id="C3",
            says="mask has the shape of x without its last axis",
            names=("mask",),
            breach=Breach(assign={"training": True, "masked": True}, shapes={"mask": "*shape"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="not training and axis % len(shape) != 0",
    exchangeable={"shape": "axis % len(shape) != 0"},
    linear="not training",
    linear_in=("x", "beta", "moving_mean"),
    state=("moving_mean", "moving_variance"),
)

BATCH_NORMALIZATION_KERAS2 = replace(
    BATCH_NORMALIZATION,
    id="layers/batch_normalization@keras2",
    source=(
        "Keras 2, layers.BatchNormalization, whose batches of images reach TensorFlow's fused "
        "operation, which has made the variance unbiased already; Ioffe & Szegedy 2015"
    ),
    formula=(
        "y = gamma · (x − mean) / √(variance + epsilon) + beta; in training, mean and (biased) "
        "variance are those of the batch of n numbers for each channel, moving_mean = momentum · "
        "moving_mean + (1 − momentum) · mean, and moving_variance = momentum · moving_variance + "
        "(1 − momentum) · variance · n / (n − 1 − epsilon); in inference they are the moving ones"
    ),
    inputs={"x": tensor("*shape")},
    dims={"shape": BATCH_NORMALIZATION.dims["shape"]},
    constraints=BATCH_NORMALIZATION.constraints[:2],
    edition="keras2",
)

PLACES = "places(axis, 1 + len(rest))"
REST = Choice((6,), (1,), (19,), (4, 2), (3, 3), (2, 3, 4), long="(terms,)")


def of_examples(weights: Mapping[str, str | None], *more: Constraint) -> dict[str, Any]:
    """Return what the layers have in common that normalize each example by itself.

    ``weights`` have the lengths of x along ``axis``; each is absent where its flag says so.
    """
    first = next(iter(weights))
    flags = {flag: True for flag in weights.values() if flag}
    return {
        "inputs": {"x": tensor("batch *rest")},
        "weights": {
            name: tensor("*spanned(rest,axis)", values="weight", optional=flag)
            for name, flag in weights.items()
        },
        "dims": {"batch": Choice(1, 4, long="4"), "rest": REST},
        "outputs": {"y": tensor("batch *rest")},
        "constraints": (
            Constraint(
                id="C1",
                says=f"{' and '.join(weights)} have the lengths of x along axis",
                names=(*weights, "weight", "normalized_shape", "shape", "size", "dimension"),
                breach=Breach(
                    assign={**flags, "axis": -1, "rest": (2, 4)},
                    shapes={first: "5"},
                ),
            ),
            Constraint(
                id="C2",
                says="axis names axes of x behind the first, which is that of the batch",
                names=("axis", "axes", "dim", "dimension", "index", "range"),
                rule=f"1 <= min({PLACES}) and max({PLACES}) <= len(rest)",
                breach=Breach(assign={"axis": 5}, shapes=dict.fromkeys(weights, "2")),
            ),
            *more,
        ),
        "strata": LAYER_STRATA,
        "differentiable": True,
        "independent": "True",
        "exchangeable": {"batch": "True"},
    }


LAYER_NORMALIZATION = Op(
    id="layers/layer_normalization",
    keras="LayerNormalization",
    source="Keras 3, layers.LayerNormalization; Ba, Kiros & Hinton 2016, arXiv:1607.06450",
    formula=(
        "y = gamma · (x − mean) / √(variance + epsilon) + beta, with mean and (biased) variance "
        "of each example along one axis or several, along which gamma and beta lie"
    ),
    config={
        "axis": Choice(-1, 1, (-2, -1), (1, 3)),
        "epsilon": Choice(1e-3, 1e-5),
        "center": FLAG,
        "scale": FLAG,
    },
    **of_examples({"gamma": "scale", "beta": "center"}),
)

RMS_NORMALIZATION = Op(
    id="layers/rms_normalization",
    keras="RMSNormalization",
    source="Keras 3, layers.RMSNormalization; Zhang & Sennrich 2019, arXiv:1910.07467",
    formula="y = scale · x / √(mean(x²) + epsilon), with the mean of each example along axis",
    config={"axis": Choice(-1, 1), "epsilon": Choice(1e-6, 1e-3)},
    **of_examples({"scale": None}),
)
"""Keras adds epsilon to the mean of squares, where its own formula leaves it out."""

GROUP_NORMALIZATION = Op(
    id="layers/group_normalization",
    keras="GroupNormalization",
    source="Keras 3, layers.GroupNormalization; Wu & He 2018, arXiv:1803.08494",
    formula=(
        "y = gamma · (x − mean) / √(variance + epsilon) + beta; the channels, along axis, are cut "
        "into groups of as many neighbours, and mean and (biased) variance are those of a group "
        "of an example; groups = −1 makes each channel one"
    ),
    config={
        "groups": Choice(1, 2, -1, 3),
        "axis": Choice(-1, 1),
        "epsilon": Choice(1e-3, 1e-5),
        "center": FLAG,
        "scale": FLAG,
    },
    **of_examples(
        {"gamma": "scale", "beta": "center"},
        Constraint(
            id="C3",
            says="the number of channels is a multiple of groups",
            names=("groups", "num_groups", "channels", "divisible", "shape", "size"),
            rule="groups == -1 or prod(spanned(rest, axis)) % groups == 0",
            breach=Breach(assign={"groups": 5}),
        ),
    ),
)
