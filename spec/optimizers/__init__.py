"""Spec entries of the optimizers, one module per family: paths under given gradients."""
