"""Activation layers: activations with hyperparameters, some with a weight."""

from etalon.spec.activations import elementwise
from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import EMPTY_BATCH, LAYER_STRATA, SPECIAL

KINKED = (*LAYER_STRATA, "near_kink")


def _not_negative(number: str, name: str) -> Constraint:
    """Return the constraint that a hyperparameter is at least 0."""
    return Constraint(
        id=number,
        says=f"{name} is not negative",
        names=(name,),
        rule=f"{name} is None or {name} >= 0",
        breach=Breach(assign={name: -0.5}),
    )


ACTIVATION = elementwise(
    "layers/activation",
    "y = activation(x)",
    keras="Activation",
    config={"activation": Choice("relu", "sigmoid", "softmax")},
    dims={"shape": Choice((3, 4), (5, 33))},
    strata=("normal", "ties", "saturated", "signed_zeros", "nan_inf", "empty_batch"),
)

ELU = elementwise(
    "layers/elu",
    "y = x where x > 0, alpha · (exp(x) − 1) elsewhere",
    keras="ELU",
    source="Keras 3, layers.ELU; Clevert et al. 2016, arXiv:1511.07289",
    config={"alpha": Choice(1.0, 0.3)},
    kinks=("0",),
)

LEAKY_RELU = elementwise(
    "layers/leaky_relu",
    "y = x where x ≥ 0, negative_slope · x elsewhere",
    keras="LeakyReLU",
    config={"negative_slope": Choice(0.3, 0.0)},
    constraints=(_not_negative("C1", "negative_slope"),),
    strata=KINKED,
    kinks=("0",),
)

PRELU = Op(
    id="layers/prelu",
    keras="PReLU",
    source="Keras 3, layers.PReLU; He et al. 2015, arXiv:1502.01852",
    formula="y = x where x ≥ 0, alpha · x elsewhere; alpha has the length 1 along shared_axes",
    inputs={"x": tensor("batch *rest")},
    weights={"alpha": tensor("*shared(rest,shared_axes)", values="weight")},
    config={"shared_axes": Choice((1,), (), (1, 2))},
    dims={"batch": Choice(3), "rest": Choice((4,), (3, 5))},
    outputs={"y": tensor("batch *rest")},
    constraints=(
        Constraint(
            id="C1",
            says="alpha has the shape of an example, with a length of 1 along shared_axes",
            names=("alpha",),
            breach=Breach(shapes={"alpha": "*shared(rest,shared_axes) 2"}),
        ),
        Constraint(
            id="C2",
            says="shared_axes are axes of x behind the first",
            names=("shared_axes",),
            rule="not shared_axes or 0 < min(shared_axes) <= max(shared_axes) <= len(rest)",
        ),
    ),
    strata=("normal", "ties", *SPECIAL, EMPTY_BATCH, "near_kink"),
    kinks=("0",),
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
)

RELU = elementwise(
    "layers/relu",
    (
        "y = max_value where x ≥ max_value; x where threshold ≤ x < max_value; "
        "negative_slope · (x − threshold) elsewhere, which is 0 without a slope"
    ),
    keras="ReLU",
    config={
        "max_value": Choice(None, 1.5),
        "negative_slope": Choice(0.0, 0.1),
        "threshold": Choice(0.0, 1.0),
    },
    constraints=(
        _not_negative("C1", "max_value"),
        _not_negative("C2", "negative_slope"),
        _not_negative("C3", "threshold"),
    ),
    strata=KINKED,
    kinks=("threshold", "max_value"),
)

PLACES = "places(axis, 1 + len(rest))"
SOFTMAX = Op(
    id="layers/softmax",
    keras="Softmax",
    source="Keras 3, layers.Softmax",
    formula=(
        "y = exp(x − max(x)) / sum(exp(x − max(x))), along one axis or over several; where there "
        "is a mask, over what it keeps, and 0 elsewhere"
    ),
    inputs={
        "x": tensor("batch *rest"),
        "mask": tensor("*(batch,)*(masked=='each') *rest", values="mask", optional="masked"),
    },
    config={"axis": Choice(-1, 1, (-2, -1), (1,))},
    dims={
        "batch": Choice(1, 4, long="4"),
        "rest": Choice((3,), (64,), (5, 1), (5, 7), long="(terms,)"),
        "masked": Choice(None, "each", "all"),
    },
    outputs={"y": tensor("batch *rest")},
    constraints=(
        Constraint(
            id="C1",
            says="axis is an axis of x, or several",
            names=("axis", "axes", "dim", "dimension"),
            rule=f"0 <= min({PLACES}) and max({PLACES}) <= len(rest)",
            breach=Breach(assign={"axis": 3}),
        ),
        Constraint(
            id="C2",
            says="there is something along axis",
            names=("axis", "x"),
            rule=f"batch > 0 or 0 not in {PLACES}",
        ),
        Constraint(
            id="C3",
            says="mask has the shape of x, or that of an example",
            names=("mask",),
            breach=Breach(assign={"masked": "each"}, shapes={"mask": "batch *rest 2"}),
        ),
    ),
    strata=(*LAYER_STRATA, "saturated"),
    differentiable=True,
    independent=f"0 not in {PLACES}",
    exchangeable={"batch": "True"},
)

THRESHOLDED_RELU = elementwise(
    "layers/thresholded_relu",
    "y = x where x > theta, 0 elsewhere",
    keras="ThresholdedReLU",
    source="Keras 2, layers.ThresholdedReLU; in Keras 3 a legacy layer without a public name",
    config={"theta": Choice(1.0, 0.0)},
    constraints=(_not_negative("C1", "theta"),),
    strata=KINKED,
    kinks=("theta",),
)
