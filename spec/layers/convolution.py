"""Convolution layers."""

from etalon.spec.model import DATA_FORMAT, FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

SPATIAL_AXES = ("no spatial axis", "one spatial axis", "two spatial axes", "three spatial axes")
SLID = "*window_lengths(spatial,kernel_size,strides,padding,dilation_rate)"
"""How many windows there are, per axis."""


def rank(number: str, axes: int) -> Constraint:
    """Return the constraint that x has so many spatial axes."""
    return Constraint(
        id=number,
        says=f"x has a batch axis, {SPATIAL_AXES[axes]} and a channel axis",
        names=("x", "input"),
        breach=Breach(assign={"data_format": "channels_last"}, shapes={"x": "batch channels"}),
    )


def positive_strides(number: str, axes: int) -> Constraint:
    """Return the constraint that windows move forwards."""
    backwards = (-1, 1, 1)[:axes]
    return Constraint(
        id=number,
        says="strides are positive",
        names=("strides",),
        rule="min(strides) >= 1",
        breach=Breach(assign={"strides": backwards, "dilation_rate": (1,) * axes}),
    )


def strided_or_dilated(number: str) -> Constraint:
    """Return the constraint that Keras puts on convolutions of all channels together."""
    return Constraint(
        id=number,
        says="strides and dilation_rate are not both above 1",
        names=("strides", "dilation_rate"),
        rule="max(strides) == 1 or max(dilation_rate) == 1",
    )


def kernel_fits(number: str) -> Constraint:
    """Return the constraint that there is at least one window."""
    return Constraint(
        id=number,
        says="without padding, the dilated kernel is nowhere longer than x",
        names=("kernel_size", "x"),
        rule="padding != 'valid' or fits(effective(kernel_size, dilation_rate), spatial)",
    )


def convolution(
    axes: int,
    *,
    kernel_size: Choice,
    strides: Choice,
    padding: Choice,
    dilation_rate: Choice,
    spatial: Choice,
) -> Op:
    """Return the entry of the convolution over so many spatial axes."""
    return Op(
        id=f"layers/conv{axes}d",
        keras=f"Conv{axes}D",
        source=f"Keras 3, layers.Conv{axes}D",
        formula=(
            "y[b, p, f] = activation(sum over k, c of "
            "padded(x)[b, p·strides + k·dilation_rate, c] · kernel[k, c, f] + bias[f])"
        ),
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        weights={
            "kernel": tensor("*kernel_size channels//groups filters", values="weight"),
            "bias": tensor("filters", values="weight", optional="use_bias"),
        },
        config={
            "filters": Choice(2, 4),
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": DATA_FORMAT,
            "dilation_rate": dilation_rate,
            "groups": Choice(1, 2),
            "use_bias": FLAG,
            "activation": Choice("linear", "relu"),
        },
        dims={
            "batch": Choice(1, 3, long="3"),
            "spatial": spatial,
            "channels": Choice(2, 4, long="terms"),
        },
        outputs={
            "y": tensor(f"batch {SLID} filters", channels_first=f"batch filters {SLID}"),
        },
        constraints=(
            rank("C1", axes),
            Constraint(
                id="C2",
                says="the kernel has channels / groups input channels",
                names=("kernel", "channels", "groups"),
                breach=Breach(shapes={"kernel": "*kernel_size channels//groups+1 filters"}),
            ),
            Constraint(
                id="C3",
                says="filters is a multiple of groups",
                names=("filters", "groups"),
                rule="filters % groups == 0",
            ),
            Constraint(
                id="C4",
                says="the channels of x are a multiple of groups",
                names=("groups", "channels"),
                rule="channels % groups == 0",
                breach=Breach(
                    assign={"groups": 3, "filters": 3},
                    shapes={"kernel": "*kernel_size 1 filters"},
                ),
            ),
            positive_strides("C5", axes),
            strided_or_dilated("C6"),
            kernel_fits("C7"),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True", "filters": "groups == 1"},
        translates={"spatial": "padding == 'valid'"},
        linear="activation == 'linear'",
        linear_in=("x", "bias"),
    )


CONV1D = convolution(
    1,
    kernel_size=Choice((2,), (3,)),
    strides=Choice((1,), (2,)),
    padding=Choice("valid", "same", "causal"),
    dilation_rate=Choice((1,), (2,)),
    spatial=Choice((5,), (8,)),
)

CONV2D = convolution(
    2,
    kernel_size=Choice((1, 1), (2, 2), (3, 2), (3, 3)),
    strides=Choice((1, 1), (2, 2), (1, 2), (3, 2)),
    padding=Choice("valid", "same"),
    dilation_rate=Choice((1, 1), (2, 2), (2, 1)),
    spatial=Choice((5, 5), (6, 7), (9, 6)),
)

CONV3D = convolution(
    3,
    kernel_size=Choice((2, 2, 2), (1, 3, 2)),
    strides=Choice((1, 1, 1), (2, 1, 2)),
    padding=Choice("valid", "same"),
    dilation_rate=Choice((1, 1, 1), (1, 1, 2)),
    spatial=Choice((2, 3, 4), (3, 4, 3)),
)
