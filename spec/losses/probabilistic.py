"""Losses of predicted probabilities, or of the logits that they come from."""

from collections.abc import Mapping
from typing import Any

from etalon.spec.losses.common import REDUCED, REDUCTION, loss, reducible, weights
from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, Tensor, tensor
from etalon.spec.words import LAYER_STRATA

SMOOTHED = "t = y_true · (1 − label_smoothing) + label_smoothing / {classes}"
SHARES = "y_pred / sum(y_pred) clipped to [1e-7, 1 − 1e-7]"
SMOOTHING = Choice(0.0, 0.1)


def crossentropy(
    name: str,
    keras: str,
    formula: str,
    y_true: Tensor,
    config: Mapping[str, Choice],
    constraints: tuple[Constraint, ...],
    **options: Any,
) -> Op:
    """Return the entry of a loss over ``axis``, where ``formula`` says what l is."""
    return Op(
        id=f"losses/{name}",
        keras=keras,
        source=f"Keras 3, losses.{keras}",
        formula=f"{formula}; {REDUCED}",
        inputs={
            "y_true": y_true,
            "y_pred": tensor("*shape", values="prediction"),
            **weights("*without_axis(shape,axis)"),
        },
        config={
            "from_logits": FLAG,
            **config,
            "axis": Choice(-1, 1),
            "reduction": REDUCTION,
        },
        batch="shape",
        outputs={"loss": tensor("*reduced(reduction,without_axis(shape,axis))")},
        constraints=constraints,
        differentiable=True,
        independent="reduction == 'none' and axis % len(shape) != 0",
        exchangeable={"shape": "axis % len(shape) != 0"},
        **options,
    )


def dims(*shapes: tuple[int, ...]) -> dict[str, Choice]:
    """Return the dimensions of a loss over ``axis``."""
    return {"weighted": FLAG, "masked": FLAG, "shape": Choice(*shapes, long="(6, terms)")}


def fitting(says: str) -> Constraint:
    """Return the constraint that predictions have the shape of labels, which ``says`` how."""
    return Constraint(
        id="C1",
        says=says,
        names=("y_true", "y_pred", "shape", "size"),
        breach=Breach(assign={"axis": -1, "shape": (6, 3)}, shapes={"y_pred": "shape[0]+1 3"}),
    )


SAME = fitting("y_true and y_pred have the same shape")

CATEGORICAL_CROSSENTROPY = crossentropy(
    "categorical_crossentropy",
    "CategoricalCrossentropy",
    f"l = −sum(t · log(p)) over axis, with {SMOOTHED.format(classes='classes')}; "
    f"p = softmax(y_pred) under from_logits, else {SHARES}",
    tensor("*shape", values="one_hot", differentiable=False),
    {"label_smoothing": SMOOTHING},
    (SAME, reducible("shape")),
    dims=dims((1, 2), (6, 3), (4, 20), (2, 5, 3)),
    strata=LAYER_STRATA,
)

BINARY_CROSSENTROPY = crossentropy(
    "binary_crossentropy",
    "BinaryCrossentropy",
    "l = −mean(t · log(p) + (1 − t) · log(1 − p)) over axis, with "
    f"{SMOOTHED.format(classes='2')}; p = sigmoid(y_pred) under from_logits, else y_pred clipped "
    "to [1e-7, 1 − 1e-7]",
    tensor("*shape", values="binary", differentiable=False),
    {"label_smoothing": SMOOTHING},
    (SAME, reducible("shape")),
    dims=dims((1, 1), (6, 3), (4, 20), (2, 5, 3)),
    strata=(*LAYER_STRATA, "saturated", "near_kink"),
    kinks=tuple(f"None if from_logits else {end}" for end in ("1e-07", "1 - 1e-07")),
    aliases=("bce", "BCE"),
)

SPARSE_CATEGORICAL_CROSSENTROPY = crossentropy(
    "sparse_categorical_crossentropy",
    "SparseCategoricalCrossentropy",
    "l = −log(p[y_true]), p along axis; p = softmax(y_pred) under from_logits, else "
    f"{SHARES}; where y_true is ignore_class, l is 0 and masked",
    tensor("*without_axis(shape,axis)", values="label", differentiable=False),
    {"ignore_class": Choice(None, 1, -1)},
    (
        fitting("y_pred has the shape of y_true with the classes along axis put in"),
        reducible("shape"),
        Constraint(
            id="C3",
            says="labels are from 0 to the number of classes − 1, or ignore_class",
            names=("y_true", "label", "labels", "target", "index", "indices", "class"),
            breach=Breach(values={"y_true": "out_of_range"}),
        ),
    ),
    dims=dims((1, 2), (6, 3), (4, 300), (2, 5, 3)),
    strata=LAYER_STRATA,
)

KL_DIVERGENCE = loss(
    "kl_divergence",
    "KLDivergence",
    "l = sum(y_true · log(y_true / y_pred)) over the last axis, both clipped to [1e-7, 1]",
    y_true=tensor("*batch outputs", values="shares", differentiable=False),
    y_pred=tensor("*batch outputs", values="prediction"),
    aliases=("kld", "KLD", "kullback_leibler_divergence"),
)

POISSON = loss(
    "poisson",
    "Poisson",
    "l = mean(y_pred − y_true · log(y_pred + 1e-7)) over the last axis",
    y_true=tensor("*batch outputs", values="count", differentiable=False),
    y_pred=tensor("*batch outputs", values="prediction"),
)
