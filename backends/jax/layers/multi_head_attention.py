"""JAX's attention with several heads, ``(batch, positions, heads, size)``."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def multi_head_attention(
    query: jax.Array,
    value: jax.Array,
    key: jax.Array | None,
    query_kernel: jax.Array,
    query_bias: jax.Array | None,
    key_kernel: jax.Array,
    key_bias: jax.Array | None,
    value_kernel: jax.Array,
    value_bias: jax.Array | None,
    attention_output_kernel: jax.Array,
    attention_output_bias: jax.Array | None,
    *,
    attention_mask: jax.Array | None = None,
    num_heads: int | None = None,
    key_dim: int | None = None,
    value_dim: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> jax.Array:
    """native: jax.nn.dot_product_attention"""
    heads = jax.nn.dot_product_attention(
        projected(query, query_kernel, query_bias),
        projected(value if key is None else key, key_kernel, key_bias),
        projected(value, value_kernel, value_bias),
        mask=None if attention_mask is None else attention_mask[..., None, :, :],
        is_causal=use_causal_mask,
    )
    return put_together(heads, attention_output_kernel, attention_output_bias)


def grouped_query_attention(
    query: jax.Array,
    value: jax.Array,
    key: jax.Array | None,
    query_kernel: jax.Array,
    query_bias: jax.Array | None,
    key_kernel: jax.Array,
    key_bias: jax.Array | None,
    value_kernel: jax.Array,
    value_bias: jax.Array | None,
    attention_output_kernel: jax.Array,
    attention_output_bias: jax.Array | None,
    *,
    attention_mask: jax.Array | None = None,
    head_dim: int | None = None,
    num_query_heads: int | None = None,
    num_key_value_heads: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> jax.Array:
    """native: jax.nn.dot_product_attention

    It takes as many heads of keys and values as divide those of the query.
    """
    heads = jax.nn.dot_product_attention(
        projected(query, query_kernel, query_bias),
        projected(value if key is None else key, key_kernel, key_bias),
        projected(value, value_kernel, value_bias),
        mask=None if attention_mask is None else attention_mask[..., None, :, :],
        is_causal=use_causal_mask,
    )
    return put_together(heads, attention_output_kernel, attention_output_bias)


def projected(x: jax.Array, kernel: jax.Array, bias: jax.Array | None) -> jax.Array:
    """Return what each head sees of ``x``."""
    y = jnp.einsum("btf,fhd->bthd", x, kernel)
    return y if bias is None else y + bias


def put_together(heads: jax.Array, kernel: jax.Array, bias: jax.Array | None) -> jax.Array:
    """Return the projection of all heads."""
    y = jnp.einsum("bthd,hdf->btf", heads, kernel)
    return y if bias is None else y + bias
