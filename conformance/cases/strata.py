"""The values of each stratum, drawn from NumPy's frozen generator.

``RandomState`` is used because NumPy promises that its stream never changes: a case replays for
ever. What the strata are is said in ``STRATA`` of the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.formats import FORMATS, Format
from etalon.spec.expressions import evaluate
from etalon.spec.model import Assignment, Op, Tensor

Numbers = npt.NDArray[np.float64]
INTEGERS = "integers"
WIDE = 12
"""How many bits wide integers have at most: 24 hold 4096 of them."""
SPARSE = 0.1
"""The share of sparse signs that are not zero."""
Generator = np.random.RandomState
Shape = tuple[int, ...]


class Recipe(Protocol):
    """What of a case its numbers are drawn by."""

    @property
    def op(self) -> Op:
        """Whose kinks may be among the numbers."""

    @property
    def dtype(self) -> str:
        """Whose smallest and largest numbers may be among them."""

    @property
    def stratum(self) -> str:
        """Which region of value space they are from."""

    @property
    def scale(self) -> float:
        """What they are multiplied by."""

    @property
    def known(self) -> Assignment:
        """The config and the dimensions."""


def draw(generator: Generator, shape: Shape, tensor: Tensor, case: Recipe) -> Numbers:
    """Draw one array of a case: its stratum, as far as the tensor's domain allows."""
    return DOMAINS[tensor.values](generator, shape, case)


def _real(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    if case.stratum == "near_kink":
        return _near_kink(generator, shape, case)
    if case.stratum in OF_THE_FORMAT:
        return OF_THE_FORMAT[case.stratum](generator, shape, FORMATS[case.dtype])
    numbers: Numbers = case.scale * VALUES[case.stratum](generator, shape)
    return numbers


def _normal(generator: Generator, shape: Shape) -> Numbers:
    return np.asarray(generator.standard_normal(shape))


def _ties(generator: Generator, shape: Shape) -> Numbers:
    return generator.randint(-2, 3, size=shape).astype(np.float64)


def _signed_zeros(generator: Generator, shape: Shape) -> Numbers:
    numbers = _normal(generator, shape)
    zeros = np.where(generator.random_sample(shape) < 0.5, 0.0, -0.0)
    return np.where(generator.random_sample(shape) < 0.5, zeros, numbers)


def _constant(generator: Generator, shape: Shape) -> Numbers:
    return np.full(shape, generator.standard_normal())


def _large_mean(generator: Generator, shape: Shape) -> Numbers:
    return 100.0 + _normal(generator, shape)


def _saturated(generator: Generator, shape: Shape) -> Numbers:
    magnitudes = np.exp(generator.uniform(np.log(3), np.log(1000), size=shape))
    return np.asarray(magnitudes * generator.choice([-1.0, 1.0], size=shape))


def _vanishing(generator: Generator, shape: Shape) -> Numbers:
    return np.multiply(_normal(generator, shape), _along(shape, np.logspace(0, -6, shape[0])))


def _exploding(generator: Generator, shape: Shape) -> Numbers:
    return np.multiply(_normal(generator, shape), _along(shape, np.logspace(0, 2, shape[0])))


def _alternating(generator: Generator, shape: Shape) -> Numbers:
    once = _normal(generator, (1, *shape[1:]))
    return np.multiply(once, _along(shape, (-1.0) ** np.arange(shape[0])))


def _along(shape: Shape, factors: npt.NDArray[Any]) -> Numbers:
    numbers: Numbers = factors.reshape(-1, *[1] * (len(shape) - 1))
    return numbers


def _nan_inf(generator: Generator, shape: Shape) -> Numbers:
    numbers = _normal(generator, shape)
    special = generator.choice([np.nan, np.inf, -np.inf], size=shape)
    return np.where(generator.random_sample(shape) < 0.15, special, numbers)


def _near_kink(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    points = [evaluate(kink, case.known) for kink in case.op.kinks]
    kinks = generator.choice([p for p in points if p is not None] or [0.0], size=shape)
    distances = 10.0 ** generator.uniform(-30, 0, size=shape)
    near = distances * generator.choice([-1.0, 0.0, 1.0], size=shape)
    relative = np.ldexp(1.0, -generator.randint(1, 54, size=shape)) * np.sign(near)
    numbers: Numbers = np.where(kinks == 0, near, kinks * (1 + relative))
    return numbers


def _subnormals(generator: Generator, shape: Shape, own: Format) -> Numbers:
    exponents = generator.uniform(-own.digits - 1, 3, size=shape)
    numbers: Numbers = own.tiny * np.exp2(exponents) * generator.choice([-1.0, 1.0], size=shape)
    return numbers


def _overflow(generator: Generator, shape: Shape, own: Format) -> Numbers:
    exponents = generator.uniform(-3, 0, size=shape)
    signs = generator.choice([-1.0, 1.0], size=shape)
    large = own.largest * np.exp2(exponents) * signs
    return np.where(generator.random_sample(shape) < 0.5, large, _normal(generator, shape))


def _wide(generator: Generator, shape: Shape, own: Format) -> Numbers:
    """Draw integers that the format holds, so wide that a coarser one does not."""
    most = 2 ** min(own.digits, WIDE)
    return generator.randint(1 - most, most, size=shape).astype(np.float64)


def _sparse(generator: Generator, shape: Shape) -> Numbers:
    """Draw signs among zeros: a sum of products with them has few terms that are not zero."""
    signs = generator.choice([-1.0, 1.0], size=shape)
    return np.where(generator.random_sample(shape) < SPARSE, signs, 0.0)


OF_THE_FORMAT: Mapping[str, Callable[[Generator, Shape, Format], Numbers]] = {
    "subnormals": _subnormals,
    "overflow": _overflow,
    "integers": _wide,
}
"""Strata that depend on the format, and know no scale."""

VALUES: Mapping[str, Callable[[Generator, Shape], Numbers]] = {
    "normal": _normal,
    "ties": _ties,
    "signed_zeros": _signed_zeros,
    "constant": _constant,
    "large_mean": _large_mean,
    "saturated": _saturated,
    "vanishing": _vanishing,
    "exploding": _exploding,
    "alternating": _alternating,
    "nan_inf": _nan_inf,
    "empty_batch": _normal,
    "drawn": _normal,
}


def _weight(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return _sparse(generator, shape) if case.stratum == INTEGERS else _normal(generator, shape)


def _positive(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return np.exp(_normal(generator, shape))


def _one_hot(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    axis: Any = case.known.get("axis", -1)
    scores = np.moveaxis(generator.random_sample(shape), axis, -1)
    classes = np.argmax(scores, axis=-1)
    return np.moveaxis(np.eye(scores.shape[-1])[classes], -1, axis)


def _binary(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return generator.randint(0, 2, size=shape).astype(np.float64)


def _prediction(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    numbers = _real(generator, shape, case)
    return numbers if case.known.get("from_logits") else np.abs(numbers)


def _sample_weight(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    weights = generator.uniform(0.1, 2.0, size=shape)
    return np.where(generator.random_sample(shape) < 0.2, 0.0, weights)


def _label(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    labels = generator.randint(0, _classes(case), size=shape).astype(np.float64)
    ignored: Any = case.known.get("ignore_class")
    if ignored is None:
        return labels
    return np.where(generator.random_sample(shape) < 0.3, float(ignored), labels)


def _out_of_range(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    classes = _classes(case)
    return np.asarray(generator.randint(classes, 2 * classes, size=shape).astype(np.float64))


def _classes(case: Recipe) -> int:
    known: Any = case.known
    for name in ("classes", "input_dim"):
        if name in known:
            return int(known[name])
    shape = known["shape"] if "shape" in known else (sum(known["splits"]), *known["rest"])
    return int(shape[known["axis"]])


def _signs(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return np.asarray(generator.choice([-1.0, 1.0], size=shape))


def _mixed(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    labels = generator.choice([-1.0, 0.0, 1.0], size=shape)
    first = np.arange(labels.size).reshape(shape) == 0
    return np.where(first, -1.0, labels)


def _labels(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return DOMAINS[str(case.known["labels"])](generator, shape, case)


def _shares(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    parts = generator.standard_exponential(shape)
    parts = np.where(generator.random_sample(shape) < 0.2, 0.0, parts)
    total = np.sum(parts, axis=-1, keepdims=True)
    equal = np.full(shape, 1 / shape[-1])
    return np.asarray(np.divide(parts, total, out=equal, where=total > 0))


def _count(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return generator.poisson(2.0, size=shape).astype(np.float64)


def _mask(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    return (generator.random_sample(shape) < 0.7).astype(np.float64)


def _keeping(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    causal: Any = case.known.get("use_causal_mask")
    place = generator.randint(1 if causal else shape[-1], size=(*shape[:-1], 1))
    kept = generator.random_sample(shape) < 0.6
    return np.asarray(kept | (np.arange(shape[-1]) == place)).astype(np.float64)


def _steps(generator: Generator, shape: Shape, case: Recipe) -> Numbers:
    value: Any = case.known["mask_value"]
    numbers = _real(generator, shape, case)
    numbers = np.where(generator.random_sample(shape) < 0.2, value, numbers)
    return np.where(generator.random_sample((*shape[:-1], 1)) < 0.3, value, numbers)


DOMAINS: Mapping[str, Callable[[Generator, Shape, Recipe], Numbers]] = {
    "real": _real,
    "weight": _weight,
    "positive": _positive,
    "one_hot": _one_hot,
    "binary": _binary,
    "signs": _signs,
    "mixed": _mixed,
    "labels": _labels,
    "shares": _shares,
    "count": _count,
    "prediction": _prediction,
    "sample_weight": _sample_weight,
    "label": _label,
    "out_of_range": _out_of_range,
    "mask": _mask,
    "keeping": _keeping,
    "steps": _steps,
}
