"""TensorFlow's metrics: without Keras it has none, so all are composed."""
