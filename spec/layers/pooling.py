"""Pooling layers."""

from etalon.spec.model import DATA_FORMAT, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

MAX_POOLING2D = Op(
    id="layers/max_pooling2d",
    keras="MaxPooling2D",
    source="Keras 3, layers.MaxPooling2D",
    formula="y[b, p, c] = max over k of padded(x)[b, p·strides + k, c], padded with −∞",
    inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
    config={
        "pool_size": Choice((2, 2), (1, 1), (3, 2), (3, 3)),
        "strides": Choice((1, 1), (2, 2), (3, 1), (2, 3)),
        "padding": Choice("valid", "same"),
        "data_format": DATA_FORMAT,
    },
    dims={
        "batch": Choice(1, 3),
        "spatial": Choice((4, 4), (5, 7), (6, 3)),
        "channels": Choice(1, 3),
    },
    outputs={
        "y": tensor(
            "batch *window_lengths(spatial,pool_size,strides,padding) channels",
            channels_first="batch channels *window_lengths(spatial,pool_size,strides,padding)",
        )
    },
    constraints=(
        Constraint(
            id="C1",
            says="x has a batch axis, two spatial axes and a channel axis",
            names=("x",),
            breach=Breach(assign={"data_format": "channels_last"}, shapes={"x": "batch channels"}),
        ),
        Constraint(
            id="C2",
            says="pool_size is positive",
            names=("pool_size",),
            rule="min(pool_size) >= 1",
            breach=Breach(assign={"pool_size": (0, 2)}),
        ),
        Constraint(
            id="C3",
            says="strides are positive",
            names=("strides",),
            rule="min(strides) >= 1",
            breach=Breach(assign={"strides": (-1, 1)}),
        ),
        Constraint(
            id="C4",
            says="without padding, the window is nowhere longer than x",
            names=("pool_size", "x"),
            rule="padding == 'same' or fits(pool_size, spatial)",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "channels": "True"},
    translates={"spatial": "padding == 'valid'"},
)
