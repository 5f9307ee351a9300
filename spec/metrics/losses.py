"""Losses as metrics: their mean over all examples that were fed."""

from __future__ import annotations

from dataclasses import replace

from etalon.spec.losses import regression
from etalon.spec.losses.common import REDUCED
from etalon.spec.metrics.accuracy import SPLITS
from etalon.spec.model import EMPTY_BATCH, Breach, Choice, Constraint, Op, tensor

OF_A_LOSS = ("weighted", "masked", "batch", "shape")
"""The dimensions of losses in whose place metrics have their own."""
REST = Choice((3,), (1,), (2, 3))


def mean_of(loss: Op, keras: str = "", *, formula: str = "", aliases: tuple[str, ...] = ()) -> Op:
    """Return the entry of the weighted mean of a loss over the examples of all batches.

    Args:
        loss: the entry of the loss.
        keras: what Keras calls the metric, where it is not what it calls the loss.
        formula: what l is, where it is not the loss.
        aliases: other names of the metric, where they are not those of the loss.
    """
    name = keras or loss.keras
    shaped = {"rest": REST} if "shape" in loss.dims else {}
    own = {dim: choice for dim, choice in loss.dims.items() if dim not in OF_A_LOSS}
    y_true, y_pred = (streamed(loss.inputs[n].shape) for n in ("y_true", "y_pred"))
    return Op(
        id=f"metrics/{loss.name}",
        keras=name,
        source=f"Keras 3, metrics.{name}",
        formula=(
            "sum of sample_weight · l / sum of sample_weight, over all batches, where l is the "
            "mean over the axes of an example; 0 where the weights sum to 0; "
            f"{formula or loss.formula.removesuffix(f'; {REDUCED}')}"
        ),
        inputs={
            "y_true": replace(loss.inputs["y_true"], shape=y_true),
            "y_pred": replace(loss.inputs["y_pred"], shape=y_pred),
            "sample_weight": tensor("sum(splits)", values="sample_weight", optional="weighted"),
        },
        config={n: choice for n, choice in loss.config.items() if n != "reduction"},
        dims={"splits": SPLITS, "weighted": loss.dims["weighted"], **shaped, **own},
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
        ),
        strata=tuple(s for s in loss.strata if s not in (EMPTY_BATCH, "near_kink")),
        exchangeable={"splits": "True"},
        aliases=aliases or loss.aliases,
    )


def streamed(shape: str) -> str:
    """Return the shape of an array of a loss, for all batches of a metric together."""
    whole = shape.replace("*batch", "sum(splits)").replace("*shape", "sum(splits) *rest")
    return whole.replace("(shape,", "((sum(splits),)+rest,")


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
