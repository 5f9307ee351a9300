"""What Keras's tests expect of the ``conftest.py`` at the root of its repository.

Keras's wheel has its tests in it, but not this file. ``-p conftest``, with this folder on
``PYTHONPATH``, puts it in that one's place.
"""

from __future__ import annotations

import contextlib

import pytest

with contextlib.suppress(ImportError):  # beside TensorFlow, torch has to be imported first
    import torch  # noqa: F401

from keras import backend

MARKERS = ("requires_trainable_backend", "multi_device")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of Keras's tests."""
    for name in MARKERS:
        config.addinivalue_line("markers", f"{name}: a mark of Keras's tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs several devices: here there is one processor."""
    for item in items:
        if item.get_closest_marker("multi_device"):
            item.add_marker(pytest.mark.skip(reason="needs several devices"))


def skip_if_backend(name: str, reason: str) -> pytest.MarkDecorator:
    """Return the mark that skips a test on one of Keras's backends."""
    return pytest.mark.skipif(backend.backend() == name, reason=reason)
