"""Normalization layers."""

from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

BATCH_NORMALIZATION = Op(
    id="layers/batch_normalization",
    keras="BatchNormalization",
    source="Keras 3, layers.BatchNormalization; Ioffe & Szegedy 2015, arXiv:1502.03167",
    formula=(
        "y = gamma · (x − mean) / √(variance + epsilon) + beta; in training, mean and (biased) "
        "variance are those of the batch and moving = momentum · moving + (1 − momentum) · batch; "
        "in inference they are the moving ones"
    ),
    inputs={"x": tensor("*shape")},
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
    dims={"shape": Choice((4, 3), (8, 1), (3, 4, 2), (2, 4, 3, 3))},
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
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="not training and axis % len(shape) != 0",
    exchangeable={"shape": "axis % len(shape) != 0"},
    linear="not training",
    linear_in=("x", "beta", "moving_mean"),
    state=("moving_mean", "moving_variance"),
)
