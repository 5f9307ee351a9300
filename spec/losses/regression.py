"""Losses of numbers that are predicted as such."""

from etalon.spec.losses.common import REDUCED, REDUCTION
from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

MEAN_SQUARED_ERROR = Op(
    id="losses/mean_squared_error",
    keras="MeanSquaredError",
    aliases=("mse",),
    source="Keras 3, losses.MeanSquaredError",
    formula=f"l = mean((y_true − y_pred)²) over the last axis; {REDUCED}",
    inputs={
        "y_true": tensor("*batch outputs", differentiable=False),
        "y_pred": tensor("*batch outputs"),
        "sample_weight": tensor("*batch", values="sample_weight", optional="weighted"),
    },
    config={"reduction": REDUCTION},
    dims={"weighted": FLAG, "batch": Choice((1,), (6,), (2, 3)), "outputs": Choice(1, 3, 20)},
    outputs={"loss": tensor("*reduced(reduction,batch)")},
    constraints=(
        Constraint(
            id="C1",
            says="y_true and y_pred have the same shape",
            names=("y_true", "y_pred", "shape", "size"),
            breach=Breach(assign={"batch": (6,)}, shapes={"y_pred": "sum(batch)+1 outputs"}),
        ),
        Constraint(
            id="C2",
            says="a reduced loss needs at least one example",
            names=("reduction",),
            rule="reduction == 'none' or prod(batch) > 0",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="reduction == 'none'",
    exchangeable={"batch": "True"},
)
