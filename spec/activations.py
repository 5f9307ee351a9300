"""Activations: functions of one array, most of them element by element."""

from typing import Any

from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA


def elementwise(id: str, formula: str, **more: Any) -> Op:
    """Return the entry of a function of each number by itself; ``more`` are other fields."""
    kind, name = id.split("/")
    keras = more.setdefault("keras", name)
    kinked = ("near_kink",) if "kinks" in more else ()
    defaults = {
        "source": f"Keras 3, {kind}.{keras}",
        "strata": (*LAYER_STRATA, "saturated", *kinked),
        "dims": {"shape": Choice((4,), (5, 33))},
    }
    return Op(
        id=id,
        formula=formula,
        inputs={"x": tensor("*shape")},
        outputs={"y": tensor("*shape")},
        batch="shape",
        differentiable=True,
        independent="True",
        exchangeable={"shape": "True"},
        **{**defaults, **more},
    )


def _along_axis(name: str, formula: str) -> Op:
    """Return the entry of a function of the numbers along an axis."""
    return Op(
        id=f"activations/{name}",
        keras=name,
        source=f"Keras 3, activations.{name}",
        formula=formula,
        inputs={"x": tensor("*shape")},
        config={"axis": Choice(-1, 1, -2)},
        dims={"shape": Choice((1, 3), (5, 1), (4, 64), (2, 5, 7), long="(4, terms)")},
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
        strata=(*LAYER_STRATA, "saturated"),
        differentiable=True,
        independent="axis % len(shape) != 0",
        exchangeable={"shape": "True"},
    )


RELU = elementwise(
    "activations/relu",
    (
        "y = max_value where x ≥ max_value; x where threshold ≤ x < max_value; "
        "negative_slope · (x − threshold) elsewhere, which is 0 without a slope"
    ),
    config={
        "negative_slope": Choice(0.0, 0.1),
        "max_value": Choice(None, 6.0, 1.5),
        "threshold": Choice(0.0, 1.0),
    },
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("threshold", "max_value"),
)

ELU = elementwise(
    "activations/elu",
    "y = x where x > 0, alpha · (exp(x) − 1) elsewhere",
    source="Keras 3, activations.elu; Clevert et al. 2016, arXiv:1511.07289",
    config={"alpha": Choice(1.0, 0.3)},
    kinks=("0",),
)

SOFTMAX = _along_axis("softmax", "y = exp(x − max(x)) / sum(exp(x − max(x))), along axis")

LOG_SOFTMAX = _along_axis("log_softmax", "y = x − max(x) − log(sum(exp(x − max(x)))), along axis")

LINEAR = elementwise(
    "activations/linear", "y = x", strata=LAYER_STRATA, linear="True", linear_in=("x",)
)

EXPONENTIAL = elementwise("activations/exponential", "y = exp(x)")

TANH = elementwise("activations/tanh", "y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))")

SIGMOID = elementwise("activations/sigmoid", "y = 1 / (1 + exp(−x))")

HARD_SIGMOID = elementwise(
    "activations/hard_sigmoid", "y = min(max(x + 3, 0), 6) / 6", kinks=("-3", "3")
)

HARD_SIGMOID_KERAS2 = elementwise(
    "activations/hard_sigmoid@keras2",
    "y = min(max(0.2 · x + 0.5, 0), 1)",
    keras="hard_sigmoid",
    source="Keras 2, activations.hard_sigmoid",
    edition="keras2",
    kinks=("-2.5", "2.5"),
)

RELU6 = elementwise("activations/relu6", "y = min(max(x, 0), 6)", kinks=("0", "6"))

HARD_TANH = elementwise("activations/hard_tanh", "y = min(max(x, -1), 1)", kinks=("-1", "1"))

LEAKY_RELU = elementwise(
    "activations/leaky_relu",
    "y = x where x ≥ 0, negative_slope · x elsewhere",
    config={"negative_slope": Choice(0.2, 0.0)},
    strata=(*LAYER_STRATA, "near_kink"),
    kinks=("0",),
)

SELU = elementwise(
    "activations/selu",
    "y = 1.0507009873554805 · elu(x, alpha = 1.6732632423543772)",
    source="Keras 3, activations.selu; Klambauer et al. 2017, arXiv:1706.02515",
    kinks=("0",),
)

SOFTPLUS = elementwise("activations/softplus", "y = log(1 + exp(x))")

SOFTSIGN = elementwise("activations/softsign", "y = x / (1 + |x|)")

SILU = elementwise(
    "activations/silu",
    "y = x · sigmoid(x)",
    source="Keras 3, activations.silu; Ramachandran et al. 2017, arXiv:1710.05941",
    aliases=("swish",),
)

MISH = elementwise(
    "activations/mish",
    "y = x · tanh(softplus(x))",
    source="Keras 3, activations.mish; Misra 2019, arXiv:1908.08681",
)

GELU = elementwise(
    "activations/gelu",
    (
        "y = x / 2 · (1 + erf(x / √2)); "
        "if approximate, x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³)))"
    ),
    source="Keras 3, activations.gelu; Hendrycks & Gimpel 2016, arXiv:1606.08415",
    config={"approximate": Choice(False, True)},
)
