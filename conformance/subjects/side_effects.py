"""What a call may not touch: its arguments, and settings that other calls depend on.

A call that does is answered by an exception, so its cells alone say so; what it set is put back.
Where that is impossible, the process is of no more use, and its next test gets another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.backends.package import Package, ProcessSetting, device_of, settings
from etalon.conformance.subjects.outcomes import Misbehaved


class ChangedSetting(Misbehaved):
    """A call changed a setting of the whole process."""

    symptom = "changed a global setting"


class ChangedArgument(Misbehaved):
    """A call wrote into an array that it was given."""

    symptom = "changed its argument"


class Misplaced(Misbehaved):
    """A call computed on another device than it was asked to."""

    symptom = "result on another device"


def _subnormals_kept() -> bool:
    smallest = np.float32(1e-45)
    return bool(smallest * np.float32(1) > 0)


OURS: Mapping[str, ProcessSetting] = {
    "subnormal numbers are kept": (_subnormals_kept, None),
    "NumPy's error handling": (np.geterr, lambda handling: np.seterr(**handling)),
}


class Surroundings:
    """The settings of a process in which a backend's package is called.

    ``spoilt`` says whether one was changed that can't be put back.
    """

    spoilt = False

    def __init__(self, package: Package) -> None:
        self.settings: Mapping[str, ProcessSetting] = {**OURS, **settings(package)}

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Put back what is changed within.

        Raises:
            ChangedSetting: something was.
        """
        before = self._read()
        try:
            yield
        finally:
            changed = self._put_back(before)
        if changed:
            raise ChangedSetting(f"it changed {' and '.join(changed)}")

    def _read(self) -> dict[str, Any]:
        return {name: read() for name, (read, _) in self.settings.items()}

    def _put_back(self, before: Mapping[str, Any]) -> list[str]:
        changed = []
        for name, found in self._read().items():
            if found != before[name]:
                changed.append(f"{name} from {before[name]} to {found}")
                self._set(name, before[name])
        return changed

    def _set(self, name: str, value: Any) -> None:
        _, put_back = self.settings[name]
        if put_back is None:
            Surroundings.spoilt = True
        else:
            put_back(value)


def on_device(package: Package, results: Iterable[Any], device: str) -> None:
    """See that results lie on a device, where the package can tell.

    Raises:
        Misplaced: one does not.
    """
    for number, result in enumerate(results):
        found = device_of(package, result)
        if found not in (device, None):
            raise Misplaced(f"result {number} lies on the {found}, wanted the {device}")


def untouched(name: str, given: npt.NDArray[Any], after: npt.NDArray[Any]) -> None:
    """See that an array is what it was before the call, where any NaN equals any other.

    Which of the many NaN an array holds may change when it is converted, as bfloat16 is by way of
    float32, and says nothing about the call.

    Raises:
        ChangedArgument: it is not.
    """
    if given.shape == after.shape and given.tobytes() == after.tobytes():
        return
    changed = _bytes_of_each(given) != _bytes_of_each(after)
    both_nan = (given != given) & (after != after)
    if np.any(changed.any(axis=-1) & ~both_nan):
        raise ChangedArgument(f"it changed its argument {name}")


def _bytes_of_each(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """The bytes of each element of an array, on an axis of their own."""
    contiguous = np.ascontiguousarray(array).reshape(-1)
    return contiguous.view(np.uint8).reshape(*array.shape, array.itemsize)
