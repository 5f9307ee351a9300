"""Keras itself as a backend, on the framework that ``KERAS_BACKEND`` names.

Nothing here knows an op: the entry's Keras name and kind find the class or function, its
signature says where each hyperparameter belongs, and the names of Keras's own variables say
where each weight goes. One module per kind calls what was found.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import keras
import ml_dtypes
import numpy as np
import numpy.typing as npt

from etalon.backends import Host
from etalon.spec.model import Op
from etalon.spec.words import EDITIONS

Tensor = Any
EDITION = EDITIONS[0]
SETTINGS = {
    "floatx": (keras.config.floatx, keras.config.set_floatx),
    "the small number called epsilon": (keras.config.epsilon, keras.config.set_epsilon),
    "the data format": (keras.config.image_data_format, keras.config.set_image_data_format),
    "the dtype policy": (keras.config.dtype_policy, keras.config.set_dtype_policy),
}


def version() -> str:
    """Return the versions of Keras and of the framework under it, which computes."""
    framework = keras.config.backend()
    return f"{keras.__version__} on {framework} {importlib.import_module(framework).__version__}"


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where the framework sees one."""
    return ("cpu", "gpu") if _sees_gpu() else ("cpu",)


@contextmanager
def placed(device: str) -> Iterator[None]:
    """Compute on the device; and in float64 where that is asked for, as JAX by itself does not."""
    with _wide(), keras.device(device):
        yield


def _wide() -> AbstractContextManager[Any]:
    if keras.config.backend() != "jax":
        return nullcontext()
    wide: AbstractContextManager[Any] = importlib.import_module("jax").enable_x64(True)
    return wide


def multiplied(mode: str) -> AbstractContextManager[Any]:
    """Return a context in which the framework multiplies float32 in full precision."""
    framework = importlib.import_module(f"{__name__}.multiplying")
    context: AbstractContextManager[Any] = getattr(framework, keras.config.backend())()
    return context


def from_numpy(array: npt.NDArray[Any]) -> Tensor:
    """Return a tensor of the framework that shares no memory with ``array``."""
    return keras.ops.convert_to_tensor(array.copy(), dtype=array.dtype.name)


def to_numpy(tensor: Tensor) -> npt.NDArray[Any]:
    """Return the numbers of a tensor, wherever it lies."""
    if hasattr(tensor, "detach"):  # PyTorch's: NumPy deprecates the way in which Keras reads them
        held = tensor.detach().cpu()
        if str(held.dtype) == "torch.bfloat16":
            return np.asarray(held.float().numpy().astype(ml_dtypes.bfloat16))
        return np.asarray(held.numpy())
    if hasattr(tensor, "numpy"):  # TensorFlow's: Keras can't read a bfloat16 without axes
        return np.asarray(tensor.numpy())
    return np.asarray(keras.ops.convert_to_numpy(tensor))


def gradients(
    function: Callable[..., tuple[Tensor, ...]],
    tensors: Sequence[Tensor],
    cotangents: Sequence[Tensor],
) -> Sequence[Tensor]:
    """Return, for each tensor, the gradient of the sum of results times cotangents."""
    framework = importlib.import_module(f"{__name__}.differentiation")
    take = getattr(framework, keras.config.backend())
    found: Sequence[Tensor] = take(function, tensors, cotangents)
    return found


def forget() -> None:
    """Let go of what JAX compiled: another op has other shapes, and all of them fill gigabytes."""
    if keras.config.backend() == "jax":
        importlib.import_module("jax").clear_caches()


def adapter(op: Op) -> Callable[..., Any] | None:
    """Return a function that calls what Keras has under the op's name; ``None`` without it."""
    found = getattr(getattr(keras, op.kind), op.keras, None)
    if found is None or op.edition != EDITION:
        return None
    kind = importlib.import_module(f"{__name__}.{op.kind}")

    def call(*args: Any, **config: Any) -> Any:
        with floatx(working_dtype(args, config)), warnings.catch_warnings(action="ignore"):
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


def _sees_gpu() -> bool:
    framework = importlib.import_module(keras.config.backend())
    match framework.__name__:
        case "torch":
            return bool(framework.cuda.is_available())
        case "tensorflow":
            return bool(framework.config.list_physical_devices("GPU"))
        case "jax":
            return any(device.platform == "gpu" for device in framework.devices())
    return False


def working_dtype(args: Any, config: Mapping[str, Any]) -> str:
    """Return the dtype of the first tensor of floats in a call, or the one that is asked for."""
    leaves = (leaf for leaf in keras.tree.flatten(args) if hasattr(leaf, "dtype"))
    dtypes = (str(keras.backend.standardize_dtype(leaf.dtype)) for leaf in leaves)
    floats = [dtype for dtype in dtypes if "float" in dtype]
    return floats[0] if floats else str(keras.backend.standardize_dtype(config.get("dtype")))


@contextmanager
def floatx(dtype: str) -> Iterator[None]:
    """Make ``dtype`` the one that Keras computes in: its default would round float64 away."""
    before = keras.config.floatx()
    keras.config.set_floatx(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before)
