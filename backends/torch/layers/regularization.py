"""PyTorch's regularization layers."""

from __future__ import annotations

import math

import torch

from etalon.backends.torch import regularizers


def activity_regularization(
    x: torch.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """composed: regularizers.l1_l2"""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: torch.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """composed: regularizers.l1_l2_keras2"""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> torch.Tensor:
    """native: torch.nn.functional.dropout

    It takes no generator, so the global one is seeded and put back.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.functional.dropout(x, rate, training)


def spatial_dropout1d(
    x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0
) -> torch.Tensor:
    """native: torch.nn.functional.dropout1d

    It takes channels along axis 1 and no generator, so the global one is seeded and put back.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        y = torch.nn.functional.dropout1d(torch.movedim(x, -1, 1), rate, training)
    return torch.movedim(y, 1, -1)


def spatial_dropout2d(
    x: torch.Tensor,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> torch.Tensor:
    """native: torch.nn.functional.dropout2d

    It takes channels along axis 1 and no generator, so the global one is seeded and put back.
    """
    channel = 1 if data_format == "channels_first" else -1
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        y = torch.nn.functional.dropout2d(torch.movedim(x, channel, 1), rate, training)
    return torch.movedim(y, 1, channel)


def spatial_dropout3d(
    x: torch.Tensor,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> torch.Tensor:
    """native: torch.nn.functional.dropout3d

    It takes channels along axis 1 and no generator, so the global one is seeded and put back.
    """
    channel = 1 if data_format == "channels_first" else -1
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        y = torch.nn.functional.dropout3d(torch.movedim(x, channel, 1), rate, training)
    return torch.movedim(y, 1, channel)


def alpha_dropout(
    x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0
) -> torch.Tensor:
    """native: torch.nn.functional.alpha_dropout

    It takes no generator, so the global one is seeded and put back.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.functional.alpha_dropout(x, rate, training)


def gaussian_dropout(
    x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0
) -> torch.Tensor:
    """composed: torch.normal"""
    if not training:
        return x
    generator = torch.Generator(x.device).manual_seed(seed)
    options = {"dtype": x.dtype, "device": x.device, "generator": generator}
    return x * torch.normal(1.0, math.sqrt(rate / (1 - rate)), x.shape, **options)


def gaussian_noise(
    x: torch.Tensor, *, stddev: float, training: bool = False, seed: int = 0
) -> torch.Tensor:
    """composed: torch.normal"""
    if not training:
        return x
    generator = torch.Generator(x.device).manual_seed(seed)
    options = {"dtype": x.dtype, "device": x.device, "generator": generator}
    return x + torch.normal(0.0, stddev, x.shape, **options)
