"""JAX's attention, whose heads are one of these layers'."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def attention(
    query: jax.Array,
    value: jax.Array,
    key: jax.Array | None = None,
    scale: jax.Array | None = None,
    concat_score_weight: jax.Array | None = None,
    *,
    query_mask: jax.Array | None = None,
    value_mask: jax.Array | None = None,
    use_scale: bool = False,
    score_mode: str = "dot",
    use_causal_mask: bool = False,
) -> jax.Array:
    """native: jax.nn.dot_product_attention

    A learned scale multiplies the query. It knows dot products alone: the score_mode concat is
    composed of jnp.tanh and jax.nn.softmax.
    """
    key = value if key is None else key
    if score_mode == "dot":
        y = jax.nn.dot_product_attention(
            (query * scale if use_scale else query)[:, :, None],
            key[:, :, None],
            value[:, :, None],
            mask=None if value_mask is None else value_mask[:, None, None],
            scale=1.0,
            is_causal=use_causal_mask,
        )[:, :, 0]
    else:
        pairs = query[:, :, None] + key[:, None]
        bent = jnp.tanh(scale * pairs if use_scale else pairs)
        y = attended(concat_score_weight * bent.sum(-1), value, value_mask, use_causal_mask)
    return masked(y, query_mask)


def additive_attention(
    query: jax.Array,
    value: jax.Array,
    key: jax.Array | None = None,
    scale: jax.Array | None = None,
    *,
    query_mask: jax.Array | None = None,
    value_mask: jax.Array | None = None,
    use_scale: bool = True,
    use_causal_mask: bool = False,
) -> jax.Array:
    """composed: jnp.tanh, jnp.sum"""
    bent = jnp.tanh(query[:, :, None] + (value if key is None else key)[:, None])
    scores = jnp.sum(scale * bent if use_scale else bent, axis=-1)
    return masked(attended(scores, value, value_mask, use_causal_mask), query_mask)


def attended(
    scores: jax.Array, value: jax.Array, value_mask: jax.Array | None, causal: bool
) -> jax.Array:
    """Weigh values with the softmax of the scores that are kept."""
    mask = None if value_mask is None else value_mask[:, None]
    if causal:
        before = jnp.tri(scores.shape[1], scores.shape[2], dtype=bool)
        mask = before if mask is None else mask & before
    return jax.nn.softmax(scores, where=mask) @ value


def masked(y: jax.Array, query_mask: jax.Array | None) -> jax.Array:
    """Return 0 where the query is masked."""
    return y if query_mask is None else jnp.where(query_mask[..., None], y, 0)
