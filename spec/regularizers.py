"""Regularizers: a penalty for the size of weights."""

from etalon.spec.model import LAYER_STRATA, Choice, Op, tensor

L2 = Op(
    id="regularizers/l2",
    keras="L2",
    source="Keras 3, regularizers.L2",
    formula="penalty = l2 · sum(w²)",
    inputs={"w": tensor("*shape")},
    config={"l2": Choice(0.01, 0.5)},
    dims={"shape": Choice((3,), (1,), (4, 5), (3, 3, 2, 4))},
    outputs={"penalty": tensor("")},
    strata=LAYER_STRATA,
    batch="shape",
    differentiable=True,
    exchangeable={"shape": "True"},
)
