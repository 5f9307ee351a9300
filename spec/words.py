"""The vocabulary: the words that all parts of Etalon share, each written down once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DTYPES = ("float32", "float64", "float16", "bfloat16")
"""The precisions that are judged, the one in which most people compute first."""

DEVICES = ("cpu", "gpu")
"""Where backends compute."""

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"keras": ("keras-torch", "keras-tensorflow", "keras-jax")}
)
"""By library, the backends that are this library on one framework each."""


def family(backend: str) -> str:
    """Return the library that a backend belongs to; empty where it is its own."""
    return next((name for name, backends in FAMILIES.items() if backend in backends), "")


PROFILES = ("smoke", "quick", "full", "explore")
"""How much is judged, the least first."""

EXECUTIONS = ("eager", "compiled")
"""Who computes: the framework operation by operation, or what its compiler makes of the whole."""

CONTRACTS = (
    "default",
    "narrow",
    "parts",
    "truncated",
    "tensor_core",
    "single",
    "tf32",
    "bfloat16",
    "e4m3",
    "e5m2",
)
"""What may be rounded on the way to a result, by name; the first where nothing is said."""
REDUCED = ("tf32", "bfloat16")
"""How factors of products of float32 are rounded on request: execution is eager otherwise."""

MODES = (*EXECUTIONS, *REDUCED)
"""How a backend is asked to compute."""

VALUES = "values"
LIKELY = "likely"
GRADIENTS = "gradients"
DISTRIBUTION = "distribution"
SHAPE_AND_DTYPE = "shape_and_dtype"
SPECIAL_VALUES = "special_values"
EMPTY_BATCH_LAW = "empty_batch"
REPEATABILITY = "repeatability"
BATCH_INDEPENDENCE = "batch_independence"
EXCHANGEABILITY = "exchangeability"
TRANSLATION = "translation"
LINEARITY = "linearity"
DATA_FORMATS = "data_formats"
STATE = "state"
STREAMING = "streaming"
SAMPLE_WEIGHTS = "sample_weights"
INVALID_CALLS = "invalid_calls"


@dataclass(frozen=True)
class Law:
    """Something that must hold: what, in a sentence, and of which ops.

    ``when`` is an expression over the fields of an entry (:class:`etalon.spec.model.Op`).
    """

    says: str
    when: str


LAWS: Mapping[str, Law] = MappingProxyType(
    {
        VALUES: Law("every number is within its bound of the exact value", when="not distribution"),
        LIKELY: Law(
            "long sums and their gradients are as near the exact ones as roundings that are noise "
            "leave them",
            when="long and not distribution",
        ),
        GRADIENTS: Law(
            "sampled derivatives are within their bounds of the exact ones, or subgradients",
            when="differentiable",
        ),
        DISTRIBUTION: Law("random numbers follow the declared distribution", when="distribution"),
        SHAPE_AND_DTYPE: Law(
            "results have the declared shapes, and the dtype of the inputs", when="True"
        ),
        SPECIAL_VALUES: Law(
            "NaN, infinities, zeros, subnormals and overflow give what is exact",
            when="not distribution and special_strata",
        ),
        EMPTY_BATCH_LAW: Law(
            "a batch without examples gives an empty result",
            when="not distribution and 'empty_batch' in strata",
        ),
        REPEATABILITY: Law("the same call gives the same bits, another seed others", when="True"),
        BATCH_INDEPENDENCE: Law(
            "the result of an example depends on no other of its batch", when="independent"
        ),
        EXCHANGEABILITY: Law(
            "inputs in another order give the same results in that order", when="exchangeable"
        ),
        TRANSLATION: Law("a shifted input gives the shifted result", when="translates"),
        LINEARITY: Law("a multiple of the input gives that multiple of the result", when="linear"),
        DATA_FORMATS: Law(
            "channels_first gives what channels_last gives",
            when="not distribution and ('data_format' in config or 'data_format' in dims)",
        ),
        STATE: Law(
            "inference leaves the state alone, training does not depend on it and moves it",
            when="state",
        ),
        STREAMING: Law(
            "batches fed in any split give what they give all at once", when="kind == 'metrics'"
        ),
        SAMPLE_WEIGHTS: Law(
            "weights of 1 change nothing, examples of weight 0 count for nothing",
            when="'sample_weight' in inputs",
        ),
        INVALID_CALLS: Law(
            "a call that breaks a constraint is refused, and the error names it", when="breakable"
        ),
    }
)
"""What must hold, law by law."""

SAMPLE_WEIGHT = "sample_weight"
"""The input that says how much each example counts: losses take it by name."""

KINDS = (
    "layers",
    "activations",
    "initializers",
    "regularizers",
    "losses",
    "optimizers",
    "metrics",
)

EDITIONS = ("keras3", "keras2")
"""The generations of Keras whose meaning an entry may have, today's first."""

ORDINARY = ("normal", "ties", "constant", "large_mean")
SPECIAL = ("signed_zeros", "nan_inf", "subnormals", "overflow")
EMPTY_BATCH = "empty_batch"
LAYER_STRATA = (*ORDINARY, *SPECIAL, EMPTY_BATCH)
STRATA: Mapping[str, str] = MappingProxyType(
    {
        "normal": "independent standard normal numbers",
        "ties": "small integers, so that equal values are common",
        "signed_zeros": "normal numbers among zeros of both signs",
        "constant": "one number everywhere",
        "large_mean": "normal numbers far from zero: mean 100",
        "vanishing": "normal numbers that shrink a millionfold along the first axis",
        "exploding": "normal numbers that grow a hundredfold along the first axis",
        "alternating": "normal numbers that repeat along the first axis with changing sign",
        "nan_inf": "normal numbers with NaN and both infinities among them",
        "subnormals": "numbers around the smallest normal one of the dtype, and far below it",
        "overflow": "numbers so large that sums and products of them leave the dtype",
        "saturated": "numbers of both signs from 3 to 1000, where exponentials vanish or swamp",
        "near_kink": "the kinks of the op, exactly and at distances from 1e-30 to 1 on both sides",
        "empty_batch": "no example at all: the batch has length 0",
        "integers": "wide integers, and signs among zeros: sums that no order of additions rounds",
        "drawn": "nothing but the seed: the op has no input",
    }
)
"""The named regions of value space, in words."""
