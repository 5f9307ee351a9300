"""A folder of what was computed, by key: any process reads it and adds to it, and none waits.

Each process adds to files of its own, which only grow, an entry at a time; so none overwrites
another's. An entry that is cut off or damaged is not believed, and where nothing can be written,
nothing is: what the store does not have is computed, and that is all that it costs. Nothing that
is read is run as code.
"""

from __future__ import annotations

import os
import struct
import uuid
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

SIZE = 16
"""How many bytes a key has, and a checksum."""
HEAD = struct.Struct(f"<I{SIZE}s{SIZE}s")
"""Before each entry: how many bytes it has, its key, and the checksum of both."""
MOST = 2**29
"""How many bytes are kept in all, when a process begins."""
MOST_OF_ONE = 2**24
"""How many bytes a process adds to what is kept of one op."""


class Shelf:
    """What is kept of one op."""

    def __init__(self, folder: Path, adding: bool) -> None:
        self._folder, self._adding = folder, adding
        self._own = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._added = 0
        self._read: dict[str, int] = {}
        self._entries: dict[bytes, memoryview] = {}

    def find(self, key: bytes) -> memoryview | None:
        """Return what was added by a key, by whichever process; ``None`` where nothing was."""
        if key not in self._entries:
            self._look()
        return self._entries.get(key)

    def add(self, key: bytes, data: bytes) -> None:
        """Keep something by a key, if there is room."""
        entry = HEAD.pack(len(data), key, _checksum(key, data)) + data
        if not self._adding or self._added + len(entry) > MOST_OF_ONE:
            return
        self._entries[key] = memoryview(data)
        self._added += len(entry)
        try:
            self._adding = self._write(entry) == len(entry)
        except OSError:
            self._adding = False

    def _write(self, entry: bytes) -> int | None:
        if self._added == len(entry):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / self._own).open("ab", buffering=0) as file:
            return file.write(entry)

    def _look(self) -> None:
        """Read what others have added since the last look."""
        with suppress(OSError), os.scandir(self._folder) as files:
            for file in files:
                read = self._read.get(file.name, 0)
                if file.name != self._own and file.stat().st_size > read:
                    self._read[file.name] = read + self._read_on(Path(file.path), read)

    def _read_on(self, path: Path, start: int) -> int:
        """Read a file from a place on; return how many bytes of it are whole entries."""
        with suppress(OSError):
            os.utime(path)
        with suppress(OSError), path.open("rb") as file:
            file.seek(start)
            found = list(_entries(memoryview(file.read())))
            self._entries = {**{key: data for key, data, _ in found}, **self._entries}
            return max((end for _, _, end in found), default=0)
        return 0


def _entries(text: memoryview) -> Iterator[tuple[bytes, memoryview, int]]:
    """Yield the key, the data and the end of each entry that is as it was written."""
    place = 0
    while place + HEAD.size <= len(text):
        size, key, checksum = HEAD.unpack_from(text, place)
        place += HEAD.size + size
        data = text[place - size : place]
        if len(data) == size and checksum == _checksum(key, data):
            yield key, data, place


def _checksum(key: bytes, data: bytes | memoryview) -> bytes:
    return blake2b(data, key=key, digest_size=SIZE).digest()


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
