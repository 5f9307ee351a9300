"""Losses of predicted probabilities, or of the logits that they come from."""

from etalon.spec.losses.common import REDUCED, REDUCTION, reducible, weights
from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

CATEGORICAL_CROSSENTROPY = Op(
    id="losses/categorical_crossentropy",
    keras="CategoricalCrossentropy",
    source="Keras 3, losses.CategoricalCrossentropy",
    formula=(
        "l = −sum(t · log(p)) over axis, with t = y_true · (1 − label_smoothing) + "
        "label_smoothing / classes; p = softmax(y_pred) under from_logits, else "
        f"y_pred / sum(y_pred) clipped to [1e-7, 1 − 1e-7]; {REDUCED}"
    ),
    inputs={
        "y_true": tensor("*shape", values="one_hot", differentiable=False),
        "y_pred": tensor("*shape", values="prediction"),
        **weights("*without_axis(shape,axis)"),
    },
    config={
        "from_logits": FLAG,
        "label_smoothing": Choice(0.0, 0.1),
        "axis": Choice(-1, 1),
        "reduction": REDUCTION,
    },
    dims={
        "weighted": FLAG,
        "masked": FLAG,
        "shape": Choice((1, 2), (6, 3), (4, 20), (2, 5, 3)),
    },
    batch="shape",
    outputs={"loss": tensor("*reduced(reduction,without_axis(shape,axis))")},
    constraints=(
        Constraint(
            id="C1",
            says="y_true and y_pred have the same shape",
            names=("y_true", "y_pred", "shape", "size"),
            breach=Breach(assign={"axis": -1, "shape": (6, 3)}, shapes={"y_pred": "shape[0]+1 3"}),
        ),
        reducible("shape"),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="reduction == 'none' and axis % len(shape) != 0",
    exchangeable={"shape": "axis % len(shape) != 0"},
)
