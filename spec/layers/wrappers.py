"""Layers that wrap another one, which the hyperparameter ``layer`` names."""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

KIND = "(layer=='lstm')+2*(layer=='gru')"
"""Which of the three recurrent layers is wrapped, as an index."""
WIDTH = f"(1,4,3)[{KIND}]*units"
BIAS = f"*((units,),(4*units,),(2,3*units))[{KIND}]"

BIDIRECTIONAL = Op(
    id="layers/bidirectional",
    keras="Bidirectional",
    source="Keras 3, layers.Bidirectional; Schuster & Paliwal 1997, IEEE Trans. Signal Processing",
    formula=(
        "y = merge(the layer with the forward weights, the layer with the backward weights under "
        "go_backwards, its steps put back in the order of time); where mask is false, the states "
        "stay, and of the outputs of all steps those are 0"
    ),
    inputs={
        "x": tensor("batch time features"),
        "mask": tensor("batch time", values="mask", optional="masked"),
    },
    weights={
        "forward_kernel": tensor(f"features {WIDTH}", values="weight"),
        "forward_recurrent_kernel": tensor(f"units {WIDTH}", values="weight"),
        "forward_bias": tensor(BIAS, values="weight", optional="use_bias"),
        "backward_kernel": tensor(f"features {WIDTH}", values="weight"),
        "backward_recurrent_kernel": tensor(f"units {WIDTH}", values="weight"),
        "backward_bias": tensor(BIAS, values="weight", optional="use_bias"),
    },
    config={
        "layer": Choice("simple_rnn", "lstm", "gru"),
        "units": Choice(3, 1, 2),
        "merge_mode": Choice("concat", "sum", "mul", "ave"),
        "use_bias": FLAG,
        "return_sequences": FLAG,
    },
    dims={
        "batch": Choice(3, 1),
        "time": Choice(3, 1, 4),
        "features": Choice(2, 1, 4, long="terms"),
        "masked": FLAG,
    },
    outputs={
        "y": tensor(
            "batch *((),(time,))[return_sequences] (units,2*units)[merge_mode=='concat']",
        )
    },
    constraints=(
        Constraint(
            id="C1",
            says="the kernel has one row for each feature of x",
            names=("forward_kernel", "kernel", "x"),
            breach=Breach(shapes={"forward_kernel": f"features+1 {WIDTH}"}),
        ),
        Constraint(
            id="C2",
            says="the weights of both directions have the same shapes",
            names=("backward_kernel", "kernel", "x"),
            breach=Breach(shapes={"backward_kernel": f"features+1 {WIDTH}"}),
        ),
        Constraint(
            id="C3",
            says="merge_mode is concat, sum, mul or ave",
            names=("merge_mode",),
            rule="merge_mode in ('concat', 'sum', 'mul', 'ave')",
            breach=Breach(assign={"merge_mode": "max"}),
        ),
        Constraint(
            id="C4",
            says="the mask has one boolean for each step of each example",
            names=("mask",),
            breach=Breach(assign={"masked": True}, shapes={"mask": "batch time+1"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "features": "True"},
)

WINDOW = "*((),kernel_size)[layer=='conv2d']"
"""The axes that the kernel has beside features and units."""
NUMBERS = "(units,filters)[layer=='conv2d']"

TIME_DISTRIBUTED = Op(
    id="layers/time_distributed",
    keras="TimeDistributed",
    source="Keras 3, layers.TimeDistributed",
    formula="y[:, t] = layer(x[:, t]) in every step t, with the same weights",
    inputs={"x": tensor("batch time *size features")},
    weights={
        "kernel": tensor(f"{WINDOW} features {NUMBERS}", values="weight"),
        "bias": tensor(NUMBERS, values="weight", optional="use_bias"),
    },
    config={
        "layer": Choice("dense", "conv2d"),
        "units": Choice(3, 1),
        "filters": Choice(2, 1),
        "kernel_size": Choice((2, 2), (1, 2)),
        "use_bias": FLAG,
        "activation": Choice("linear", "relu", "softmax"),
    },
    dims={
        "batch": Choice(2, 1),
        "time": Choice(3, 1, 4),
        "size": Choice((), (3, 4), (2, 2)),
        "features": Choice(2, 1, 4, long="terms"),
    },
    outputs={
        "y": tensor(
            "batch time "
            "*((size)if(layer=='dense')else(window_lengths(size,kernel_size,(1,1),'valid'))) "
            f"{NUMBERS}"
        )
    },
    constraints=(
        Constraint(
            id="C1",
            says="the kernel has one row for each feature of x",
            names=("kernel", "x"),
            breach=Breach(shapes={"kernel": f"{WINDOW} features+1 {NUMBERS}"}),
        ),
        Constraint(
            id="C2",
            says="the bias has one number for each unit or filter",
            names=("bias", "units", "filters"),
            breach=Breach(assign={"use_bias": True}, shapes={"bias": f"{NUMBERS}+1"}),
        ),
        Constraint(
            id="C3",
            says="a convolution needs examples of two axes and channels",
            names=("x", "layer"),
            rule="layer != 'conv2d' or len(size) == 2",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "time": "True", "features": "True"},
    linear="activation == 'linear'",
    linear_in=("x", "bias"),
)
