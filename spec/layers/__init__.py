"""Spec entries of the layers, one module per family."""
