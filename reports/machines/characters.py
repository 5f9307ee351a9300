"""Text that every format can hold: XML has no control characters, not even escaped."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return a text with the sign for an unknown character in place of each that XML forbids."""
    return _ILLEGAL.sub("\ufffd", text)
