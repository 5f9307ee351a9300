"""Global pooling layers: the largest or the mean of each channel."""

from dataclasses import replace

from etalon.spec.layers.pooling import AXES, LONG_WINDOWS, NO_SUMS, SPATIAL, Longer, longer
from etalon.spec.model import DATA_FORMAT, FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

ONES = {1: "*(1,)*keepdims", 2: "*(1,1)*keepdims", 3: "*(1,1,1)*keepdims"}


def global_pooling(
    name: str, keras: str, axes: int, what: str, linear: str = "", spatial: Longer = NO_SUMS
) -> Op:
    """Return the entry of a global pooling layer over so many spatial axes."""
    return Op(
        id=f"layers/{name}{axes}d",
        keras=f"{keras}{axes}D",
        source=f"Keras 3, layers.{keras}{axes}D",
        formula=f"y[b, c] = {what} of x[b, p, c] over all p; with keepdims, p has length 1",
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        config={"data_format": DATA_FORMAT, "keepdims": FLAG},
        dims={
            "batch": Choice(1, 3, long="3"),
            "spatial": longer(SPATIAL, spatial, axes),
            "channels": Choice(1, 3, long="3"),
        },
        outputs={
            "y": tensor(
                f"batch {ONES[axes]} channels", channels_first=f"batch channels {ONES[axes]}"
            )
        },
        constraints=(
            Constraint(
                id="C1",
                says=f"x has a batch axis, {AXES[axes]} and a channel axis",
                names=("x",),
                rule=f"len(spatial) == {axes}",
                breach=Breach(shapes={"x": "batch channels"}),
            ),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True", "channels": "True"},
        linear=linear,
        linear_in=("x",) if linear else (),
    )


GLOBAL_MAX_POOLING1D, GLOBAL_MAX_POOLING2D, GLOBAL_MAX_POOLING3D = (
    global_pooling("global_max_pooling", "GlobalMaxPooling", axes, "max") for axes in (1, 2, 3)
)
GLOBAL_AVERAGE_POOLING2D, GLOBAL_AVERAGE_POOLING3D = (
    global_pooling(
        "global_average_pooling", "GlobalAveragePooling", axes, "mean", "True", LONG_WINDOWS
    )
    for axes in (2, 3)
)

OVER_STEPS = global_pooling(
    "global_average_pooling", "GlobalAveragePooling", 1, "mean", "not masked", LONG_WINDOWS
)
GLOBAL_AVERAGE_POOLING1D = replace(
    OVER_STEPS,
    formula=f"{OVER_STEPS.formula}; where a mask says so, step p counts not",
    inputs={
        **OVER_STEPS.inputs,
        "mask": tensor("batch *spatial", values="mask", optional="masked"),
    },
    dims={**OVER_STEPS.dims, "masked": FLAG},
)
