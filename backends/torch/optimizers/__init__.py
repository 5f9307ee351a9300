"""PyTorch's optimizers."""
