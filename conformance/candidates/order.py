"""A check as it is handed from one process to another: plain text, nothing imported yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from etalon.conformance.candidates.options import Options

if TYPE_CHECKING:
    from etalon.conformance.candidates.check import Asked

SAID = "etalon-check: "
"""What a line begins with that :mod:`check_job` says, the last one last: the candidate may print,
too."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What ``etalon check`` was asked for. Objects are named by their places."""

    made: str
    op: str
    backend: str
    only: dict[str, str] = {}
    """Values as the id of a case writes them."""
    options: dict[str, Any] = {}
    """All other options of :class:`CheckOptions`."""

    @property
    def label(self) -> str:
        """What the candidate is called in records."""
        return self.made.rpartition(":")[2].rpartition(".")[2]

    @property
    def timeout(self) -> float:
        """After how many seconds a call hangs."""
        seconds: float = self.options.get("timeout", Options().timeout)
        return seconds

    @property
    def text(self) -> str:
        """The order as JSON."""
        return msgspec.json.encode(self).decode()

    def asked(self) -> Asked:
        """Import what is named, and return what is asked for."""
        from etalon.conformance.candidates import check
        from etalon.conformance.cases.case import read_value

        only = {name: read_value(text) for name, text in self.only.items()}
        return check.asked(self.made, op=self.op, backend=self.backend, only=only, **self.options)


def read(text: str) -> Order:
    """Return the order that a text is."""
    return msgspec.json.decode(text, type=Order)
