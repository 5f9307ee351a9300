"""The definitions of the metrics."""
