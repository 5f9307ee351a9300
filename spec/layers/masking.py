"""Masking: which steps of a sequence are left out, by itself and by what follows."""

from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

MASKING = Op(
    id="layers/masking",
    keras="Masking",
    source="Keras 3, layers.Masking, and layers.GlobalAveragePooling1D behind it",
    formula=(
        "mask[b, t] = any(x[b, t] ≠ mask_value), so NaN is no mask_value; y = x where mask, "
        "0 elsewhere; average = what global_average_pooling1d makes of y and the mask: "
        "sum(y[b, t]) over t, divided by the number of steps that mask[b] keeps"
    ),
    inputs={"x": tensor("batch steps features", values="steps")},
    config={"mask_value": Choice(0.0, -1.0)},
    dims={"batch": Choice(1, 4), "steps": Choice(5, 1, 12), "features": Choice(1, 3)},
    outputs={
        "y": tensor("batch steps features"),
        "mask": tensor("batch steps", values="mask"),
        "average": tensor("batch features"),
    },
    constraints=(
        Constraint(
            id="C1",
            says="x has a batch axis, one of steps and one of features",
            names=("x", "ndim", "axis", "axes", "dim", "dimension", "dimensions", "rank", "shape"),
            breach=Breach(shapes={"x": "batch"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "steps": "True", "features": "True"},
    linear="mask_value == 0",
    linear_in=("x",),
)
