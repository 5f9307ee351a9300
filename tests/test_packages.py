"""What a backend's package has: mypy checks ours, and a wrong one is refused in a sentence."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest

from etalon.backends import BACKENDS
from etalon.backends.adapters import (
    Adapting,
    Explaining,
    Hosting,
    Introducing,
    host,
    preamble,
    why_not,
)
from etalon.backends.package import (
    REQUIRED,
    Compiling,
    Configured,
    Defaulting,
    Differentiating,
    InvalidPackage,
    Keeping,
    Lacking,
    Locating,
    Multiplying,
    Package,
    checked,
    computing_in,
    device_of,
    forget,
    lacks,
    multiplied,
    settings,
)
from etalon.conformance.subjects.side_effects import Misplaced, on_device
from etalon.conformance.subjects.subject import Subject
from etalon.spec import find

if TYPE_CHECKING:
    # Each assignment is an error of mypy where a function of ours has another signature.
    from etalon.backends import jax, keras, numpy, tensorflow, torch

    class Framework(Package, Differentiating, Locating, Multiplying, Configured, Protocol):
        """What a framework has."""

    class Jax(Framework, Compiling, Hosting, Keeping, Introducing, Protocol):
        """What Jax has."""

    class Keras(Framework, Adapting, Explaining, Hosting, Keeping, Introducing, Protocol):
        """What Keras has."""

    class NumPy(Package, Adapting, Lacking, Protocol):
        """What NumPy has."""

    class Torch(Framework, Compiling, Hosting, Protocol):
        """What Torch has."""

    class TensorFlow(Framework, Compiling, Protocol):
        """What TensorFlow has."""

    JAX: Jax = jax
    KERAS: Keras = keras
    DEFAULTING: Defaulting = keras
    NUMPY: NumPy = numpy
    TENSORFLOW: TensorFlow = tensorflow
    TORCH: Torch = torch

FUNCTIONS = dict.fromkeys(REQUIRED, lambda *_: "1.0")


def module(**members: Any) -> ModuleType:
    """Return a module ``loom`` with these members."""
    made = ModuleType("loom")
    vars(made).update(members)
    return made


def test_what_each_package_has() -> None:
    assert REQUIRED == ("version", "devices", "placed", "from_numpy", "to_numpy")
    assert checked(module(**FUNCTIONS)).version() == "1.0"


@pytest.mark.parametrize("name", REQUIRED)
def test_a_package_without_it_is_refused(name: str) -> None:
    rest = {n: f for n, f in FUNCTIONS.items() if n != name}
    says = f"the package loom has no {name}, which every backend needs"
    with pytest.raises(InvalidPackage, match=says):
        checked(module(**rest))


@pytest.mark.parametrize(
    "lacking", [("bfloat16",), {"cuda": ("bfloat16",)}, {"cpu": ("float8",)}, {"cpu": "float64"}]
)
def test_dtypes_that_are_lacking_are_named_by_device(lacking: object) -> None:
    with pytest.raises(InvalidPackage, match="LACKS of the package loom has to name dtypes by"):
        checked(module(**FUNCTIONS, LACKS=lacking))


def test_what_holds_where_a_package_leaves_all_out() -> None:
    bare = cast(Package, SimpleNamespace(**FUNCTIONS))
    op = find("layers/dense")
    with multiplied(bare, "tf32"), computing_in(bare, "float64"):
        forget(bare)
    assert (lacks(bare, "cpu"), settings(bare), device_of(bare, 1), host(bare, int)) == (
        (),
        {},
        None,
        None,
    )
    assert preamble(bare, op, "float32").setup == ()
    assert why_not(bare, op) == "has no adapter for it"


@pytest.mark.parametrize(("device", "lacking"), [("cpu", ("bfloat16",)), ("gpu", ("float64",))])
def test_a_subject_lacks_what_its_device_lacks(
    monkeypatch: pytest.MonkeyPatch, device: str, lacking: tuple[str, ...]
) -> None:
    subject = Subject(BACKENDS["numpy"], device)
    monkeypatch.setattr(subject.package, "LACKS", {"cpu": ("bfloat16",), "gpu": ("float64",)})
    assert subject.lacks == lacking


@pytest.mark.parametrize("backend", ["torch", "keras-torch"])
def test_a_device_that_has_no_word_here_is_told_by_the_frameworks(
    backend: str,
) -> None:
    torch = pytest.importorskip("torch")
    for needed in BACKENDS[backend].missing():
        # CI has all of them; a contributor may have one framework alone.
        pytest.skip(f"{needed} is not installed")
    package = BACKENDS[backend].load()
    on_device(package, [torch.empty(1)], "cpu")
    with pytest.raises(Misplaced, match="result 0 lies on the meta, wanted the cpu"):
        on_device(package, [torch.empty(1, device="meta")], "cpu")
