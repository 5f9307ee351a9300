"""A folder of what was computed, by key: any process reads it and adds to it, and none waits.

Each process writes files of its own, each once, and none that is not whole is believed. Where
nothing can be read or written, nothing is: what the store does not have is computed, and that is
all that it costs. Nothing that is read is run as code.
"""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

SIZE = 16
"""How many bytes a key has, and the checksum that a file begins with."""
MOST = 2**29
"""How many bytes are kept in all, when a process begins that adds to them."""
MOST_OF_ONE = 2**25
"""How many bytes a process adds to what is known of one op, before they are compressed."""
AT_ONCE = 2**20
"""How many bytes wait to be written together."""

Entries = dict[bytes, bytes]
"""What was computed, by key."""

_DECODER = msgspec.msgpack.Decoder(Entries)


class Shelf:
    """What is known of one op. It was read when this was made, from a folder of its own."""

    def __init__(self, folder: Path, adding: bool) -> None:
        self._folder, self._adding = folder, adding
        self._known: Entries = {}
        self._new: Entries = {}
        self._waiting, self._room = 0, MOST_OF_ONE
        with suppress(OSError):
            for path in folder.iterdir():
                self._known |= _read(path)

    def find(self, key: bytes) -> bytes | None:
        """Return what was added by a key; ``None`` where nothing was."""
        return self._known.get(key)

    def add(self, key: bytes, data: bytes) -> None:
        """Keep something by a key, if there is room. It is written with others, later."""
        if not self._adding or len(data) > self._room:
            return
        self._known[key] = self._new[key] = data
        self._room -= len(data)
        self._waiting += len(data)
        if self._waiting > AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what waits; where that fails, nothing is added any more."""
        new, self._new, self._waiting = self._new, {}, 0
        if not new:
            return
        path = self._folder / f"{os.getpid()}-{uuid.uuid4().hex}"
        data = zlib.compress(msgspec.msgpack.encode(new), level=1)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(_checksum(data) + data)
        except OSError:
            self._adding = False
            with suppress(OSError):
                path.unlink()


def _read(path: Path) -> Entries:
    """Return what is in a file: nothing where it can't be read, or is not as it was written."""
    with suppress(OSError):
        os.utime(path)
    with suppress(OSError, zlib.error, msgspec.DecodeError):
        text = path.read_bytes()
        if text[:SIZE] == _checksum(text[SIZE:]):
            return _DECODER.decode(zlib.decompress(text[SIZE:]))
    return {}


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=SIZE).digest()


def trim(folder: Path, most: int = MOST) -> None:
    """Remove the files of a folder that were not read for longest, down to so many bytes."""
    found = sorted(_files(folder), reverse=True)
    kept = 0
    for _, size, path in found:
        kept += size
        if kept > most:
            with suppress(OSError):
                path.unlink()
                _remove_empty(path.parent, folder)


def _files(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Yield when each file was last changed or read, its size, and its path."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            with suppress(OSError):
                facts = path.stat()
                yield facts.st_mtime_ns, facts.st_size, path


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove folders that are empty, from the lowest up: an OSError says that one is not."""
    while folder != top:
        folder.rmdir()
        folder = folder.parent
