"""Losses of numbers that are predicted as such."""

from dataclasses import replace

from etalon.spec.losses.common import loss, reducible, weights
from etalon.spec.model import FLAG, Breach, Choice, Constraint, tensor

AXIS = Choice(-1, 1)
SHAPE = Choice((1, 2), (6, 3), (4, 20), (2, 5, 3), (3, 1), long="(6, terms)")

MEAN_SQUARED_ERROR = loss(
    "mean_squared_error",
    "MeanSquaredError",
    "l = mean((y_true − y_pred)²) over the last axis",
    aliases=("mse", "MSE"),
)
MEAN_ABSOLUTE_ERROR = loss(
    "mean_absolute_error",
    "MeanAbsoluteError",
    "l = mean(|y_true − y_pred|) over the last axis",
    kinks=("0",),
    aliases=("mae", "MAE"),
)
MEAN_ABSOLUTE_PERCENTAGE_ERROR = loss(
    "mean_absolute_percentage_error",
    "MeanAbsolutePercentageError",
    "l = 100 · mean(|(y_true − y_pred) / max(|y_true|, 1e-7)|) over the last axis",
    kinks=("0", "1e-7"),
    aliases=("mape", "MAPE"),
)
MEAN_SQUARED_LOGARITHMIC_ERROR = loss(
    "mean_squared_logarithmic_error",
    "MeanSquaredLogarithmicError",
    "l = mean((log(max(y_true, 1e-7) + 1) − log(max(y_pred, 1e-7) + 1))²) over the last axis",
    kinks=("1e-7",),
    aliases=("msle", "MSLE"),
)
LOG_COSH = loss(
    "log_cosh",
    "LogCosh",
    "l = mean(log(cosh(y_pred − y_true))) over the last axis",
    aliases=("logcosh",),
)
HUBER = loss(
    "huber",
    "Huber",
    "l = mean(e² / 2 where |e| <= delta, delta · |e| − delta² / 2 elsewhere) over the last "
    "axis, with e = y_pred − y_true",
    config={"delta": Choice(1.0, 0.1, 3.0)},
    kinks=("0", "delta"),  # where an error of delta begins and ends: there the formulas meet
)
COSINE_SIMILARITY = replace(
    loss(
        "cosine_similarity",
        "CosineSimilarity",
        "l = −sum(unit(y_true) · unit(y_pred)) over axis, with unit(x) = "
        "x / max(sqrt(sum(x²)), 1e-7)",
        config={"axis": AXIS},
        kinks=("0", "1e-7"),
        aliases=("cosine_proximity", "cosine"),
    ),
    inputs={
        "y_true": tensor("*shape", differentiable=False),
        "y_pred": tensor("*shape"),
        **weights("*without_axis(shape,axis)"),
    },
    dims={"weighted": FLAG, "masked": FLAG, "shape": SHAPE},
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
    independent="reduction == 'none' and axis % len(shape) != 0",
    exchangeable={"shape": "axis % len(shape) != 0"},
)
