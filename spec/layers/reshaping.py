"""Reshaping layers."""

from etalon.spec.model import DATA_FORMAT, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

FLATTEN = Op(
    id="layers/flatten",
    keras="Flatten",
    source="Keras 3, layers.Flatten",
    formula="y[b] = all numbers of x[b] in row-major order, the channel axis last",
    inputs={"x": tensor("batch *rest channels", channels_first="batch channels *rest")},
    config={"data_format": DATA_FORMAT},
    dims={
        "batch": Choice(1, 3),
        "rest": Choice((), (4,), (2, 3), (3, 2, 2)),
        "channels": Choice(1, 5),
    },
    outputs={"y": tensor("batch prod(rest)*channels")},
    constraints=(
        Constraint(
            id="C1",
            says="x has a batch axis",
            names=("x", "dim", "rank"),
            breach=Breach(shapes={"x": ""}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
    linear="True",
    linear_in=("x",),
)
