"""array-api-strict as a backend of Etalon: layers of the functions that the standard has.

What holds here is written in the array API standard alone, so it runs on any library that keeps
to the standard. There are no gradients in it, no float16 and no bfloat16, and no random numbers.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import array_api_strict as xp
import numpy as np
import numpy.typing as npt

LACKS = {"cpu": ("float16", "bfloat16")}
"""The dtypes that the standard has not."""


def version() -> str:
    """Return the versions of array-api-strict, and of the standard that it keeps to."""
    return f"{xp.__version__} of {xp.__array_api_version__}"


def devices() -> tuple[str, ...]:
    """Return the only device that computes."""
    return ("cpu",)


def placed(device: str) -> AbstractContextManager[None]:
    """Return a context that changes nothing."""
    return nullcontext()


def from_numpy(array: npt.NDArray[Any]) -> Any:
    """Return an array of the standard that shares no memory with ``array``."""
    return xp.asarray(np.array(array), copy=True)


def to_numpy(array: Any) -> npt.NDArray[Any]:
    """Return the numbers of an array."""
    return np.asarray(np.from_dlpack(array))
