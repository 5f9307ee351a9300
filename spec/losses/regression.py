"""Losses of numbers that are predicted as such."""

from etalon.spec.losses.common import loss

MEAN_SQUARED_ERROR = loss(
    "mean_squared_error",
    "MeanSquaredError",
    "l = mean((y_true − y_pred)²) over the last axis",
    aliases=("mse", "MSE"),
)
