"""Regularization layers."""

from dataclasses import replace

from etalon.spec.model import (
    FLAG,
    LAYER_STRATA,
    Breach,
    Choice,
    Constraint,
    Distribution,
    Op,
    tensor,
)

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

DROPOUT = Op(
    id="layers/dropout",
    keras="Dropout",
    source="Keras 3, layers.Dropout; Srivastava et al. 2014, JMLR 15",
    formula=(
        "in training y = x · kept / (1 − rate), where kept is 1 with probability 1 − rate, "
        "else 0, independently for each element; in inference y = x"
    ),
    inputs={"x": tensor("*shape")},
    config={"rate": Choice(0.0, 0.1, 0.5, 0.9), "training": FLAG},
    dims={"shape": Choice((32, 128), (2000,), (7, 61, 5))},
    batch="shape",
    outputs={"y": tensor("*shape")},
    constraints=(
        Constraint(
            id="C1",
            says="rate is at least 0 and below 1",
            names=("rate",),
            rule="0 <= rate < 1",
            breach=Breach(assign={"rate": 1.5, "training": True}),
        ),
    ),
    strata=("normal", "constant", "nan_inf", "empty_batch"),
    distribution=Distribution(family="dropout", parameters={"keep": "1 - rate if training else 1"}),
)
