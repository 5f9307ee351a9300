"""The definitions of attention with several heads, in arrays ``(batch, heads, positions, size)``.

Masks are ``(target, source)``, one for all examples, or ``(batch, target, source)``.
"""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.attention import weights
from etalon.backends.numpy.layers.core import affine


def multi_head_attention(
    query: Array,
    value: Array,
    key: Array | None,
    query_kernel: Array,
    query_bias: Array | None,
    key_kernel: Array,
    key_bias: Array | None,
    value_kernel: Array,
    value_bias: Array | None,
    attention_output_kernel: Array,
    attention_output_bias: Array | None,
    *,
    attention_mask: Array | None = None,
    num_heads: int | None = None,
    key_dim: int | None = None,
    value_dim: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> Array:
    """Scaled dot-product attention in several heads, projected back (Vaswani et al. 2017)."""
    scores = scaled_products(
        projected(query, query_kernel, query_bias),
        projected(value if key is None else key, key_kernel, key_bias),
    )
    mask = for_heads(attention_mask)
    heads = weights(scores, mask, use_causal_mask) @ projected(value, value_kernel, value_bias)
    return merged(heads, attention_output_kernel, attention_output_bias)


def grouped_query_attention(
    query: Array,
    value: Array,
    key: Array | None,
    query_kernel: Array,
    query_bias: Array | None,
    key_kernel: Array,
    key_bias: Array | None,
    value_kernel: Array,
    value_bias: Array | None,
    attention_output_kernel: Array,
    attention_output_bias: Array | None,
    *,
    attention_mask: Array | None = None,
    head_dim: int | None = None,
    num_query_heads: int | None = None,
    num_key_value_heads: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> Array:
    """As multi-head attention, but groups of query heads share a key and value head.

    Groups are heads in a row (Ainslie et al. 2023).
    """
    of_query = projected(query, query_kernel, query_bias)
    of_key = projected(value if key is None else key, key_kernel, key_bias)
    of_value = projected(value, value_kernel, value_bias)
    batch, heads, *rest = of_query.shape
    groups = np.reshape(of_query, (batch, of_key.shape[1], heads // of_key.shape[1], *rest))
    scores = scaled_products(groups, np.expand_dims(of_key, 2))
    scores = np.reshape(scores, (batch, heads, *scores.shape[-2:]))
    w = weights(scores, for_heads(attention_mask), use_causal_mask)
    w = np.reshape(w, (*groups.shape[:-1], w.shape[-1]))
    found = np.reshape(w @ np.expand_dims(of_value, 2), (batch, heads, *rest))
    return merged(found, attention_output_kernel, attention_output_bias)


def projected(x: Array, kernel: Array, bias: Array | None) -> Array:
    """``x @ kernel + bias`` for each head; the kernel is ``(features, heads, size)``."""
    features, heads, size = kernel.shape
    flat = None if bias is None else np.reshape(bias, (1, heads * size))
    y = affine(x, np.reshape(kernel, (features, heads * size)), flat)
    return np.moveaxis(np.reshape(y, (*x.shape[:-1], heads, size)), -2, 1)


def scaled_products(query: Array, key: Array) -> Array:
    """``query @ key.T / sqrt(size)``, of size numbers each.

    The factor is applied as its root to the queries and to the keys. Implementations do so, or
    multiply the queries or the products by all of it, which rounds no more than this. But products
    that are stored before they are scaled may overflow.
    """
    root = np.sqrt(1 / np.sqrt(np.full_like(query[..., :1], query.shape[-1])))
    scaled = (query * root) @ np.moveaxis(key * root[..., :1, :], -1, -2)
    products = query @ np.moveaxis(key, -1, -2)
    return np.where(np.abs(products) < np.inf, scaled, products)


def for_heads(mask: Array | None) -> Array | None:
    """The mask with an axis for the heads, who share it."""
    return None if mask is None else np.expand_dims(mask, -3)


def merged(heads: Array, kernel: Array, bias: Array | None) -> Array:
    """``sum(heads @ kernel) + bias`` over the heads; the kernel is ``(heads, size, features)``."""
    batch, count, positions, size = heads.shape
    flat = np.reshape(np.moveaxis(heads, 1, -2), (batch, positions, count * size))
    of_all = np.reshape(kernel, (count * size, kernel.shape[-1]))
    return affine(flat, of_all, None if bias is None else bias[None])
