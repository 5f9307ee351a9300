"""The reference against SciPy, wherever SciPy has the operation.

Both compute in float64, each in its own way; they may differ by the bound of the reference and by
as much again, since SciPy rounds no less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import linalg, ndimage, signal, special, stats

import etalon

Array = npt.NDArray[Any]
GENERATOR = np.random.RandomState(11)


def drawn(*shape: int) -> Array:
    return np.asarray(GENERATOR.standard_normal(shape))


def agree(op: str, args: Sequence[Any], wanted: Array, **config: Any) -> bool:
    """Say whether a reference gives what SciPy does, within twice the bound."""
    _, bound = etalon.bound(op, *args, dtype="float64", **config)
    got = etalon.reference(op)(*args, **config)
    assert np.shape(got) == np.shape(wanted)
    return bool((np.abs(got - wanted) <= 2 * bound).all() and np.isfinite(bound).all())


X = drawn(5, 33)

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "elu": lambda x: np.where(x > 0, x, special.expm1(x)),
    "gelu": lambda x: x * special.ndtr(x),
    "log_softmax": lambda x: special.log_softmax(x, axis=-1),
    "sigmoid": special.expit,
    "silu": lambda x: x * special.expit(x),
    "softmax": lambda x: special.softmax(x, axis=-1),
    "softplus": lambda x: -special.log_expit(-x),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    assert agree(f"activations/{name}", [X], ACTIVATIONS[name](X))


SPATIAL = {1: (9,), 2: (6, 5), 3: (4, 5, 3)}
WINDOW = {1: (3,), 2: (2, 3), 3: (2, 3, 1)}


def correlated(x: Array, kernel: Array) -> Array:
    """Return the correlation of each channel with its kernel, summed over channels."""
    filters = [
        sum(
            signal.correlate(x[..., c], kernel[..., c, f], mode="valid", method="direct")
            for c in range(x.shape[-1])
        )
        for f in range(kernel.shape[-1])
    ]
    return np.stack(filters, axis=-1)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_convolutions(axes: int) -> None:
    x, kernel = drawn(2, *SPATIAL[axes], 3), drawn(*WINDOW[axes], 3, 4)
    wanted = np.stack([correlated(example, kernel) for example in x])
    assert agree(f"layers/conv{axes}d", [x, kernel, None], wanted, use_bias=False)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_transposed_convolutions(axes: int) -> None:
    """With stride 1, the full convolution; the kernel is ``(*window, filters, channels)``."""
    x, kernel = drawn(2, *SPATIAL[axes], 3), drawn(*WINDOW[axes], 4, 3)
    wanted = [
        [
            sum(
                signal.convolve(example[..., c], kernel[..., f, c], mode="full", method="direct")
                for c in range(3)
            )
            for f in range(4)
        ]
        for example in x
    ]
    last = np.moveaxis(np.asarray(wanted), 1, -1)
    assert agree(f"layers/conv{axes}d_transpose", [x, kernel, None], last, use_bias=False)


@pytest.mark.parametrize("axes", [1, 2])
def test_depthwise_convolutions(axes: int) -> None:
    x, kernel = drawn(1, *SPATIAL[axes], 3), drawn(*WINDOW[axes], 3, 1)
    channels = [
        signal.correlate(x[0, ..., c], kernel[..., c, 0], mode="valid", method="direct")
        for c in range(3)
    ]
    wanted = np.stack(channels, axis=-1)[None]
    assert agree(f"layers/depthwise_conv{axes}d", [x, kernel, None], wanted, use_bias=False)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_pooling(axes: int) -> None:
    """Windows of 3 at stride 1 that do not pad: SciPy's filters without their border."""
    x = drawn(2, *[5] * axes, 2)
    inner = (slice(None), *[slice(1, -1)] * axes, slice(None))
    size, options = (1, *[3] * axes, 1), {"pool_size": (3,) * axes, "strides": (1,) * axes}
    largest = ndimage.maximum_filter(x, size=size)[inner]
    assert agree(f"layers/max_pooling{axes}d", [x], largest, **options)
    averages = ndimage.generic_filter(x, np.mean, size=size)[inner]
    assert agree(f"layers/average_pooling{axes}d", [x], averages, **options)


def test_normalization() -> None:
    """Without epsilon, the z-score of each channel over the batch."""
    x = drawn(12, 3)
    y, _, _ = etalon.reference("layers/batch_normalization")(
        x, None, None, np.zeros(3), np.ones(3), training=True, epsilon=0.0
    )
    _, bound = etalon.bound(
        *("layers/batch_normalization", x, None, None, np.zeros(3), np.ones(3)),
        training=True,
        epsilon=0.0,
        dtype="float64",
    )
    assert (np.abs(y - stats.zscore(x, axis=0)) <= 2 * bound[0]).all()


def test_norms() -> None:
    w = drawn(4, 5)
    assert agree("regularizers/l2", [w], np.square(linalg.norm(w)) * 0.5, l2=0.5)


@pytest.mark.parametrize(
    ("op", "distribution"),
    [
        ("truncated_normal", stats.truncnorm(-2, 2, scale=0.05)),
        ("random_normal", stats.norm(scale=0.05)),
        ("random_uniform", stats.uniform(-0.05, 0.1)),
    ],
)
def test_distributions(op: str, distribution: Any) -> None:
    numbers = etalon.reference(f"initializers/{op}")((100, 100), dtype="float64", seed=3)
    assert stats.kstest(numbers.ravel(), distribution.cdf).pvalue > 1e-3
