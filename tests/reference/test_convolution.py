"""The convolutions, tap by tap: the numbers are multiples of 1/8, so all sums are exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import etalon
from arrays import eighths

Numbers = Any
Lengths = tuple[int, ...]


def slid(length: int, span: int, stride: int, padding: str) -> tuple[int, int]:
    """Return how many windows there are along an axis, and how much is padded before it."""
    if padding == "valid":
        return (length - span) // stride + 1, 0
    count = -(-length // stride)
    if padding == "causal":
        return count, span - 1
    return count, max((count - 1) * stride + span - length, 0) // 2


def correlated(
    x: Numbers, kernel: Numbers, strides: Lengths, padding: str, rates: Lengths, groups: int
) -> Numbers:
    """Return the convolution of x by definition, one product after the other."""
    lengths, size = x.shape[1:-1], kernel.shape[:-2]
    (inside, filters), spans = kernel.shape[-2:], spans_of(size, rates)
    axes = [slid(*axis, padding) for axis in zip(lengths, spans, strides, strict=True)]
    y = np.zeros((len(x), *(count for count, _ in axes), filters))
    for b, *place, f in np.ndindex(y.shape):
        first = f // (filters // groups) * inside
        for *tap, c in np.ndindex(*size, inside):
            along = zip(place, strides, tap, rates, axes, strict=True)
            seen = [p * s + k * r - before for p, s, k, r, (_, before) in along]
            if all(0 <= i < n for i, n in zip(seen, lengths, strict=True)):
                y[(b, *place, f)] += x[(b, *seen, first + c)] * kernel[(*tap, c, f)]
    return y


def spans_of(size: Lengths, rates: Lengths) -> Lengths:
    """Return how many positions the taps of a dilated kernel span."""
    return tuple((k - 1) * rate + 1 for k, rate in zip(size, rates, strict=True))


@pytest.mark.parametrize(
    ("spatial", "size", "strides", "padding", "rates", "groups"),
    [
        ((7,), (3,), (1,), "valid", (2,), 1),
        ((8,), (2,), (3,), "same", (1,), 2),
        ((7,), (3,), (1,), "causal", (2,), 2),
        ((6,), (2,), (2,), "causal", (1,), 1),
        ((6, 5), (3, 2), (2, 1), "same", (1, 1), 2),
        ((3, 4, 4), (2, 3, 2), (1, 2, 2), "valid", (1, 1, 1), 1),
        ((3, 4, 3), (2, 1, 2), (2, 1, 3), "same", (1, 1, 1), 2),
        ((2, 4, 3), (2, 2, 2), (1, 1, 1), "same", (1, 2, 1), 1),
    ],
)
def test_a_convolution_is_the_sum_over_all_taps(
    spatial: Lengths, size: Lengths, strides: Lengths, padding: str, rates: Lengths, groups: int
) -> None:
    x, bias = eighths(2, *spatial, 4), eighths(6, seed=2)
    kernel = eighths(*size, 4 // groups, 6, seed=1)
    wanted = correlated(x, kernel, strides, padding, rates, groups) + bias
    options: dict[str, Any] = {"padding": padding, "dilation_rate": rates, "groups": groups}
    convolution = etalon.reference(f"layers/conv{len(spatial)}d")
    assert (convolution(x, kernel, bias, strides=strides, **options) == wanted).all()
    options |= {"data_format": "channels_first", "use_bias": False, "activation": "relu"}
    first = convolution(np.moveaxis(x, -1, 1), kernel, None, strides=strides, **options)
    assert (np.moveaxis(first, 1, -1) == np.maximum(wanted - bias, 0)).all()


def test_causal_results_depend_on_no_later_step() -> None:
    x, kernel = eighths(1, 8, 2), eighths(3, 2, 2, seed=1)
    later = np.concatenate([x[:, :5], x[:, 5:] + 1], axis=1)
    conv1d = etalon.reference("layers/conv1d")
    before, after = (conv1d(v, kernel, padding="causal", dilation_rate=2) for v in (x, later))
    assert (before[:, :5] == after[:, :5]).all()
    assert (before[:, 5:] != after[:, 5:]).all()


def test_strides_and_rates_may_be_one_number() -> None:
    x, kernel = eighths(1, 5, 4, 5, 2), eighths(2, 2, 2, 2, 2, seed=1)
    conv3d = etalon.reference("layers/conv3d")
    assert (conv3d(x, kernel, strides=2) == conv3d(x, kernel, strides=(2, 2, 2))).all()
    assert (conv3d(x, kernel, dilation_rate=3) == conv3d(x, kernel, dilation_rate=(3,) * 3)).all()


@pytest.mark.parametrize(
    ("spatial", "size", "strides", "padding", "rates", "multiplier"),
    [
        ((7,), (3,), (2,), "same", (2,), 2),
        ((6,), (2,), (1,), "valid", (3,), 1),
        ((5, 6), (3, 2), (2, 1), "same", (1, 2), 2),
        ((6, 5), (2, 3), (1, 2), "valid", (2, 1), 3),
    ],
)
def test_depthwise_and_separable_convolutions_tap_by_tap(
    spatial: Lengths, size: Lengths, strides: Lengths, padding: str, rates: Lengths, multiplier: int
) -> None:
    axes, filters = len(spatial), 3 * multiplier
    x, kernel = eighths(2, *spatial, 3), eighths(*size, 3, multiplier, seed=1)
    each = [
        correlated(x[..., c : c + 1], kernel[..., c : c + 1, :], strides, padding, rates, 1)
        for c in range(3)
    ]
    between = np.concatenate(each, axis=-1)
    options: dict[str, Any] = {"strides": strides, "padding": padding, "dilation_rate": rates}
    bias = eighths(filters, seed=2)
    depthwise = etalon.reference(f"layers/depthwise_conv{axes}d")
    got = depthwise(x, kernel, bias, depth_multiplier=multiplier, **options)
    assert (got == between + bias).all()
    pointwise, offset = eighths(*(1,) * axes, filters, 2, seed=3), eighths(2, seed=4)
    separable = etalon.reference(f"layers/separable_conv{axes}d")
    options |= {"depth_multiplier": multiplier, "data_format": "channels_first"}
    got = separable(np.moveaxis(x, -1, 1), kernel, pointwise, offset, **options)
    wanted = between @ pointwise.reshape(filters, 2) + offset
    assert (np.moveaxis(got, 1, -1) == wanted).all()


def shape_and_cut(
    length: int, span: int, stride: int, padding: str, output_padding: int | None
) -> tuple[int, int]:
    """Return how long a transposed convolution is along an axis, and what it lost before."""
    whole = (length - 1) * stride + span
    if padding == "valid":
        return whole + (max(stride - span, 0) if output_padding is None else output_padding), 0
    wanted = length * stride
    if output_padding is not None:
        wanted = (length - 1) * stride + span % 2 + output_padding
    return wanted, max(whole - wanted, 0) // 2


@pytest.mark.parametrize(
    ("spatial", "size", "strides", "padding", "output_padding", "rates"),
    [
        ((3,), (2,), (3,), "valid", None, (1,)),
        ((3,), (3,), (2,), "same", None, (1,)),
        ((3,), (2,), (2,), "same", (0,), (1,)),
        ((4,), (4,), (3,), "same", (2,), (1,)),
        ((2, 3), (3, 2), (1, 1), "same", None, (2, 3)),
        ((2, 3), (2, 3), (2, 3), "valid", (1, 0), (1, 1)),
        ((2, 1, 3), (1, 3, 2), (1, 2, 2), "same", (0, 1, 0), (1, 1, 1)),
        ((2, 2, 2), (2, 2, 1), (1, 1, 1), "valid", None, (1, 2, 1)),
    ],
)
def test_a_transposed_convolution_adds_up_multiples_of_its_kernel(
    spatial: Lengths,
    size: Lengths,
    strides: Lengths,
    padding: str,
    output_padding: Lengths | None,
    rates: Lengths,
) -> None:
    x, kernel, bias = eighths(2, *spatial, 3), eighths(*size, 2, 3, seed=1), eighths(2, seed=2)
    extra = output_padding or (None,) * len(spatial)
    each = zip(spatial, spans_of(size, rates), strides, extra, strict=True)
    axes = [shape_and_cut(n, span, s, padding, more) for n, span, s, more in each]
    wanted = np.zeros((2, *(length for length, _ in axes), 2)) + bias
    for b, *place, c in np.ndindex(x.shape):
        for *tap, f in np.ndindex(*size, 2):
            along = zip(place, strides, tap, rates, axes, strict=True)
            at = [p * s + k * rate - cut for p, s, k, rate, (_, cut) in along]
            if all(0 <= i < length for i, (length, _) in zip(at, axes, strict=True)):
                wanted[(b, *at, f)] += x[(b, *place, c)] * kernel[(*tap, f, c)]
    transposed = etalon.reference(f"layers/conv{len(spatial)}d_transpose")
    options: dict[str, Any] = {"strides": strides, "padding": padding, "dilation_rate": rates}
    options |= {"output_padding": output_padding}
    assert (transposed(x, kernel, bias, **options) == wanted).all()
    options |= {"data_format": "channels_first", "use_bias": False}
    first = transposed(np.moveaxis(x, -1, 1), kernel, None, **options)
    assert (np.moveaxis(first, 1, -1) + bias == wanted).all()


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_transposing_swaps_the_two_sides_of_an_inner_product(padding: str, stride: int) -> None:
    x, kernel = eighths(1, 6, 2), eighths(3, 2, 4, seed=1)
    y = etalon.reference("layers/conv1d")(x, kernel, strides=stride, padding=padding)
    z = eighths(*y.shape, seed=2)
    back = etalon.reference("layers/conv1d_transpose")(z, kernel, strides=stride, padding=padding)
    shared = min(back.shape[1], 6)
    assert shared >= 4
    assert (y * z).sum() == (x[:, :shared] * back[:, :shared]).sum()
