"""Functions as layers, in PyTorch."""

from __future__ import annotations

import torch


def lambda_(x: torch.Tensor, *, function: str) -> torch.Tensor:
    """composed: torch.square, torch.neg, torch.tanh, torch.mean, torch.nn.functional.normalize

    Its epsilon is the least norm that is divided by, as Keras's is.
    """
    match function:
        case "square":
            return torch.square(x)
        case "negative":
            return torch.neg(x)
        case "scaled_tanh":
            return 1.7159 * torch.tanh(2 / 3 * x)
        case "antirectifier":
            centred = x - torch.mean(x, dim=1, keepdim=True)
            unit = torch.nn.functional.normalize(centred, dim=1, eps=1e-7)
            return torch.cat([torch.relu(unit), torch.relu(-unit)], dim=1)
    raise ValueError(f"no function is called {function!r}")
