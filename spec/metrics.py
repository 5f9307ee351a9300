"""Metrics: their state is fed batch by batch."""

from etalon.spec.model import FLAG, ORDINARY, SPECIAL, Breach, Choice, Constraint, Op, tensor

CATEGORICAL_ACCURACY = Op(
    id="metrics/categorical_accuracy",
    keras="CategoricalAccuracy",
    source="Keras 3, metrics.CategoricalAccuracy",
    formula=(
        "sum of sample_weight · [argmax(y_true) = argmax(y_pred)] / sum of sample_weight, over "
        "all batches; argmax is the first of the largest; 0 where the weights sum to 0"
    ),
    inputs={
        "y_true": tensor("sum(splits) classes", values="one_hot"),
        "y_pred": tensor("sum(splits) classes"),
        "sample_weight": tensor("sum(splits)", values="sample_weight", optional="weighted"),
    },
    dims={
        "splits": Choice((1,), (4, 2), (3, 0, 7), (16,)),
        "weighted": FLAG,
        "classes": Choice(2, 3, 10),
    },
    outputs={"accuracy": tensor("")},
    constraints=(
        Constraint(
            id="C1",
            says="y_true and y_pred have the same number of examples",
            names=("y_true", "y_pred", "shape", "size", "dimension"),
            breach=Breach(assign={"splits": (4,)}, shapes={"y_pred": "sum(splits)+1 classes"}),
        ),
    ),
    strata=(*ORDINARY, *SPECIAL),
    exchangeable={"splits": "True"},
)
