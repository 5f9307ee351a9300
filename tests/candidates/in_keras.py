"""Group normalization as a layer of Keras, over channels along the last axis."""

import keras
from keras import ops


class GroupNorm(keras.layers.Layer):
    """Right."""

    def __init__(self, groups, epsilon=1e-3, **options):
        super().__init__(**options)
        self.groups, self.epsilon = groups, epsilon

    def build(self, shape):
        self.gamma = self.add_weight(shape=shape[-1:], initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=shape[-1:], initializer="zeros", name="beta")

    def normalized(self, x, axes):
        mean = ops.mean(x, axes, keepdims=True)
        variance = ops.mean(ops.square(x - mean), axes, keepdims=True)
        return (x - mean) / ops.sqrt(variance + self.epsilon)

    def call(self, x):
        axes = (*range(1, len(x.shape) - 1), len(x.shape))
        channels = x.shape[-1]
        parts = ops.reshape(x, (*x.shape[:-1], self.groups, channels // self.groups))
        return ops.reshape(self.normalized(parts, axes), x.shape) * self.gamma + self.beta


class EpsilonOutside(GroupNorm):
    """Wrong: epsilon is added to the deviation, not to the variance."""

    def normalized(self, x, axes):
        mean = ops.mean(x, axes, keepdims=True)
        deviation = ops.sqrt(ops.mean(ops.square(x - mean), axes, keepdims=True))
        return (x - mean) / (deviation + self.epsilon)


class Uncentred(GroupNorm):
    """Wrong: the mean is left where it is."""

    def normalized(self, x, axes):
        variance = ops.var(x, axes, keepdims=True)
        return x / ops.sqrt(variance + self.epsilon)


class MeanOfSquares(GroupNorm):
    """Wrong: the variance as the mean of squares less the square of the mean, which cancels."""

    def normalized(self, x, axes):
        mean = ops.mean(x, axes, keepdims=True)
        variance = ops.mean(ops.square(x), axes, keepdims=True) - ops.square(mean)
        return (x - mean) / ops.sqrt(variance + self.epsilon)
