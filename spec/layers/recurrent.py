"""Recurrent layers: one step after another, with a state that is carried on."""

from collections.abc import Mapping

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

MASKED = (
    "where mask is false, the state and the output stay those of the step before, at first zeros; "
    "y has the outputs of all steps in the order in which they were computed, the last first in "
    "time under go_backwards, or only the last of them"
)


def recurrent(
    name: str,
    keras: str,
    source: str,
    formula: str,
    *,
    gates: int,
    config: Mapping[str, Choice],
    bias: str,
    wrong_bias: str,
    exchangeable: tuple[str, ...] = ("batch", "features"),
    linear: str = "",
) -> Op:
    """Return the entry of a recurrent layer whose weights have this many gates side by side."""
    width = "units" if gates == 1 else f"{gates}*units"
    return Op(
        id=f"layers/{name}",
        keras=keras,
        source=source,
        formula=f"{formula}; h[0] = 0; {MASKED}",
        inputs={
            "x": tensor("batch time features"),
            "mask": tensor("batch time", values="mask", optional="masked"),
        },
        weights={
            "kernel": tensor(f"features {width}", values="weight"),
            "recurrent_kernel": tensor(f"units {width}", values="weight"),
            "bias": tensor(bias, values="weight", optional="use_bias"),
        },
        config={
            "units": Choice(3, 1, 4),
            **config,
            "use_bias": FLAG,
            "return_sequences": FLAG,
            "go_backwards": FLAG,
        },
        dims={
            "batch": Choice(3, 1),
            "time": Choice(3, 1, 5),
            "features": Choice(2, 1, 4, long="terms"),
            "masked": FLAG,
        },
        outputs={"y": tensor("batch *((),(time,))[return_sequences] units")},
        constraints=(
            Constraint(
                id="C1",
                says="the kernel has one row for each feature of x",
                names=("kernel", "x"),
                breach=Breach(shapes={"kernel": f"features+1 {width}"}),
            ),
            Constraint(
                id="C2",
                says="the recurrent kernel has one row for each unit",
                names=("recurrent_kernel", "units"),
                breach=Breach(shapes={"recurrent_kernel": f"units+1 {width}"}),
            ),
            Constraint(
                id="C3",
                says="the bias has one number for each unit of each gate",
                names=("bias", "units"),
                breach=Breach(assign={"use_bias": True}, shapes={"bias": wrong_bias}),
            ),
            Constraint(
                id="C4",
                says="the mask has one boolean for each step of each example",
                names=("mask",),
                breach=Breach(assign={"masked": True}, shapes={"mask": "batch time+1"}),
            ),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable=dict.fromkeys(exchangeable, "True"),
        linear=linear,
        linear_in=("x", "bias") if linear else (),
    )


SIMPLE_RNN = recurrent(
    "simple_rnn",
    "SimpleRNN",
    "Keras 3, layers.SimpleRNN; Elman 1990, Cognitive Science 14",
    "h[t] = activation(x[t] @ kernel + h[t − 1] @ recurrent_kernel + bias)",
    gates=1,
    config={"activation": Choice("tanh", "relu", "linear")},
    bias="units",
    wrong_bias="units+1",
    exchangeable=("batch", "features", "units"),
    linear="activation == 'linear'",
)

GATED: Mapping[str, Choice] = {
    "activation": Choice("tanh", "relu"),
    "recurrent_activation": Choice("sigmoid", "hard_sigmoid"),
}

LSTM = recurrent(
    "lstm",
    "LSTM",
    (
        "Keras 3, layers.LSTM; Hochreiter & Schmidhuber 1997, Neural Computation 9; with the "
        "forget gate of Gers et al. 2000"
    ),
    (
        "i, f, g, o = x[t] @ kernel + h[t − 1] @ recurrent_kernel + bias, in four parts; "
        "c[t] = recurrent_activation(f) · c[t − 1] + recurrent_activation(i) · activation(g); "
        "h[t] = recurrent_activation(o) · activation(c[t]); c[0] = 0"
    ),
    gates=4,
    config=GATED,
    bias="4*units",
    wrong_bias="4*units+4",
)

GRU = recurrent(
    "gru",
    "GRU",
    "Keras 3, layers.GRU; Cho et al. 2014, arXiv:1406.1078",
    (
        "z, r = recurrent_activation(x[t] @ kernel + h[t − 1] @ recurrent_kernel + bias), the "
        "first two of three parts; g = activation(x[t] @ kernel + bias + (r · h[t − 1]) @ "
        "recurrent_kernel), the third, or under reset_after activation(x[t] @ kernel + bias[0] + "
        "r · (h[t − 1] @ recurrent_kernel + bias[1])); h[t] = z · h[t − 1] + (1 − z) · g"
    ),
    gates=3,
    config={**GATED, "reset_after": Choice(True, False)},
    bias="*((3*units,),(2,3*units))[reset_after]",
    wrong_bias="*((3*units+3,),(2,3*units+3))[reset_after]",
)
