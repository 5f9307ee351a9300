"""A page with something of everything, and a browser to open it in.

Chromium is the system's; ``ETALON_CHROMIUM`` says where, and then it has to be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etalon.reports import page
from etalon.reports.comparison import compare
from etalon.reports.matrix import Matrix, by_op, matrix
from test_records import characteristic, divergence, failing, run, verdict, written

FOUND = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM = os.environ.get("ETALON_CHROMIUM") or next(filter(None, FOUND), "")

PATIENCE = 120_000
"""Milliseconds to wait for what has to come: a browser starts slowly beside other work."""

OPS = ("layers/dense", "layers/conv2d_transpose", "activations/elu", "losses/mean_squared_error")


def sample() -> Matrix:
    """A small report with something of everything."""
    plotted = {"histogram": (5, 3, 0, 0, 0, 0, 0, 0, 0, 1), "ulps": (1, 4, 3, 1)}
    verdicts = [
        verdict(op=op, backend=backend, law=law, dtype=dtype, **plotted)
        for op in OPS
        for backend in ("numpy", "torch", "jax", "keras-torch")
        for law in ("values", "gradients", "invalid_calls")
        for dtype in ("float32", "float64")
    ]
    changed = [
        verdict(op=OPS[1], verdict="diverges", clusters=(divergence(),), pairs=9, pairs_covered=8),
        failing(op=OPS[2], backend="jax", dtype="float64", law="gradients"),
        verdict(op=OPS[0], law="invalid_calls", behaviours={"C1: crashed": 1}),
        verdict(op=OPS[0], audit={"zeros": True}, **plotted),
    ]
    calls = {"torch": "native: torch.f", "jax": "native: jax.f"}
    adapters = [written(op=op, backend=b, call=calls[b]) for op in OPS for b in calls]
    facts = (characteristic(), characteristic(backend="jax", finding="flushed to zero"))
    found = matrix([*verdicts, *changed], [run()])
    return replace(found, adapters=by_op(adapters), characteristics=facts)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(page.render(sample()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the same report, compared with an older one."""
    old = matrix([verdict(op="activations/elu", backend="jax", law="gradients", dtype="float64")])
    path: Path = tmp_path_factory.mktemp("changed") / "index.html"
    path.write_text(page.render(sample(), compare(old, sample())), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        # Nothing to drive here; continuous integration sets ETALON_CHROMIUM, so there it must run.
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class Tab:
    """A tab of the browser that notes what went wrong in it, and what it fetched."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.fetched: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else 0)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.fetched.append(request.url))

    def shown(self) -> list[str]:
        """The ops in the table that are to be seen."""
        return [text.strip() for text in self.page.locator("th a:visible").all_inner_texts()]

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_function("document.documentElement.dataset.theme")

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds, with up to three places of each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [(v["id"], [node["html"] for node in v["nodes"]][:3]) for v in found]

    def opened(self, heading: str) -> Any:
        """Wait until an op or a page is open."""
        return self.page.locator("#view h2", has_text=heading).wait_for()


@pytest.fixture
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A fresh tab; at the end nothing has gone wrong in it, and nothing was fetched."""
    found = Tab(browser, **getattr(request, "param", {}))
    yield found
    assert found.errors == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in found.fetched)
    found.context.close()
