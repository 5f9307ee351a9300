"""Optimizers that follow a moving average of the gradients: gradient descent, Adam and its kin."""

import dataclasses

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op
from etalon.spec.optimizers.common import (
    APPLIED,
    BETA_BELOW_1,
    BETAS,
    EPSILON,
    LEARNING_RATE,
    ONE_CLIP,
    OPTIONS,
    PATH,
    WEIGHT_DECAY,
)

SGD = Op(
    id="optimizers/sgd",
    keras="SGD",
    source="Keras 3, optimizers.SGD",
    formula=(
        "w ← w − learning_rate · g without momentum; else m ← momentum · m − learning_rate · g, "
        f"then w ← w + m, or with nesterov w ← w + momentum · m − learning_rate · g{APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        "momentum": Choice(0.0, 0.9),
        "nesterov": FLAG,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(
        Constraint(
            id="C1",
            says="momentum is between 0 and 1",
            names=("momentum",),
            rule="0 <= momentum <= 1",
            breach=Breach(assign={"momentum": -0.5}),
        ),
        ONE_CLIP,
    ),
    **PATH,
)

ADAM = Op(
    id="optimizers/adam",
    keras="Adam",
    source=(
        "Keras 3, optimizers.Adam; Kingma & Ba 2015, arXiv:1412.6980, end of section 2; with "
        "amsgrad, Reddi, Kale & Kumar 2018, openreview.net/forum?id=ryQu7f-RZ"
    ),
    formula=(
        "m ← beta_1 · m + (1 − beta_1) · g; v ← beta_2 · v + (1 − beta_2) · g²; d = v, or with "
        "amsgrad the largest v so far; "
        "w ← w − learning_rate · √(1 − beta_2^t) / (1 − beta_1^t) · m / (√d + epsilon)"
        f"{APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        **BETAS,
        "epsilon": EPSILON,
        "amsgrad": FLAG,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(BETA_BELOW_1, ONE_CLIP),
    **PATH,
)

ADAMW = dataclasses.replace(
    ADAM,
    id="optimizers/adamw",
    keras="AdamW",
    source="Keras 3, optimizers.AdamW; Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2",
    config={**ADAM.config, "weight_decay": Choice(0.004, 0.1)},
)

ADAMAX = Op(
    id="optimizers/adamax",
    keras="Adamax",
    source="Keras 3, optimizers.Adamax; Kingma & Ba 2015, arXiv:1412.6980, algorithm 2",
    formula=(
        "m ← beta_1 · m + (1 − beta_1) · g; u ← max(beta_2 · u, |g|); "
        f"w ← w − learning_rate / (1 − beta_1^t) · m / (u + epsilon){APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        **BETAS,
        "epsilon": EPSILON,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(BETA_BELOW_1, ONE_CLIP),
    **PATH,
)

ADAMAX_KERAS2 = dataclasses.replace(
    ADAMAX,
    id="optimizers/adamax@keras2",
    source="Keras 2.2.4, optimizers.Adamax: today's formula, but a learning rate of 0.002",
    formula=ADAMAX.formula.removesuffix(APPLIED),
    config={"learning_rate": LEARNING_RATE, **BETAS, "epsilon": EPSILON},
    constraints=(BETA_BELOW_1,),
    edition="keras2",
)

NADAM = Op(
    id="optimizers/nadam",
    keras="Nadam",
    source="Keras 3, optimizers.Nadam; Dozat 2016, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
    formula=(
        "μ_t = beta_1 · (1 − 0.96^t / 2), π_t = μ_1 · … · μ_t; "
        "m ← beta_1 · m + (1 − beta_1) · g; v ← beta_2 · v + (1 − beta_2) · g²; "
        "d = μ_(t+1) · m / (1 − π_(t+1)) + (1 − μ_t) · g / (1 − π_t); "
        f"w ← w − learning_rate · d / (√(v / (1 − beta_2^t)) + epsilon){APPLIED}"
    ),
    config={
        "learning_rate": LEARNING_RATE,
        **BETAS,
        "epsilon": EPSILON,
        "weight_decay": WEIGHT_DECAY,
        **OPTIONS,
    },
    constraints=(BETA_BELOW_1, ONE_CLIP),
    **PATH,
)

NADAM_KERAS2 = dataclasses.replace(
    NADAM,
    id="optimizers/nadam@keras2",
    source="Keras 2.2.4, optimizers.Nadam",
    formula=NADAM.formula.removesuffix(APPLIED).replace("0.96^t", "0.96^(schedule_decay · t)"),
    config={
        "learning_rate": LEARNING_RATE,
        **BETAS,
        "epsilon": EPSILON,
        "schedule_decay": Choice(0.004, 0.5),
    },
    constraints=(BETA_BELOW_1,),
    edition="keras2",
)
