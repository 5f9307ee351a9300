"""The pages of docs/ as a reader takes them: files to write, code to run, and what is printed.

- A block of Python below a line with a path, `` `path`: ``, is a file: one of this repository, of
  which it shows a part, or else the reader's own, which is written where the page is followed.
- Any other block of Python is run, all of a page in one namespace, and its tests are called. A
  block of text right behind it is what it prints, or the name and message of what it raises.
- A block of ``console`` has commands behind ``$``, and below each what it prints.

In what is printed "…" stands for anything; numbers and spaces need not be the same.

Run as a program it follows one page: the steps from standard input, what they print to standard
output, both JSON. It imports no more than a reader's Python has when it starts.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(
    r"^(?:`(?P<path>[\w./-]+)`:\n\n)?"
    r"```(?P<language>\w+)\n(?P<code>.*?)^```$"
    r"(?:\n\n```text\n(?P<printed>.*?)^```$)?",
    flags=re.DOTALL | re.MULTILINE,
)
NUMBER = re.compile(r"(?<![A-Za-z_\d])[+-]?(?:\d[\d.,]*(?:e[+-]?\d+)?(?:\+\w+)?|inf\b)")
FRAMEWORK = re.compile(r"\b(torch|tensorflow|keras|jax)\b")
LIBRARY = re.compile(r"\b(flax|equinox)\b")
"""What Etalon has no extra for; a step that takes one which is not here is left out."""
COMMAND = [sys.executable, "-m", "etalon.conformance.commands.main"]


@dataclass(frozen=True)
class Block:
    """A block of code of a page, and what it prints; ``None`` where the page does not say."""

    path: str
    language: str
    code: str
    printed: str | None

    @property
    def shown(self) -> bool:
        """Whether it is a part of a file of this repository."""
        return bool(self.path) and (ROOT / self.path).exists()


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order."""
    found = BLOCK.finditer(page.read_text("utf-8"))
    return [Block(b["path"] or "", b["language"], b["code"], b["printed"]) for b in found]


def steps(page: Path) -> list[Block]:
    """Return what a reader of a page does, each command a step of its own."""
    followed = []
    for block in blocks(page):
        if block.language == "console":
            followed += [Block("", "console", *one) for one in _commands(block.code)]
        elif block.language == "python" and not block.shown:
            followed.append(block)
    return [step for step in followed if not missing(LIBRARY.findall(step.code))]


def missing(names: Iterable[str]) -> list[str]:
    """Return those of some packages that are not installed."""
    return [name for name in dict.fromkeys(names) if importlib.util.find_spec(name) is None]


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each ``etalon …`` of a page's commands, behind the first."""
    for block in blocks(page):
        lines = block.code.replace("\\\n", " ").splitlines()
        if block.language in ("sh", "console"):
            for line in lines:
                words = line.removeprefix("$ ")
                if words.startswith("etalon "):
                    yield shlex.split(words, comments=True)[1:]


def frameworks(page: Path) -> list[str]:
    """Return the frameworks that following a page takes."""
    return [name for step in steps(page) for name in FRAMEWORK.findall(step.code)]


def alike(printed: str, said: str) -> bool:
    """Return whether something printed is what a page says."""
    parts = (re.escape(part) for part in _masked(said).split("…"))
    return re.fullmatch(".*".join(parts), _masked(printed), flags=re.DOTALL) is not None


def follow(page: Path, folder: Path, path: Sequence[Path] = ()) -> list[str]:
    """Follow a page in a folder, with ``path`` to import from; return what each step prints."""
    places = [str(folder), *map(str, path), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps([[s.path, s.language, s.code] for s in steps(page)]),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed: list[str] = json.loads(done.stdout)
    return printed


def _commands(code: str) -> Iterator[tuple[str, str | None]]:
    for part in re.split(r"^\$ ", code.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def _masked(text: str) -> str:
    return " ".join(NUMBER.sub("0", text).split())


def _run(code: str, names: dict[str, Any]) -> str:
    known, printed = set(names), io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, "the page", "exec"), names)
            for test in [value for name, value in names.items() if name not in known]:
                if getattr(test, "__name__", "").startswith("test_"):
                    test()
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    return printed.getvalue()


def _call(command: str) -> str:
    words = shlex.split(command, comments=True)
    done = subprocess.run(
        [*COMMAND, *words[1:]] if words[0] == "etalon" else words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def main() -> None:
    """Follow a page."""
    names: dict[str, Any] = {"__name__": "__main__"}
    out, printed = sys.stdout, []
    sys.path[0] = ""
    for path, language, code in json.load(sys.stdin):
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(code, encoding="utf-8")
            printed.append("")
        else:
            printed.append(_call(code) if language == "console" else _run(code, names))
    out.write(json.dumps(printed))


if __name__ == "__main__":
    main()
