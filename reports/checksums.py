"""A checksum in each line of a record file: what a disk or a transfer has damaged is seen.

The last member of a line is the CRC-32 of the JSON object without it::

    {"record":"run","schema":3,…,"crc32":"5f3759df"}
"""

from __future__ import annotations

import re
import zlib

MEMBER = re.compile(rb',"crc32":"([0-9a-f]{8})"\}\s*\Z')
JSON_SCHEMA = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}$",
    "description": "CRC-32 of the line without this member, in hexadecimal digits",
}


class Damaged(ValueError):
    """A line has no checksum, or not the one of what is in it."""


def sealed(line: bytes) -> bytes:
    """Return a JSON object with its checksum as last member."""
    return b'%b,"crc32":"%08x"}' % (line[:-1], zlib.crc32(line))


def check(line: bytes) -> None:
    """See that a line is as it was written.

    Raises:
        Damaged: it is not.
    """
    found = MEMBER.search(line)
    if found is None:
        raise Damaged("it has no checksum at its end")
    if zlib.crc32(line[: found.start()] + b"}") != int(found[1], 16):
        raise Damaged("its checksum is not that of what it says")
