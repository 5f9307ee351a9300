"""Regularization layers."""

from dataclasses import replace
from typing import Any

from etalon.spec.layers.pooling import AXES
from etalon.spec.model import (
    DATA_FORMAT,
    FLAG,
    Breach,
    Choice,
    Constraint,
    Distribution,
    Op,
    tensor,
)
from etalon.spec.words import LAYER_STRATA

ACTIVITY_REGULARIZATION = Op(
    id="layers/activity_regularization",
    keras="ActivityRegularization",
    source="Keras 3, layers.ActivityRegularization and Layer.__call__",
    formula=(
        "y = x; penalty, which is added to the loss, = (l1 · sum(|x|) + l2 · sum(x²)) divided by "
        "the length of axis 0, without the term whose factor is 0"
    ),
    inputs={"x": tensor("*shape")},
    config={"l1": Choice(0.01, 0.0, 0.5), "l2": Choice(0.01, 0.0, 0.5)},
    dims={"shape": Choice((3,), (4, 5), (2, 3, 4))},
    batch="shape",
    outputs={"y": tensor("*shape"), "penalty": tensor("")},
    constraints=(
        Constraint(
            id="C1",
            says="l1 is not negative",
            names=("l1",),
            rule="l1 >= 0",
            breach=Breach(assign={"l1": -0.5}),
        ),
        Constraint(
            id="C2",
            says="l2 is not negative",
            names=("l2",),
            rule="l2 >= 0",
            breach=Breach(assign={"l2": -0.5}),
        ),
        Constraint(
            id="C3",
            says="x has a batch axis",
            names=("x", "shape"),
            rule="len(shape) >= 1",
        ),
    ),
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("0",),
    differentiable=True,
    exchangeable={"shape": "True"},
    linear="True",
    linear_in=("x",),
)

ACTIVITY_REGULARIZATION_KERAS2 = replace(
    ACTIVITY_REGULARIZATION,
    id="layers/activity_regularization@keras2",
    source="Keras 2.2.4, layers.ActivityRegularization",
    formula=(
        "y = x; penalty, which is added to the loss, = l1 · sum(|x|) + l2 · sum(x²), "
        "without the term whose factor is 0"
    ),
    constraints=(),
    edition="keras2",
)

RATE = Choice(0.0, 0.1, 0.5, 0.9)
OF_A_RATE = Constraint(
    id="C1",
    says="rate is at least 0 and below 1",
    names=("rate",),
    rule="0 <= rate < 1",
    breach=Breach(assign={"rate": 1.5, "training": True}),
)
KEPT = {"keep": "1 - rate if training else 1"}


def noise(name: str, keras: str, source: str, formula: str, **options: Any) -> Op:
    """Return the entry of a layer that treats each number by itself in training only."""
    return Op(
        id=f"layers/{name}",
        keras=keras,
        source=f"Keras 3, layers.{keras}{source}",
        formula=f"in training {formula}; in inference y = x",
        inputs={"x": tensor("*shape")},
        dims={"shape": Choice((32, 128), (2000,), (7, 61, 5))},
        batch="shape",
        outputs={"y": tensor("*shape")},
        strata=("normal", "constant", "nan_inf", "empty_batch"),
        **options,
    )


DROPOUT = noise(
    "dropout",
    "Dropout",
    "; Srivastava et al. 2014, JMLR 15",
    "y = x · kept / (1 − rate), where kept is 1 with probability 1 − rate, else 0, independently "
    "for each element",
    config={"rate": RATE, "training": FLAG},
    constraints=(OF_A_RATE,),
    distribution=Distribution(family="dropout", parameters=KEPT),
)

ALPHA_DROPOUT = noise(
    "alpha_dropout",
    "AlphaDropout",
    "; Klambauer et al. 2017, arXiv:1706.02515",
    "y = a · x + b with probability 1 − rate, else a · α + b, independently for each element; "
    "α = −1.7580993408473766 is where selu ends, a = 1 / √((1 − rate) · (1 + rate · α²)) and "
    "b = −a · α · rate",
    config={"rate": RATE, "training": FLAG},
    constraints=(OF_A_RATE,),
    distribution=Distribution(
        family="alpha_dropout",
        parameters={**KEPT, "rate": "rate if training else 0", "alpha": "-1.7580993408473766"},
    ),
)

GAUSSIAN_DROPOUT = noise(
    "gaussian_dropout",
    "GaussianDropout",
    "; Srivastava et al. 2014, JMLR 15",
    "y = x · n, where n is normal with mean 1 and variance rate / (1 − rate), independently for "
    "each element",
    config={"rate": RATE, "training": FLAG},
    constraints=(OF_A_RATE,),
    distribution=Distribution(
        family="gaussian_dropout",
        parameters={"stddev": "sqrt(rate / (1 - rate)) if training else 0"},
    ),
)

GAUSSIAN_NOISE = noise(
    "gaussian_noise",
    "GaussianNoise",
    "",
    "y = x + n, where n is normal with mean 0 and standard deviation stddev, independently for "
    "each element",
    config={"stddev": Choice(0.0, 0.1, 0.5, 1.0), "training": FLAG},
    constraints=(
        Constraint(
            id="C1",
            says="stddev is from 0 to 1",
            names=("stddev", "std"),
            rule="0 <= stddev <= 1",
            breach=Breach(assign={"stddev": -0.5, "training": True}),
        ),
    ),
    distribution=Distribution(
        family="gaussian_noise", parameters={"stddev": "stddev if training else 0"}
    ),
)


def spatial_dropout(axes: int, spatial: Choice, **config: Choice) -> Op:
    """Return the entry of the dropout of whole maps over so many spatial axes."""
    return Op(
        id=f"layers/spatial_dropout{axes}d",
        keras=f"SpatialDropout{axes}D",
        source=f"Keras 3, layers.SpatialDropout{axes}D; Tompson et al. 2014, arXiv:1411.4280",
        formula=(
            "in training y = x · kept / (1 − rate), where kept is 1 with probability 1 − rate, "
            "else 0, independently for each channel of each example, and the same all over its "
            "map; in inference y = x"
        ),
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        config={"rate": RATE, "training": FLAG, **config},
        dims={"batch": Choice(32, 7), "spatial": spatial, "channels": Choice(48, 301)},
        outputs={"y": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        constraints=(
            OF_A_RATE,
            Constraint(
                id="C2",
                says=f"x has a batch axis, {AXES[axes]} and a channel axis",
                names=("x", "ndim", "shape", "dim", "dimension", "dimensions"),
                rule=f"len(spatial) == {axes}",
            ),
        ),
        strata=("normal", "constant", "nan_inf", "empty_batch"),
        distribution=Distribution(family="spatial_dropout", parameters=KEPT),
    )


SPATIAL_DROPOUT1D = spatial_dropout(1, Choice((3,), (1,)))
SPATIAL_DROPOUT2D = spatial_dropout(2, Choice((2, 3), (1, 4)), data_format=DATA_FORMAT)
SPATIAL_DROPOUT3D = spatial_dropout(3, Choice((2, 1, 3), (1, 1, 2)), data_format=DATA_FORMAT)
