"""Core layers."""

from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

DENSE = Op(
    id="layers/dense",
    keras="Dense",
    source="Keras 3, layers.Dense",
    formula="y = activation(x @ kernel + bias)",
    inputs={"x": tensor("*batch features")},
    weights={
        "kernel": tensor("features units", values="weight"),
        "bias": tensor("units", values="weight", optional="use_bias"),
    },
    config={
        "units": Choice(1, 3, 8),
        "use_bias": FLAG,
        "activation": Choice("linear", "relu", "softmax"),
    },
    dims={"batch": Choice((1,), (5,), (2, 3)), "features": Choice(1, 4, 19)},
    outputs={"y": tensor("*batch units")},
    constraints=(
        Constraint(
            id="C1",
            says="the kernel has one row for each feature of x",
            names=("kernel", "x"),
            breach=Breach(shapes={"kernel": "features+1 units"}),
        ),
        Constraint(
            id="C2",
            says="the bias has one number for each unit",
            names=("bias",),
            breach=Breach(assign={"use_bias": True}, shapes={"bias": "units+1"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "features": "True", "units": "True"},
    linear="activation == 'linear'",
    linear_in=("x", "bias"),
)
