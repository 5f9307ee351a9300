"""Spec entries of the metrics, one module per family. Their state is fed batch by batch."""
