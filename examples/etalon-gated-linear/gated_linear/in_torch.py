"""The gated linear unit in PyTorch: a function, and a module of it."""

import torch


def gated_linear(x, kernel, gate, temperature):
    """composed: torch.nn.functional.logsigmoid

    The derivative of torch.sigmoid is taken from its result, and 0 where that is 1; of the
    logarithm it keeps its digits.
    """
    return x @ kernel * torch.exp(torch.nn.functional.logsigmoid(x @ gate / temperature))


class GatedLinear(torch.nn.Module):
    """The unit as people use it."""

    def __init__(self, features, units):
        super().__init__()
        self.kernel = torch.nn.Parameter(torch.randn(features, units))
        self.gate = torch.nn.Parameter(torch.randn(features, units))
        self.temperature = torch.nn.Parameter(torch.ones(units))

    def forward(self, x):
        return gated_linear(x, self.kernel, self.gate, self.temperature)
