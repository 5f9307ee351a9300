"""TensorFlow's recurrent layers: outside Keras it has operations for an LSTM alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

from etalon.backends.tensorflow.layers.core import activate

States = Sequence[tf.Tensor]
Step = Callable[[tf.Tensor, States], States]


def simple_rnn(
    x: tf.Tensor,
    kernel: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: tf.Tensor | None = None,
) -> tf.Tensor:
    """composed: tf.linalg.matmul, tf.nn.bias_add"""

    def step(now: tf.Tensor, states: States) -> States:
        summed = tf.linalg.matmul(now, kernel) + tf.linalg.matmul(states[0], recurrent_kernel)
        summed = summed if bias is None else tf.nn.bias_add(summed, bias)
        return [activate(summed, activation)]

    y = composed(step, x, initial(x, kernel, 1), mask, go_backwards)
    return y if return_sequences else y[:, -1]


def lstm(
    x: tf.Tensor,
    kernel: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: tf.Tensor | None = None,
) -> tf.Tensor:
    """native: tf.raw_ops.BlockLSTM

    Its gates come in another order. (BlockLSTMV2 has the order of Keras, but its gradient is
    registered as that of BlockLSTM, which has not.) Composed of tf.linalg.matmul where there is
    a mask, or another activation.
    """
    if mask is None and (activation, recurrent_activation) == ("tanh", "sigmoid"):
        x = tf.reverse(x, [1]) if go_backwards else x
        weights = tf.concat([kernel, recurrent_kernel], 0)
        (start,), offset = initial(x, kernel, 4), tf.zeros_like(kernel[0]) if bias is None else bias
        peephole = tf.zeros_like(kernel[0, : start.shape[1]])
        y = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.constant(x.shape[1], tf.int64),
            x=tf.transpose(x, (1, 0, 2)),
            cs_prev=start,
            h_prev=start,
            w=forget_third(weights),
            wci=peephole,
            wcf=peephole,
            wco=peephole,
            b=forget_third(offset),
            forget_bias=0,
            cell_clip=-1,
        ).h
        y = tf.transpose(y, (1, 0, 2))
    else:
        step = lstm_step(kernel, recurrent_kernel, bias, activation, recurrent_activation)
        y = composed(step, x, initial(x, kernel, 4) * 2, mask, go_backwards)
    return y if return_sequences else y[:, -1]


def gru(
    x: tf.Tensor,
    kernel: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
    mask: tf.Tensor | None = None,
) -> tf.Tensor:
    """composed: tf.linalg.matmul, tf.nn.bias_add, tf.split"""
    rows = [None] * 2 if bias is None else tf.unstack(bias) if reset_after else [bias, None]
    gated, last = tf.split(recurrent_kernel, [2 * kernel.shape[1] // 3, -1], axis=-1)

    def affine(h: tf.Tensor, weight: tf.Tensor, row: tf.Tensor | None) -> tf.Tensor:
        y = tf.linalg.matmul(h, weight)
        return y if row is None else tf.nn.bias_add(y, row)

    def step(now: tf.Tensor, states: States) -> States:
        (h,) = states
        z, r, new = tf.split(affine(now, kernel, rows[0]), 3, axis=-1)
        if reset_after:
            seen = tf.split(affine(h, recurrent_kernel, rows[1]), 3, axis=-1)
        else:
            seen = tf.split(affine(h, gated, None), 2, axis=-1)
        z = activate(z + seen[0], recurrent_activation)
        r = activate(r + seen[1], recurrent_activation)
        new += r * seen[2] if reset_after else affine(r * h, last, None)
        return [z * h + (1 - z) * activate(new, activation)]

    y = composed(step, x, initial(x, kernel, 3), mask, go_backwards)
    return y if return_sequences else y[:, -1]


def forget_third(weight: tf.Tensor) -> tf.Tensor:
    """Return the weights of an LSTM with its gates in the order of BlockLSTM."""
    enter, forget, new, leave = tf.split(weight, 4, axis=-1)
    return tf.concat([enter, new, forget, leave], -1)


def lstm_step(
    kernel: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    bias: tf.Tensor | None,
    activation: str | None,
    recurrent_activation: str | None,
) -> Step:
    """Return one step of an LSTM."""

    def step(now: tf.Tensor, states: States) -> States:
        h, c = states
        summed = tf.linalg.matmul(now, kernel) + tf.linalg.matmul(h, recurrent_kernel)
        summed = summed if bias is None else tf.nn.bias_add(summed, bias)
        i, f, g, o = tf.split(summed, 4, axis=-1)
        i, f, o = (activate(gate, recurrent_activation) for gate in (i, f, o))
        c = f * c + i * activate(g, activation)
        return [o * activate(c, activation), c]

    return step


def composed(
    step: Step, x: tf.Tensor, states: States, mask: tf.Tensor | None, go_backwards: bool
) -> tf.Tensor:
    """Return the outputs of all steps, one after the other; a masked one keeps the states."""
    kept = [None] * x.shape[1] if mask is None else tf.unstack(mask[..., None], axis=1)
    pairs = list(zip(tf.unstack(x, axis=1), kept, strict=True))
    outputs = []
    for now, chosen in reversed(pairs) if go_backwards else pairs:
        new = step(now, states)
        if chosen is not None:
            new = [tf.where(chosen, *both) for both in zip(new, states, strict=True)]
        states = new
        outputs.append(states[0])
    return tf.stack(outputs, axis=1)


def initial(x: tf.Tensor, kernel: tf.Tensor, gates: int) -> list[tf.Tensor]:
    """Return the state before the first step, of a kernel with so many gates."""
    return [tf.zeros((x.shape[0], kernel.shape[1] // gates), x.dtype)]
