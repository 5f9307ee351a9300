"""Layers that cut off or add at the ends of the spatial axes."""

from collections.abc import Mapping

from etalon.spec.layers.pooling import AXES
from etalon.spec.model import DATA_FORMAT, Breach, Choice, Constraint, Op, Value, tensor
from etalon.spec.words import LAYER_STRATA

MARGINS: Mapping[int, tuple[Value, ...]] = {
    1: ((1, 1), (0, 2)),
    2: ((1, 1), ((1, 0), (0, 2))),
    3: ((1, 0, 1), ((1, 0), (0, 2), (1, 1))),
}
SPATIAL = {1: Choice((4,), (7,)), 2: Choice((4, 3), (5, 6)), 3: Choice((3, 4, 5), (4, 3, 3))}


def along(
    name: str,
    keras: str,
    axes: int,
    formula: str,
    parameter: str,
    values: tuple[Value, ...],
    lengths: str,
    constraint: Constraint,
) -> Op:
    """Return the entry of a layer that changes the lengths of so many spatial axes."""
    first = axes > 1
    return Op(
        id=f"layers/{name}{axes}d",
        keras=f"{keras}{axes}D",
        source=f"Keras 3, layers.{keras}{axes}D",
        formula=formula,
        inputs={
            "x": tensor(
                "batch *spatial channels",
                channels_first="batch channels *spatial" if first else None,
            )
        },
        config={parameter: Choice(*values), **({"data_format": DATA_FORMAT} if first else {})},
        dims={"batch": Choice(1, 3), "spatial": SPATIAL[axes], "channels": Choice(1, 3)},
        outputs={
            "y": tensor(
                f"batch *{lengths} channels",
                channels_first=f"batch channels *{lengths}" if first else None,
            )
        },
        constraints=(
            Constraint(
                id="C1",
                says=f"x has a batch axis, {AXES[axes]} and a channel axis",
                names=("x", "ndim", "dim", "rank", "shape"),
                rule=f"len(spatial) == {axes}",
                breach=Breach(shapes={"x": "batch channels"}),
            ),
            constraint,
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True", "channels": "True"},
        linear="True",
        linear_in=("x",),
    )


def cropping(axes: int) -> Op:
    """Return the entry of cropping over so many spatial axes."""
    return along(
        "cropping",
        "Cropping",
        axes,
        "y = x without the first cropping[i][0] and the last cropping[i][1] of spatial axis i",
        "cropping",
        MARGINS[axes],
        "less(spatial,cropping)",
        Constraint(
            id="C2",
            says="cropping leaves something of each axis",
            names=("cropping",),
            rule="min(less(spatial, cropping)) >= 1",
            breach=Breach(assign={"cropping": (9, 9, 9)[: max(axes, 2)]}),
        ),
    )


def zero_padding(axes: int) -> Op:
    """Return the entry of zero padding over so many spatial axes."""
    return along(
        "zero_padding",
        "ZeroPadding",
        axes,
        "y = x with padding[i][0] zeros before and padding[i][1] zeros after along spatial axis i",
        "padding",
        MARGINS[axes],
        "more(spatial,padding)",
        Constraint(
            id="C2",
            says="padding is not negative",
            names=("padding", "paddings", "pad"),
            rule=f"min(more({(0,) * axes}, padding)) >= 0",
            breach=Breach(assign={"padding": (-1, -1, -1)[: max(axes, 2)]}),
        ),
    )


CROPPING1D, CROPPING2D, CROPPING3D = (cropping(axes) for axes in (1, 2, 3))
ZERO_PADDING1D, ZERO_PADDING2D, ZERO_PADDING3D = (zero_padding(axes) for axes in (1, 2, 3))
