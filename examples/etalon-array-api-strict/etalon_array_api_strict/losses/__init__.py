"""Losses, composed, with Keras's weights and reductions around them."""
