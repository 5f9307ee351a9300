"""TensorFlow has no attention but Keras's; that of several heads is composed."""

from __future__ import annotations

import math

import tensorflow as tf

from etalon.backends.tensorflow.layers.attention import weights


def multi_head_attention(
    query: tf.Tensor,
    value: tf.Tensor,
    key: tf.Tensor | None,
    query_kernel: tf.Tensor,
    query_bias: tf.Tensor | None,
    key_kernel: tf.Tensor,
    key_bias: tf.Tensor | None,
    value_kernel: tf.Tensor,
    value_bias: tf.Tensor | None,
    attention_output_kernel: tf.Tensor,
    attention_output_bias: tf.Tensor | None,
    *,
    attention_mask: tf.Tensor | None = None,
    num_heads: int | None = None,
    key_dim: int | None = None,
    value_dim: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> tf.Tensor:
    """composed: tf.einsum"""
    q = projected(query, query_kernel, query_bias)
    k = projected(value if key is None else key, key_kernel, key_bias)
    v = projected(value, value_kernel, value_bias)
    scores = tf.einsum("bthd,bshd->bhts", q, k) / math.sqrt(query_kernel.shape[-1])
    mask = None if attention_mask is None else attention_mask[..., None, :, :]
    heads = tf.einsum("bhts,bshd->bthd", weights(scores, mask, use_causal_mask), v)
    return put_together(heads, attention_output_kernel, attention_output_bias)


def grouped_query_attention(
    query: tf.Tensor,
    value: tf.Tensor,
    key: tf.Tensor | None,
    query_kernel: tf.Tensor,
    query_bias: tf.Tensor | None,
    key_kernel: tf.Tensor,
    key_bias: tf.Tensor | None,
    value_kernel: tf.Tensor,
    value_bias: tf.Tensor | None,
    attention_output_kernel: tf.Tensor,
    attention_output_bias: tf.Tensor | None,
    *,
    attention_mask: tf.Tensor | None = None,
    head_dim: int | None = None,
    num_query_heads: int | None = None,
    num_key_value_heads: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> tf.Tensor:
    """composed: tf.einsum, tf.repeat"""
    q = projected(query, query_kernel, query_bias)
    k = projected(value if key is None else key, key_kernel, key_bias)
    v = projected(value, value_kernel, value_bias)
    k, v = (tf.repeat(x, q.shape[2] // x.shape[2], axis=2) for x in (k, v))
    scores = tf.einsum("bthd,bshd->bhts", q, k) / math.sqrt(query_kernel.shape[-1])
    mask = None if attention_mask is None else attention_mask[..., None, :, :]
    heads = tf.einsum("bhts,bshd->bthd", weights(scores, mask, use_causal_mask), v)
    return put_together(heads, attention_output_kernel, attention_output_bias)


def projected(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | None) -> tf.Tensor:
    """Return what each head sees of ``x``."""
    y = tf.einsum("btf,fhd->bthd", x, kernel)
    return y if bias is None else y + bias


def put_together(heads: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | None) -> tf.Tensor:
    """Return the projection of all heads."""
    y = tf.einsum("bthd,hdf->btf", heads, kernel)
    return y if bias is None else y + bias
