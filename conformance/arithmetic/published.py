"""What publishers say of the accuracy of their library functions, as they say it: values only.

A figure is the largest error in units in the last place, by the function's name, on a device and
in a dtype. Only what was read in the source is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Figures = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Published:
    """A published table of errors.

    Args:
        publisher: whose figures they are.
        source: where they are published.
        date: when they were reviewed, or the version that they are of.
        beyond: what an error may be more than its figure says, for the reason in the comment.
        figures: the errors in units in the last place, by device and dtype, then by function.
        backends: whose own figures they are.
        devices: where.
        modes: in which modes of execution; where it is empty, in all.
    """

    publisher: str
    source: str
    date: str
    beyond: float
    figures: Mapping[tuple[str, str], Figures]
    backends: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu", "gpu")
    modes: tuple[str, ...] = ()


_OPENCL_WIDE = {
    "cos": 4.0,
    "erf": 16.0,
    "erfc": 16.0,
    "exp": 3.0,
    "expm1": 3.0,
    "log": 3.0,
    "log1p": 2.0,
    "pow": 16.0,
    "sin": 4.0,
    "tanh": 5.0,
}
_OPENCL_HALF = {
    "cos": 2.0,
    "erf": 4.0,
    "erfc": 4.0,
    "exp": 2.0,
    "expm1": 2.0,
    "log": 2.0,
    "log1p": 2.0,
    "pow": 4.0,
    "sin": 2.0,
    "tanh": 2.0,
}

OPENCL = Published(
    publisher="OpenCL",
    source="https://registry.khronos.org/OpenCL/specs/3.0-unified/html/OpenCL_Env.html"
    "#relative-error-as-ulps",
    date="OpenCL 3.0, full profile",
    beyond=0.0,  # against the infinitely precise result
    figures={
        ("cpu", "float32"): _OPENCL_WIDE,
        ("cpu", "float64"): _OPENCL_WIDE,
        ("cpu", "float16"): _OPENCL_HALF,
    },
)
"""The default: what everybody is held to who publishes nothing."""

JAX = Published(
    publisher="JAX",
    source="https://docs.jax.dev/en/latest/accuracy.html",
    date="2026-09-18",
    beyond=0.25,  # the figures are in steps of half a unit
    figures={
        ("cpu", "bfloat16"): {
            "cos": 0.5,
            "erf": 0.5,
            "erfc": 0.5,
            "exp": 0.5,
            "expm1": 0.5,
            "log": 0.5,
            "log1p": 0.5,
            "logistic": 2.5,
            "sin": 0.5,
            "tanh": 0.5,
        },
        ("cpu", "float16"): {
            "cos": 1.0,
            "erf": 1.0,
            "erfc": 1.0,
            "exp": 1.0,
            "expm1": 2.5,
            "log": 1.0,
            "log1p": 1.0,
            "logistic": 2.0,
            "sin": 1.0,
            "tanh": 0.5,
        },
        ("cpu", "float32"): {
            "cos": 0.5,
            "erf": 7.0,
            "erfc": 66.0,
            "exp": 1.5,
            "expm1": 6.5,
            "log": 1.5,
            "log1p": 3.0,
            "logistic": 2.5,
            "sin": 0.5,
            "tanh": 5.0,
        },
        ("cpu", "float64"): {
            "cos": 0.5,
            "erf": 2.5,
            "erfc": 350.0,
            "exp": 2.0,
            "expm1": 4.5,
            "log": 0.5,
            "log1p": 2.0,
            "logistic": 3.5,
            "sin": 0.5,
            "tanh": 7.0,
        },
        ("gpu", "bfloat16"): {
            "cos": 0.5,
            "erf": 0.5,
            "erfc": 0.5,
            "exp": 1.0,
            "expm1": 0.5,
            "log": 0.5,
            "log1p": 0.5,
            "logistic": 2.5,
            "sin": 0.5,
            "tanh": 0.5,
        },
        ("gpu", "float16"): {
            "cos": 1.0,
            "erf": 1.0,
            "erfc": 1.0,
            "exp": 1.0,
            "expm1": 1.0,
            "log": 1.0,
            "log1p": 1.0,
            "logistic": 2.0,
            "sin": 1.0,
            "tanh": 0.5,
        },
        ("gpu", "float32"): {
            "cos": 2.0,
            "erf": 6.5,
            "erfc": 66.5,
            "exp": 2.0,
            "expm1": 1.5,
            "log": 1.0,
            "log1p": 1.0,
            "logistic": 4.0,
            "sin": 1.5,
            "tanh": 5.5,
        },
        ("gpu", "float64"): {
            "cos": 1.5,
            "erf": 2.5,
            "erfc": 350.0,
            "exp": 1.5,
            "expm1": 1.5,
            "log": 1.5,
            "log1p": 1.5,
            "logistic": 4.5,
            "sin": 2.5,
            "tanh": 3.5,
        },
    },
    backends=("jax", "keras-jax"),
)
"""Of x86-64 and of NVIDIA's GPUs: unary functions of up to 32 bits on all bit patterns, of
float64 on samples."""

CUDA = Published(
    publisher="CUDA",
    source="https://docs.nvidia.com/cuda/cuda-c-programming-guide/#standard-functions",
    date="CUDA 13, tables 17 and 18",
    beyond=0.5,  # against the correctly rounded result
    figures={
        ("gpu", "float32"): {
            "cos": 2.0,
            "erf": 2.0,
            "erfc": 4.0,
            "exp": 2.0,
            "expm1": 1.0,
            "log": 1.0,
            "log1p": 1.0,
            "pow": 4.0,
            "sin": 2.0,
            "tanh": 2.0,
        },
        ("gpu", "float64"): {
            "cos": 2.0,
            "erf": 2.0,
            "erfc": 5.0,
            "exp": 1.0,
            "expm1": 1.0,
            "log": 1.0,
            "log1p": 1.0,
            "pow": 2.0,
            "sin": 2.0,
            "tanh": 1.0,
        },
    },
    backends=("torch", "keras-torch"),
    devices=("gpu",),
    modes=("eager", "tf32", "bfloat16"),
)
"""Of CUDA's functions, which PyTorch's kernels call on a GPU; its compiler calls others."""

XLA = Published(
    publisher="XLA",
    source="https://github.com/openxla/xla/blob/11097b50e61e835f5b6a8f31f69a7f1d26c53ffa/"
    "xla/codegen/intrinsic/accuracy/accuracy_budget.h",
    date="2026, commit 11097b5",
    beyond=0.5,  # whole numbers of steps from the rounded result
    figures={
        ("cpu", "float32"): {"erf": 2.0, "exp": 6.0, "log": 1.0, "log1p": 1.0, "tanh": 3.0},
        ("cpu", "float64"): {"erf": 1.0, "exp": 1.0, "log": 1.0, "log1p": 1.0, "tanh": 4.0},
        ("gpu", "float32"): {"erf": 2.0, "exp": 7.0, "log": 1.0, "log1p": 1.0, "tanh": 3.0},
        ("gpu", "float64"): {"erf": 1.0, "exp": 1.0, "log": 1.0, "log1p": 1.0, "tanh": 1.0},
    },
)
"""What XLA's own tests grant its functions at the arguments that they try: no promise of all.

JAX's table, of the same functions on all arguments, has other numbers, and nobody is held to
these.
"""

TABLES: Mapping[str, Published] = MappingProxyType(
    {table.publisher: table for table in (OPENCL, JAX, CUDA, XLA)}
)
"""The tables by publisher."""
