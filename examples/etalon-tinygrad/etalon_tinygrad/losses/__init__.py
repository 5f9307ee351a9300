"""tinygrad's losses, element by element, with Keras's weights and reductions around them."""
