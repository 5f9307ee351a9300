"""Functions over PyTorch's tensors: batch normalization by its own convention, and faults."""

import torch


def own_batch_norm(x, gamma, beta, mean, variance, *, training, momentum, epsilon, mask=None):
    """By torch's own convention: it departs as F.batch_norm does."""
    return batch_norm(x, gamma, beta, mean, variance, training, 1 - momentum, epsilon)


def swapped_momentum(x, gamma, beta, mean, variance, *, training, momentum, epsilon, mask=None):
    """Wrong: torch's momentum is the weight of the new statistics, Keras's of the old ones."""
    return batch_norm(x, gamma, beta, mean, variance, training, momentum, epsilon)


def batch_norm(x, gamma, beta, mean, variance, training, momentum, epsilon):
    mean, variance = mean.clone(), variance.clone()
    y = torch.nn.functional.batch_norm(x, mean, variance, gamma, beta, training, momentum, epsilon)
    return y, mean, variance


def own_adam(variable, gradients, *, learning_rate, beta_1, beta_2, epsilon):
    """By torch's own convention: epsilon is added after the correction of the bias."""
    return adam(variable, gradients, learning_rate, beta_1, beta_2, epsilon, corrected=True)


def uncorrected_adam(variable, gradients, *, learning_rate, beta_1, beta_2, epsilon):
    """Wrong: the moving average of gradients is not corrected for its start at zero."""
    return adam(variable, gradients, learning_rate, beta_1, beta_2, epsilon, corrected=False)


def adam(w, gradients, learning_rate, beta_1, beta_2, epsilon, corrected):
    first, second, path = torch.zeros_like(w), torch.zeros_like(w), [w]
    for step, gradient in enumerate(gradients, start=1):
        first = beta_1 * first + (1 - beta_1) * gradient
        second = beta_2 * second + (1 - beta_2) * gradient.square()
        m = first / (1 - beta_1**step) if corrected else first
        v = second / (1 - beta_2**step)
        w = w - learning_rate * m / (v.sqrt() + epsilon)
        path.append(w)
    return torch.stack(path)


def own_rmsprop(variable, gradients, *, learning_rate, rho, momentum, epsilon):
    """By torch's own convention: epsilon is added outside the root."""
    return rmsprop(variable, gradients, learning_rate, rho, momentum, epsilon, corrected=False)


def corrected_rmsprop(variable, gradients, *, learning_rate, rho, momentum, epsilon):
    """Wrong: the mean of squares is corrected for its start at zero, as in Adam."""
    return rmsprop(variable, gradients, learning_rate, rho, momentum, epsilon, corrected=True)


def rmsprop(w, gradients, learning_rate, rho, momentum, epsilon, corrected):
    squares, moved, path = torch.zeros_like(w), torch.zeros_like(w), [w]
    for step, gradient in enumerate(gradients, start=1):
        squares = rho * squares + (1 - rho) * gradient.square()
        mean = squares / (1 - rho**step) if corrected else squares
        moved = momentum * moved + gradient / (mean.sqrt() + epsilon)
        w = w - learning_rate * moved
        path.append(w)
    return torch.stack(path)
