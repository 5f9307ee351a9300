"""The pictures of docs/how-the-bound-is-derived.md.

``python docs/pictures/bounds.py`` makes them anew. What is judged in them is NumPy in float32, so
that no framework has to be installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import ml_dtypes
import numpy as np
import numpy.typing as npt

import etalon

Array = npt.NDArray[Any]
Row = dict[str, Any]

FOLDER = Path(__file__).parent
CONFORMS, DEPARTS, OTHER = "#2a7f62", "#c2452d", "#3b6ea5"


def softmax(x: Array) -> Array:
    """Softmax along the last axis, as frameworks compute it."""
    y = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return y / np.sum(y, axis=-1, keepdims=True)


def normalized(x: Array, variance: Array, epsilon: float = 1e-3) -> Array:
    """Batch normalization in training, by a variance."""
    return (x - np.mean(x, axis=0)) / np.sqrt(variance + np.float32(epsilon))


def in_bfloat16(x: Array) -> Array:
    """Return the numbers rounded to bfloat16."""
    return x.astype(ml_dtypes.bfloat16).astype(np.float32)


def errors() -> Iterator[Row]:
    """Yield the error and the bound of numbers of softmax, and of one off by a hundred-thousandth.

    Only those above the smallest numbers of the format: the others may be flushed to zero.
    """
    numbers = np.random.default_rng(0)
    for scale in (0.1, 1, 3, 10):
        x = (scale * numbers.standard_normal((6, 8))).astype(np.float32)
        value, bound = etalon.bound("activations/softmax", x, dtype="float32")
        for name, y in (("as it should be", softmax(x)), ("times 1.00001", softmax(x) * 1.00001)):
            error = np.abs(y - value)
            for off, reach, there in zip(error.flat, bound.flat, value.flat, strict=True):
                if there > 1e-10:
                    yield {"softmax": name, "error": max(off, 1e-17), "bound": reach}


def tolerances() -> Iterator[Row]:
    """Yield how a usual tolerance compares with the bound of products of several sizes."""
    numbers = np.random.default_rng(1)
    for features in (3, 100, 3000):
        for exponent in np.linspace(-4, 4, 17):
            x = (10**exponent * numbers.standard_normal((1, features))).astype(np.float32)
            kernel = numbers.standard_normal((features, 4)).astype(np.float32)
            value, bound = etalon.bound("layers/dense", x, kernel, units=4, use_bias=False)
            allowed = 1e-5 + 1.3e-6 * np.abs(value)
            for tolerance, reach in zip(allowed.flat, bound.flat, strict=True):
                yield {"scale": 10**exponent, "share": tolerance / reach, "features": str(features)}


def faults() -> Iterator[Row]:
    """Yield the worst ratio of batch normalization and of a product, right and with faults."""
    numbers = np.random.default_rng(2)
    drawn = numbers.standard_normal((64, 3)).astype(np.float32)
    near, far = drawn / 10, drawn + 100
    doubtful = np.mean(far * far, axis=0) - np.mean(far, axis=0) ** 2
    for name, x, variance, epsilon in (
        ("batch norm, as it should be", near, np.var(near, axis=0), 1e-3),
        ("variance by n − 1", near, np.var(near, axis=0, ddof=1), 1e-3),
        ("epsilon 1 % too large", near, np.var(near, axis=0), 1.01e-3),
        ("epsilon 1 % too large, mean 100", far, np.var(far, axis=0), 1.01e-3),
        ("variance as E[x²] − E[x]², mean 100", far, doubtful, 1e-3),
    ):
        yield _fault(name, _worst_of_norm(normalized(x, variance, epsilon), x))
    yield from _products(numbers)


def _worst_of_norm(y: Array, x: Array) -> float:
    one, zero = np.ones(3, np.float32), np.zeros(3, np.float32)
    (value, *_), (bound, *_) = etalon.bound(
        "layers/batch_normalization", x, one, zero, zero, one, training=True
    )
    return float(np.max(np.abs(y - value) / bound))


def _products(numbers: np.random.Generator) -> Iterator[Row]:
    x = numbers.standard_normal((8, 16)).astype(np.float32)
    kernel = numbers.standard_normal((16, 4)).astype(np.float32)
    value, bound = etalon.bound("layers/dense", x, kernel, units=4, use_bias=False)

    def worst(y: Array) -> float:
        return float(np.max(np.abs(y - value) / bound))

    yield _fault("dense, as it should be", worst(x @ kernel))
    yield _fault("kernel times 1.00001", worst(x @ (kernel * np.float32(1.00001))))
    yield _fault("product of bfloat16", worst(in_bfloat16(x) @ in_bfloat16(kernel)))


def _fault(name: str, ratio: float) -> Row:
    return {"fault": name, "ratio": ratio, "verdict": "conforms" if ratio <= 1 else "departs"}


def _data(rows: Callable[[], Iterator[Row]]) -> alt.Data:
    return alt.Data(values=list(rows()))


def picture_of_errors() -> alt.TopLevelMixin:
    """Return the error of each number over its bound; above the line it is not within it."""
    data = _data(errors)
    log = alt.Scale(type="log")
    names = ["as it should be", "times 1.00001"]
    scale = alt.Scale(domain=names, range=[CONFORMS, DEPARTS])
    shapes = alt.Scale(domain=names, range=["circle", "square"])
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=22, opacity=0.6, aria=False)
        .encode(
            x=alt.X("bound:Q", scale=log, axis=alt.Axis(title="bound", format="e", tickCount=6)),
            y=alt.Y("error:Q", scale=log, axis=alt.Axis(title="error", format="e", tickCount=8)),
            color=alt.Color("softmax:N", scale=scale, title="softmax in float32"),
            shape=alt.Shape("softmax:N", scale=shapes, title="softmax in float32"),
        )
    )
    line = alt.Chart(data).mark_line(color="black", strokeWidth=1).encode(x="bound:Q", y="bound:Q")
    return _sized(points + line, 460, 300)


def picture_of_tolerances() -> alt.TopLevelMixin:
    """Return tolerance / bound over the size of the inputs."""
    sizes, powers = ["3", "100", "3000"], [10.0**n for n in range(-4, 5, 2)]
    points = (
        alt.Chart(_data(tolerances))
        .mark_point(filled=True, size=22, opacity=0.7, aria=False)
        .encode(
            x=alt.X(
                "scale:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(title="size of the inputs", format="~e", values=powers),
            ),
            y=alt.Y(
                "share:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(title="tolerance / bound", format="~e", tickCount=9),
            ),
            color=alt.Color(
                "features:N",
                scale=alt.Scale(domain=sizes, range=[CONFORMS, OTHER, DEPARTS]),
                title="features",
            ),
            shape=alt.Shape(
                "features:N",
                scale=alt.Scale(domain=sizes, range=["circle", "square", "triangle-up"]),
                title="features",
            ),
        )
    )
    even = alt.Chart(alt.Data(values=[{"share": 1}])).mark_rule(color="black").encode(y="share:Q")
    return _sized(points + even, 460, 300)


def picture_of_faults() -> alt.TopLevelMixin:
    """Return the worst ratio of each fault as a bar; the line is at 1."""
    bars = (
        alt.Chart(_data(faults))
        .mark_bar(height=14)
        .encode(
            x=alt.X(
                "ratio:Q",
                scale=alt.Scale(type="log", domain=[0.01, 1e6]),
                axis=alt.Axis(
                    title="worst error / bound", format="~g", values=[10**n for n in range(-2, 7)]
                ),
            ),
            x2=alt.datum(0.01),
            y=alt.Y("fault:N", sort=None, axis=alt.Axis(title=None, labelLimit=240)),
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=["conforms", "departs"], range=[CONFORMS, DEPARTS]),
                title="verdict",
            ),
        )
    )
    one = alt.Chart(alt.Data(values=[{"ratio": 1}])).mark_rule(color="black").encode(x="ratio:Q")
    return _sized(bars + one, 420, 190)


def _sized(chart: Any, width: int, height: int) -> Any:
    return chart.properties(width=width, height=height).configure(background="white")


def main() -> None:
    """Make the pictures."""
    for name, picture in (
        ("errors", picture_of_errors),
        ("tolerances", picture_of_tolerances),
        ("faults", picture_of_faults),
    ):
        picture().save(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
