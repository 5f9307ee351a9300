"""TensorFlow's optimizer kernels."""
