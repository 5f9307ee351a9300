"""For each law a liar that no other law of its op can see: why the law is there.

Their faults show only in what that law alone asks for: a larger batch or picture than others,
the same call twice, the derivative behind a right number, a third batch in a stream.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from liars.faults import Adapter, Liar, with_config, with_result


def forgetful(honest: Adapter) -> Adapter:
    """Be off by a rounding in every second call."""
    calls = 0

    @functools.wraps(honest)
    def lying(*args: Any, **config: Any) -> Any:
        nonlocal calls
        calls += 1
        result = honest(*args, **config)
        return np.nextafter(result, np.zeros_like(result)) if calls % 2 else result

    return lying


def leaking_batch(honest: Adapter) -> Adapter:
    """Take examples beyond the tenth for those before."""

    @functools.wraps(honest)
    def lying(x: Any, *args: Any, **config: Any) -> Any:
        result = honest(x, *args, **config)
        return np.roll(result, 1, axis=0) if x.ndim == 2 and len(result) > 10 else result

    return lying


def remembering_sets(honest: Adapter) -> Adapter:
    """Remember results by the numbers in the input, whatever their order."""
    known: dict[Any, Any] = {}

    @functools.wraps(honest)
    def lying(x: Any, *args: Any, **config: Any) -> Any:
        key = (np.sort(x, axis=None).tobytes(), x.shape, x.dtype, str(config))
        if np.isfinite(x).all() and x.size:
            return known.setdefault(key, honest(x, *args, **config))
        return honest(x, *args, **config)

    return lying


def remembering_any_format(honest: Adapter) -> Adapter:
    """Remember results by the input, whatever the data format in which it was given."""
    known: dict[Any, Any] = {}

    @functools.wraps(honest)
    def lying(x: Any, **config: Any) -> Any:
        rest = {name: value for name, value in config.items() if name != "data_format"}
        first = config["data_format"] == "channels_first"
        key = ((np.moveaxis(x, 1, -1) if first else x).tobytes(), str(x.dtype), str(rest))
        return known.setdefault(key, honest(x, **config))

    return lying


def shifted_far_out(honest: Adapter) -> Adapter:
    """Mix up the rows of large pictures."""

    @functools.wraps(honest)
    def lying(x: Any, *args: Any, **config: Any) -> Any:
        result = honest(x, *args, **config)
        return np.roll(result, 1, axis=(1, 2)) if max(x.shape[1:]) > 12 else result

    return lying


def saturating(honest: Adapter) -> Adapter:
    """Saturate at a number that ordinary inputs do not reach."""

    @functools.wraps(honest)
    def lying(x: Any, **config: Any) -> Any:
        result = honest(x, **config)
        ordinary = np.isfinite(result) & (np.abs(result) < 1e9)
        saturated = np.where(ordinary, np.clip(result, -4000, 4000), result)
        return np.asarray(saturated, dtype=x.dtype)

    return lying


def trained_by_state(honest: Adapter) -> Adapter:
    """Let a large moving mean into the result of training."""

    @functools.wraps(honest)
    def lying(x: Any, gamma: Any, beta: Any, mean: Any, variance: Any, **config: Any) -> Any:
        y, *state = honest(x, gamma, beta, mean, variance, **config)
        return (y * 1.01 if config["training"] and mean.min() > 6 else y, *state)

    return lying


def three_batches_at_most(honest: Adapter) -> Adapter:
    """Forget what comes after the third batch."""

    @functools.wraps(honest)
    def lying(batches: Any, **config: Any) -> Any:
        return honest(batches[:3], **config)

    return lying


def all_ones_doubled(honest: Adapter) -> Adapter:
    """Count examples twice where all weights are 1."""

    @functools.wraps(honest)
    def lying(y_true: Any, y_pred: Any, *, sample_weight: Any = None, **config: Any) -> Any:
        loss = honest(y_true, y_pred, sample_weight=sample_weight, **config)
        ones = sample_weight is not None and bool((sample_weight == 1).all())
        return loss * 2 if ones and sample_weight.size > 1 else loss

    return lying


def refusing_nothing(honest: Adapter) -> Adapter:
    """Refuse a batch without examples."""

    @functools.wraps(honest)
    def lying(x: Any, **config: Any) -> Any:
        if not x.size:
            raise ValueError("x is empty")
        return honest(x, **config)

    return lying


def steeper(result: Any) -> Any:
    """Return the number as it is, with a derivative that is 0.1 % too large."""
    return result + 0.001 * (result - result.detach())


def longer(honest: Adapter) -> Adapter:
    """Give rows of more than 200 numbers too much, by less than all roundings together may be."""

    @functools.wraps(honest)
    def lying(x: Any, *args: Any, **config: Any) -> Any:
        result = honest(x, *args, **config)
        long = x.ndim == 2 and x.shape[-1] > 200
        return (result * (1 + 5e-6)).astype(result.dtype) if long else result

    return lying


ALONE = (
    Liar("long rows too large", "layers/rms_normalization", longer, "likely"),
    Liar("derivative off", "activations/softmax", with_result(steeper), "gradients", "torch"),
    Liar("off in every second call", "activations/softmax", forgetful, "repeatability"),
    Liar("wrong beyond ten examples", "activations/relu", leaking_batch, "batch_independence"),
    Liar("order forgotten", "activations/softmax", remembering_sets, "exchangeability"),
    Liar("format forgotten", "layers/max_pooling2d", remembering_any_format, "data_formats"),
    Liar("wrong in large pictures", "layers/max_pooling2d", shifted_far_out, "translation"),
    Liar("saturated", "layers/flatten", saturating, "linearity"),
    Liar("state let in", "layers/batch_normalization", trained_by_state, "state"),
    Liar("fourth batch lost", "metrics/categorical_accuracy", three_batches_at_most, "streaming"),
    Liar("ones count twice", "losses/mean_squared_error", all_ones_doubled, "sample_weights"),
    Liar("empty batch refused", "activations/elu", refusing_nothing, "empty_batch"),
    Liar("NaN swallowed", "activations/elu", with_result(np.nan_to_num), "special_values"),
    Liar(
        "standard deviation off by 2 %",
        "initializers/glorot_normal",
        with_result(lambda y: y * 1.02),
        "distribution",
    ),
    Liar(
        "invalid axis answered",
        "activations/softmax",
        with_config(lambda config: {"axis": min(config["axis"], 1)}),
        "invalid_calls",
    ),
)
