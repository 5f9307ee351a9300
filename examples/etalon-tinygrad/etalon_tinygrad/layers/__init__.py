"""tinygrad's layers: it has channels along axis 1."""
