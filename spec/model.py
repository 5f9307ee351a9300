"""The words a spec entry is written in: frozen values, no framework, no NumPy arrays, no lambdas.

Shapes and rules are short strings, evaluated by :mod:`etalon.spec.expressions`. A shape is a
list of space-separated tokens: a name (``features``), an expression without spaces
(``channels//groups``), or either behind a star, which splices a tuple (``*spatial``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = bool | int | float | str | None | tuple[int, ...]
"""What a hyperparameter or a dimension may be."""

Assignment = Mapping[str, Value]
"""Values by name: a config, the dimensions, or both together."""

VALUES = "values"
SHAPE_AND_DTYPE = "shape_and_dtype"
INVALID_CALLS = "invalid_calls"
LAWS = (VALUES, SHAPE_AND_DTYPE, INVALID_CALLS)

KINDS = (
    "layers",
    "activations",
    "initializers",
    "regularizers",
    "losses",
    "optimizers",
    "metrics",
)


LAYER_STRATA = (
    "normal",
    "ties",
    "signed_zeros",
    "constant",
    "large_mean",
    "nan_inf",
    "empty_batch",
)
STRATA: Mapping[str, str] = MappingProxyType(
    {
        "normal": "independent standard normal numbers",
        "ties": "small integers, so that equal values are common",
        "signed_zeros": "normal numbers among zeros of both signs",
        "constant": "one number everywhere",
        "large_mean": "normal numbers far from zero: mean 100",
        "nan_inf": "normal numbers with NaN and both infinities among them",
        "near_kink": "the kinks of the op, exactly and at distances from 1e-30 to 1 on both sides",
        "empty_batch": "no example at all: the batch has length 0",
        "drawn": "nothing but the seed: the op has no input",
    }
)
"""The named regions of value space, in words."""


@dataclass(frozen=True)
class Choice:
    """The values a hyperparameter or dimension takes in cases, simplest first."""

    values: tuple[Value, ...]

    def __init__(self, *values: Value) -> None:
        object.__setattr__(self, "values", values)


FLAG = Choice(False, True)
DATA_FORMAT = Choice("channels_last", "channels_first")


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """One array of a call.

    ``channels_first`` is the shape under ``data_format="channels_first"``. ``optional`` is a rule:
    where it is false the array is absent (``None``). ``values`` names the domain the array is
    drawn from: ``real`` (the case's stratum), ``weight`` (normal numbers, whatever the stratum),
    ``positive``, ``one_hot``, ``prediction`` (probabilities, or any numbers under
    ``from_logits``), ``sample_weight``. ``each`` names a tuple: the argument is then a list with
    one array for each of its entries, which the shape knows as ``size``.
    """

    shape: str
    channels_first: str | None = None
    optional: str | None = None
    values: str = "real"
    each: str | None = None

    def layout(self, known: Mapping[str, object]) -> str:
        """Return the shape string in force under the ``data_format`` in ``known``."""
        if self.channels_first and known.get("data_format") == "channels_first":
            return self.channels_first
        return self.shape


def tensor(shape: str, **options: str) -> Tensor:
    """Return a :class:`Tensor`, its shape first: ``tensor("features units")``."""
    return Tensor(shape=shape, **options)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """How to break one constraint: replace values of the config, dimensions, or shapes."""

    assign: Assignment = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """A numbered condition of a valid call.

    ``rule`` is an expression over config and dimensions; without one, the shapes state it.
    ``names`` are the arguments that a good error message would mention. ``breach`` makes an
    invalid call of a valid one.
    """

    id: str
    says: str
    names: tuple[str, ...]
    rule: str | None = None
    breach: Breach | None = None


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What a random result is drawn from.

    ``family`` is ``truncated_normal``, ``orthogonal`` or ``dropout``; ``parameters`` are
    expressions over config and dimensions.
    """

    family: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Op:
    """One entry of the catalogue.

    ``batch`` names the dimension that counts examples (of a tuple, its first entry does).
    ``kinks`` are expressions for the points where the op is not differentiable. ``module`` is
    filled in when the catalogue is read: the place of its adapters in every backend.
    """

    id: str
    keras: str
    source: str
    formula: str
    outputs: Mapping[str, Tensor]
    inputs: Mapping[str, Tensor] = field(default_factory=dict)
    weights: Mapping[str, Tensor] = field(default_factory=dict)
    config: Mapping[str, Choice] = field(default_factory=dict)
    dims: Mapping[str, Choice] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    strata: tuple[str, ...] = ("normal",)
    batch: str = "batch"
    kinks: tuple[str, ...] = ()
    distribution: Distribution | None = None
    aliases: tuple[str, ...] = ()
    edition: str = "keras3"
    module: str = ""

    @property
    def kind(self) -> str:
        """The part of the id before the slash."""
        return self.id.split("/")[0]

    @property
    def name(self) -> str:
        """The part of the id after the slash: the name of the function in every adapter."""
        return self.id.split("/")[1]

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws that the op is judged by."""
        breaches = any(constraint.breach for constraint in self.constraints)
        return LAWS if breaches else tuple(law for law in LAWS if law != INVALID_CALLS)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """Inputs and weights, in the order of the call."""
        return {**self.inputs, **self.weights}

    def constraint(self, number: str) -> Constraint:
        """Return the constraint called ``number``; raise ``KeyError`` where there is none."""
        return {c.id: c for c in self.constraints}[number]
