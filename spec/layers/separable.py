"""Separable convolution layers: each channel by itself, then all channels at each place."""

from etalon.spec.layers.convolution import SLID, kernel_fits, positive_strides, rank
from etalon.spec.model import DATA_FORMAT, FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA


def separable(
    axes: int,
    *,
    kernel_size: Choice,
    strides: Choice,
    dilation_rate: Choice,
    spatial: Choice,
) -> Op:
    """Return the entry of the separable convolution over so many spatial axes."""
    between = "channels*depth_multiplier"
    ones = "1 " * axes
    return Op(
        id=f"layers/separable_conv{axes}d",
        keras=f"SeparableConv{axes}D",
        source=f"Keras 3, layers.SeparableConv{axes}D",
        formula=(
            "y[b, p, f] = activation(sum over c, m of (sum over k of "
            "padded(x)[b, p·strides + k·dilation_rate, c] · depthwise_kernel[k, c, m]) "
            "· pointwise_kernel[c·depth_multiplier + m, f] + bias[f])"
        ),
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        weights={
            "depthwise_kernel": tensor("*kernel_size channels depth_multiplier", values="weight"),
            "pointwise_kernel": tensor(f"{ones}{between} filters", values="weight"),
            "bias": tensor("filters", values="weight", optional="use_bias"),
        },
        config={
            "filters": Choice(2, 4),
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": Choice("valid", "same"),
            "data_format": DATA_FORMAT,
            "dilation_rate": dilation_rate,
            "depth_multiplier": Choice(1, 2),
            "use_bias": FLAG,
            "activation": Choice("linear", "relu"),
        },
        dims={
            "batch": Choice(1, 3, long="3"),
            "spatial": spatial,
            "channels": Choice(2, 3, long="terms"),
        },
        outputs={
            "y": tensor(f"batch {SLID} filters", channels_first=f"batch filters {SLID}"),
        },
        constraints=(
            rank("C1", axes),
            Constraint(
                id="C2",
                says="the depthwise kernel has the channels of x",
                names=("depthwise_kernel", "kernel", "channels"),
                breach=Breach(
                    shapes={"depthwise_kernel": "*kernel_size channels+1 depth_multiplier"}
                ),
            ),
            Constraint(
                id="C3",
                says="the pointwise kernel has the channels that the depthwise one makes",
                names=("pointwise_kernel", "kernel", "channels"),
                breach=Breach(shapes={"pointwise_kernel": f"{ones}{between}+1 filters"}),
            ),
            positive_strides("C4", axes),
            kernel_fits("C5"),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True", "filters": "True"},
        translates={"spatial": "padding == 'valid'"},
        linear="activation == 'linear'",
        linear_in=("x", "bias"),
    )


SEPARABLE_CONV1D = separable(
    1,
    kernel_size=Choice((2,), (3,)),
    strides=Choice((1,), (2,)),
    dilation_rate=Choice((1,), (2,)),
    spatial=Choice((5,), (8,)),
)

SEPARABLE_CONV2D = separable(
    2,
    kernel_size=Choice((2, 2), (3, 2)),
    strides=Choice((1, 1), (2, 2), (2, 1)),
    dilation_rate=Choice((1, 1), (1, 2)),
    spatial=Choice((4, 5), (5, 4)),
)
