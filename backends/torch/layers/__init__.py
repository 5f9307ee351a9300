"""PyTorch's layers."""
