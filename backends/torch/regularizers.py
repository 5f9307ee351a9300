"""PyTorch has norms, but no regularizers."""

from __future__ import annotations

import torch


def l1(w: torch.Tensor, *, l1: float = 0.01, role: str = "kernel") -> torch.Tensor:
    """native: torch.linalg.vector_norm"""
    return _weighed(l1 * torch.linalg.vector_norm(w, ord=1), w, role)


def l2(w: torch.Tensor, *, l2: float = 0.01, role: str = "kernel") -> torch.Tensor:
    """composed: torch.square, torch.sum"""
    return _weighed(l2 * torch.sum(torch.square(w)), w, role)


def l1_l2(
    w: torch.Tensor, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel"
) -> torch.Tensor:
    """composed: torch.linalg.vector_norm, torch.square, torch.sum"""
    penalty = torch.zeros((), dtype=w.dtype, device=w.device)
    if l1:
        penalty = penalty + l1 * torch.linalg.vector_norm(w, ord=1)
    if l2:
        penalty = penalty + l2 * torch.sum(torch.square(w))
    return _weighed(penalty, w, role)


def l1_keras2(w: torch.Tensor, *, l1: float = 0.01, role: str = "kernel") -> torch.Tensor:
    """composed: torch.abs, torch.sum"""
    return torch.sum(l1 * torch.abs(w))


def l2_keras2(w: torch.Tensor, *, l2: float = 0.01, role: str = "kernel") -> torch.Tensor:
    """composed: torch.square, torch.sum"""
    return torch.sum(l2 * torch.square(w))


def l1_l2_keras2(
    w: torch.Tensor, *, l1: float = 0.01, l2: float = 0.01, role: str = "kernel"
) -> torch.Tensor:
    """composed: torch.abs, torch.square, torch.sum"""
    penalty = torch.zeros((), dtype=w.dtype, device=w.device)
    if l1:
        penalty = penalty + torch.sum(l1 * torch.abs(w))
    if l2:
        penalty = penalty + torch.sum(l2 * torch.square(w))
    return penalty


def _weighed(penalty: torch.Tensor, w: torch.Tensor, role: str) -> torch.Tensor:
    """Divide the penalty of an activity by the number of examples."""
    return penalty / max(len(w), 1) if role == "activity" else penalty
