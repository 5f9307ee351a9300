"""JAX's layers."""
