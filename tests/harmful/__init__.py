"""A backend that computes what NumPy does, and does harm while it is at it.

Which op does what stands in ``DEEDS``; where the environment says ``HARM=no``, none does anything.
With ``HARM=spoils`` none does, but from a call on whose array has a checksum among ``SPOILING``,
or from the call on that is number ``LIFE`` of the process, all calls of all ops are refused, as a
GPU refuses them after an assertion failed there; with ``LATE``, that call itself is answered.
``HARM=refuses`` refuses all calls.
"""

from __future__ import annotations

import ctypes
import functools
import os
import random
import signal
import sys
import time
import zlib
from contextlib import nullcontext

import numpy as np

from etalon.backends import numpy as right

from_numpy, to_numpy = np.array, np.asarray
STATE = {"dtype": "float32"}
SETTINGS = {
    "the default dtype": (lambda: STATE["dtype"], lambda value: STATE.update(dtype=value)),
}
KEPT = []


def version():
    return "1.0"


def devices():
    return ("cpu",)


def placed(device):
    return nullcontext()


def raises(x):
    raise RuntimeError("not today")


def aborts(x):
    os.abort()


def segfaults(x):
    ctypes.string_at(0)


def exits(x):
    os._exit(3)


def is_killed(x):
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(x):
    while True:
        time.sleep(1)


def hangs_for_good(x):
    """Lock a mutex twice, and the interpreter's lock with it."""
    mutex = ctypes.create_string_buffer(64)
    lock = ctypes.PyDLL(None).pthread_mutex_lock
    lock(mutex)
    lock(mutex)


def leaks(x):
    KEPT.append(np.ones(10 * 2**20))


def allocates(x):
    while True:
        KEPT.append(np.ones(4 * 2**20))


def prints(x):
    sys.stdout.write("to Python\n" * 10**5)
    os.write(1, b"to the system\n" * 10**5)


def sets(x):
    STATE["dtype"] = "float64"


def seeds(x):
    random.seed(0)
    np.random.seed(0)


def writes(x):
    x += 1


def nothing(x):
    """Where the function returns its argument, as ``linear`` does, the result is a view of it."""


DEEDS = {
    "elu": raises,
    "exponential": aborts,
    "gelu": segfaults,
    "hard_sigmoid": exits,
    "hard_tanh": is_killed,
    "leaky_relu": hangs,
    "linear": nothing,
    "log_softmax": hangs_for_good,
    "mish": leaks,
    "relu": allocates,
    "relu6": prints,
    "selu": sets,
    "sigmoid": seeds,
    "silu": writes,
}


CALLS = {"made": 0, "spoilt": False}


def spoils(arrays):
    sums = {str(zlib.crc32(np.ascontiguousarray(array).tobytes())) for array in arrays}
    spoiling = sums & set(os.environ.get("SPOILING", "").split())
    old = CALLS["made"] >= int(os.environ.get("LIFE", 10**9))
    CALLS["made"] += 1
    before, after = CALLS["spoilt"], CALLS["spoilt"] or bool(spoiling) or old
    CALLS["spoilt"] = after
    if before or (after and not os.environ.get("LATE")):
        raise OSError("device-side assert triggered")


def refuses(arrays):
    raise OSError("not today")


def of_all(deed, function):
    @functools.wraps(function)
    def harmful(*arrays, **config):
        deed([array for array in arrays if isinstance(array, np.ndarray)])
        return function(*arrays, **config)

    return harmful


def adapter(op):
    function = right.adapter(op)
    harm = os.environ.get("HARM")
    if harm in ("spoils", "refuses"):
        return function and of_all(spoils if harm == "spoils" else refuses, function)
    deed = DEEDS.get(op.function)
    if deed is None or os.environ.get("HARM") == "no":
        return function

    @functools.wraps(function)
    def harmful(x, **config):
        deed(x)
        return function(x, **config)

    return harmful
