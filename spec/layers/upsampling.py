"""Layers that repeat along the spatial axes, or interpolate between the pixels of images."""

from collections.abc import Mapping
from dataclasses import replace

from etalon.spec.layers.padding import along
from etalon.spec.model import DATA_FORMAT, Breach, Choice, Constraint, Op, Value

SIZES: Mapping[int, tuple[Value, ...]] = {
    1: (2, 3),
    2: ((2, 2), (3, 2), (1, 4)),
    3: ((2, 2, 2), (1, 3, 2)),
}
HALF_PIXELS = "(p + 1/2) / size − 1/2"
CORNERS = "p / size"


def up_sampling(axes: int) -> Op:
    """Return the entry of up-sampling by repetition over so many spatial axes."""
    return along(
        "up_sampling",
        "UpSampling",
        axes,
        "y[b, p, c] = x[b, p // size, c]",
        "size",
        SIZES[axes],
        "(spatial[0]*size,)" if axes == 1 else "times(spatial,size)",
        Constraint(
            id="C2",
            says="size is positive",
            names=("size", "repeats", "multiples"),
            rule="size >= 1" if axes == 1 else "min(size) >= 1",
            breach=Breach(assign={"size": -1 if axes == 1 else (-1, 1, 1)}),
        ),
    )


def up_sampling2d(
    source: str, place: str, pixels: str, words: str, kernels: tuple[str, ...], edition: str
) -> Op:
    """Return the entry of an edition: where its pixels are, and what it interpolates with."""
    entry = along(
        "up_sampling",
        "UpSampling",
        2,
        f"y[b, p, c] = Σ_q w(|{place} − q|) · x[b, q, c] / Σ_q w(|{place} − q|) over {pixels}, "
        f"along each spatial axis; w(d) = {words}; nearest: y[b, p, c] = x[b, p // size, c]",
        "size",
        SIZES[2],
        "times(spatial,size)",
        Constraint(
            id="C2",
            says="size is positive",
            names=("size", "sizes", "repeats", "shape", "dimensions"),
            rule="min(size) >= 1",
            breach=Breach(assign={"size": (-1, 1)}),
        ),
    )
    known = Constraint(
        id="C3",
        says=f"interpolation is one of {', '.join(kernels)}",
        names=("interpolation", "method", "mode"),
        rule=f"interpolation in {kernels}",
        breach=Breach(assign={"interpolation": "guessing"}),
    )
    return replace(
        entry,
        id="layers/up_sampling2d" + ("" if edition == "keras3" else f"@{edition}"),
        source=source,
        config={**entry.config, "interpolation": Choice(*kernels), "data_format": DATA_FORMAT},
        dims={**entry.dims, "spatial": Choice((4, 3), (5, 1), (2, 12))},
        constraints=(*entry.constraints, known),
        edition=edition,
    )


UP_SAMPLING1D, UP_SAMPLING3D = up_sampling(1), up_sampling(3)

UP_SAMPLING2D = up_sampling2d(
    "Keras 3, layers.UpSampling2D; centres of pixels and edges as in tf.image.resize and "
    "jax.image.resize; Keys 1981, doi:10.1109/TASSP.1981.1163711; Duchon 1979 (Lanczos)",
    HALF_PIXELS,
    "all pixels q of x",
    "1 − d up to d = 1, bilinear; "
    "1.5 d³ − 2.5 d² + 1 up to 1 and −0.5 d³ + 2.5 d² − 4 d + 2 up to 2, bicubic; "
    "sinc(d) · sinc(d / r) up to r, lanczos3 with r = 3 and lanczos5 with r = 5; 0 beyond",
    ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
    "keras3",
)

UP_SAMPLING2D_KERAS2 = up_sampling2d(
    "Keras 2, layers.UpSampling2D, whose pixels are where TensorFlow 1 had them",
    CORNERS,
    "all pixels q of x, the last repeated beyond the edge",
    "1 − d up to d = 1, 0 beyond, bilinear",
    ("nearest", "bilinear"),
    "keras2",
)
