"""TensorFlow has no attention but Keras's; it is composed."""

from __future__ import annotations

import tensorflow as tf


def attention(
    query: tf.Tensor,
    value: tf.Tensor,
    key: tf.Tensor | None = None,
    scale: tf.Tensor | None = None,
    concat_score_weight: tf.Tensor | None = None,
    *,
    query_mask: tf.Tensor | None = None,
    value_mask: tf.Tensor | None = None,
    use_scale: bool = False,
    score_mode: str = "dot",
    use_causal_mask: bool = False,
) -> tf.Tensor:
    """composed: tf.linalg.matmul, tf.tanh, tf.reduce_sum"""
    key = value if key is None else key
    if score_mode == "dot":
        scores = tf.linalg.matmul(query, key, transpose_b=True)
        scores = scores * scale if use_scale else scores
    else:
        pairs = query[:, :, None] + key[:, None]
        bent = tf.tanh(scale * pairs if use_scale else pairs)
        scores = concat_score_weight * tf.reduce_sum(bent, axis=-1)
    return masked(attended(scores, value, value_mask, use_causal_mask), query_mask)


def additive_attention(
    query: tf.Tensor,
    value: tf.Tensor,
    key: tf.Tensor | None = None,
    scale: tf.Tensor | None = None,
    *,
    query_mask: tf.Tensor | None = None,
    value_mask: tf.Tensor | None = None,
    use_scale: bool = True,
    use_causal_mask: bool = False,
) -> tf.Tensor:
    """composed: tf.tanh, tf.reduce_sum"""
    bent = tf.tanh(query[:, :, None] + (value if key is None else key)[:, None])
    scores = tf.reduce_sum(scale * bent if use_scale else bent, axis=-1)
    return masked(attended(scores, value, value_mask, use_causal_mask), query_mask)


def attended(
    scores: tf.Tensor, value: tf.Tensor, value_mask: tf.Tensor | None, causal: bool
) -> tf.Tensor:
    """Weigh values with the softmax of the scores that are kept."""
    mask = None if value_mask is None else value_mask[:, None]
    return tf.linalg.matmul(weights(scores, mask, causal), value)


def weights(scores: tf.Tensor, mask: tf.Tensor | None, causal: bool) -> tf.Tensor:
    """Return the softmax of the scores that are kept, before the target's own if causal."""
    if causal:
        before = tf.linalg.band_part(tf.ones(scores.shape[-2:], tf.bool), -1, 0)
        mask = before if mask is None else mask & before
    if mask is not None:
        scores = tf.where(mask, scores, tf.constant(-float("inf"), scores.dtype))
    return tf.nn.softmax(scores)


def masked(y: tf.Tensor, query_mask: tf.Tensor | None) -> tf.Tensor:
    """Return 0 where the query is masked."""
    return y if query_mask is None else tf.where(query_mask[..., None], y, tf.zeros_like(y))
