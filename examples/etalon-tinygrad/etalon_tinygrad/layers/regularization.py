"""tinygrad's dropout."""

from __future__ import annotations

from tinygrad import Context, Tensor


def dropout(x: Tensor, *, rate: float, training: bool = False, seed: int = 0) -> Tensor:
    """native: Tensor.dropout

    It draws from the global generator, while tinygrad's TRAINING is set.
    """
    Tensor.manual_seed(seed)
    with Context(TRAINING=int(training)):
        return Tensor.dropout(x, rate)
