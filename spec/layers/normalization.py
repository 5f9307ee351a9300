"""Normalization layers."""

from dataclasses import replace

from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

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
        "training": FLAG,
        "axis": Choice(-1, 1),
        "momentum": Choice(0.99, 0.5),
        "epsilon": Choice(1e-3, 1e-5),
        "center": FLAG,
        "scale": FLAG,
    },
    dims={"shape": Choice((4, 3), (8, 1), (3, 4, 2), (2, 4, 3, 3)), "masked": FLAG},
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
