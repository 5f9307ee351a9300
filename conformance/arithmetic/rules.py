"""Which rule stands for which of NumPy's functions, for one kind of array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Rule = Callable[..., Any]
R = TypeVar("R", bound=Rule)


class Rules(dict[Rule, Rule]):
    """The rules of a kind of array, by the function of NumPy's that each is for.

    A kind of array owns two: of NumPy's element-by-element functions, and of those on whole arrays.
    """

    def implements(self, function: Rule) -> Callable[[R], R]:
        """Return a decorator that makes what stands below it the rule for a function."""

        def noted(rule: R) -> R:
            self[function] = rule
            return rule

        return noted

    def family(self, factory: Callable[[Any], Rule], *functions: Rule) -> None:
        """Let a factory make the rule for each of these functions from the function itself."""
        self.update({function: factory(function) for function in functions})
