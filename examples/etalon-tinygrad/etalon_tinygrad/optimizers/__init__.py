"""tinygrad's optimizers."""
