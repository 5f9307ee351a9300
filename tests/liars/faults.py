"""The first liars: a fault planted into an adapter, whatever its backend.

Each entry says which law of which op catches it. A fault is a function that takes the honest
adapter and returns a lying one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op

Adapter = Callable[..., Any]


@dataclass(frozen=True)
class Liar:
    """One fault: where it is planted, and how."""

    name: str
    op: str
    plant: Callable[[Adapter], Adapter]
    law: str = "values"
    backend: str = "numpy"


def with_config(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Adapter], Adapter]:
    """Return a fault that changes the hyperparameters before the honest adapter sees them."""

    def plant(honest: Adapter) -> Adapter:
        @functools.wraps(honest)
        def lying(*args: Any, **config: Any) -> Any:
            return honest(*args, **{**config, **change(config)})

        return lying

    return plant


def with_kernel(change: Callable[[Any], Any]) -> Callable[[Adapter], Adapter]:
    """Return a fault that changes the kernel before the honest adapter sees it."""

    def plant(honest: Adapter) -> Adapter:
        @functools.wraps(honest)
        def lying(x: Any, kernel: Any, bias: Any, **config: Any) -> Any:
            return honest(x, change(kernel), bias, **config)

        return lying

    return plant


def with_result(change: Callable[[Any], Any]) -> Callable[[Adapter], Adapter]:
    """Return a fault that changes what the honest adapter returns."""

    def plant(honest: Adapter) -> Adapter:
        @functools.wraps(honest)
        def lying(*args: Any, **config: Any) -> Any:
            return change(honest(*args, **config))

        return lying

    return plant


def unbiased_variance(honest: Adapter) -> Adapter:
    """Divide by n − 1 instead of n in the variance of the batch."""

    @functools.wraps(honest)
    def lying(x: Any, gamma: Any, beta: Any, mean: Any, variance: Any, **config: Any) -> Any:
        y, mean, moved = honest(x, gamma, beta, mean, variance, **config)
        if config["training"]:
            n = x.size // x.shape[config["axis"]]
            kept = config["momentum"] * variance
            moved = kept + (moved - kept) * (n / max(n - 1, 1))
        return y, mean, moved

    return lying


LIARS = (
    Liar("bias dropped", "layers/dense", with_config(lambda config: {"use_bias": False})),
    Liar(
        "strides swapped",
        "layers/max_pooling2d",
        with_config(lambda config: {"strides": config["strides"][::-1]}),
    ),
    Liar("n - 1 for n in the variance", "layers/batch_normalization", unbiased_variance),
    Liar(
        "epsilon times 1.01",
        "optimizers/adam",
        with_config(lambda config: {"epsilon": config["epsilon"] * 1.01}),
    ),
    Liar(
        "softmax over another axis",
        "activations/softmax",
        with_config(lambda config: {"axis": 0}),
    ),
    Liar(
        "kernel times 1 + 1e-5",
        "layers/conv2d",
        with_kernel(lambda kernel: kernel * (1 + 1e-5)),
    ),
    Liar(
        "rate of dropout off by a fifth",
        "layers/dropout",
        with_config(lambda config: {"rate": config["rate"] * 1.2}),
        law="distribution",
    ),
    Liar(
        "first entry never negative",
        "initializers/orthogonal",
        with_result(lambda y: y * (1 - 2 * (y.ravel()[0] < 0))),
        law="distribution",
    ),
    Liar(
        "result in float64",
        "activations/elu",
        with_result(lambda y: y.astype("float64")),
        law="shape_and_dtype",
    ),
    Liar(
        "invalid rate answered",
        "layers/dropout",
        with_config(lambda config: {"rate": min(config["rate"], 0.9)}),
        law="invalid_calls",
    ),
)


class Lying(Subject):
    """A backend with one fault in one adapter."""

    fault: Liar
    _planted: Adapter | None = None

    def adapter(self, op: Op) -> Adapter | None:
        """Return the lying adapter of the fault's op, the honest one of any other."""
        honest = super().adapter(op)
        if honest is None or op.id != self.fault.op:
            return honest
        self._planted = self._planted or self.fault.plant(honest)
        return self._planted
