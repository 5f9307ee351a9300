"""Optimizers, composed."""
