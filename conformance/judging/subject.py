"""The judged: a backend on a device, called case by case."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.backends import Backend, adapter
from etalon.conformance.cases.calling import call
from etalon.conformance.cases.case import Argument, Case
from etalon.spec.model import Op

Results = tuple[npt.NDArray[Any], ...]


class Refused(Exception):
    """The backend raised instead of returning a result; ``__cause__`` is what it raised."""

    @property
    def says(self) -> str:
        """The type and the first line of what was raised."""
        text = str(self.__cause__).strip()
        return f"{type(self.__cause__).__name__}: {text.splitlines()[0] if text else ''}"[:300]


class Subject:
    """A loaded backend on one of its devices. Laws that ask for one case twice get one call."""

    def __init__(self, backend: Backend, device: str = "cpu") -> None:
        self.name = backend.name
        self.device = device
        self.package = backend.load()
        self.version: str = self.package.version()
        self._results: dict[str, Results | Exception] = {}
        self._op = ""

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return the backend's function for an op, or ``None`` where it has none."""
        return adapter(self.package, op)

    def call_of(self, op: Op) -> str:
        """Return how the adapter says it computes the op: the first line of its docstring."""
        function = self.adapter(op)
        text = (function.__doc__ or "").strip() if function else ""
        return text.splitlines()[0] if text.startswith(("native:", "composed:")) else ""

    def run(self, case: Case) -> Results:
        """Return the results of a case as NumPy arrays.

        Raises:
            Refused: the backend raised an exception.
        """
        if case.op.id != self._op:
            self._results, self._op = {}, case.op.id
        if case.id not in self._results:
            self._results[case.id] = self._computed(case, case.arguments())
        found = self._results[case.id]
        if isinstance(found, Exception):
            raise Refused from found
        return found

    def answer(self, case: Case, arguments: Mapping[str, Argument]) -> Results:
        """Return the results of a case's call with these arrays instead of the drawn ones.

        Raises:
            Refused: the backend raised an exception.
        """
        found = self._computed(case, arguments)
        if isinstance(found, Exception):
            raise Refused from found
        return found

    def _computed(self, case: Case, arguments: Mapping[str, Argument]) -> Results | Exception:
        function = self.adapter(case.op)
        assert function is not None, "an op without an adapter is not run"

        def convert(array: npt.NDArray[np.floating]) -> Any:
            return self.package.from_numpy(array.copy())

        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"), self._placed():
                warnings.simplefilter("ignore")
                results = call(function, case, arguments, convert)
                return tuple(np.asarray(self.package.to_numpy(r)) for r in results)
        except Exception as error:  # whatever a backend raises is its answer to the call
            return error

    def _placed(self) -> Any:
        return self.package.placed(self.device)
