"""PyTorch's attention, whose heads are one of these layers'."""

from __future__ import annotations

import torch


def attention(
    query: torch.Tensor,
    value: torch.Tensor,
    key: torch.Tensor | None = None,
    scale: torch.Tensor | None = None,
    concat_score_weight: torch.Tensor | None = None,
    *,
    query_mask: torch.Tensor | None = None,
    value_mask: torch.Tensor | None = None,
    use_scale: bool = False,
    score_mode: str = "dot",
    use_causal_mask: bool = False,
) -> torch.Tensor:
    """native: torch.nn.functional.scaled_dot_product_attention

    Its scale is a number, so a learned one multiplies the query. It knows dot products alone: the
    score_mode concat is composed of torch.tanh and torch.softmax.
    """
    key = value if key is None else key
    if score_mode == "dot":
        mask, causal = merged(value_mask, use_causal_mask, query.shape[1])
        query = query * scale if use_scale else query
        y = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=causal, scale=1.0
        )
    else:
        pairs = query[:, :, None] + key[:, None]
        bent = torch.tanh(scale * pairs if use_scale else pairs)
        y = attended(concat_score_weight * bent.sum(-1), value, value_mask, use_causal_mask)
    return y if query_mask is None else torch.where(query_mask[..., None], y, 0)


def additive_attention(
    query: torch.Tensor,
    value: torch.Tensor,
    key: torch.Tensor | None = None,
    scale: torch.Tensor | None = None,
    *,
    query_mask: torch.Tensor | None = None,
    value_mask: torch.Tensor | None = None,
    use_scale: bool = True,
    use_causal_mask: bool = False,
) -> torch.Tensor:
    """composed: torch.tanh, torch.sum, torch.where"""
    bent = torch.tanh(query[:, :, None] + (value if key is None else key)[:, None])
    scores = torch.sum(scale * bent if use_scale else bent, dim=-1)
    y = attended(scores, value, value_mask, use_causal_mask)
    return y if query_mask is None else torch.where(query_mask[..., None], y, 0)


def attended(
    scores: torch.Tensor, value: torch.Tensor, value_mask: torch.Tensor | None, causal: bool
) -> torch.Tensor:
    """Weigh values with the softmax of the scores that are kept."""
    target, source = scores.shape[1:]
    mask = None if value_mask is None else value_mask[:, None]
    if causal:
        before = lower(target, source, scores.device)
        mask = before if mask is None else mask & before
    kept = scores if mask is None else torch.where(mask, scores, -torch.inf)
    return torch.softmax(kept, dim=-1) @ value


def merged(
    value_mask: torch.Tensor | None, causal: bool, target: int
) -> tuple[torch.Tensor | None, bool]:
    """Return the two masks of PyTorch's attention, which takes one of them only."""
    if value_mask is None:
        return None, causal
    mask = value_mask[:, None].expand(-1, target, -1)
    return (mask & lower(target, mask.shape[-1], mask.device) if causal else mask), False


def lower(target: int, source: int, device: torch.device) -> torch.Tensor:
    """Return which positions are not after the target's own."""
    return torch.ones(target, source, dtype=torch.bool, device=device).tril()
