"""Accuracies: the share of right predictions."""

from collections.abc import Mapping
from dataclasses import replace

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, Tensor, tensor
from etalon.spec.words import EDITIONS, ORDINARY, SPECIAL

KERAS_3, KERAS_2 = EDITIONS
SPLITS = Choice((1,), (4, 2), (3, 0, 7), (16,))
CLASSES = Choice(2, 3, 10)
K = {"k": Choice(5, 1, 2)}
ONE_HOT = tensor("sum(splits) last", values="one_hot")
BINARY = tensor("sum(splits) last", values="binary")
LABEL = tensor("sum(splits)", values="label")
IN_TOP_K = "fewer than k classes have a larger y_pred than that of {}, which is not NaN"


def accuracy(
    name: str,
    keras: str,
    right: str,
    y_true: Tensor,
    *,
    config: Mapping[str, Choice] | None = None,
    last: str = "classes",
    lengths: Choice = CLASSES,
) -> Op:
    """Return the entry of an accuracy: the weighted mean of what ``right`` is for an example."""
    return Op(
        id=f"metrics/{name}",
        keras=keras,
        source=f"Keras 3, metrics.{keras}",
        formula=(
            "sum of sample_weight · right / sum of sample_weight, over all batches; 0 where the "
            f"weights sum to 0; right = {right}"
        ),
        inputs={
            "y_true": replace(y_true, shape=y_true.shape.replace("last", last)),
            "y_pred": tensor(f"sum(splits) {last}"),
            "sample_weight": tensor("sum(splits)", values="sample_weight", optional="weighted"),
        },
        config=config or {},
        dims={"splits": SPLITS, "weighted": FLAG, last: lengths},
        outputs={"accuracy": tensor("")},
        constraints=(
            Constraint(
                id="C1",
                says="y_true and y_pred have the same number of examples",
                names=("y_true", "y_pred", "shape", "size", "dimension"),
                breach=Breach(assign={"splits": (4,)}, shapes={"y_pred": f"sum(splits)+1 {last}"}),
            ),
        ),
        strata=(*ORDINARY, *SPECIAL),
        exchangeable={"splits": "True"},
    )


def of_keras_2(today: Op, formula: str, *, config: Mapping[str, Choice] | None = None) -> Op:
    """Return the entry of what Keras 2 called the same: a mean, without weights of examples."""
    return replace(
        today,
        id=f"{today.id}@{KERAS_2}",
        edition=KERAS_2,
        source=f"Keras 2.2.4, metrics.{today.name}",
        formula=f"mean of right over all batches; right = {formula}",
        inputs={name: t for name, t in today.inputs.items() if name != "sample_weight"},
        config=today.config if config is None else config,
        dims={name: choice for name, choice in today.dims.items() if name != "weighted"},
    )


CATEGORICAL_ACCURACY = accuracy(
    "categorical_accuracy",
    "CategoricalAccuracy",
    "[argmax(y_true) = argmax(y_pred)], where argmax is the first of the largest",
    ONE_HOT,
)
SPARSE_CATEGORICAL_ACCURACY = accuracy(
    "sparse_categorical_accuracy",
    "SparseCategoricalAccuracy",
    "[y_true = argmax(y_pred)], where argmax is the first of the largest",
    LABEL,
)
BINARY_ACCURACY = accuracy(
    "binary_accuracy",
    "BinaryAccuracy",
    "mean of [y_true = [y_pred > threshold]] over the last axis",
    BINARY,
    config={"threshold": Choice(0.5, 0.0, 1.0)},
    last="outputs",
    lengths=Choice(1, 3),
)
TOP_K_CATEGORICAL_ACCURACY = accuracy(
    "top_k_categorical_accuracy",
    "TopKCategoricalAccuracy",
    f"[{IN_TOP_K.format('argmax(y_true)')}]",
    ONE_HOT,
    config=K,
)
SPARSE_TOP_K_CATEGORICAL_ACCURACY = accuracy(
    "sparse_top_k_categorical_accuracy",
    "SparseTopKCategoricalAccuracy",
    f"[{IN_TOP_K.format('y_true')}]",
    LABEL,
    config=K,
)

BINARY_ACCURACY_KERAS_2 = of_keras_2(
    BINARY_ACCURACY,
    "mean of [y_true = round(y_pred)] over the last axis, where halves round to even",
    config={},
)
TOP_K_CATEGORICAL_ACCURACY_KERAS_2 = of_keras_2(
    TOP_K_CATEGORICAL_ACCURACY, f"[{IN_TOP_K.format('argmax(y_true)')}]"
)
