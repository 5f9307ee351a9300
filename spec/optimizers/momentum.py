"""Gradient descent with momentum, and Adam."""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op
from etalon.spec.optimizers.common import (
    INPUTS,
    LEARNING_RATE,
    OUTPUTS,
    SHAPE,
    STEPS,
    STRATA_OF_GRADIENTS,
)

SGD = Op(
    id="optimizers/sgd",
    keras="SGD",
    source="Keras 3, optimizers.SGD",
    formula=(
        "w ← w − learning_rate · g without momentum; else m ← momentum · m − learning_rate · g, "
        "then w ← w + m, or with nesterov w ← w + momentum · m − learning_rate · g"
    ),
    inputs=INPUTS,
    config={"learning_rate": LEARNING_RATE, "momentum": Choice(0.0, 0.9), "nesterov": FLAG},
    dims={"steps": STEPS, "shape": SHAPE},
    outputs=OUTPUTS,
    constraints=(
        Constraint(
            id="C1",
            says="momentum is between 0 and 1",
            names=("momentum",),
            rule="0 <= momentum <= 1",
            breach=Breach(assign={"momentum": -0.5}),
        ),
    ),
    strata=STRATA_OF_GRADIENTS,
    exchangeable={"shape": "True"},
)

ADAM = Op(
    id="optimizers/adam",
    keras="Adam",
    source="Keras 3, optimizers.Adam; Kingma & Ba 2015, arXiv:1412.6980, end of section 2",
    formula=(
        "m ← beta_1 · m + (1 − beta_1) · g; v ← beta_2 · v + (1 − beta_2) · g²; "
        "w ← w − learning_rate · √(1 − beta_2^t) / (1 − beta_1^t) · m / (√v + epsilon)"
    ),
    inputs=INPUTS,
    config={
        "learning_rate": LEARNING_RATE,
        "beta_1": Choice(0.9, 0.5),
        "beta_2": Choice(0.999, 0.9),
        "epsilon": Choice(1e-7, 1e-3),
    },
    dims={"steps": STEPS, "shape": SHAPE},
    outputs=OUTPUTS,
    constraints=(
        Constraint(
            id="C1",
            says="beta_1 is at least 0 and below 1",
            names=("beta_1", "beta", "b1"),
            rule="0 <= beta_1 < 1",
            breach=Breach(assign={"beta_1": 1.5}),
        ),
    ),
    strata=STRATA_OF_GRADIENTS,
    exchangeable={"shape": "True"},
)
