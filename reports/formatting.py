"""How words, numbers and code are written in the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from etalon.reports.certificates import Certificate

GLOSSARY = {
    "case": "one call with a config, shapes and numbers; its id says all of it",
    "law": "something that has to hold of every case",
    "ratio": "error / bound; at most 1 conforms",
    "ULP": "the error in units in the last place of the dtype",
    "native": "the code calls the framework's own operation",
    "composed": "the framework has no such operation, and the code puts it together from others",
    "compared": "numbers that were compared with the exact ones",
    "undecided": "numbers that may have overflowed, or of which nothing could be claimed",
    "gain": "the smallest g such that results times 1 + g would have been noticed",
    "unclaimed": "numbers for which any finite answer is right",
    "pairs covered": "pairs of values of two hyperparameters, dimensions or strata that occurred",
    "strata": "kinds of numbers that the inputs were filled with, and how many cases each had",
}

LARGE = 10_000
"""From how many units in the last place on an error is not told in them."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 case``, ``1,240 cases``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def ulp(error: str) -> str:
    """Return an error in units in the last place; nothing where it is too large to say anything.

    Near a zero of a function the last place of a result is far below what its terms can hold.
    """
    return f" · {float(error):.3g} ULP" if float(error) < LARGE else ""


def size_of(fault: str) -> str:
    """Return how small a fault is noticed, in two digits; in words where it is any, or none."""
    number = float(fault)
    return {0.0: "any", math.inf: "none"}.get(number, f"{number:.2g}")


def notices(power: Certificate) -> str:
    """Return a certificate of power in one sentence without its full stop."""
    faults = (
        _sized(power.gain, "gain", "a gain of {}"),
        _sized(power.shift, "shift of one number", "a shift of one number by {} of the largest"),
        _sized(power.dropped, "loss of equal terms", "the loss of a share of {} of equal terms"),
    )
    of_them = f"of {counted(power.numbers, 'number')}"
    exact = f", {power.exact:,} exact" if power.exact else ""
    zero = f", zero is right for {power.insignificant:,} others" if power.insignificant else ""
    claimed = f"claims nothing of {power.unclaimed:,}{zero}"
    return f"notices {', '.join(faults)}; {of_them}{exact}, {claimed}"


def _sized(fault: str, name: str, sentence: str) -> str:
    """Return a fault with the smallest size that is noticed; ``any gain`` and ``no gain``."""
    word = {0.0: f"any {name}", math.inf: f"no {name}"}.get(float(fault))
    return word or sentence.format(size_of(fault))


def term(word: str) -> Any:
    """Return a word of the glossary with what it means as its tooltip."""
    from markupsafe import Markup

    return Markup('<span title="{}">{}</span>').format(GLOSSARY[word], word)


def link(address: str) -> str:
    """Return an address if it may be linked to, an empty text where it is none of the web's."""
    return address if urlsplit(address).scheme in ("http", "https") else ""


def code(source: str) -> Any:
    """Return a program with its words marked up for colours; all text in it is escaped."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return trusted(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


def code_style() -> Any:
    """Return the colours of programs, light and dark, as a style sheet."""
    from pygments.formatters import HtmlFormatter

    light, dark = (HtmlFormatter(style=style) for style in ("xcode", "github-dark"))
    plain = light.get_style_defs("pre")
    scheme = dark.get_style_defs(':root[data-theme="dark"] pre')
    return trusted(plain + "\n" + scheme)


def trusted(text: str) -> Any:
    """Return markup that is put into the page as it is."""
    from markupsafe import Markup

    return Markup(text)
