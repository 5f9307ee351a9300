"""Regularizers: what a layer adds to the loss for the size of its kernel, its bias or its result.

``role`` says which of these ``w`` is: Keras's arguments are called ``kernel_regularizer``,
``bias_regularizer`` and ``activity_regularizer``.
"""

from __future__ import annotations

from dataclasses import replace

from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

ROLE = Choice("kernel", "bias", "activity")
FACTOR = Choice(0.01, 0.5)
FACTOR_OR_NONE = Choice(0.01, 0.0, 0.5)


def not_negative(factor: str, number: str) -> Constraint:
    """Return the constraint that a factor is not negative."""
    return Constraint(
        id=number,
        says=f"{factor} is not negative",
        names=(factor,),
        rule=f"{factor} >= 0",
        breach=Breach(assign={factor: -0.5}),
    )


def of_shape(first: int) -> tuple[Constraint, ...]:
    """Return what holds of the shape of ``w``, numbered from ``first`` on."""
    says = {
        "a kernel has two axes at least": "role != 'kernel' or len(shape) >= 2",
        "a bias has one axis": "role != 'bias' or len(shape) == 1",
        "a result has a batch axis": "role != 'activity' or len(shape) >= 1",
        "of a kernel or a bias there is at least one number": (
            "role == 'activity' or prod(shape) > 0"
        ),
    }
    return tuple(
        Constraint(id=f"C{number}", says=what, names=("w", "shape"), rule=rule)
        for number, (what, rule) in enumerate(says.items(), first)
    )


def regularizer(
    name: str,
    keras: str,
    formula: str,
    factors: dict[str, Choice],
    *,
    kinks: tuple[str, ...] = (),
) -> Op:
    """Return the entry of a regularizer with these factors."""
    signs = tuple(not_negative(f, f"C{number}") for number, f in enumerate(factors, 1))
    return Op(
        id=f"regularizers/{name}",
        keras=keras,
        source=f"Keras 3, regularizers.{keras}; of activities: Layer.__call__",
        formula=f"penalty = {formula}; of an activity, that divided by the length of its axis 0",
        inputs={"w": tensor("*shape")},
        config={**factors, "role": ROLE},
        dims={"shape": Choice((3,), (1,), (4, 5), (5, 2, 3), (3, 3, 2, 4), long="(4, terms//4)")},
        outputs={"penalty": tensor("")},
        constraints=(*signs, *of_shape(len(signs) + 1)),
        strata=(*LAYER_STRATA, *(("near_kink",) if kinks else ())),
        batch="shape",
        kinks=kinks,
        differentiable=True,
        exchangeable={"shape": "True"},
    )


def undivided(op: Op) -> Op:
    """Return the entry of Keras 2, where an activity counts as a kernel does, and no sign does."""
    signs = len(op.config) - 1
    return replace(
        op,
        id=f"{op.id}@keras2",
        source=f"Keras 2.2.4, regularizers.{op.name}",
        formula=f"{op.formula.split(';')[0]}, whatever w is",
        constraints=tuple(
            replace(constraint, id=f"C{number}")
            for number, constraint in enumerate(op.constraints[signs:], 1)
        ),
        edition="keras2",
    )


L1 = regularizer("l1", "L1", "l1 · sum(|w|)", {"l1": FACTOR}, kinks=("0",))

L2 = regularizer("l2", "L2", "l2 · sum(w²)", {"l2": FACTOR})

L1_L2 = regularizer(
    "l1_l2",
    "L1L2",
    "l1 · sum(|w|) + l2 · sum(w²), without the term whose factor is 0",
    {"l1": FACTOR_OR_NONE, "l2": FACTOR_OR_NONE},
    kinks=("0",),
)

L1_KERAS2, L2_KERAS2, L1_L2_KERAS2 = map(undivided, (L1, L2, L1_L2))
