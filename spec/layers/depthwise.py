"""Depthwise convolution layers: each channel has its own filters."""

from etalon.spec.layers.convolution import SLID, kernel_fits, positive_strides, rank
from etalon.spec.model import DATA_FORMAT, FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA


def depthwise(
    axes: int,
    *,
    kernel_size: Choice,
    strides: Choice,
    dilation_rate: Choice,
    spatial: Choice,
) -> Op:
    """Return the entry of the depthwise convolution over so many spatial axes."""
    filters = "channels*depth_multiplier"
    return Op(
        id=f"layers/depthwise_conv{axes}d",
        keras=f"DepthwiseConv{axes}D",
        source=f"Keras 3, layers.DepthwiseConv{axes}D",
        formula=(
            "y[b, p, c·depth_multiplier + m] = activation(sum over k of "
            "padded(x)[b, p·strides + k·dilation_rate, c] · kernel[k, c, m] "
            "+ bias[c·depth_multiplier + m])"
        ),
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        weights={
            "kernel": tensor("*kernel_size channels depth_multiplier", values="weight"),
            "bias": tensor(filters, values="weight", optional="use_bias"),
        },
        config={
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": Choice("valid", "same"),
            "depth_multiplier": Choice(1, 2),
            "data_format": DATA_FORMAT,
            "dilation_rate": dilation_rate,
            "use_bias": FLAG,
            "activation": Choice("linear", "relu"),
        },
        dims={"batch": Choice(1, 3, long="3"), "spatial": spatial, "channels": Choice(2, 3)},
        outputs={
            "y": tensor(f"batch {SLID} {filters}", channels_first=f"batch {filters} {SLID}"),
        },
        constraints=(
            rank("C1", axes),
            Constraint(
                id="C2",
                says="the kernel has the channels of x",
                names=("kernel", "channels"),
                breach=Breach(shapes={"kernel": "*kernel_size channels+1 depth_multiplier"}),
            ),
            positive_strides("C3", axes),
            kernel_fits("C4"),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True"},
        translates={"spatial": "padding == 'valid'"},
        linear="activation == 'linear'",
        linear_in=("x", "bias"),
    )


DEPTHWISE_CONV1D = depthwise(
    1,
    kernel_size=Choice((2,), (3,), long="(terms,)"),
    strides=Choice((1,), (2,)),
    dilation_rate=Choice((1,), (2,)),
    spatial=Choice((5,), (8,), long="(terms+7,)"),
)

DEPTHWISE_CONV2D = depthwise(
    2,
    kernel_size=Choice((2, 2), (3, 2), long="(terms//16, 16)"),
    strides=Choice((1, 1), (2, 2), (2, 1)),
    dilation_rate=Choice((1, 1), (1, 2)),
    spatial=Choice((4, 5), (5, 4), long="(terms//16+3, 18)"),
)
