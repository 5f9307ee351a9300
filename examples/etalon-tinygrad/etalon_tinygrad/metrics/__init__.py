"""Metrics, composed: tinygrad has none."""
