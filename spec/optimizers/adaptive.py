"""Optimizers that divide each gradient by the root of a sum or mean of squares."""

import dataclasses

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op
from etalon.spec.optimizers.common import (
    APPLIED,
    EPSILON,
    LEARNING_RATE,
    ONE_CLIP,
    OPTIONS,
    PATH,
    RHO_BELOW_1,
    WEIGHT_DECAY,
)

ADAGRAD = Op(
    id="optimizers/adagrad",
    keras="Adagrad",
    source="Keras 3, optimizers.Adagrad; Duchi, Hazan & Singer 2011, JMLR 12, figure 1",
    formula=(
        "a ← a + g², at first initial_accumulator_value; "
        f"w ← w − learning_rate · g / √(a + epsilon){APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        "initial_accumulator_value": Choice(0.1, 0.0),
        "epsilon": EPSILON,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(
        Constraint(
            id="C1",
            says="initial_accumulator_value is at least 0",
            names=("initial_accumulator_value", "accumulator"),
            rule="initial_accumulator_value >= 0",
            breach=Breach(assign={"initial_accumulator_value": -1.0}),
        ),
        ONE_CLIP,
    ),
    **PATH,
)

ADAGRAD_KERAS2 = dataclasses.replace(
    ADAGRAD,
    id="optimizers/adagrad@keras2",
    source="Keras 2.2.4, optimizers.Adagrad",
    formula="a ← a + g², at first 0; w ← w − learning_rate · g / (√a + epsilon)",
    config={"learning_rate": LEARNING_RATE, "epsilon": EPSILON},
    constraints=(),
    edition="keras2",
)

RMSPROP = Op(
    id="optimizers/rmsprop",
    keras="RMSprop",
    source="Keras 3, optimizers.RMSprop; Hinton 2012, Neural Networks for ML, lecture 6e",
    formula=(
        "a ← rho · a + (1 − rho) · g²; d = a, or where centered a − ḡ² with "
        "ḡ ← rho · ḡ + (1 − rho) · g; m ← momentum · m + learning_rate · g / √(d + epsilon); "
        f"w ← w − m{APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        "rho": Choice(0.9, 0.5),
        "momentum": Choice(0.0, 0.9),
        "epsilon": EPSILON,
        "centered": FLAG,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(RHO_BELOW_1, ONE_CLIP),
    **PATH,
)

RMSPROP_KERAS2 = dataclasses.replace(
    RMSPROP,
    id="optimizers/rmsprop@keras2",
    source="Keras 2.2.4, optimizers.RMSprop",
    formula="a ← rho · a + (1 − rho) · g²; w ← w − learning_rate · g / (√a + epsilon)",
    config={"learning_rate": LEARNING_RATE, "rho": Choice(0.9, 0.5), "epsilon": EPSILON},
    constraints=(RHO_BELOW_1,),
    edition="keras2",
)

ADADELTA = Op(
    id="optimizers/adadelta",
    keras="Adadelta",
    source="Keras 3, optimizers.Adadelta; Zeiler 2012, arXiv:1212.5701, algorithm 1",
    formula=(
        "a ← rho · a + (1 − rho) · g²; d = −g · √(b + epsilon) / √(a + epsilon); "
        f"b ← rho · b + (1 − rho) · d²; w ← w + learning_rate · d{APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        "rho": Choice(0.95, 0.5),
        "epsilon": EPSILON,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(RHO_BELOW_1, ONE_CLIP),
    **PATH,
)

ADADELTA_KERAS2 = dataclasses.replace(
    ADADELTA,
    id="optimizers/adadelta@keras2",
    source="Keras 2.2.4, optimizers.Adadelta: today's formula, but a learning rate of 1",
    formula=ADADELTA.formula.removesuffix(APPLIED),
    config={"learning_rate": LEARNING_RATE, "rho": Choice(0.95, 0.5), "epsilon": EPSILON},
    constraints=(RHO_BELOW_1,),
    edition="keras2",
)
