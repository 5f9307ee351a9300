"""Where commands print: results to one console, what is said about them to the other."""

from __future__ import annotations

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(sentence: str) -> None:
    """Say a sentence beside the results, as it is."""
    err.print(f"etalon: {sentence}", markup=False, soft_wrap=True)
