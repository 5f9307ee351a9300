"""Losses as metrics: their mean over all examples that were fed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etalon.spec.losses import hinge, probabilistic, regression
from etalon.spec.losses.common import REDUCED
from etalon.spec.metrics.accuracy import SPLITS
from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import EMPTY_BATCH

OF_A_LOSS = ("weighted", "masked", "batch", "shape")
"""The dimensions of losses in whose place metrics have their own."""
REST = Choice((3,), (1,), (2, 3), long="(terms,)")
CLASSES = Choice((3,), (2,), (2, 3), (300,), long="(terms,)")
SIGNS_OR_BINARY = Choice("signs", "binary")
"""The labels that mean the same in any split.

Zeros and ones become signs where a batch has nothing else: of a mixture of zeros and signs, the
split decides which.
"""


def mean_of(
    loss: Op,
    keras: str = "",
    *,
    formula: str = "",
    aliases: tuple[str, ...] = (),
    rest: Choice = REST,
    without: Sequence[str] = (),
    labels: Choice | None = None,
) -> Op:
    """Return the entry of the weighted mean of a loss over the examples of all batches.

    Args:
        loss: the entry of the loss.
        keras: what Keras calls the metric, where it is not what it calls the loss.
        formula: what l is, where it is not the loss.
        aliases: other names of the metric, where they are not those of the loss.
        rest: the shapes of an example, where the loss declares the whole shape.
        without: the hyperparameters that the loss has, but not the metric.
        labels: the domains of labels, where they are not all of those of the loss.
    """
    name = keras or loss.keras
    shaped = {"rest": rest} if "shape" in loss.dims else {}
    own = {dim: choice for dim, choice in loss.dims.items() if dim not in OF_A_LOSS}
    narrowed = {"labels": labels} if labels else {}
    y_true, y_pred = (streamed(loss.inputs[n].shape) for n in ("y_true", "y_pred"))
    return Op(
        id=f"metrics/{loss.name}",
        keras=name,
        source=f"Keras 3, metrics.{name}",
        formula=(
            "sum of sample_weight · l / sum of sample_weight, over all batches, where l is the "
            "mean over the axes of an example; 0 where the weights sum to 0; "
            f"{formula or own_formula(loss)}"
        ),
        inputs={
            "y_true": replace(loss.inputs["y_true"], shape=y_true),
            "y_pred": replace(loss.inputs["y_pred"], shape=y_pred),
            "sample_weight": tensor("sum(splits)", values="sample_weight", optional="weighted"),
        },
        config={n: choice for n, choice in loss.config.items() if n not in ("reduction", *without)},
        dims={
            "splits": Choice(*SPLITS.values, long="(64,)"),
            "weighted": loss.dims["weighted"],
            **shaped,
            **own,
            **narrowed,
        },
        outputs={"mean": tensor("")},
        constraints=(
            Constraint(
                id="C1",
                says="y_true and y_pred have the same number of examples",
                names=("y_true", "y_pred", "shape", "size", "dimension"),
                breach=Breach(
                    assign={"splits": (4,)},
                    shapes={"y_pred": y_pred.replace("sum(splits)", "sum(splits)+1")},
                ),
            ),
            *(
                replace(constraint, id=f"C{number}")
                for number, constraint in enumerate(of_values(loss), start=2)
            ),
        ),
        strata=tuple(s for s in loss.strata if s not in (EMPTY_BATCH, "near_kink")),
        exchangeable={"splits": "True"},
        aliases=aliases or loss.aliases,
    )


def streamed(shape: str) -> str:
    """Return the shape of an array of a loss, for all batches of a metric together."""
    whole = shape.replace("*batch", "sum(splits)").replace("*shape", "sum(splits) *rest")
    return whole.replace("(shape,", "((sum(splits),)+rest,")


def of_values(loss: Op) -> list[Constraint]:
    """Return the constraints of a loss that are about the numbers in its arrays."""
    return [c for c in loss.constraints if c.breach and c.breach.values]


def own_formula(loss: Op) -> str:
    """Return what the entry of a loss says of an example."""
    return loss.formula.removesuffix(f"; {REDUCED}")


MEAN_SQUARED_ERROR = mean_of(regression.MEAN_SQUARED_ERROR)
MEAN_ABSOLUTE_ERROR = mean_of(regression.MEAN_ABSOLUTE_ERROR)
MEAN_ABSOLUTE_PERCENTAGE_ERROR = mean_of(regression.MEAN_ABSOLUTE_PERCENTAGE_ERROR)
MEAN_SQUARED_LOGARITHMIC_ERROR = mean_of(regression.MEAN_SQUARED_LOGARITHMIC_ERROR)
LOG_COSH = mean_of(regression.LOG_COSH, "LogCoshError")
HUBER = mean_of(regression.HUBER, "huber")
COSINE_SIMILARITY = mean_of(
    regression.COSINE_SIMILARITY,
    formula=regression.COSINE_SIMILARITY.formula.split(";")[0].replace("l = −sum", "l = sum"),
    aliases=("cosine",),
)

BINARY_CROSSENTROPY = mean_of(
    probabilistic.BINARY_CROSSENTROPY,
    formula=own_formula(probabilistic.BINARY_CROSSENTROPY).replace(
        "over axis", "over the last axis"
    ),
    without=("axis",),
)
CATEGORICAL_CROSSENTROPY = mean_of(probabilistic.CATEGORICAL_CROSSENTROPY, rest=CLASSES)
SPARSE_CATEGORICAL_CROSSENTROPY = mean_of(
    probabilistic.SPARSE_CATEGORICAL_CROSSENTROPY,
    formula=own_formula(probabilistic.SPARSE_CATEGORICAL_CROSSENTROPY).replace(
        "l is 0 and masked", "neither l nor its weight counts"
    ),
    rest=CLASSES,
)
KL_DIVERGENCE = mean_of(probabilistic.KL_DIVERGENCE)
POISSON = mean_of(probabilistic.POISSON)

HINGE = mean_of(hinge.HINGE, labels=SIGNS_OR_BINARY)
SQUARED_HINGE = mean_of(hinge.SQUARED_HINGE, labels=SIGNS_OR_BINARY)
CATEGORICAL_HINGE = mean_of(hinge.CATEGORICAL_HINGE)
