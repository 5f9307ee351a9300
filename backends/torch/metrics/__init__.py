"""PyTorch's metrics: it has none of its own, so all are composed."""
