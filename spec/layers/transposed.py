"""Transposed convolution layers: what is the gradient of a convolution."""

from etalon.spec.layers.convolution import positive_strides, rank, strided_or_dilated
from etalon.spec.model import DATA_FORMAT, FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

REACHED = "*transposed_lengths(spatial,kernel_size,strides,padding,output_padding,dilation_rate)"
"""How long the result is, per axis."""


def output_padding_below_strides(number: str, axes: int) -> Constraint:
    """Return the constraint that ``output_padding`` chooses among the lengths that a stride has."""
    below = " and ".join(f"0 <= output_padding[{i}] < strides[{i}]" for i in range(axes))
    return Constraint(
        id=number,
        says="output_padding is not negative, and below the strides",
        names=("output_padding",),
        rule=f"output_padding is None or ({below})",
        breach=Breach(
            assign={
                "strides": (2,) * axes,
                "padding": "valid",
                "output_padding": (2,) * axes,
                "dilation_rate": (1,) * axes,
            }
        ),
    )


def transposed(
    axes: int,
    *,
    kernel_size: Choice,
    strides: Choice,
    output_padding: Choice,
    dilation_rate: Choice,
    spatial: Choice,
) -> Op:
    """Return the entry of the transposed convolution over so many spatial axes."""
    return Op(
        id=f"layers/conv{axes}d_transpose",
        keras=f"Conv{axes}DTranspose",
        source=f"Keras 3, layers.Conv{axes}DTranspose",
        formula=(
            "y[b, q, f] = activation(sum over c and all p, k with "
            "q + cut = p·strides + k·dilation_rate of x[b, p, c] · kernel[k, f, c] + bias[f]); "
            "cut is 0 without padding, else half of what the length loses, rounded down"
        ),
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        weights={
            "kernel": tensor("*kernel_size filters channels", values="weight"),
            "bias": tensor("filters", values="weight", optional="use_bias"),
        },
        config={
            "filters": Choice(2, 4),
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": Choice("valid", "same"),
            "output_padding": output_padding,
            "data_format": DATA_FORMAT,
            "dilation_rate": dilation_rate,
            "use_bias": FLAG,
            "activation": Choice("linear", "relu"),
        },
        dims={
            "batch": Choice(1, 3, long="3"),
            "spatial": spatial,
            "channels": Choice(2, 3, long="terms"),
        },
        outputs={
            "y": tensor(f"batch {REACHED} filters", channels_first=f"batch filters {REACHED}"),
        },
        constraints=(
            rank("C1", axes),
            Constraint(
                id="C2",
                says="the kernel has the channels of x",
                names=("kernel", "channels"),
                breach=Breach(shapes={"kernel": "*kernel_size filters channels+1"}),
            ),
            positive_strides("C3", axes),
            strided_or_dilated("C4"),
            output_padding_below_strides("C5", axes),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True", "filters": "True"},
        linear="activation == 'linear'",
        linear_in=("x", "bias"),
    )


# XLA of JAX 0.10.2 ends the process, so that nothing could be recorded, when it compiles some
# transposed convolutions with a kernel and strides of 2 over 3 numbers along one axis, where
# another axis of x is shorter than the kernel. None of these lengths is such a one.

CONV1D_TRANSPOSE = transposed(
    1,
    kernel_size=Choice((2,), (3,)),
    strides=Choice((1,), (2,), (3,)),
    output_padding=Choice(None, (0,), (1,)),
    dilation_rate=Choice((1,), (2,)),
    spatial=Choice((2,), (4,)),
)

CONV2D_TRANSPOSE = transposed(
    2,
    kernel_size=Choice((2, 3), (3, 2)),
    strides=Choice((1, 1), (2, 3)),
    output_padding=Choice(None, (0, 0), (1, 0)),
    dilation_rate=Choice((1, 1), (2, 1)),
    spatial=Choice((2, 3), (3, 3)),
)

CONV3D_TRANSPOSE = transposed(
    3,
    kernel_size=Choice((2, 2, 1), (1, 3, 2)),
    strides=Choice((1, 1, 1), (1, 2, 2)),
    output_padding=Choice(None, (0, 1, 0)),
    dilation_rate=Choice((1, 1, 1), (2, 1, 1)),
    spatial=Choice((2, 2, 2), (3, 1, 2)),
)
