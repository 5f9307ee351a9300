"""Activations: functions of one array, most of them element by element."""

from etalon.spec.model import LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

SHAPE = Choice((4,), (5, 33), (2, 3, 4))

RELU = Op(
    id="activations/relu",
    keras="relu",
    source="Keras 3, activations.relu",
    formula=(
        "y = max_value where x ≥ max_value; x where threshold ≤ x < max_value; "
        "negative_slope · (x − threshold) elsewhere, which is 0 without a slope"
    ),
    inputs={"x": tensor("*shape")},
    config={
        "negative_slope": Choice(0.0, 0.1),
        "max_value": Choice(None, 6.0, 1.5),
        "threshold": Choice(0.0, 1.0),
    },
    dims={"shape": SHAPE},
    outputs={"y": tensor("*shape")},
    batch="shape",
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("threshold", "max_value"),
    differentiable=True,
    independent="True",
    exchangeable={"shape": "True"},
)

SOFTMAX = Op(
    id="activations/softmax",
    keras="softmax",
    source="Keras 3, activations.softmax",
    formula="y = exp(x − max(x)) / sum(exp(x − max(x))), along axis",
    inputs={"x": tensor("*shape")},
    config={"axis": Choice(-1, 1, -2)},
    dims={"shape": Choice((1, 3), (5, 1), (4, 64), (2, 5, 7))},
    outputs={"y": tensor("*shape")},
    batch="shape",
    constraints=(
        Constraint(
            id="C1",
            says="axis is an axis of x",
            names=("axis", "dim"),
            rule="-len(shape) <= axis < len(shape)",
            breach=Breach(assign={"axis": 3}),
        ),
        Constraint(
            id="C2",
            says="there is something along axis",
            names=("axis", "x"),
            rule="shape[axis] > 0",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="axis % len(shape) != 0",
    exchangeable={"shape": "True"},
)

ELU = Op(
    id="activations/elu",
    keras="elu",
    source="Keras 3, activations.elu; Clevert et al. 2016, arXiv:1511.07289",
    formula="y = x where x > 0, alpha · (exp(x) − 1) elsewhere",
    inputs={"x": tensor("*shape")},
    config={"alpha": Choice(1.0, 0.3, 2.0)},
    dims={"shape": SHAPE},
    outputs={"y": tensor("*shape")},
    batch="shape",
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("0",),
    differentiable=True,
    independent="True",
    exchangeable={"shape": "True"},
)
