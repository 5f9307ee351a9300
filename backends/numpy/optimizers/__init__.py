"""The definitions of the optimizers."""
