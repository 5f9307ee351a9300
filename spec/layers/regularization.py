"""Regularization layers."""

from etalon.spec.model import (
    FLAG,
    Breach,
    Choice,
    Constraint,
    Distribution,
    Op,
    tensor,
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
