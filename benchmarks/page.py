"""How large the page is, how long it takes to make, and how quickly its search answers.

    python benchmarks/page.py etalon-report/records

The search is typed into, letter by letter, in Chromium, in a page of 1,000 ops and seven columns.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from etalon.reports import page
from etalon.reports.matrix import load, matrix
from etalon.reports.records import Verdict

COLUMNS = ("numpy", "torch", "tensorflow", "jax", "keras-torch", "keras-tensorflow", "keras-jax")
ROWS = 1000
WORDS = "conv transpose"

ANSWER = """
letter => {
  const input = document.querySelector('input[name=q]');
  const start = performance.now();
  input.value += letter;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise(done => requestAnimationFrame(() => setTimeout(
    () => done(performance.now() - start))));
}
"""


def made(records: Path) -> None:
    """Say how long a page of real records takes, and how large it is."""
    start = time.perf_counter()
    found = load([records])
    text = page.render(found)
    seconds = time.perf_counter() - start
    size = len(text.encode()) / 1e6
    print(
        f"{len(found.cells)} cells, {len(found.verdicts)} verdicts: {seconds:.1f} s, {size:.2f} MB"
    )


def answered() -> None:
    """Say how long the search takes after each letter, until the table is drawn again."""
    verdicts = [
        Verdict(
            op=f"layers/{'conv' if i % 3 else 'dense'}_{i}",
            law=law,
            backend=backend,
            version="1",
            device="cpu",
            dtype=dtype,
            verdict="conforms",
        )
        for i in range(ROWS)
        for backend in COLUMNS
        for law in ("values", "gradients")
        for dtype in ("float32", "float64")
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_text(page.render(matrix(verdicts)), encoding="utf-8")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(path.as_uri())
        times = [tab.evaluate(ANSWER, letter) for letter in WORDS]
        browser.close()
    median, worst = statistics.median(times), max(times)
    print(f"search in {ROWS} rows: median {median:.0f} ms, worst {worst:.0f} ms for a letter")


if __name__ == "__main__":
    made(Path(sys.argv[1] if len(sys.argv) > 1 else "etalon-report/records"))
    answered()
