"""The options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from etalon.spec.words import DEVICES, EDITIONS, MODES, PROFILES


def one_of(words: tuple[str, ...]) -> str:
    """Return how help shows what an option may be."""
    return "|".join(words)


BackendOption = Annotated[str, typer.Option("--backend", metavar="B", help="the backend")]
ModeOption = Annotated[str, typer.Option("--mode", metavar=one_of(MODES), help="how to execute")]
EditionOption = Annotated[
    str, typer.Option(metavar=one_of(EDITIONS), help="whose meaning of the names")
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar=one_of(DEVICES), help="where to compute")
]
ProfileOption = Annotated[
    str, typer.Option("--profile", metavar=one_of(PROFILES), help="how much is judged")
]
