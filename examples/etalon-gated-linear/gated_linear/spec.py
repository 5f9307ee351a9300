"""What must hold of the gated linear unit."""

from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

GATED_LINEAR = Op(
    id="layers/gated_linear",
    keras="",  # Keras has none
    source="Dauphin et al. 2017, arXiv:1612.08083, with a temperature",
    formula="y = (x @ kernel) · sigmoid((x @ gate) / temperature)",
    inputs={"x": tensor("*batch features")},
    weights={
        "kernel": tensor("features units", values="weight"),
        "gate": tensor("features units", values="weight"),
        "temperature": tensor("units", values="positive"),
    },
    dims={
        "batch": Choice((2,), (3, 2)),
        "features": Choice(3, 1, 5),
        "units": Choice(2, 1, 4),
    },
    outputs={"y": tensor("*batch units")},
    constraints=(
        Constraint(
            id="C1",
            says="kernel and gate have one row for each feature of x",
            names=("x", "kernel", "gate"),
            breach=Breach(shapes={"kernel": "features+1 units"}),
        ),
        Constraint(
            id="C2",
            says="each unit has a temperature",
            names=("temperature",),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    functions={
        "numpy": "gated_linear.reference:gated_linear",
        "torch": "gated_linear.in_torch:gated_linear",
        "jax": "gated_linear.in_jax:gated_linear",
    },
)
