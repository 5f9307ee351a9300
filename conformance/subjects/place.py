"""Where something is judged."""

from __future__ import annotations

from dataclasses import dataclass

from etalon.spec.words import DEVICES


@dataclass(frozen=True)
class Place:
    """Where a call is computed: by what backend, on what device, in what mode."""

    backend: str
    device: str = DEVICES[0]
    mode: str = "eager"
