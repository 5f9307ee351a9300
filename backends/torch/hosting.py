"""Modules as PyTorch's users write them, called as functions of their inputs and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from etalon.backends.hosting import CallSetting, theirs


class ModuleHost:
    """A ``torch.nn.Module``, whose parameters and buffers are replaced by tensors."""

    calls = "forward"
    supplies: tuple[str, ...] = ()

    def __init__(
        self,
        kind: type,
        constants: Mapping[str, Any],
        inputs: Sequence[Any],
        options: Mapping[str, Any],
        setting: CallSetting,
    ) -> None:
        with theirs("constructor"):
            self.module = kind(**constants).train(setting.training)
        self.inputs, self.options, self.seed = inputs, options, setting.seed
        given = (*inputs, *options.values())
        for x in (x for x in given if isinstance(x, torch.Tensor) and x.is_floating_point()):
            self.module.to(dtype=x.dtype)

    @property
    def parameters(self) -> Mapping[str, torch.Tensor]:
        """The module's parameters, ``norm.weight`` where a module inside holds them."""
        return dict(self.module.named_parameters())

    @property
    def state(self) -> Mapping[str, torch.Tensor]:
        """The module's buffers."""
        return dict(self.module.named_buffers())

    def __call__(self, weights: Mapping[str, torch.Tensor]) -> tuple[Any, Mapping[str, Any]]:
        """Call the module; it may write into its weights, since they are copies."""
        state = list(self.state)
        for name, value in weights.items():
            holder, leaf = self._held(name)
            delattr(holder, leaf)
            setattr(holder, leaf, value.clone())
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            with theirs():
                result = self.module(*self.inputs, **self.options)
        return result, {name: getattr(*self._held(name)) for name in state}

    def _held(self, name: str) -> tuple[torch.nn.Module, str]:
        """Return the module that holds a tensor, and the tensor's name there."""
        path, _, leaf = name.rpartition(".")
        return self.module.get_submodule(path), leaf
