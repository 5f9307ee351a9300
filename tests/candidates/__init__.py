"""Layers as people write them, right and subtly wrong, and what a check says of them."""
