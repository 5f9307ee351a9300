"""TensorFlow's losses, with Keras's weights and reductions around them."""
