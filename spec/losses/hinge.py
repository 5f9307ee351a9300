"""Losses of labels that are signs, and of margins: how far a prediction is on their side."""

from dataclasses import replace

from etalon.spec.losses.common import PREDICTION, REDUCTION, loss
from etalon.spec.model import Choice, Op, tensor
from etalon.spec.words import LAYER_STRATA

MARGIN = "max(1 − t · y_pred, 0)"
AS_GIVEN = "t = y_true"
AS_SIGNS = "t = 2 · y_true − 1 if all labels of the whole batch are 0 or 1, else y_true"
WEIGHTED_MEAN = "mean_with_sample_weight"
"""The reduction that Keras 2 does not have."""
STRATA = (*LAYER_STRATA, "near_kink")


def hinge(name: str, keras: str, formula: str, labels: tuple[str, ...], *kinks: str) -> Op:
    """Return the entry of a loss of labels from several domains."""
    y_true = tensor("*batch outputs", values="labels", differentiable=False)
    entry = loss(name, keras, formula, y_true=y_true, y_pred=PREDICTION, kinks=kinks)
    dims = {"labels": Choice(*labels), **entry.dims}
    return replace(entry, dims=dims, strata=STRATA)


def margins(name: str, keras: str, mean: str) -> tuple[Op, Op]:
    """Return the entries of a mean over margins: today's, and Keras 2's.

    Today's makes signs of zeros and ones where it finds nothing else in the whole batch, so there
    one label more may change what the others mean.
    """
    labels = ("signs", "binary", "mixed")
    today, before = (
        hinge(name + edition, keras, f"l = {mean} over the last axis, {t}", labels, "1", "-1")
        for edition, t in (("", AS_SIGNS), ("@keras2", AS_GIVEN))
    )
    alone = f"{today.independent} and labels != 'binary'"
    reduction = Choice(*(value for value in REDUCTION.values if value != WEIGHTED_MEAN))
    source = f"Keras 2.3, losses.{name}; the Keras 2 within TensorFlow converts labels, too"
    return (
        replace(today, independent=alone),
        replace(before, edition="keras2", source=source, config={"reduction": reduction}),
    )


HINGE, HINGE_KERAS2 = margins("hinge", "Hinge", f"mean({MARGIN})")

SQUARED_HINGE, SQUARED_HINGE_KERAS2 = margins("squared_hinge", "SquaredHinge", f"mean({MARGIN}²)")

CATEGORICAL_HINGE = hinge(
    "categorical_hinge",
    "CategoricalHinge",
    "l = max(max((1 − y_true) · y_pred) − sum(y_true · y_pred) + 1, 0), both over the last axis",
    ("one_hot", "signs"),
    "1",
    "0",
)
