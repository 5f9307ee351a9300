"""Arrays and calls that several tests of the reference share."""

from __future__ import annotations

from typing import Any

import numpy as np

import etalon


def eighths(*shape: int, seed: int = 0) -> Any:
    """Return small multiples of 1/8: sums and products of them are exact in float64."""
    return np.random.RandomState(seed).randint(-16, 17, size=shape) / 8


def layer(name: str, *args: Any, **config: Any) -> Any:
    """Return what the definition of a layer makes of a call."""
    return etalon.reference(f"layers/{name}")(*args, **config)
