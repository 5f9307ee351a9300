"""What the entries of the optimizers share."""

from etalon.spec.model import ORDINARY, SPECIAL, Choice, tensor

LEARNING_RATE = Choice(0.01, 0.5)
STEPS = Choice(1, 20)
SHAPE = Choice((3,), (2, 5))
STRATA_OF_GRADIENTS = (*ORDINARY, "vanishing", "exploding", "alternating", *SPECIAL)
INPUTS = {"variable": tensor("*shape", values="weight"), "gradients": tensor("steps *shape")}
OUTPUTS = {"trajectory": tensor("steps+1 *shape")}
