"""The definition, written to be read: NumPy, and the definitions of the catalogue."""

from etalon.backends.numpy.activations import sigmoid


def gated_linear(x, kernel, gate, temperature):
    """``(x @ kernel) * sigmoid((x @ gate) / temperature)``."""
    return x @ kernel * sigmoid(x @ gate / temperature)
