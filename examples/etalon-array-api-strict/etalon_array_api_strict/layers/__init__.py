"""Layers, composed: the standard knows arrays, and no layers."""
