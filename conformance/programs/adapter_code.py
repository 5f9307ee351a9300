"""Adapter code: how an op is written on a backend, as code to read and to copy."""

from __future__ import annotations

import inspect

from etalon.conformance.programs.source import extracted
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import AdapterCode
from etalon.spec.model import Op


def adapter_code(subject: Subject, op: Op) -> AdapterCode | None:
    """Return the code of a backend's adapter; ``None`` where it has no such op.

    Where one function calls whatever class or function the entry names, as on Keras, there is no
    code of the op's own, and the call says it all.
    """
    adapted = subject.adapter(op)
    if adapted is None:
        return None
    function = inspect.unwrap(adapted)
    source = helpers = ""
    if function.__closure__ is None:
        made = extracted([function])
        (source,) = made.asked.values()
        imports = "\n".join(["from __future__ import annotations", "", *made.imports])
        helpers = f"{imports}\n\n\n{made.needed}"
    return AdapterCode(
        op=op.id,
        backend=subject.name,
        version=subject.version,
        device=subject.device,
        call=subject.call_of(op),
        source=source,
        helpers=helpers.strip(),
    )
