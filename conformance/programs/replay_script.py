"""``etalon replay --script``: a case as a program that needs nothing but NumPy and the framework.

It builds the arrays, makes the adapter's call, and says what was returned and what was wanted. It
ends with status 1 while the departure is there and with 0 when it is gone, so that it can be
bisected with.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from etalon.backends import BACKENDS
from etalon.backends.adapters import Preamble, preamble
from etalon.backends.package import Multiplying
from etalon.conformance import laws
from etalon.conformance.arithmetic.formats import FORMATS
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Case
from etalon.conformance.programs.source import Source, extracted
from etalon.conformance.subjects.comparison import worst_element
from etalon.conformance.subjects.distance import distance
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.values import truth
from etalon.reports.records import Element
from etalon.spec.words import DEVICES, DISTRIBUTION, INVALID_CALLS, REDUCED, SHAPE_AND_DTYPE

LITERAL = 64
"""Up to how many numbers an array is written out; a larger one is written as its bytes."""


class _Written:
    """A piece of a program in place of an array, which slices along its first axis as one does."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __getitem__(self, index: tuple[slice, Any]) -> _Written:
        start, stop = (("" if end is None else end) for end in (index[0].start, index[0].stop))
        return _Written(f"{self.text}[{start}:{stop}, ...]")

    def __repr__(self) -> str:
        return self.text


def script(subject: Subject, case: Case, law: str, outcome: Outcome) -> str:
    """Return the program of a case that was judged by a law, with this outcome."""
    before = preamble(subject.package, case.op, case.dtype)
    made, call_ = _call(subject, case, before)
    placing = _placing(subject)
    environment = BACKENDS[subject.name].environment
    imports = dict.fromkeys(["import sys", "import numpy as np", *made.imports])
    settings = [f'os.environ["{k}"] = "{v}"' for k, v in environment.items() if k != "KERAS_HOME"]
    title = f"{case.op.id} on {subject.name} {subject.version}: {outcome.symptom or 'conforms'}"
    parts = [
        f'"""{title}.\n\nCase {case.id}\n"""',
        "from __future__ import annotations",
        "\n".join(["import os", "", *settings] if settings else []),
        "\n".join(imports),
        "\n".join(before.setup),
        f"\n{made.definitions}\n",
        "\n".join(placing),
        "\n".join(_arrays(case)),
        _ending(subject, case, law, outcome, call_),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def shows(law: str, outcome: Outcome) -> bool:
    """Return whether the program of a case shows this departure, rather than its results alone."""
    refused = outcome.symptom.startswith("refused") and law == DISTRIBUTION
    known = laws.marked(law, "NUMBERED") or law in (SHAPE_AND_DTYPE, INVALID_CALLS)
    return known or refused


def _call(subject: Subject, case: Case, before: Preamble) -> tuple[Source, str]:
    """Return the source of the adapter, and the call of it."""
    package = subject.package
    function = before.function or subject.adapter(case.op)
    assert function is not None, "an op without an adapter has no call"
    written = list(before.arguments)

    def record(*args: Any, **options: Any) -> None:
        words = [repr(arg) for arg in args]
        written.extend([*words, *(f"{name}={value!r}" for name, value in options.items())])

    names = {n: _named(n, value) for n, value in case.arguments().items()}
    call(record, case, names, lambda name: name)
    there = [getattr(package, call.partition("(")[0]) for call in _contexts(subject)]
    compiler = subject.compiler(case.op)
    compiled = [compiler.compiled] if compiler else []
    made = extracted([package.from_numpy, package.to_numpy, *there, *compiled, function])
    placing = ["import atexit", "import contextlib"] if there else []
    made.imports |= dict.fromkeys([*before.imports, *placing, *_for_arrays(case)])
    made_call = f"{function.__name__}({', '.join(written)})"
    return made, _compiled(made_call, names) if compiled else made_call


def _compiled(call_: str, names: Mapping[str, Any]) -> str:
    """Return a call as one of what is compiled, of which every array is an argument."""
    arrays = [a for v in names.values() if v for a in (v if isinstance(v, list) else [v])]
    listed = ", ".join(map(repr, arrays))
    return f"compiled(lambda {listed}: {call_})({listed})"


def _contexts(subject: Subject) -> list[str]:
    """Return the calls of the package that place the computation where the subject computes."""
    placed = [f'placed("{subject.device}")'] if subject.device != DEVICES[0] else []
    told = isinstance(subject.package, Multiplying) and (placed or subject.mode in REDUCED)
    return [*placed, *([f'multiplied("{subject.mode}")'] if told else [])]


def _placing(subject: Subject) -> list[str]:
    """Return the lines that place the computation, on a GPU or in the precision of a mode."""
    entered = [f"where.enter_context({context})" for context in _contexts(subject)]
    made = ["where = contextlib.ExitStack()", "atexit.register(where.close)"]
    return [*made, *entered] if entered else []


def _for_arrays(case: Case) -> list[str]:
    """Return the imports that the arrays of a case need."""
    found = [v for v in case.arguments().values() if v is not None]
    arrays = [a for v in found for a in (v if isinstance(v, list) else [v])]
    large = ["import base64"] if any(array.size > LITERAL for array in arrays) else []
    return [*large, *(["import ml_dtypes"] if FORMATS[case.dtype].module == "ml_dtypes" else [])]


def _named(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_Written(f"{name}_{i}") for i in range(len(value))]
    return None if value is None else _Written(name)


def _arrays(case: Case) -> list[str]:
    lines = []
    for name, value in case.arguments().items():
        parts = value if isinstance(value, list) else [] if value is None else [value]
        for i, array in enumerate(parts):
            own = f"{name}_{i}" if isinstance(value, list) else name
            lines.append(f"{own} = from_numpy({_array(array)})")
    return lines


def _array(array: Any) -> str:
    name = array.dtype.name
    kind = FORMATS[name].literal if name in FORMATS else f"np.{name}"
    if array.size > LITERAL:
        text = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        return f'np.frombuffer(base64.b64decode("{text}"), {kind}).reshape({array.shape})'
    numbers = repr(array.astype(np.float64).tolist()).replace("nan", "np.nan")
    return f"np.array({numbers.replace('inf', 'np.inf')}, {kind}).reshape({array.shape})"


def _ending(subject: Subject, case: Case, law: str, outcome: Outcome, call_: str) -> str:
    """Return the call, and what it shows."""
    if case.breaks:
        broken = case.op.constraint(case.breaks)
        return _tried(call_, f"answered, although it breaks this: {broken.says}", 1, "refused", 0)
    numbered = laws.marked(law, "NUMBERED")
    if outcome.symptom.startswith("refused") and (numbered or law == DISTRIBUTION):
        return _tried(call_, "answered", 0, "refused a valid call", 1)
    element = outcome.element if numbered else None
    if outcome.holds:
        element = _worst(subject, case)
    made = [f"result = {call_}", "results = result if isinstance(result, tuple) else (result,)"]
    if element is None:
        shown = "[(to_numpy(r).shape, to_numpy(r).dtype) for r in results]"
        says = f"{law}: {outcome.message or outcome.symptom or 'holds'}"
        return "\n".join([*made, f"print({shown})", f"print({says!r})", *_shapes(case, law)])
    return "\n".join([*made, *_number(case, element)])


def _tried(call_: str, answered: str, then: int, refused: str, otherwise: int) -> str:
    return "\n".join(
        [
            "try:",
            f"    print({call_})",
            "except Exception as error:",
            f'    print("{refused}:", type(error).__name__, error)',
            f"    sys.exit({otherwise})",
            f"print({answered!r})",
            f"sys.exit({then})",
        ]
    )


def _shapes(case: Case, law: str) -> list[str]:
    if law != SHAPE_AND_DTYPE:
        return []
    return [f'sys.exit(any(to_numpy(r).dtype.name != "{case.dtype}" for r in results))']


def _number(case: Case, element: Element) -> list[str]:
    place = list(case.op.outputs).index(element.output)
    truth_type = f"np.{FORMATS[case.dtype].truth}"
    return [
        f"got = to_numpy(results[{place}])[{', '.join(map(str, element.index)) or '()'}]",
        "# Computed in higher precision; a working implementation is within the bound of it.",
        f'wanted, bound = {truth_type}("{element.wanted}"), {float(element.bound)!r}',
        "alike = got == wanted or (np.isnan(got) and np.isnan(wanted))",
        "right = bool(alike or abs(np.longdouble(got) - wanted) <= bound)",
        f'print("{element.output}{list(element.index)}: got", got, "wanted", wanted, "±", bound)',
        'print("within the bound" if right else "beyond the bound")',
        "sys.exit(not right)",
    ]


def _worst(subject: Subject, case: Case) -> Element | None:
    """Return the number of the first result that is furthest from the truth."""
    if case.op.distribution is not None:
        return None
    try:
        got = subject.run(case)[0]
    except Refused:
        return None
    exact = truth(case, case.arguments(), subject.precision(case.dtype))[0]
    if not got.size or got.shape != exact.shape:
        return None
    found = distance(got, exact)
    shown = worst_element(next(iter(case.op.outputs)), got, exact, found)
    # In all digits, as a number that conforms may be very near its bound.
    return msgspec.structs.replace(shown, bound=str(float(exact.usable[found.place])))
