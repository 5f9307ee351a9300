"""The optimizers of Optax."""
