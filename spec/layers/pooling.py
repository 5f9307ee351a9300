"""Pooling layers: the largest or the mean of each window."""

from collections.abc import Mapping

from etalon.spec.model import DATA_FORMAT, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

POOL_SIZE: Mapping[int, Choice] = {
    1: Choice((2,), (1,), (3,)),
    2: Choice((2, 2), (1, 1), (3, 2), (3, 3)),
    3: Choice((2, 2, 2), (1, 3, 3)),
}
STRIDES: Mapping[int, Choice] = {
    1: Choice((1,), (2,), (3,)),
    2: Choice((1, 1), (2, 2), (3, 1), (2, 3)),
    3: Choice((1, 1, 1), (2, 3, 1)),
}
SPATIAL: Mapping[int, Choice] = {
    1: Choice((4,), (7,)),
    2: Choice((4, 4), (5, 7), (6, 3)),
    3: Choice((2, 3, 4), (4, 5, 3)),
}
Longer = Mapping[int, str]
"""By the number of axes, what windows or images are where sums are long; empty where none are."""
NO_SUMS: Longer = {}
LONG_WINDOWS: Longer = {1: "(terms,)", 2: "(terms//16, 16)", 3: "(terms//16, 4, 4)"}
LONG_SPATIAL: Longer = {1: "(terms+7,)", 2: "(terms//16+3, 18)", 3: "(terms//16+2, 5, 5)"}
AXES: Mapping[int, str] = {1: "one spatial axis", 2: "two spatial axes", 3: "three spatial axes"}


def longer(domain: Mapping[int, Choice], long: Longer, axes: int) -> Choice:
    """Return a domain for so many axes, and what it is where sums are long."""
    return Choice(*domain[axes].values, long=long.get(axes, ""))


def pooling(name: str, keras: str, axes: int, formula: str, windows: Longer, spatial: Longer) -> Op:
    """Return the entry of a pooling layer over so many spatial axes."""
    return Op(
        id=f"layers/{name}{axes}d",
        keras=f"{keras}{axes}D",
        source=f"Keras 3, layers.{keras}{axes}D",
        formula=formula,
        inputs={"x": tensor("batch *spatial channels", channels_first="batch channels *spatial")},
        config={
            "pool_size": longer(POOL_SIZE, windows, axes),
            "strides": STRIDES[axes],
            "padding": Choice("valid", "same"),
            "data_format": DATA_FORMAT,
        },
        dims={
            "batch": Choice(1, 3, long="3"),
            "spatial": longer(SPATIAL, spatial, axes),
            "channels": Choice(1, 3, long="3"),
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
                says=f"x has a batch axis, {AXES[axes]} and a channel axis",
                names=("x",),
                breach=Breach(
                    assign={"data_format": "channels_last"}, shapes={"x": "batch channels"}
                ),
            ),
            Constraint(
                id="C2",
                says="pool_size is positive",
                names=("pool_size",),
                rule="min(pool_size) >= 1",
                breach=Breach(assign={"pool_size": (0, 2, 2)[:axes]}),
            ),
            Constraint(
                id="C3",
                says="strides are positive",
                names=("strides",),
                rule="min(strides) >= 1",
                breach=Breach(assign={"strides": (-1, 1, 1)[:axes]}),
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
        linear="True" if keras.startswith("Average") else "",
        linear_in=("x",) if keras.startswith("Average") else (),
    )


MAX = "y[b, p, c] = max over k of padded(x)[b, p·strides + k, c], padded with −∞"
MEAN = "y[b, p, c] = mean over k of x[b, p·strides + k, c], as far as x goes: padding counts not"

MAX_POOLING1D, MAX_POOLING2D, MAX_POOLING3D = (
    pooling("max_pooling", "MaxPooling", axes, MAX, NO_SUMS, NO_SUMS) for axes in (1, 2, 3)
)
AVERAGE_POOLING1D, AVERAGE_POOLING2D, AVERAGE_POOLING3D = (
    pooling("average_pooling", "AveragePooling", axes, MEAN, LONG_WINDOWS, LONG_SPATIAL)
    for axes in (1, 2, 3)
)
