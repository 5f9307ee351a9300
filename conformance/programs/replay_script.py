"""``etalon replay --script``: a case as a program that needs nothing but NumPy and the framework.

It builds the arrays, makes the adapter's call, and says what was returned and what was wanted. It
ends with status 1 while the departure is there and with 0 when it is gone, so that it can be
bisected with.
"""

from __future__ import annotations

import base64
import importlib
from typing import Any

import numpy as np

from etalon.backends import BACKENDS
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Case
from etalon.conformance.programs.source import Source, extracted
from etalon.conformance.subjects.comparison import ratios
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.values import truth
from etalon.reports.records import Element
from etalon.spec.words import DISTRIBUTION, INVALID_CALLS

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
    made, call_ = _call(subject, case)
    environment = BACKENDS[subject.name].environment
    imports = dict.fromkeys(["import sys", "import numpy as np", *made.imports])
    settings = [f'os.environ["{k}"] = "{v}"' for k, v in environment.items() if k != "KERAS_HOME"]
    title = f"{case.op.id} on {subject.name} {subject.version}: {outcome.symptom or 'conforms'}"
    parts = [
        f'"""{title}.\n\nCase {case.id}\n"""',
        "from __future__ import annotations",
        "\n".join(["import os", "", *settings] if settings else []),
        "\n".join(imports),
        "\n".join(_setup(subject, case)),
        f"\n{made.definitions}\n",
        "\n".join(_arrays(case)),
        _ending(subject, case, law, outcome, call_),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def shows(law: str, outcome: Outcome) -> bool:
    """Return whether the program of a case shows this departure, rather than its results alone."""
    refused = outcome.symptom.startswith("refused") and law == DISTRIBUTION
    return law in (*NUMBERED, "shape_and_dtype", INVALID_CALLS) or refused


def _call(subject: Subject, case: Case) -> tuple[Source, str]:
    """Return the source of the adapter, and the call of it."""
    package, op = subject.package, case.op
    written: list[str] = []

    def record(*args: Any, **options: Any) -> None:
        words = [repr(arg) for arg in args]
        written.extend([*words, *(f"{name}={value!r}" for name, value in options.items())])

    names = {n: _named(n, value) for n, value in case.arguments().items()}
    call(record, case, names, lambda name: name)
    if subject.name.startswith("keras"):
        function = importlib.import_module(f"{package.__name__}.{op.kind}").call
        written[:0] = [f"keras.{op.kind}.{op.keras}", "op"]
        imports = ["import types", "import keras"]
    else:
        adapted = subject.adapter(op)
        assert adapted is not None, "an op without an adapter has no call"
        function, imports = adapted, []
    made = extracted([package.from_numpy, package.to_numpy, function])
    made.imports |= dict.fromkeys([*imports, *_for_arrays(case)])
    return made, f"{function.__name__}({', '.join(written)})"


def _for_arrays(case: Case) -> list[str]:
    """Return the imports that the arrays of a case need."""
    found = [v for v in case.arguments().values() if v is not None]
    arrays = [a for v in found for a in (v if isinstance(v, list) else [v])]
    large = ["import base64"] if any(array.size > LITERAL for array in arrays) else []
    return [*large, *(["import ml_dtypes"] if case.dtype == "bfloat16" else [])]


def _named(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_Written(f"{name}_{i}") for i in range(len(value))]
    return None if value is None else _Written(name)


def _setup(subject: Subject, case: Case) -> list[str]:
    """Return what the framework has to be told before it computes."""
    lines = []
    if "jax" in subject.name:
        lines += ["import jax", "", 'jax.config.update("jax_enable_x64", True)']
    if subject.name.startswith("keras"):
        op = case.op
        lists = [f"{name}={tuple(getattr(op, name))!r}" for name in _OF_THE_ENTRY]
        lines += [
            f'keras.config.set_floatx("{case.dtype}")',
            f"op = types.SimpleNamespace({', '.join(lists)})",
        ]
    return lines


_OF_THE_ENTRY = ("inputs", "masks", "weights", "outputs")


def _arrays(case: Case) -> list[str]:
    lines = []
    for name, value in case.arguments().items():
        parts = value if isinstance(value, list) else [] if value is None else [value]
        for i, array in enumerate(parts):
            own = f"{name}_{i}" if isinstance(value, list) else name
            lines.append(f"{own} = from_numpy({_array(array)})")
    return lines


def _array(array: Any) -> str:
    dtype = array.dtype.name
    kind = f"np.{dtype}" if dtype != "bfloat16" else "ml_dtypes.bfloat16"
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
    if outcome.symptom.startswith("refused") and law in (*NUMBERED, DISTRIBUTION):
        return _tried(call_, "answered", 0, "refused a valid call", 1)
    element = outcome.element if law in NUMBERED else None
    if outcome.holds:
        element = _worst(subject, case)
    made = [f"result = {call_}", "results = result if isinstance(result, tuple) else (result,)"]
    if element is None:
        shown = "[(to_numpy(r).shape, to_numpy(r).dtype) for r in results]"
        says = f"{law}: {outcome.message or outcome.symptom or 'holds'}"
        return "\n".join([*made, f"print({shown})", f"print({says!r})", *_shapes(case, law)])
    return "\n".join([*made, *_number(case, element)])


NUMBERED = ("values", "special_values", "empty_batch")
"""The laws whose worst number is one of the results of the call."""


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
    if law != "shape_and_dtype":
        return []
    return [f'sys.exit(any(to_numpy(r).dtype.name != "{case.dtype}" for r in results))']


def _number(case: Case, element: Element) -> list[str]:
    place = list(case.op.outputs).index(element.output)
    format_ = "longdouble" if case.dtype == "float64" else "float64"
    return [
        f"got = to_numpy(results[{place}])[{', '.join(map(str, element.index)) or '()'}]",
        "# Computed in higher precision; a working implementation is within the bound of it.",
        f'wanted, bound = np.{format_}("{element.wanted}"), {float(element.bound)!r}',
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
    exact = truth(case, case.arguments())[0]
    if not got.size or got.shape != exact.shape:
        return None
    with np.errstate(all="ignore"):
        numbers = got.astype(exact.value.dtype)
        errors = np.where(numbers == exact.value, 0, np.abs(numbers - exact.value))
        found = ratios(numbers, errors, exact)
    place = tuple(int(i) for i in np.unravel_index(np.argmax(found), found.shape))
    return Element(
        output=next(iter(case.op.outputs)),
        index=place,
        wanted=str(exact.value[place]),
        got=str(got[place]),
        error=str(errors[place]),
        bound=str(float(exact.usable[place])),
        ratio=str(found[place]),
    )
