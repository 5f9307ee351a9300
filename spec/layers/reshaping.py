"""Reshaping layers."""

from etalon.spec.model import DATA_FORMAT, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

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

RESHAPE = Op(
    id="layers/reshape",
    keras="Reshape",
    source="Keras 3, layers.Reshape",
    formula="y[b] = the numbers of x[b] in row-major order, in target_shape; -1 is what is left",
    inputs={"x": tensor("batch *rest")},
    config={"target_shape": Choice((6,), (3, -1), (-1, 1, 2))},
    dims={"batch": Choice(1, 3), "rest": Choice((6,), (3, 4))},
    outputs={"y": tensor("batch *reshaped(rest,target_shape)")},
    constraints=(
        Constraint(
            id="C1",
            says="target_shape has as many numbers as an example of x",
            names=("target_shape", "shape", "size", "elements", "reshape"),
            rule="prod(reshaped(rest, target_shape)) == prod(rest)",
            breach=Breach(assign={"target_shape": (5,)}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
    linear="True",
    linear_in=("x",),
)

PERMUTE = Op(
    id="layers/permute",
    keras="Permute",
    source="Keras 3, layers.Permute",
    formula="axis i of y is axis dims[i] of x, counted from 1 behind the batch axis",
    inputs={"x": tensor("batch *rest")},
    config={"dims": Choice((2, 1), (3, 1, 2), (1, 3, 2))},
    dims={"batch": Choice(1, 3), "rest": Choice((2, 3), (2, 3, 4))},
    outputs={"y": tensor("batch *permuted(rest,dims)")},
    constraints=(
        Constraint(
            id="C1",
            says="dims names each axis of x but the first once",
            names=("dims", "axes", "ndim", "permute", "dimensions", "perm"),
            rule="len(dims) == len(rest)",
            breach=Breach(assign={"dims": (1, 1), "rest": (2, 3)}),
        ),
        Constraint(
            id="C2",
            says="dims are 1, 2, … in some order",
            names=("dims",),
            rule="sorted(dims) == ((1, 2), (1, 2, 3))[len(dims) - 2]",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
    linear="True",
    linear_in=("x",),
)

REPEAT_VECTOR = Op(
    id="layers/repeat_vector",
    keras="RepeatVector",
    source="Keras 3, layers.RepeatVector",
    formula="y[b, i] = x[b] for i from 0 to n - 1",
    inputs={"x": tensor("batch features")},
    config={"n": Choice(1, 3)},
    dims={"batch": Choice(1, 3), "features": Choice(1, 4)},
    outputs={"y": tensor("batch n features")},
    constraints=(
        Constraint(
            id="C1",
            says="x has a batch axis and one of features",
            names=("x", "ndim", "shape", "dim"),
            rule="features >= 0",
            breach=Breach(shapes={"x": "batch features 2"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "features": "True"},
    linear="True",
    linear_in=("x",),
)
