"""TensorFlow's layers."""
