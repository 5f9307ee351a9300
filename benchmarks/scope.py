"""Which of Keras's own test files are about which ops: both sides of a comparison by kind.

A kind has here the test files of what Etalon has an op for. Those of other layers, optimizers and
metrics are left out, with their seconds and comparisons: adaptive pooling, Lion, F-scores and so
on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OPTIMIZERS = ("adadelta", "adagrad", "adam", "adamax", "adamw", "nadam", "rmsprop", "sgd")
RESHAPING = (
    *(f"cropping{n}d" for n in (1, 2, 3)),
    *("flatten", "permute", "repeat_vector", "reshape"),
    *(f"up_sampling{n}d" for n in (1, 2, 3)),
    *(f"zero_padding{n}d" for n in (1, 2, 3)),
)
ACTIVATION_LAYERS = ("activation", "elu", "leaky_relu", "prelu", "relu", "softmax")
MERGING = (
    *("add", "average", "concatenate", "dot"),
    *("maximum", "minimum", "multiply", "subtract"),
)
NORMALIZATION = tuple(f"{name}_normalization" for name in ("batch", "group", "layer", "rms"))


@dataclass(frozen=True)
class Part:
    """One kind of ops: Keras's test files, below ``keras/src``, and globs of Etalon's ops."""

    tests: tuple[str, ...]
    ops: tuple[str, ...]


def _files(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}_test.py" for name in names)


def _layers(folder: str, names: tuple[str, ...]) -> Part:
    return Part(_files(f"layers/{folder}", *names), tuple(f"layers/{name}" for name in names))


SCOPE: Mapping[str, Part] = {
    "losses": Part(_files("losses", "loss", "losses"), ("losses/*",)),
    "activations": Part(_files("activations", "activations"), ("activations/*",)),
    "initializers": Part(
        _files("initializers", "initializer", "constant_initializers", "random_initializers"),
        ("initializers/*",),
    ),
    "regularizers": Part(_files("regularizers", "regularizers"), ("regularizers/*",)),
    "optimizers": Part(_files("optimizers", "optimizer", *OPTIMIZERS), ("optimizers/*",)),
    "accuracy metrics": Part(_files("metrics", "accuracy_metrics"), ("metrics/*accuracy",)),
    "dense": _layers("core", ("dense",)),
    "convolution": Part(
        _files(
            "layers/convolutional", "conv", "conv_transpose", "depthwise_conv", "separable_conv"
        ),
        ("layers/*conv[123]d", "layers/*conv[123]d_transpose"),
    ),
    "pooling": Part(
        _files(
            *("layers/pooling", "average_pooling", "max_pooling"),
            *("global_average_pooling", "global_max_pooling"),
        ),
        ("layers/*_pooling[123]d",),
    ),
    "merging": Part(
        _files("layers/merging", "merging"), tuple(f"layers/{name}" for name in MERGING)
    ),
    "reshaping": _layers("reshaping", RESHAPING),
    "activation layers": _layers("activations", ACTIVATION_LAYERS),
    "normalization layers": _layers("normalization", NORMALIZATION),
}

TESTS = tuple(test for part in SCOPE.values() for test in part.tests)
OPS = tuple(glob for part in SCOPE.values() for glob in part.ops)
