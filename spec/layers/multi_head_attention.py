"""Attention with several heads, each of which sees projections of its own."""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, Tensor, tensor
from etalon.spec.words import LAYER_STRATA

HEADS = (
    "For each head q, k and v are the sums over features of query, key and value times its "
    "kernel, plus its bias; without a key it is the value. w[b, t, :] = softmax over the "
    "positions j of (q[b, t] · k[b, j]) / √{size}, over those that attention_mask keeps and, under "
    "use_causal_mask, with j ≤ t, and 0 elsewhere; at least one is left for each t. "
    "y[b, t] = sum over heads of (sum over j of w[b, t, j] · v[b, j]) times its output kernel, "
    "plus the output bias. Keras takes scores elsewhere for, or lowers them by, 0.7 of the largest "
    "number of the dtype, which leaves 0 of them unless scores are as large themselves"
)


def _projected(
    name: str,
    keras: str,
    source: str,
    formula: str,
    sizes: dict[str, str],
    query: tuple[str, str, str],
    *,
    config: dict[str, Choice],
    dims: dict[str, Choice],
    more: tuple[Constraint, ...],
    exchangeable: dict[str, str],
    aliases: tuple[str, ...] = (),
) -> Op:
    """Return the entry of a layer with these shapes of heads: of query, key, value and output.

    ``query`` are the features of query, value and key.
    """
    own, of_value, of_key = query
    either = of_key if of_key == of_value else f"({of_value},{of_key})[keyed]"
    return Op(
        id=f"layers/{name}",
        keras=keras,
        aliases=aliases,
        source=f"Keras 3, layers.{keras}, with dropout 0; {source}",
        formula=formula,
        inputs={
            "query": tensor(f"batch target {own}"),
            "value": tensor(f"batch source {of_value}"),
            "key": tensor(f"batch source {of_key}", optional="keyed"),
            "attention_mask": tensor(
                "*(batch,)*(masked=='each') target source", values="keeping", optional="masked"
            ),
        },
        weights={
            **_dense("query", own, sizes["query"]),
            **_dense("key", either, sizes["key"]),
            **_dense("value", of_value, sizes["value"]),
            **_dense("attention_output", sizes["output"], own),
        },
        config={**config, "use_bias": FLAG, "use_causal_mask": FLAG},
        dims={
            "batch": Choice(1, 3),
            "target": Choice(3, 1, 5),
            "source": Choice(4, 1, 2, long="65"),
            **dims,
            "keyed": FLAG,
            "masked": Choice(None, "each", "all"),
        },
        outputs={"y": tensor(f"batch target {own}")},
        constraints=(*_constraints(own, of_key, sizes["query"]), *more),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={
            "batch": "True",
            "target": "not use_causal_mask",
            "source": "not use_causal_mask",
            **exchangeable,
        },
        linear="keyed",
        linear_in=("value", "value_bias", "attention_output_bias"),
    )


def _dense(name: str, features: str, size: str) -> dict[str, Tensor]:
    """Return the kernel and the bias of a projection."""
    return {
        f"{name}_kernel": tensor(f"{features} {size}", values="weight"),
        f"{name}_bias": tensor(size, values="weight", optional="use_bias"),
    }


def _constraints(own: str, of_key: str, size: str) -> tuple[Constraint, ...]:
    return (
        Constraint(
            id="C1",
            says="the query kernel has one row for each feature of the query",
            names=("query_kernel", "kernel", "query", "shape", "shapes", "dimension"),
            breach=Breach(shapes={"query_kernel": f"{own}+1 {size}"}),
        ),
        Constraint(
            id="C2",
            says="the key has the positions of the value",
            names=("key", "value", "shape", "shapes", "dimension", "dimensions"),
            breach=Breach(
                assign={"keyed": True, "masked": None}, shapes={"key": f"batch source+1 {of_key}"}
            ),
        ),
        Constraint(
            id="C3",
            says="attention_mask has one number for each position of query and value",
            names=("attention_mask", "mask"),
            breach=Breach(
                assign={"masked": "each"}, shapes={"attention_mask": "batch target source+1"}
            ),
        ),
    )


MULTI_HEAD_ATTENTION = _projected(
    "multi_head_attention",
    "MultiHeadAttention",
    "Vaswani et al. 2017, arXiv:1706.03762",
    HEADS.format(size="key_dim"),
    {
        "query": "num_heads key_dim",
        "key": "num_heads key_dim",
        "value": "num_heads value_dim",
        "output": "num_heads value_dim",
    },
    ("features", "depth", "breadth"),
    config={
        "num_heads": Choice(2, 1, 3),
        "key_dim": Choice(2, 4, 1),
        "value_dim": Choice(2, 4, 3),
    },
    dims={
        "features": Choice(3, 1, long="terms"),
        "depth": Choice(2, 4, long="terms"),
        "breadth": Choice(3, 1, long="terms"),
    },
    more=(),
    exchangeable={
        "features": "True",
        "num_heads": "True",
        "key_dim": "True",
        "value_dim": "True",
    },
)

GROUPED_QUERY_ATTENTION = _projected(
    "grouped_query_attention",
    "GroupQueryAttention",
    "Ainslie et al. 2023, arXiv:2305.13245",
    (
        HEADS.format(size="head_dim") + ". Head h of the query has the key and the value of head "
        "h // (num_query_heads / num_key_value_heads)"
    ),
    {
        "query": "num_query_heads head_dim",
        "key": "num_key_value_heads head_dim",
        "value": "num_key_value_heads head_dim",
        "output": "num_query_heads head_dim",
    },
    ("features", "features", "features"),
    config={
        "head_dim": Choice(2, 4, 1),
        "num_query_heads": Choice(4, 2, 3),
        "num_key_value_heads": Choice(2, 1),
    },
    dims={"features": Choice(3, 1, long="terms")},
    more=(
        Constraint(
            id="C4",
            says="num_query_heads is a multiple of num_key_value_heads",
            names=("num_query_heads", "num_key_value_heads", "heads"),
            rule="num_query_heads % num_key_value_heads == 0",
            breach=Breach(assign={"num_query_heads": 3, "num_key_value_heads": 2}),
        ),
    ),
    exchangeable={
        "features": "True",
        "num_query_heads": "num_key_value_heads == 1",
        "head_dim": "True",
    },
    aliases=("GroupedQueryAttention",),
)
