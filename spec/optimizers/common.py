"""What the entries of the optimizers share."""

from typing import Any

from etalon.spec.model import Breach, Choice, Constraint, tensor
from etalon.spec.words import ORDINARY, SPECIAL

LEARNING_RATE = Choice(0.01, 0.5)
BETAS = {"beta_1": Choice(0.9, 0.5), "beta_2": Choice(0.999, 0.9)}
EPSILON = Choice(1e-7, 1e-3)
WEIGHT_DECAY = Choice(None, 0.1)
SCHEDULES = ("ExponentialDecay", "InverseTimeDecay")
OPTIONS = {
    "clipnorm": Choice(None, 1.5),
    "clipvalue": Choice(None, 0.5),
    "global_clipnorm": Choice(None, 0.75),
    "schedule": Choice(None, *SCHEDULES),
    "decay_steps": Choice(5, 3),
    "decay_rate": Choice(0.9, 0.25),
}
"""What every optimizer of Keras 3 takes, beside ``weight_decay``.

In step t, counted from 0, a ``schedule`` makes of the learning rate, which Keras then takes as an
object, ``learning_rate · decay_rate^(t / decay_steps)`` or ``learning_rate / (1 + decay_rate · t /
decay_steps)``. Numbers of steps are odd, so that no power is a square root.
"""

APPLIED = (
    "; before, g is clipped, w ← w − learning_rate · weight_decay · w, and a schedule sets "
    "learning_rate"
)
"""How the formula of an optimizer of Keras 3 goes on."""

ONE_CLIP = Constraint(
    id="C2",
    says="at most one of clipnorm, clipvalue and global_clipnorm is given",
    names=("clipnorm", "clipvalue", "global_clipnorm"),
    rule="(clipnorm is None) + (clipvalue is None) + (global_clipnorm is None) > 1",
    breach=Breach(assign={"clipnorm": 1.5, "clipvalue": 0.5, "global_clipnorm": None}),
)
BETA_BELOW_1 = Constraint(
    id="C1",
    says="beta_1 is at least 0 and below 1",
    names=("beta_1", "beta", "b1"),
    rule="0 <= beta_1 < 1",
    breach=Breach(assign={"beta_1": 1.5}),
)
RHO_BELOW_1 = Constraint(
    id="C1",
    says="rho is at least 0 and at most 1",
    names=("rho", "alpha", "decay"),
    rule="0 <= rho <= 1",
    breach=Breach(assign={"rho": -0.5}),
)

PATH: dict[str, Any] = {
    "inputs": {"variable": tensor("*shape", values="weight"), "gradients": tensor("steps *shape")},
    "dims": {"steps": Choice(1, 20), "shape": Choice((3,), (2, 5))},
    "outputs": {"trajectory": tensor("steps+1 *shape")},
    "strata": (*ORDINARY, "vanishing", "exploding", "alternating", *SPECIAL),
    "exchangeable": {"shape": "True"},
}
"""A path of a variable under given gradients, whose entries may come in any order."""
