"""PyTorch's attention with several heads, ``(batch, heads, positions, size)``.

Projections are by themselves: torch.nn.functional.multi_head_attention_forward wants the heads of
keys and values as large as the features of the query divided by their number.
"""

from __future__ import annotations

import torch

from etalon.backends.torch.layers.attention import lower


def multi_head_attention(
    query: torch.Tensor,
    value: torch.Tensor,
    key: torch.Tensor | None,
    query_kernel: torch.Tensor,
    query_bias: torch.Tensor | None,
    key_kernel: torch.Tensor,
    key_bias: torch.Tensor | None,
    value_kernel: torch.Tensor,
    value_bias: torch.Tensor | None,
    attention_output_kernel: torch.Tensor,
    attention_output_bias: torch.Tensor | None,
    *,
    attention_mask: torch.Tensor | None = None,
    num_heads: int | None = None,
    key_dim: int | None = None,
    value_dim: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> torch.Tensor:
    """native: torch.nn.functional.scaled_dot_product_attention"""
    mask, causal = merged(attention_mask, use_causal_mask)
    heads = torch.nn.functional.scaled_dot_product_attention(
        projected(query, query_kernel, query_bias),
        projected(value if key is None else key, key_kernel, key_bias),
        projected(value, value_kernel, value_bias),
        attn_mask=mask,
        is_causal=causal,
    )
    return put_together(heads, attention_output_kernel, attention_output_bias)


def grouped_query_attention(
    query: torch.Tensor,
    value: torch.Tensor,
    key: torch.Tensor | None,
    query_kernel: torch.Tensor,
    query_bias: torch.Tensor | None,
    key_kernel: torch.Tensor,
    key_bias: torch.Tensor | None,
    value_kernel: torch.Tensor,
    value_bias: torch.Tensor | None,
    attention_output_kernel: torch.Tensor,
    attention_output_bias: torch.Tensor | None,
    *,
    attention_mask: torch.Tensor | None = None,
    head_dim: int | None = None,
    num_query_heads: int | None = None,
    num_key_value_heads: int | None = None,
    use_bias: bool = True,
    use_causal_mask: bool = False,
) -> torch.Tensor:
    """native: torch.nn.functional.scaled_dot_product_attention"""
    mask, causal = merged(attention_mask, use_causal_mask)
    heads = torch.nn.functional.scaled_dot_product_attention(
        projected(query, query_kernel, query_bias),
        projected(value if key is None else key, key_kernel, key_bias),
        projected(value, value_kernel, value_bias),
        attn_mask=mask,
        is_causal=causal,
        enable_gqa=True,
    )
    return put_together(heads, attention_output_kernel, attention_output_bias)


def projected(x: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """Return what each head sees of ``x``."""
    flat = None if bias is None else bias.flatten()
    y = torch.nn.functional.linear(x, kernel.flatten(1).T, flat)
    return y.unflatten(-1, kernel.shape[1:]).transpose(1, 2)


def put_together(
    heads: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor | None
) -> torch.Tensor:
    """Return the projection of all heads."""
    flat = heads.transpose(1, 2).flatten(2)
    return torch.nn.functional.linear(flat, kernel.flatten(0, 1).T, bias)


def merged(mask: torch.Tensor | None, causal: bool) -> tuple[torch.Tensor | None, bool]:
    """Return the two masks of PyTorch's attention, which takes one of them only."""
    if mask is None:
        return None, causal
    kept = mask & lower(mask.shape[-2], mask.shape[-1], mask.device) if causal else mask
    return kept.unsqueeze(-3), False
