"""Convolution layers."""

from etalon.spec.model import (
    DATA_FORMAT,
    FLAG,
    LAYER_STRATA,
    Breach,
    Choice,
    Constraint,
    Op,
    tensor,
)

CONV2D = Op(
    id="layers/conv2d",
    keras="Conv2D",
    source="Keras 3, layers.Conv2D",
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
        "kernel_size": Choice((1, 1), (2, 2), (3, 2), (3, 3)),
        "strides": Choice((1, 1), (2, 2), (1, 2), (3, 2)),
        "padding": Choice("valid", "same"),
        "data_format": DATA_FORMAT,
        "dilation_rate": Choice((1, 1), (2, 2), (2, 1)),
        "groups": Choice(1, 2),
        "use_bias": FLAG,
        "activation": Choice("linear", "relu"),
    },
    dims={
        "batch": Choice(1, 3),
        "spatial": Choice((5, 5), (6, 7), (9, 6)),
        "channels": Choice(2, 4),
    },
    outputs={
        "y": tensor(
            "batch *window_lengths(spatial,kernel_size,strides,padding,dilation_rate) filters",
            channels_first=(
                "batch filters *window_lengths(spatial,kernel_size,strides,padding,dilation_rate)"
            ),
        )
    },
    constraints=(
        Constraint(
            id="C1",
            says="x has a batch axis, two spatial axes and a channel axis",
            names=("x", "input"),
            breach=Breach(assign={"data_format": "channels_last"}, shapes={"x": "batch channels"}),
        ),
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
        Constraint(
            id="C5",
            says="strides are positive",
            names=("strides",),
            rule="min(strides) >= 1",
            breach=Breach(assign={"strides": (-1, 1), "dilation_rate": (1, 1)}),
        ),
        Constraint(
            id="C6",
            says="strides and dilation_rate are not both above 1",
            names=("strides", "dilation_rate"),
            rule="max(strides) == 1 or max(dilation_rate) == 1",
        ),
        Constraint(
            id="C7",
            says="without padding, the dilated kernel is nowhere longer than x",
            names=("kernel_size", "x"),
            rule="padding == 'same' or fits(effective(kernel_size, dilation_rate), spatial)",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "filters": "groups == 1"},
    translates={"spatial": "padding == 'valid'"},
    linear="activation == 'linear'",
    linear_in=("x", "bias"),
)
