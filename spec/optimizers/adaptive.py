"""Optimizers that divide each gradient by the root mean square of those before."""

import dataclasses

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op
from etalon.spec.optimizers.common import (
    INPUTS,
    LEARNING_RATE,
    OUTPUTS,
    SHAPE,
    STEPS,
    STRATA_OF_GRADIENTS,
)

EPSILON = Choice(1e-7, 1e-3)
RHO_BELOW_1 = Constraint(
    id="C1",
    says="rho is at least 0 and at most 1",
    names=("rho", "alpha", "decay"),
    rule="0 <= rho <= 1",
    breach=Breach(assign={"rho": -0.5}),
)

RMSPROP = Op(
    id="optimizers/rmsprop",
    keras="RMSprop",
    source="Keras 3, optimizers.RMSprop; Hinton 2012, Neural Networks for ML, lecture 6e",
    formula=(
        "a ← rho · a + (1 − rho) · g²; d = a, or where centered a − ḡ² with "
        "ḡ ← rho · ḡ + (1 − rho) · g; m ← momentum · m + learning_rate · g / √(d + epsilon); "
        "w ← w − m"
    ),
    inputs=INPUTS,
    config={
        "learning_rate": LEARNING_RATE,
        "rho": Choice(0.9, 0.5),
        "momentum": Choice(0.0, 0.9),
        "epsilon": EPSILON,
        "centered": FLAG,
    },
    dims={"steps": STEPS, "shape": SHAPE},
    outputs=OUTPUTS,
    constraints=(RHO_BELOW_1,),
    strata=STRATA_OF_GRADIENTS,
    exchangeable={"shape": "True"},
)

RMSPROP_KERAS2 = dataclasses.replace(
    RMSPROP,
    id="optimizers/rmsprop@keras2",
    source="Keras 2.2.4, optimizers.RMSprop",
    formula="a ← rho · a + (1 − rho) · g²; w ← w − learning_rate · g / (√a + epsilon)",
    config={"learning_rate": LEARNING_RATE, "rho": Choice(0.9, 0.5), "epsilon": EPSILON},
    edition="keras2",
)

ADADELTA = Op(
    id="optimizers/adadelta",
    keras="Adadelta",
    source="Keras 3, optimizers.Adadelta; Zeiler 2012, arXiv:1212.5701, algorithm 1",
    formula=(
        "a ← rho · a + (1 − rho) · g²; d = −g · √(b + epsilon) / √(a + epsilon); "
        "b ← rho · b + (1 − rho) · d²; w ← w + learning_rate · d"
    ),
    inputs=INPUTS,
    config={"learning_rate": LEARNING_RATE, "rho": Choice(0.95, 0.5), "epsilon": EPSILON},
    dims={"steps": STEPS, "shape": SHAPE},
    outputs=OUTPUTS,
    constraints=(RHO_BELOW_1,),
    strata=STRATA_OF_GRADIENTS,
    exchangeable={"shape": "True"},
)

ADADELTA_KERAS2 = dataclasses.replace(
    ADADELTA,
    id="optimizers/adadelta@keras2",
    source="Keras 2.2.4, optimizers.Adadelta: today's formula, but a learning rate of 1",
    edition="keras2",
)
