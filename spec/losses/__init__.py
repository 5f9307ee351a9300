"""Spec entries of the losses, one module per family, named as in Keras's documentation."""
