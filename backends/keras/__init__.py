"""Keras itself as a backend, on the framework that ``KERAS_BACKEND`` names.

Nothing here knows an op: the entry's Keras name and kind find the class or function, its
signature says where each hyperparameter belongs, and the names of Keras's own variables say
where each weight goes. One module per kind calls what was found.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy.typing as npt
from keras.src.backend.common import global_state

from etalon.backends.adapters import Preamble
from etalon.backends.hosting import Host
from etalon.backends.package import ProcessSetting
from etalon.backends.package import forget as let_go
from etalon.spec.model import Op
from etalon.spec.words import EDITIONS

Tensor = Any
EDITION = EDITIONS[0]

OF_THE_ENTRY = ("inputs", "masks", "weights", "outputs")
"""What is asked of an op's entry when it is called."""

glue: Any = importlib.import_module(f"etalon.backends.{keras.config.backend()}.glue")
"""What belongs to the framework that Keras computes with, no other of which is imported."""
devices, device_of, to_numpy = glue.devices, glue.device_of, glue.to_numpy
gradients, multiplied = glue.gradients, glue.multiplied
COMPILES_GRADIENTS: bool = getattr(glue, "COMPILES_GRADIENTS", False)
if hasattr(glue, "compiled"):
    compiled = glue.compiled

_POLICY = "dtype_policy"


def policy() -> Any:
    """Return the dtype policy that the process has set; ``None`` where it has set none.

    ``keras.config.dtype_policy()`` would set it, to what floatx is at that moment.
    """
    return global_state.get_global_attribute(_POLICY)


def set_policy(found: Any) -> None:
    """Put back what :func:`policy` returned: Keras's own function takes no ``None``."""
    global_state.set_global_attribute(_POLICY, found)


SETTINGS: Mapping[str, ProcessSetting] = {
    "floatx": (keras.config.floatx, keras.config.set_floatx),
    "the small number called epsilon": (keras.config.epsilon, keras.config.set_epsilon),
    "the data format": (keras.config.image_data_format, keras.config.set_image_data_format),
    "the dtype policy": (policy, set_policy),
}


def version() -> str:
    """Return the versions of Keras and of the framework under it, which computes."""
    framework = keras.config.backend()
    return f"{keras.__version__} on {framework} {importlib.import_module(framework).__version__}"


@contextmanager
def placed(device: str) -> Iterator[None]:
    """Compute on the device; and in float64 where that is asked for, as JAX by itself does not."""
    with glue.wide(), keras.device(device):
        yield


@contextmanager
def computing_in(dtype: str) -> Iterator[None]:
    """Make the dtype the one that Keras computes in: its default would round float64 away.

    Losses, metrics and functions ask for floatx, layers for the dtype policy, which is made of
    floatx only while nobody has set or read it.
    """
    before = keras.config.floatx(), policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        set_policy(before[1])


def from_numpy(array: npt.NDArray[Any]) -> Tensor:
    """Return a tensor of the framework that shares no memory with ``array``."""
    return keras.ops.convert_to_tensor(array.copy(), dtype=array.dtype.name)


def forget() -> None:
    """Let go of what the framework compiled, where it keeps that."""
    let_go(glue)


def adapter(op: Op) -> Callable[..., Any] | None:
    """Return a function that calls what Keras has under the op's name; ``None`` without it."""
    found = getattr(getattr(keras, op.kind), op.keras, None)
    if found is None or op.edition != EDITION:
        return None
    kind = importlib.import_module(f"{__name__}.{op.kind}")

    def call(*args: Any, **config: Any) -> Any:
        with warnings.catch_warnings(action="ignore"):
            return kind.call(found, op, *args, **config)

    call.__name__ = op.function
    call.__doc__ = f"native: keras.{op.kind}.{op.keras}\n\nCalled as kind {op.kind!r} prescribes."
    return call


def unsupported(op: Op) -> str:
    """Return why there is no adapter for an op."""
    if op.edition != EDITION:
        return f"is Keras 3: its {op.keras} is judged in the edition {EDITION}"
    return f"has no keras.{op.kind}.{op.keras}"


def host(kind: type) -> type[Host] | None:
    """Return what calls a ``keras.layers.Layer``."""
    if not issubclass(kind, keras.layers.Layer):
        return None
    found: type[Host] = importlib.import_module(f"{__name__}.hosting").LayerHost
    return found


def preamble(op: Op, dtype: str) -> Preamble:
    """Return what a program needs: the dtype to compute in, and what is asked of the entry."""
    kind = importlib.import_module(f"{__name__}.{op.kind}")
    entry = (f"{name}={tuple(getattr(op, name))!r}" for name in OF_THE_ENTRY)
    return Preamble(
        imports=("import types", "import keras"),
        setup=(
            *glue.SETUP,
            f'keras.config.set_floatx("{dtype}")',
            f"op = types.SimpleNamespace({', '.join(entry)})",
        ),
        function=kind.call,
        arguments=(f"keras.{op.kind}.{op.keras}", "op"),
    )
