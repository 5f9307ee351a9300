"""Modules of PyTorch: group normalization over channels along axis 1, softmax, attention."""

import torch


class GroupNorm(torch.nn.Module):
    """Right."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups, self.eps = num_groups, eps
        self.weight = torch.nn.Parameter(torch.ones(num_channels))
        self.bias = torch.nn.Parameter(torch.zeros(num_channels))

    def grouped(self, x):
        channels = x.shape[1] // self.num_groups
        return x.reshape(len(x), self.num_groups, channels, *x.shape[2:])

    def normalized(self, x):
        axes = tuple(range(2, x.ndim))
        mean = x.mean(axes, keepdim=True)
        variance = (x - mean).square().mean(axes, keepdim=True)
        return (x - mean) / torch.sqrt(variance + self.eps)

    def forward(self, x):
        y = self.normalized(self.grouped(x)).reshape(x.shape)
        shape = (1, -1, *[1] * (x.ndim - 2))
        return y * self.weight.reshape(shape) + self.bias.reshape(shape)


class EpsilonOutside(GroupNorm):
    """Wrong: epsilon is added to the deviation, not to the variance."""

    def normalized(self, x):
        axes = tuple(range(2, x.ndim))
        mean = x.mean(axes, keepdim=True)
        deviation = (x - mean).square().mean(axes, keepdim=True).sqrt()
        return (x - mean) / (deviation + self.eps)


class Unbiased(GroupNorm):
    """Wrong: the variance is divided by one less than the count."""

    def normalized(self, x):
        axes = tuple(range(2, x.ndim))
        variance, mean = torch.var_mean(x, axes, keepdim=True)
        return (x - mean) / torch.sqrt(variance + self.eps)


class MeanOfSquares(GroupNorm):
    """Wrong: the variance as the mean of squares less the square of the mean, which cancels."""

    def normalized(self, x):
        axes = tuple(range(2, x.ndim))
        mean = x.mean(axes, keepdim=True)
        variance = x.square().mean(axes, keepdim=True) - mean.square()
        return (x - mean) / torch.sqrt(variance + self.eps)


class Softmax(torch.nn.Module):
    """Right, as far as it goes: it takes no mask."""

    def forward(self, x):
        return torch.softmax(x, -1)


class Attention(torch.nn.Module):
    """Right; a hyperparameter ends in ``mask``, and the inputs have an order of their own."""

    def forward(self, query, key, value, use_causal_mask=False):
        scores = query @ key.transpose(1, 2)
        if use_causal_mask:
            scores = scores.masked_fill(torch.ones_like(scores).triu(1) > 0, -torch.inf)
        return torch.softmax(scores, -1) @ value


class Unmade(torch.nn.Module):
    """Wrong: it can't be made."""

    def __init__(self):
        super().__init__()
        {}["nothing"]

    def forward(self, x):
        return torch.tanh(x)


def weighed(y_true, y_pred, sample_weight=None):
    """Right: the sum over features of weighted products."""
    product = (y_true * y_pred).sum(-1)
    return product if sample_weight is None else product * sample_weight
