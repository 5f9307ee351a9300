"""What the entries of the losses share: weights, masks, and Keras's reductions."""

from collections.abc import Mapping
from typing import Any

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, Tensor, tensor
from etalon.spec.words import LAYER_STRATA

REDUCTION = Choice("none", "sum", "sum_over_batch_size", "mean_with_sample_weight")
REDUCED = (
    "the losses l[i], one for each example, are weighted: l · sample_weight · mask, where the mask "
    "of a mean over the batch is 0 or size / number of unmasked examples; then reduction"
)
LABEL = tensor("*batch outputs", differentiable=False)
PREDICTION = tensor("*batch outputs")
SAME_SHAPE = Constraint(
    id="C1",
    says="y_true and y_pred have the same shape",
    names=("y_true", "y_pred", "shape", "size"),
    breach=Breach(assign={"batch": (6,)}, shapes={"y_pred": "sum(batch)+1 outputs"}),
)


def reducible(examples: str) -> Constraint:
    """Return the constraint that a reduced loss has examples, whose shape is an expression."""
    return Constraint(
        id="C2",
        says="a reduced loss needs at least one example",
        names=("reduction",),
        rule=f"reduction == 'none' or prod({examples}) > 0",
    )


def weights(shape: str) -> dict[str, Tensor]:
    """Return the tensors that say how much each example counts."""
    return {
        "sample_weight": tensor(shape, values="sample_weight", optional="weighted"),
        "mask": tensor(shape, values="mask", optional="masked"),
    }


def loss(
    name: str,
    keras: str,
    formula: str,
    *,
    y_true: Tensor = LABEL,
    y_pred: Tensor = PREDICTION,
    config: Mapping[str, Choice] | None = None,
    **options: Any,
) -> Op:
    """Return the entry of a loss over the last axis, where ``formula`` says what l is."""
    return Op(
        id=f"losses/{name}",
        keras=keras,
        source=f"Keras 3, losses.{keras}",
        formula=f"{formula}; {REDUCED}",
        inputs={"y_true": y_true, "y_pred": y_pred, **weights("*batch")},
        config={**(config or {}), "reduction": REDUCTION},
        dims={
            "weighted": FLAG,
            "masked": FLAG,
            "batch": Choice((1,), (6,), (2, 3), long="(6,)"),
            "outputs": Choice(1, 3, 20, long="terms"),
        },
        outputs={"loss": tensor("*reduced(reduction,batch)")},
        constraints=(SAME_SHAPE, reducible("batch")),
        strata=(*LAYER_STRATA, "near_kink") if options.get("kinks") else LAYER_STRATA,
        differentiable=True,
        independent="reduction == 'none'",
        exchangeable={"batch": "True"},
        **options,
    )
