"""The truths that are known already: each is computed once, and read by all runs on a machine.

What is known lies in a folder of the code and the machine that it was computed by. There a key
says the rest that it depends on, to the bit: the question, and the arithmetic.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import psutil

from etalon.backends import numpy as reference
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.truths import cache
from etalon.conformance.truths.fingerprint import Sources
from etalon.conformance.truths.store import SIZE, Shelf, trim
from etalon.spec.entry_check import REFERENCE
from etalon.spec.model import Op

FORMATS: Mapping[str, np.dtype[Any]] = {"d": np.dtype(np.float64), "g": np.dtype(np.longdouble)}
"""The formats of truths, as they are written."""

Array = npt.NDArray[Any]
Numbers = tuple[str, tuple[int, ...] | None, bytes]
"""An array as it is written: its format or dtype, its shape, none of a number, and its bytes."""
Truth = tuple[Bounded, ...]

_DECODER = msgspec.msgpack.Decoder(tuple[tuple[Numbers, Numbers], ...])


class Library:
    """The truths that are kept in a folder, those of the op at hand read."""

    def __init__(self, folder: Path, adding: bool) -> None:
        self._sources = Sources()
        self._folder = folder / self._sources.fingerprint
        self._adding = adding
        self._current = self._sources.older(psutil.Process().create_time() - 1)
        self._op, self._shelf = "", Shelf(self._folder, adding=False)

    def shelf(self, op: Op) -> Shelf | None:
        """Return what is known of an op; ``None`` where the code was changed since this began."""
        if op.id != self._op:
            self._shelf.write()
            self._op, self._shelf = op.id, Shelf(self._folder / op.id, self._adding)
            self._current = self._current and self._sources.unchanged()
        return self._shelf if self._current else None

    def close(self) -> None:
        """Write what waits to be written."""
        self._shelf.write()


_library: Library | None = None


@contextmanager
def kept(*, adding: bool) -> Iterator[None]:
    """Within, read the truths that are known, and add those that are not.

    Args:
        adding: whether any is added: not where somebody's own code is in the process, which may
            change what NumPy computes.
    """
    global _library
    before, _library = _library, opened(adding)
    try:
        yield
    finally:
        if _library:
            _library.close()
        _library = before


def opened(adding: bool) -> Library | None:
    """Return what is known, if there is a place for it; who adds first makes room."""
    place = cache.folder()
    if place is None:
        return None
    try:
        if adding:
            trim(place / "truths")
        return Library(place / "truths", adding)
    except OSError:
        return None


def known(
    kind: str,
    case: Case,
    arguments: Mapping[str, Argument],
    working: Precision,
    compute: Callable[[], Truth],
    *more: object,
) -> Truth:
    """Return a truth, computed where it is not known.

    Args:
        kind: of what it is the truth.
        case: whose config is used.
        arguments: the arrays of the call.
        working: the arithmetic of the implementation that the bound is for.
        compute: computes it.
        more: what else it depends on.
    """
    definition = reference.definition(case.op)
    shelf = _library.shelf(case.op) if _library and _ours(case.op, definition) else None
    if shelf is None:
        return compute()
    key = _key(kind, case, arguments, working, definition.__qualname__, more)
    found = _read(shelf.find(key), working)
    if found is None:
        found = compute()
        shelf.add(key, _written(found))
    return found


_FOLDER = str(Path(reference.__file__).parent) + os.sep


def _ours(op: Op, definition: Callable[..., Any]) -> bool:
    """Return whether a definition is that of the reference: what else calls, nobody knows."""
    code = getattr(definition, "__code__", None)
    own = code is not None and code.co_filename.startswith(_FOLDER)
    return own and REFERENCE not in op.functions


def _key(
    kind: str,
    case: Case,
    arguments: Mapping[str, Argument],
    working: Precision,
    definition: str,
    more: Sequence[object],
) -> bytes:
    arrays = {name: _described(argument) for name, argument in arguments.items()}
    said = (kind, _text(case.op), definition, case.id, _text(working), arrays, more)
    return blake2b(msgspec.msgpack.encode(said, enc_hook=_numbers), digest_size=SIZE).digest()


@lru_cache(maxsize=16)
def _text(of: Op | Precision) -> str:
    return repr(of)


def _described(argument: Argument) -> list[Numbers]:
    arrays = argument if isinstance(argument, list) else [argument]
    return [_numbers(array) for array in arrays if array is not None]


def _numbers(array: Array) -> Numbers:
    shape = None if isinstance(array, np.generic) else array.shape
    return array.dtype.name, shape, array.tobytes()


def _written(truth: Truth) -> bytes:
    parts = [tuple((x.dtype.char, *_numbers(x)[1:]) for x in (p.value, p.bound)) for p in truth]
    return msgspec.msgpack.encode(parts)


def _read(data: bytes | None, working: Precision) -> Truth | None:
    """Return the truth that was written; ``None`` where none was, or something else."""
    if data is None:
        return None
    try:
        parts = _DECODER.decode(data)
        return tuple(Bounded(_array(*v), _array(*b), working) for v, b in parts)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return None


def _array(form: str, shape: tuple[int, ...] | None, numbers: bytes) -> Array:
    """Return an array that was written; raise ``ValueError`` where it can't have been."""
    array: Array = np.ndarray(shape or (), FORMATS[form], buffer=numbers)
    if array.shape != (shape or ()) or array.nbytes != len(numbers):
        raise ValueError(f"{len(numbers)} bytes are no array of shape {shape}")
    return array[()] if shape is None else array
