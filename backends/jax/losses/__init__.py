"""The losses of Optax, with Keras's weights and reductions around them."""
