"""Deliberately wrong implementations, one small fault each: every one has to be caught."""
