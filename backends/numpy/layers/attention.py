"""The definitions of attention."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.special import dot_attention, softmax_last_axis


def attention(
    query: Array,
    value: Array,
    key: Array | None = None,
    scale: Array | None = None,
    concat_score_weight: Array | None = None,
    *,
    query_mask: Array | None = None,
    value_mask: Array | None = None,
    use_scale: bool = False,
    score_mode: str = "dot",
    use_causal_mask: bool = False,
) -> Array:
    """Values weighted by the softmax of ``scale * query @ key.T`` (Luong et al. 2015).

    In the score mode ``concat`` the scores are
    ``concat_score_weight * sum(tanh(scale * (query + key)))``. Arrays are ``(batch, positions,
    features)``.
    """
    key = value if key is None else key
    scale = scale if use_scale else None
    if score_mode == "dot":
        positions = query.shape[-2], key.shape[-2]
        kept = allowed(positions, of_sources(value_mask), use_causal_mask)
        return masked(dot_attention(query, key, value, scale, kept), query_mask)
    bent = np.tanh(scaled(pairs(query, key), scale))
    scores = scaled(np.sum(bent, axis=-1), concat_score_weight)
    return masked(attended(scores, value, value_mask, use_causal_mask), query_mask)


def additive_attention(
    query: Array,
    value: Array,
    key: Array | None = None,
    scale: Array | None = None,
    *,
    query_mask: Array | None = None,
    value_mask: Array | None = None,
    use_scale: bool = True,
    use_causal_mask: bool = False,
) -> Array:
    """Values weighted by the softmax of ``sum(scale * tanh(query + key))`` (Bahdanau et al. 2014).

    Arrays are ``(batch, positions, features)``.
    """
    bent = np.tanh(pairs(query, value if key is None else key))
    scores = np.sum(scaled(bent, scale if use_scale else None), axis=-1)
    return masked(attended(scores, value, value_mask, use_causal_mask), query_mask)


def scaled(x: Array, scale: Array | None) -> Array:
    """``scale * x``, where there is a scale."""
    return x if scale is None else scale * x


def pairs(query: Array, key: Array) -> Array:
    """``query[b, t] + key[b, j]`` for all t and j: ``(batch, target, source, features)``."""
    return np.expand_dims(query, -2) + np.expand_dims(key, -3)


def attended(scores: Array, value: Array, value_mask: Array | None, causal: bool) -> Array:
    """Values weighted by the softmax of their scores, over what is kept."""
    return weights(scores, of_sources(value_mask), causal) @ value


def weights(scores: Array, mask: Array | None, causal: bool) -> Array:
    """The softmax of scores ``(…, target, source)`` over what is kept, and 0 elsewhere."""
    kept = allowed(scores.shape[-2:], mask, causal)
    return softmax_last_axis(scores if kept is None else np.where(kept, scores, -np.inf))


def of_sources(mask: Array | None) -> Array | None:
    """The mask with an axis for the targets, who share it."""
    return None if mask is None else mask[:, None, :]


def allowed(positions: tuple[int, ...], mask: Array | None, causal: bool) -> Array | None:
    """What ``mask`` keeps of ``(…, target, source)``; if ``causal``, nothing after the target."""
    if not causal:
        return mask
    target, source = positions
    before = np.arange(source) <= np.arange(target)[:, None]
    return before if mask is None else mask & before


def masked(y: Array, query_mask: Array | None) -> Array:
    """0 where ``query_mask`` is false."""
    return y if query_mask is None else np.where(query_mask[..., None], y, 0.0)
