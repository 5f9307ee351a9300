"""Losses. All know ``sample_weight`` and the reductions of Keras's ``Loss`` classes."""

from etalon.spec.model import FLAG, LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

REDUCTION = Choice("none", "sum", "sum_over_batch_size", "mean_with_sample_weight")
REDUCED = "the losses l[i], one for each example, are weighted: l · sample_weight; then reduction"

MEAN_SQUARED_ERROR = Op(
    id="losses/mean_squared_error",
    keras="MeanSquaredError",
    aliases=("mse",),
    source="Keras 3, losses.MeanSquaredError",
    formula=f"l = mean((y_true − y_pred)²) over the last axis; {REDUCED}",
    inputs={
        "y_true": tensor("*batch outputs", differentiable=False),
        "y_pred": tensor("*batch outputs"),
        "sample_weight": tensor("*batch", values="sample_weight", optional="weighted"),
    },
    config={"reduction": REDUCTION},
    dims={"weighted": FLAG, "batch": Choice((1,), (6,), (2, 3)), "outputs": Choice(1, 3, 20)},
    outputs={"loss": tensor("*reduced(reduction,batch)")},
    constraints=(
        Constraint(
            id="C1",
            says="y_true and y_pred have the same shape",
            names=("y_true", "y_pred", "shape", "size"),
            breach=Breach(assign={"batch": (6,)}, shapes={"y_pred": "sum(batch)+1 outputs"}),
        ),
        Constraint(
            id="C2",
            says="a reduced loss needs at least one example",
            names=("reduction",),
            rule="reduction == 'none' or prod(batch) > 0",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="reduction == 'none'",
    exchangeable={"batch": "True"},
)

CATEGORICAL_CROSSENTROPY = Op(
    id="losses/categorical_crossentropy",
    keras="CategoricalCrossentropy",
    source="Keras 3, losses.CategoricalCrossentropy",
    formula=(
        "l = −sum(t · log(p)) over axis, with t = y_true · (1 − label_smoothing) + "
        "label_smoothing / classes; p = softmax(y_pred) under from_logits, else "
        f"y_pred / sum(y_pred) clipped to [1e-7, 1 − 1e-7]; {REDUCED}"
    ),
    inputs={
        "y_true": tensor("*shape", values="one_hot", differentiable=False),
        "y_pred": tensor("*shape", values="prediction"),
        "sample_weight": tensor(
            "*without_axis(shape,axis)", values="sample_weight", optional="weighted"
        ),
    },
    config={
        "from_logits": FLAG,
        "label_smoothing": Choice(0.0, 0.1),
        "axis": Choice(-1, 1),
        "reduction": REDUCTION,
    },
    dims={"weighted": FLAG, "shape": Choice((1, 2), (6, 3), (4, 20), (2, 5, 3))},
    batch="shape",
    outputs={"loss": tensor("*reduced(reduction,without_axis(shape,axis))")},
    constraints=(
        Constraint(
            id="C1",
            says="y_true and y_pred have the same shape",
            names=("y_true", "y_pred", "shape", "size"),
            breach=Breach(assign={"axis": -1, "shape": (6, 3)}, shapes={"y_pred": "shape[0]+1 3"}),
        ),
        Constraint(
            id="C2",
            says="a reduced loss needs at least one example",
            names=("reduction",),
            rule="reduction == 'none' or prod(shape) > 0",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="reduction == 'none' and axis % len(shape) != 0",
    exchangeable={"shape": "axis % len(shape) != 0"},
)
