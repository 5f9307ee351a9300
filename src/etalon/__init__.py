"""Etalon: does an implementation of a neural-network operation compute what its spec says?

``catalogue()`` lists the ops, ``reference(id)`` returns an op's definition in NumPy, and
``bound(id, …)`` says how far a correct implementation in a given precision may be from it.
Nothing is imported before it is needed, and no framework ever is by this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Unpack

    import numpy.typing as npt

    from etalon.conformance.candidates.options import CheckOptions
    from etalon.reports.records import Verdict
    from etalon.spec import Op

__version__ = "0.1.0"
__all__ = ["__version__", "bound", "catalogue", "check", "reference"]


def catalogue() -> dict[str, Op]:
    """Return the ops of the catalogue by id."""
    from etalon import spec

    return spec.catalogue()


def reference(id: str) -> Callable[..., Any]:
    """Return the NumPy definition of an op; it refuses invalid calls by its numbered constraints.

    Raises:
        LookupError: no op has this id or alias; the message offers what is close.
    """
    from etalon import spec
    from etalon.backends import numpy

    return numpy.adapter(spec.find(id))


def bound(
    id: str,
    *args: Any,
    dtype: npt.DTypeLike = "float32",
    mode: str = "eager",
    rate: float | None = None,
    contract: str = "default",
    **config: Any,
) -> tuple[Any, Any]:
    """Return the exact value of a call and how far a working implementation may be from it.

    Without a rate, the bound is guaranteed: no rounding to nearest is beyond it. With one, it is
    likely: roundings are taken as noise, which is zero on average, and the order of additions as
    independent of the terms, as it is where these are drawn independently of each other.

    Args:
        id: an op's id or alias.
        args: the arrays of the call, as its reference takes them. Those in float8, by ml_dtypes,
            are exact as they are given.
        dtype: the precision that the implementation works in, that of its results.
        mode: how it is asked to compute: ``eager`` or ``compiled``, in full precision; ``tf32`` or
            ``bfloat16``, which round the factors of products of float32.
        rate: the chance that any of the numbers of a run, 1e9 of them, is beyond its bound though
            all is right: ``1e-9``.
        contract: what it may round on the way, by name: by default, sums of 16 bits are accumulated
            in float32 and rounded once; ``narrow`` accumulates in 16 bits, ``parts`` stores parts
            of a sum in 16 bits; ``tensor_core`` rounds additions towards zero; ``tf32`` and
            ``bfloat16`` are those of the modes; ``e4m3`` and ``e5m2`` have factors in float8.
        config: the hyperparameters.

    Returns:
        ``(value, bound)``, two arrays of the result's shape (of each, a tuple where the op has
        several results). Where the bound is infinite, nothing is claimed.

    Raises:
        LookupError: no op has this id or alias.
        ValueError: the op is random, or there is no such dtype, mode or contract, or
            the rate is no chance.
    """
    import numpy as np

    from etalon import spec
    from etalon.conformance.arithmetic.noise import Noise
    from etalon.conformance.arithmetic.precision import precision
    from etalon.conformance.truths import values

    working = precision(np.dtype(dtype).name, mode, contract)
    working = working.supposing(None if rate is None else Noise.at(rate))
    return values.value_and_bound(spec.find(id), args, config, working)


def check(
    made: Any,
    *,
    op: str | Op,
    backend: str,
    case: str | None = None,
    **options: Unpack[CheckOptions],
) -> tuple[Verdict, ...]:
    """Judge your own implementation of an op; raise where it does not compute what is specified.

    Args:
        made: a function that is called as the op is, a class of layers of the backend's framework
            (``torch.nn.Module``, a Keras layer, Flax, Equinox), or where it is: ``package:name``.
        op: an op's id or alias, an entry of your own, or where that is.
        backend: whose tensors it computes with.
        case: this case alone, by its id.
        options: as follows.
        config: where a hyperparameter has another name, yours and what it is given, an expression
            over the op's names: ``{"eps": "epsilon"}``, ``{"features": "shape[-1]"}``.
        weights: yours and the op's, where they differ: ``{"weight": "kernel.T"}``.
        inputs: your inputs and the op's, where names differ: ``{"input": "y_pred"}``.
        only: hyperparameters of which your layer has one value: ``{"axis": -1}``.
        laws: by default all of the op, but that invalid calls are refused.
        dtypes: in which it is judged.
        device: ``cpu`` or ``gpu``.
        profile: how many cases: ``smoke``, ``quick``, ``full`` or ``explore``.
        seed: of the cases.
        timeout: after how many seconds a call counts as hanging.
        contract: what it may round on the way, by name, as :func:`bound` takes it.

    Returns:
        One verdict for each law and dtype.

    Raises:
        AssertionError: it departs; the message shows the smallest case, and how to see it again.
        ValueError: the check can't be made so; the message says which name does not fit.
        RuntimeError: Etalon itself failed; the message says where.
        LookupError: there is no such op or object.
    """
    from etalon.conformance.candidates import check

    __tracebackhide__ = True
    request = check.asked(made, op=op, backend=backend, **options)
    verdicts = check.judged(request, case)
    check.require(request, verdicts)
    return verdicts
