"""The case: one call, small enough to print, from which it can be made again for ever.

The id of a case is all of it, in characters that no shell minds::

    layers/dense:float32:normal:x1.0:s42:units=3,use_bias=true,activation=relu,batch=2x3,features=4

that is op, dtype, stratum, scale, seed, then the config and the dimensions; an invalid call ends
in ``:breaks=C1``, the constraint it breaks, and one with the terms of its long sums in another
order in ``:permuted``. Other characters of a text are written as in the address of a page:
``equation=ab%2Cbc-%3Eac``.

An entry may get a hyperparameter or a dimension after an id was printed. A name that the id lacks
then has the first value of its domain, so the first value of a new domain is what the op did
before.

NumPy is imported when the arrays of a case are drawn: to read ids takes none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, unquote

from etalon import spec
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Assignment, Breach, Op, Tensor, Value
from etalon.spec.shapes import resolve
from etalon.spec.words import DTYPES, EMPTY_BATCH, STRATA

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BREAKS = "breaks="
PERMUTED = "permuted"
Argument: TypeAlias = "npt.NDArray[Any] | list[npt.NDArray[Any]] | None"


class InvalidCase(ValueError):
    """A text is no case id; the message says what is wrong with it."""


@dataclass(frozen=True)
class Case:
    """One config with shapes, a stratum of values, a scale and a seed.

    ``breaks`` names the constraint that the call breaks. ``permuted`` says whether the numbers that
    are drawn are put in another order along the axes of long sums.
    """

    op: Op
    dtype: str
    stratum: str
    scale: float
    seed: int
    assignment: Assignment
    breaks: str = ""
    permuted: bool = False

    def __hash__(self) -> int:
        """Cases that are equal have the same id."""
        return hash(self.id)

    @cached_property
    def id(self) -> str:
        """The text from which :func:`parse` makes the case again."""
        pairs = ",".join(f"{name}={_write(value)}" for name, value in self.assignment.items())
        head = f"{self.op.id}:{self.dtype}:{self.stratum}:x{self.scale!r}:s{self.seed}:{pairs}"
        broken = f":{BREAKS}{self.breaks}" if self.breaks else ""
        return f"{head}{broken}" + (f":{PERMUTED}" if self.permuted else "")

    @property
    def config(self) -> dict[str, Value]:
        """The hyperparameters of the call."""
        return {name: self.known[name] for name in self.op.config}

    @cached_property
    def known(self) -> Assignment:
        """Config and dimensions, with what the broken constraint replaces."""
        breach = self.op.constraint(self.breaks).breach if self.breaks else None
        return {**self.assignment, **(breach.assign if breach else {})}

    @property
    def long(self) -> bool:
        """Whether its sums are long: longer than the domains of the op make them."""
        domains = {**self.op.config, **self.op.dims}
        lengthened = (name for name, value in self.op.long.items() if "terms" in names(value))
        beyond = any(self.assignment[name] not in domains[name].values for name in lengthened)
        return beyond and self.stratum != EMPTY_BATCH

    @property
    def traits(self) -> dict[str, str]:
        """Config, dimensions and stratum by name, as the id writes them."""
        written = {name: _write(value) for name, value in self.assignment.items()}
        return {**written, "stratum": self.stratum}

    @property
    def size(self) -> tuple[Any, ...]:
        """What to sort by for the smallest counterexample: simplest config, then fewest numbers."""
        import numpy as np

        domains = {**self.op.config, **self.op.dims}
        ranks = (
            domain.values.index(self.assignment[name])
            if self.assignment[name] in domain.values
            else len(domain.values)
            for name, domain in domains.items()
        )
        strata = list(STRATA)
        where = strata.index(self.stratum), abs(np.log10(self.scale)), self.seed
        return self.long, self.permuted, sum(ranks), *where

    @cached_property
    def elements(self) -> int:
        """How many numbers the arrays of the call have."""
        arrays = (a if isinstance(a, list) else [a] for a in self.arguments().values())
        return sum(one.size for some in arrays for one in some if one is not None)

    def arguments(self) -> dict[str, Argument]:
        """Draw the arrays of the call, by name; an absent one is ``None``.

        They can't be written to: laws that draw them twice get the same ones.
        """
        return dict(_drawn(self))


@cache
def _generator() -> np.random.RandomState:
    """Return the generator of all cases.

    It is seeded anew for each: that takes a fortieth of the time that a new one takes.
    """
    import numpy as np

    return np.random.RandomState(0)


@lru_cache(maxsize=128)
def _drawn(case: Case) -> Mapping[str, Argument]:
    generator = _generator()
    generator.seed(case.seed)
    breach = (case.op.constraint(case.breaks).breach if case.breaks else None) or Breach()
    tensors = case.op.tensors
    drawn = {name: _argument(generator, name, one, case, breach) for name, one in tensors.items()}
    if not case.permuted:
        return drawn
    from etalon.conformance.cases.permutation import Permutation

    permutation = Permutation(case.op, case.known, case.seed)
    return {name: permutation.of(tensors[name], argument) for name, argument in drawn.items()}


def _argument(
    generator: np.random.RandomState, name: str, tensor: Tensor, case: Case, breach: Breach
) -> Argument:
    known = case.known
    if tensor.optional and not evaluate(tensor.optional, known):
        return None
    shape = breach.shapes.get(name, tensor.layout(known))
    if name in breach.values:
        tensor = replace(tensor, values=breach.values[name])
    if tensor.each is None:
        return _array(generator, tensor, resolve(shape, known), case)
    sizes: Any = known[tensor.each]
    return [
        _array(generator, tensor, resolve(shape, {**known, "size": size, "index": index}), case)
        for index, size in enumerate(sizes)
    ]


def _array(
    generator: np.random.RandomState, tensor: Tensor, shape: tuple[int, ...], case: Case
) -> npt.NDArray[Any]:
    from etalon.conformance.cases.strata import draw

    array = draw(generator, shape, tensor, case).astype(tensor.dtype or case.dtype)
    array.setflags(write=False)
    return array


def parse(text: str) -> Case:
    """Return the case that an id stands for.

    Raises:
        InvalidCase: the text is not a case id, or does not fit its op.
    """
    try:
        op_id, dtype, stratum, scale, seed, *rest = text.strip().split(":")
    except ValueError:
        raise InvalidCase(f"not a case id: {text!r}; `etalon verify` prints them") from None
    try:
        op = spec.find(op_id)
        case = Case(
            op=op,
            dtype=_one_of(dtype, DTYPES, "dtype"),
            stratum=_one_of(stratum, STRATA, "stratum"),
            scale=float(scale.removeprefix("x")),
            seed=int(seed.removeprefix("s")),
            assignment=_assignment(op, rest[0] if rest else ""),
            **_marks(op, rest[1:]),
        )
        if case.breaks and op.constraint(case.breaks).breach is None:
            raise KeyError(case.breaks)
    except KeyError as error:
        raise InvalidCase(f"{op_id} has no constraint {error} that a case can break") from None
    except (ValueError, LookupError) as error:
        raise InvalidCase(f"not a case id: {error}") from None
    return case


def _marks(op: Op, texts: Sequence[str]) -> dict[str, Any]:
    """Return what an id says behind the dimensions: what is broken, or that terms are permuted."""
    breaks = [text.removeprefix(BREAKS) for text in texts if text != PERMUTED]
    if PERMUTED in texts and not op.long:
        raise ValueError(f"{op.id} has no long sums whose terms could be {PERMUTED}")
    return {"breaks": breaks[0] if breaks else "", "permuted": PERMUTED in texts}


def _assignment(op: Op, text: str) -> dict[str, Value]:
    """Return config and dimensions in the order of the entry, whichever the text has."""
    pairs = (pair.partition("=") for pair in text.split(",") if pair)
    given = {name: read_value(value) for name, _, value in pairs}
    domains = {**op.config, **op.dims}
    unknown = sorted(given.keys() - domains.keys())
    if unknown:
        raise ValueError(f"{op.id} has no {', '.join(unknown)}: it has {', '.join(domains)}")
    return {name: given.get(name, domain.values[0]) for name, domain in domains.items()}


def _one_of(value: str, known: Any, what: str) -> str:
    if value not in known:
        raise ValueError(f"no {what} is called {value!r}; there are {', '.join(known)}")
    return value


def _write(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, tuple):
        return _joined(value)
    return str(value) if type(value) is int else json.dumps(value)


@cache
def _quoted(value: str) -> str:
    return quote(value, safe="")


def _joined(value: tuple[Any, ...]) -> str:
    if value and isinstance(value[0], tuple):
        return "+".join(map(_joined, value))
    return "x".join(map(str, value)) + ("x" if len(value) < 2 else "")


def read_value(text: str) -> Value:
    """Return the value that an id writes so."""
    if re.fullmatch(r"x|-?\d+x|-?\d+(x-?\d+)+", text):
        return tuple(int(part) for part in text.split("x") if part)
    if re.fullmatch(r"-?\d+x-?\d+(\+-?\d+x-?\d+)+", text):
        return tuple(tuple(int(n) for n in pair.split("x")) for pair in text.split("+"))
    try:
        value: Value = json.loads(text)
    except json.JSONDecodeError:
        return unquote(text)
    return value
