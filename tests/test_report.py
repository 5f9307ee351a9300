"""The report: every verdict is in it, text stays text, and nothing is fetched from anywhere."""

from __future__ import annotations

import base64
import gzip
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from etalon.reports import opened, page
from etalon.reports.characteristics import table
from etalon.reports.matrix import Matrix, by_op, load, matrix
from etalon.reports.records import Counterexample, Verdict, encode
from test_arranged import audited
from test_records import characteristic, divergence, failing, run, verdict, written

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&"


VOID = ("meta", "input", "br", "img")


def views(text: str) -> dict[str, str]:
    """What a page has packed behind its table, by address."""
    found = re.findall(r'<script type="text/plain" data-view="([^"]*)">([^<]*)</script>', text)
    return {html.unescape(name): gzip.decompress(base64.b64decode(b)).decode() for name, b in found}


class Page(HTMLParser):
    """Collects what a test asks of a page and of all that is packed in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        for part in (text, *views(text).values()):
            self.feed(part)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, its id and where it links to."""
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """See that tags are closed in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.words.append(data)


def rendered(*verdicts: Verdict) -> Page:
    parsed = Page(page.render(matrix(verdicts, [run()])))
    assert parsed.open == []
    return parsed


def test_every_cell_has_its_address_and_is_linked_to() -> None:
    found = rendered(
        verdict(), failing(dtype="float64"), verdict(backend="jax"), verdict(op="losses/poisson")
    )
    for anchor in ("layers/dense/torch", "layers/dense/jax", "losses/poisson/torch"):
        assert anchor in found.ids
        assert f"#{anchor}" in found.links
    assert len(found.ids) == len(set(found.ids))


def test_every_link_leads_somewhere() -> None:
    text = page.render(
        matrix([verdict(), failing(backend="jax"), verdict(op="losses/mse")], [run()])
    )
    found = Page(text)
    inside = {link.removeprefix("#") for link in found.links if link.startswith("#")}
    assert {link for link in inside if not link.startswith("?")} <= {"", *found.ids, *views(text)}


def test_a_failure_shows_its_worst_number_and_replay() -> None:
    text = " ".join(rendered(failing()).words)
    for part in ("Not documented.", "NaN in place of number", "y[0, 1]", "1e-7", "etalon replay …"):
        assert part in text


def test_a_divergence_shows_what_happens_and_where_it_is_known() -> None:
    found = rendered(verdict(verdict="diverges", clusters=(divergence(),)))
    assert "https://example.org/1" in found.links
    assert "convention: It cuts evenly." in " ".join(found.words)


def test_hostile_text_stays_text() -> None:
    shown = Counterexample(case=HOSTILE, message=HOSTILE, command=HOSTILE)
    hostile = divergence(
        cause=HOSTILE,
        counterexample=shown,
        divergence=HOSTILE,
        nature=HOSTILE,
        what=HOSTILE,
        upstream="javascript:alert(1)",
    )
    one = verdict(
        op=f"layers/{HOSTILE}",
        law=HOSTILE,
        reason=HOSTILE,
        clusters=(hostile,),
        strata={HOSTILE: 1},
    )
    other = verdict(backend=HOSTILE, version=HOSTILE, dtype=HOSTILE, histogram=(1,), ulps=(1,))
    adapter = written(call=f"native: {HOSTILE}", source=HOSTILE, helpers=HOSTILE)
    both = replace(matrix([one, other], [run(platform=HOSTILE)]), adapters=by_op([adapter]))
    found = Page(page.render(both))
    assert "img" not in found.tags
    assert found.tags.count("script") == Page(page.render(tame(both))).tags.count("script")
    assert not any(link.startswith("javascript") for link in found.links)
    assert "".join(found.words).count(HOSTILE) >= 12


def tame(hostile: Matrix) -> Matrix:
    """The same without what is hostile: as many ops and columns."""
    verdicts = [verdict(op="layers/x"), verdict(backend="x", histogram=(1,), ulps=(1,))]
    return replace(hostile, **vars(matrix(verdicts, [run()])) | {"adapters": by_op([written()])})


def test_the_page_fetches_nothing(tmp_path: Path) -> None:
    records = tmp_path / "torch.jsonl"
    records.write_bytes(encode(run()) + encode(failing()))
    text = page.render(load([records]))
    whole = "".join((text, *views(text).values()))
    assert not re.findall(r"<(?:link|img|iframe)\b|<script[^>]*\ssrc|@import|url\(", whole)
    assert {"html", "main", "header"} <= set(Page(text).tags)


def test_characteristics_in_which_backends_differ_come_first(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    facts = [
        characteristic(name="NaN", finding="propagates"),
        characteristic(name="NaN", finding="propagates", backend="jax"),
        characteristic(finding="outdated"),
        characteristic(),
        characteristic(backend="jax", finding="flushed to zero"),
        characteristic(backend="numpy"),
    ]
    lines = [encode(run()), encode(verdict()), *(encode(fact) for fact in facts)]
    path.write_bytes(b"".join(lines))
    arranged = table(load([path]).characteristics)
    assert [column.name for column in arranged.columns] == ["numpy", "jax", "torch"]
    groups = {name: [row.name for row in rows] for name, rows in arranged.groups.items()}
    assert groups == {"backends differ": ["subnormals"], "backends agree": ["NaN"]}
    assert [row.usual for row in arranged.groups["backends differ"]] == ["kept"]
    shown = views(page.render(load([path])))["characteristics"]
    assert 'class="other"><span title="Every number is subnormal.">flushed to zero</span>' in shown
    assert shown.count('class="other"') == 1
    assert "outdated" not in shown


def test_without_characteristics_there_is_no_such_section() -> None:
    assert "Characteristics" not in " ".join(rendered(verdict()).words)


def test_a_hostile_characteristic_stays_text() -> None:
    fact = characteristic(name=HOSTILE, finding=HOSTILE, detail=HOSTILE, op=HOSTILE)
    found = Page(page.render(replace(matrix([verdict()], [run()]), characteristics=(fact,))))
    assert "img" not in found.tags
    assert HOSTILE in found.words


def test_the_page_has_all_sections() -> None:
    shown = rendered(audited(pairs=10, pairs_covered=9, behaviours={"C1: crashed": 1}))
    for part in ("How tight the bounds are", "Invalid calls", "crashed", "9 of 10"):
        assert part in shown.words


def test_an_op_shows_its_code_with_the_evidence_and_the_pitfalls() -> None:
    adapters = [
        written(),
        written(backend="numpy", call="", source="def dense(x): ..."),
        *(
            written(backend=f"keras-{on}", call="native: keras.layers.Dense", source="", helpers="")
            for on in ("torch", "jax")
        ),
    ]
    verdicts = [failing(cases=1240), *(verdict(backend=p.backend) for p in adapters[1:])]
    both = replace(matrix(verdicts, [run()]), adapters=by_op(adapters))
    found = opened.written(both, "layers/dense")
    assert [(w.title, w.manner) for w in found] == [
        ("torch", "native"),
        ("keras", "native"),
        ("numpy", "definition"),
    ]
    assert [len(w.cells) for w in found] == [1, 2, 1]
    assert list(found[0].pitfalls) == ["NaN in place of number"]
    assert found[0].whole == "import torch\n\n\ndef dense(x): return x"
    text = " ".join(Page(page.render(both)).words)
    for part in (
        "torch.nn.functional.linear",
        "1,240 cases, the conforming ones reach 0.5",
        "not documented",
    ):
        assert part in text


def test_the_filters_know_every_verdict_of_a_cell() -> None:
    cell = matrix([verdict(), failing(dtype="float64")]).cells[0]
    assert page.codes(cell, ["values", "state"], ["float64", "float32"]) == "fc.."
