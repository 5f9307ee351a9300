"""Metrics, composed, their state fed batch by batch."""
