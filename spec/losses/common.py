"""What the entries of the losses share: the reductions of Keras's ``Loss`` classes, and weights."""

from etalon.spec.model import Choice

REDUCTION = Choice("none", "sum", "sum_over_batch_size", "mean_with_sample_weight")
REDUCED = "the losses l[i], one for each example, are weighted: l · sample_weight; then reduction"
