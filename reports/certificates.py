"""What a verdict would have noticed, as a record has it."""

from __future__ import annotations

from typing import Annotated

import msgspec

NumberText = Annotated[str, msgspec.Meta(pattern=r"^([0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?|inf|nan)$")]
"""A number that is not negative, as text, so that NaN and inf survive."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The power of a verdict: the smallest faults that it would have noticed, as text.

    They are faults in results that are otherwise the exact ones, rounded to the dtype afterwards;
    ``inf`` says that no such fault is noticed, however large, and 0 that any is.
    """

    gain: NumberText = "inf"
    """The smallest g such that results times 1 + g are noticed, of numbers that may be rounded."""
    shift: NumberText = "inf"
    """The smallest shift of one such number away from zero, relative to the largest magnitude of
    its result, that is noticed whichever number it is."""
    dropped: NumberText = "inf"
    """The smallest share of the terms of a sum whose loss is noticed, where the terms are equal."""
    numbers: int = 0
    """Numbers held against a bound, those included of which nothing is claimed."""
    unclaimed: int = 0
    """Numbers of which nothing is claimed: any finite answer is right."""
    insignificant: int = 0
    """Numbers other than zero of which no digit is claimed: zero is right, too."""
    exact: int = 0
    """Numbers whose bound is zero: any change is noticed."""
    gains: dict[int, NumberText] = {}
    """The smallest gain by the size of the call: how many numbers go in, as a power of two."""

    @property
    def share(self) -> float:
        """The share of the numbers of which nothing is claimed."""
        return self.unclaimed / self.numbers if self.numbers else 0.0
