"""Activations: functions of one array, most of them element by element."""

from etalon.spec.model import LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

RELU = Op(
    id="activations/relu",
    keras="relu",
    source="Keras 3, activations.relu",
    formula=(
        "y = max_value where x ≥ max_value; x where threshold ≤ x < max_value; "
        "negative_slope · (x − threshold) elsewhere, which is 0 without a slope"
    ),
    inputs={"x": tensor("batch features")},
    config={
        "negative_slope": Choice(0.0, 0.1),
        "max_value": Choice(None, 6.0, 1.5),
        "threshold": Choice(0.0, 1.0),
    },
    dims={"batch": Choice(1, 5), "features": Choice(4, 33)},
    outputs={"y": tensor("batch features")},
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("threshold", "max_value"),
)

SOFTMAX = Op(
    id="activations/softmax",
    keras="softmax",
    source="Keras 3, activations.softmax",
    formula="y = exp(x − max(x)) / sum(exp(x − max(x))), along axis",
    inputs={"x": tensor("batch rows columns")},
    config={"axis": Choice(-1, 1, -2)},
    dims={"batch": Choice(1, 4), "rows": Choice(2, 5), "columns": Choice(1, 7, 64)},
    outputs={"y": tensor("batch rows columns")},
    constraints=(
        Constraint(
            id="C1",
            says="axis is an axis of x",
            names=("axis", "dim"),
            rule="-3 <= axis < 3",
            breach=Breach(assign={"axis": 3}),
        ),
    ),
    strata=LAYER_STRATA,
)

ELU = Op(
    id="activations/elu",
    keras="elu",
    source="Keras 3, activations.elu; Clevert et al. 2016, arXiv:1511.07289",
    formula="y = x where x > 0, alpha · (exp(x) − 1) elsewhere",
    inputs={"x": tensor("batch features")},
    config={"alpha": Choice(1.0, 0.3, 2.0)},
    dims={"batch": Choice(1, 5), "features": Choice(4, 33)},
    outputs={"y": tensor("batch features")},
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("0",),
)
