"""The project's modules, as the tests of its rules read them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("spec", "backends", "conformance", "reports")
ADAPTING = ("torch", "tensorflow", "jax")
"""The frameworks whose packages have an adapter for each op."""
FRAMEWORKS = frozenset({"torch", "tensorflow", "jax", "jaxlib", "keras", "optax", "flax"})


def modules() -> dict[str, Path]:
    """Return the project's modules by the name they are imported under."""
    files = [path for part in PARTS for path in (ROOT / part).rglob("*.py")]
    found = {module_name(path.relative_to(ROOT)): path for path in files}
    return {"etalon": ROOT / "src/etalon/__init__.py", **found}


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(("etalon", *(parts[:-1] if parts[-1] == "__init__" else parts)))


MODULES = modules()
