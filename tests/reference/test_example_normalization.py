"""Normalization of each example by itself against its formulas in 50 digits, and by hand."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import etalon
from etalon.spec.shapes import InvalidCall

layer, rms, group = (
    etalon.reference(f"layers/{name}_normalization") for name in ("layer", "rms", "group")
)
GENERATOR = np.random.RandomState(5)
X = GENERATOR.standard_normal((2, 4, 3, 6)) + 10


def weights(*shape: int) -> tuple[Any, Any]:
    gamma, beta = GENERATOR.standard_normal((2, *shape))
    return gamma, beta


def off(op: str, wanted: Any, *args: Any, **config: Any) -> Any:
    """Return how far a reference is from exact numbers, over the bound of double precision."""
    value = etalon.reference(op)(*args, **config)
    bound = etalon.bound(op, *args, dtype="float64", **config)[1]
    places = np.ndindex(*value.shape)
    with mpmath.workdps(50):
        ratios = [abs(mpf(float(value[i])) - wanted(i)) / float(bound[i]) for i in places]
    return max(ratios)


def exact(numbers: Any) -> list[Any]:
    return [mpf(float(x)) for x in np.ravel(numbers)]


def standardized(x: float, numbers: Any, epsilon: float) -> Any:
    among = exact(numbers)
    mean = mpmath.fsum(among) / len(among)
    variance = mpmath.fsum((each - mean) ** 2 for each in among) / len(among)
    return (mpf(float(x)) - mean) / mpmath.sqrt(variance + mpf(epsilon))


def around(place: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Return the numbers that share all but these axes with the one at ``place``."""
    return X[tuple(slice(None) if i in axes else n for i, n in enumerate(place))]


@pytest.mark.parametrize(
    ("axis", "axes"),
    [(-1, (3,)), (1, (1,)), ((-2, -1), (2, 3)), ((1, 3), (1, 3)), ((3, 1), (1, 3))],
)
@pytest.mark.parametrize(
    ("scale", "center"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_layer_normalization(axis: Any, axes: Any, scale: bool, center: bool) -> None:
    gamma, beta = weights(*(X.shape[i] for i in axes))

    def wanted(place: tuple[int, ...]) -> Any:
        own = tuple(place[i] for i in axes)
        y = standardized(X[place], around(place, axes), 1e-5)
        y = y * mpf(float(gamma[own])) if scale else y
        return y + mpf(float(beta[own])) if center else y

    given = (X, gamma if scale else None, beta if center else None)
    config = {"axis": axis, "epsilon": 1e-5, "scale": scale, "center": center}
    assert off("layers/layer_normalization", wanted, *given, **config) <= 1


@pytest.mark.parametrize(("axis", "at"), [(-1, 3), (1, 1)])
def test_rms_normalization(axis: int, at: int) -> None:
    scale = weights(X.shape[at])[0]

    def wanted(place: tuple[int, ...]) -> Any:
        among = exact(around(place, (at,)))
        square = mpmath.fsum(each**2 for each in among) / len(among)
        root = mpmath.sqrt(square + mpf(1e-6))
        return mpf(float(scale[place[at]])) * mpf(float(X[place])) / root

    assert off("layers/rms_normalization", wanted, X, scale, axis=axis) <= 1


@pytest.mark.parametrize(("axis", "at", "groups"), [(-1, 3, 2), (-1, 3, 3), (1, 1, 2), (2, 2, -1)])
def test_group_normalization(axis: int, at: int, groups: int) -> None:
    gamma, beta = weights(X.shape[at])
    size = 1 if groups == -1 else X.shape[at] // groups

    def wanted(place: tuple[int, ...]) -> Any:
        example = np.moveaxis(X[place[0]], at - 1, -1)
        first = place[at] // size * size
        y = standardized(X[place], example[..., first : first + size], 1e-3)
        return y * mpf(float(gamma[place[at]])) + mpf(float(beta[place[at]]))

    given = (X, gamma, beta)
    assert off("layers/group_normalization", wanted, *given, groups=groups, axis=axis) <= 1


def test_small_numbers_by_hand() -> None:
    """The mean of 1, 2, 3 and 6 is 3, their variance 14 / 4, the mean of their squares 50 / 4."""
    x = np.array([[1.0, 2.0, 3.0, 6.0]])
    assert layer(x, None, None, epsilon=0.5, scale=False, center=False).tolist() == [
        [-1, -0.5, 0, 1.5]
    ]
    assert (rms(x, np.full(4, 2.0), epsilon=3.5) == x / 2).all()
    one = group(x, None, None, groups=2, epsilon=0.75, scale=False, center=False)
    assert one.tolist() == [[-0.5, 0.5, -1.5 / np.sqrt(3), 1.5 / np.sqrt(3)]]


def test_one_group_of_all_is_layer_normalization_and_one_of_each_is_of_instances() -> None:
    alone = {"scale": False, "center": False}
    assert np.array_equal(
        group(X, None, None, groups=1, **alone), layer(X, None, None, axis=(1, 2, 3), **alone)
    )
    assert np.array_equal(
        group(X, None, None, groups=-1, **alone), layer(X, None, None, axis=(1, 2), **alone)
    )


def test_invalid_calls_are_refused_by_number() -> None:
    x, six = np.ones((2, 6)), np.ones(6)
    for normalize, given in ((layer, (six, six)), (group, (six, six)), (rms, (six,))):
        short = (np.ones(5), *given[1:])
        config = {"groups": 2} if normalize is group else {}
        with pytest.raises(InvalidCall, match=r"C1: \w+ has shape \(5,\)"):
            normalize(x, *short, **config)
        for axis in (0, 2, -2):
            with pytest.raises(InvalidCall, match="C2: axis names axes of x"):
                normalize(x, *given, axis=axis, **config)
    with pytest.raises(InvalidCall, match=r"C3: .* multiple of groups; got groups=4"):
        group(x, six, six, groups=4)
