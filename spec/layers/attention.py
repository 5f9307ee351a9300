"""Attention over the positions of a sequence, without weights of its own but those of the scores.

Dropout is 0 in all entries of attention: what it does to the weights is what ``layers/dropout``
does.
"""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, Tensor, tensor
from etalon.spec.words import LAYER_STRATA

SOFTMAX = (
    "w[b, t, :] = softmax(s[b, t, :]) over the positions j that value_mask keeps, under "
    "use_causal_mask those with j ≤ t, and 0 elsewhere; at least one is left for each t. "
    "y[b, t] = sum over j of w[b, t, j] · value[b, j], and 0 where query_mask is false. Without a "
    "key it is the value. Keras subtracts 1e9 from the scores of other positions, in float16 "
    "65504, which leaves 0 of them unless scores are as large themselves"
)


def _scored(
    name: str,
    keras: str,
    source: str,
    scores: str,
    weights: dict[str, Tensor],
    config: dict[str, Choice],
) -> Op:
    """Return the entry of a layer that scores each pair of positions by itself."""
    return Op(
        id=f"layers/{name}",
        keras=keras,
        source=f"Keras 3, layers.{keras}, with dropout 0; {source}",
        formula=f"s[b, t, j] = {scores}; {SOFTMAX}",
        inputs={
            "query": tensor("batch target features"),
            "value": tensor("batch source features"),
            "key": tensor("batch source features", optional="keyed"),
            "query_mask": tensor(
                "batch target", values="mask", optional="masked in ('query', 'both')"
            ),
            "value_mask": tensor(
                "batch source", values="keeping", optional="masked in ('value', 'both')"
            ),
        },
        weights=weights,
        config={**config, "use_causal_mask": FLAG},
        dims={
            "batch": Choice(1, 3),
            "target": Choice(3, 1, 5),
            "source": Choice(4, 1, 2, long="terms"),
            "features": Choice(2, 4, 1, long="64"),
            "keyed": FLAG,
            "masked": Choice(None, "value", "query", "both"),
        },
        outputs={"y": tensor("batch target features")},
        constraints=(
            Constraint(
                id="C1",
                says="the key has the features of the query",
                names=("key", "query", "features", "shape", "shapes", "dimension", "dimensions"),
                breach=Breach(
                    assign={"keyed": True, "features": 2},
                    shapes={"key": "batch source features+1"},
                ),
            ),
            Constraint(
                id="C2",
                says="the key has the positions of the value",
                names=("key", "value", "shape", "shapes", "dimension", "dimensions"),
                breach=Breach(
                    assign={"keyed": True, "masked": None},
                    shapes={"key": "batch source+1 features"},
                ),
            ),
            Constraint(
                id="C3",
                says="value_mask has one number for each position of the value",
                names=("value_mask", "mask"),
                breach=Breach(assign={"masked": "value"}, shapes={"value_mask": "batch source+1"}),
            ),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={
            "batch": "True",
            "target": "not use_causal_mask",
            "source": "not use_causal_mask",
            "features": "True",
        },
        linear="keyed",
        linear_in=("value",),
    )


ATTENTION = _scored(
    "attention",
    "Attention",
    "Luong et al. 2015, arXiv:1508.04025",
    (
        "sum over c of query[b, t, c] · key[b, j, c], times scale under use_scale; in the "
        "score_mode concat it is concat_score_weight · sum over c of "
        "tanh(scale · (query[b, t, c] + key[b, j, c]))"
    ),
    {
        "scale": tensor("", values="weight", optional="use_scale"),
        "concat_score_weight": tensor("", values="weight", optional="score_mode == 'concat'"),
    },
    {"use_scale": FLAG, "score_mode": Choice("dot", "concat")},
)

ADDITIVE_ATTENTION = _scored(
    "additive_attention",
    "AdditiveAttention",
    "Bahdanau et al. 2014, arXiv:1409.0473",
    (
        "sum over c of scale[c] · tanh(query[b, t, c] + key[b, j, c]), without scale where "
        "use_scale is false"
    ),
    {"scale": tensor("features", values="weight", optional="use_scale")},
    {"use_scale": FLAG},
)
