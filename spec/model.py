"""The words a spec entry is written in: frozen values, no framework, no NumPy arrays, no lambdas.

Shapes and rules are short strings, evaluated by :mod:`etalon.spec.expressions`. A shape is a
list of space-separated tokens: a name (``features``), an expression without spaces
(``channels//groups``), or either behind a star, which splices a tuple (``*spatial``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from types import MappingProxyType
from typing import Any

from etalon.spec.expressions import evaluate, names
from etalon.spec.words import EDITIONS, LAWS, SPECIAL

Value = bool | int | float | str | None | tuple[int, ...] | tuple[tuple[int, ...], ...]
"""What a hyperparameter or a dimension may be."""

Assignment = Mapping[str, Value]
"""Values by name: a config, the dimensions, or both together."""


@dataclass(frozen=True)
class Choice:
    """The values a hyperparameter or dimension takes in cases, simplest first.

    ``long`` is what it has in cases whose sums are long: an expression over ``terms``, about how
    many terms they have. Where it is empty, it has its first value there.
    """

    values: tuple[Value, ...]
    long: str = ""

    def __init__(self, *values: Value, long: str = "") -> None:
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "long", long)


FLAG = Choice(False, True)
DATA_FORMAT = Choice("channels_last", "channels_first")


OWN_DTYPES: Mapping[str, str] = MappingProxyType(
    {"label": "int32", "out_of_range": "int32", "mask": "bool", "keeping": "bool"}
)
"""The domains whose arrays do not have the dtype that is judged."""


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """One array of a call.

    ``channels_first`` is the shape under ``data_format="channels_first"``. ``optional`` is a rule:
    where it is false the array is absent (``None``). ``values`` names the domain the array is
    drawn from: ``real`` (the case's stratum), ``weight`` (normal numbers, whatever the stratum),
    ``positive``, ``one_hot``, ``prediction`` (probabilities, or any numbers under
    ``from_logits``), ``binary`` (zeros and ones), ``signs`` (−1 and 1), ``mixed`` (−1, 0 and 1,
    a −1 among them), ``labels`` (the domain that the dimension ``labels`` names), ``shares``
    (zeros and positive numbers that sum to 1 along the last axis), ``count`` (0, 1, 2, …),
    ``sample_weight``, ``label`` (integers from 0 to ``classes``, ``input_dim``, or the length of
    ``axis``, − 1, and ``ignore_class``), ``mask`` (booleans), ``keeping`` (booleans, of which at
    least one is true along the last axis: the first under ``use_causal_mask``), ``steps`` (the
    case's stratum, but ``mask_value`` at some coordinates, and at others all along the last axis).
    ``each`` names a tuple: the argument is then a list with one array for each of its entries,
    which the shape knows as ``size``, and by its position as ``index``.
    ``differentiable`` says whether gradients are taken with respect to it, or of it where it is a
    result.
    """

    shape: str
    channels_first: str | None = None
    optional: str | None = None
    values: str = "real"
    each: str | None = None
    differentiable: bool = True

    @property
    def dtype(self) -> str | None:
        """The dtype of an array that has its own; ``None`` for that of the case."""
        return OWN_DTYPES.get(self.values)

    def layout(self, known: Mapping[str, object]) -> str:
        """Return the shape string in force under the ``data_format`` in ``known``."""
        if self.channels_first and known.get("data_format") == "channels_first":
            return self.channels_first
        return self.shape


def tensor(shape: str, **options: Any) -> Tensor:
    """Return a :class:`Tensor`, its shape first: ``tensor("features units")``."""
    return Tensor(shape=shape, **options)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """How to break one constraint: replace values of the config, dimensions, shapes, or domains.

    ``values`` names, for an array, the domain that its numbers are drawn from instead, such as
    ``out_of_range`` for labels.
    """

    assign: Assignment = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


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

    ``family`` is one of those of ``conformance/laws/distribution_families.py``, such as
    ``uniform`` or ``dropout``, or the hyperparameter that names it; ``parameters`` are
    expressions over config and dimensions.
    """

    family: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Op:
    """One entry of the catalogue.

    The id is ``kind/name``. Where an older edition of Keras meant something else by that name, its
    entry is ``kind/name@keras2``, and ``edition`` says so, too.

    ``batch`` names the dimension that counts examples (of a tuple, its first entry does).
    ``kinks`` are expressions for the points where the op is not differentiable. ``module`` is
    filled in when the catalogue is read: the module of its adapters in every backend.

    Of the symmetries, each is declared by a rule, an expression over config and dimensions that
    says when it holds: ``independent``, that each example is computed by itself;
    ``exchangeable``, by dimension, that its entries may be put in another order in all arrays;
    ``translates``, by dimension, that windows slide over it with ``strides``; ``linear``, that
    the op is linear in the arguments that ``linear_in`` names, taken together. ``state`` names
    the weights that a call moves on.

    An entry of another package says in ``functions`` where its functions are, ``module:name`` by
    backend; that of ``numpy`` is its reference.
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
    differentiable: bool = False
    independent: str = ""
    exchangeable: Mapping[str, str] = field(default_factory=dict)
    translates: Mapping[str, str] = field(default_factory=dict)
    linear: str = ""
    linear_in: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    edition: str = EDITIONS[0]
    module: str = ""
    functions: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Entries that are equal have the same id."""
        return hash(self.id)

    @property
    def kind(self) -> str:
        """The part of the id before the slash."""
        return self.id.split("/")[0]

    @property
    def name(self) -> str:
        """What the op is called within its kind, in any edition."""
        return self.id.split("/")[1].split("@")[0]

    @property
    def function(self) -> str:
        """The name of its function in every adapter: ``relu``, ``lambda_``, ``adam_keras2``."""
        if self.edition != EDITIONS[0]:
            return f"{self.name}_{self.edition}"
        return f"{self.name}_" if iskeyword(self.name) else self.name

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws that the op is judged by."""
        return tuple(law for law, one in LAWS.items() if self._is(one.when))

    def _is(self, rule: str) -> bool:
        """Return whether an expression over the fields of the entry holds."""
        return bool(evaluate(rule, {name: getattr(self, name) for name in names(rule)}))

    @property
    def special_strata(self) -> tuple[str, ...]:
        """Those of its strata whose numbers are not ordinary."""
        return tuple(stratum for stratum in self.strata if stratum in SPECIAL)

    @property
    def breakable(self) -> tuple[Constraint, ...]:
        """The constraints that a call can break."""
        return tuple(c for c in self.constraints if c.breach is not None)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """Inputs and weights, in the order of the call."""
        return {**self.inputs, **self.weights}

    @property
    def long(self) -> dict[str, str]:
        """What makes its sums long, by dimension and hyperparameter: expressions over ``terms``."""
        domains = {**self.config, **self.dims}
        found = {name: domain.long for name, domain in domains.items() if domain.long}
        return found if any("terms" in names(each) for each in found.values()) else {}

    @property
    def masks(self) -> tuple[str, ...]:
        """The inputs of booleans: whatever the kind of the op, they are passed by name."""
        return tuple(name for name, tensor in self.inputs.items() if tensor.dtype == "bool")

    def constraint(self, number: str) -> Constraint:
        """Return the constraint called ``number``; raise ``KeyError`` where there is none."""
        return {c.id: c for c in self.constraints}[number]
