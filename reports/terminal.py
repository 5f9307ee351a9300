"""What a run looks like in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from etalon.reports.matrix import MARKS, Column, MatrixCell, matrix, totals
from etalon.reports.records import BAD, Cluster, Verdict, VerdictName

__all__ = ["found_in", "summary", "totals"]

STYLES: dict[VerdictName, str] = {
    "conforms": "green",
    "diverges": "yellow",
    "fails": "bold red",
    "unsupported": "dim",
    "crashed": "bold red",
    "skipped": "dim",
    "nothing claimed": "yellow",
}


def summary(verdicts: Sequence[Verdict]) -> RenderableType:
    """Return a table of marks, the documented divergences, and what failed, with its replay."""
    return Group(_table(verdicts), _legend(verdicts), *_divergences(verdicts), *_bad(verdicts))


def _table(verdicts: Sequence[Verdict]) -> Table:
    arranged = matrix(verdicts)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("op", no_wrap=True)
    for column in arranged.columns:
        table.add_column(column.name, justify="center")
    for op, row in arranged.rows.items():
        table.add_row(op, *(_mark(row, column) for column in arranged.columns))
    return table


def _mark(row: dict[Column, MatrixCell], column: Column) -> Text:
    if column not in row:
        return Text()
    return Text(MARKS[row[column].verdict], style=STYLES[row[column].verdict])


def _legend(verdicts: Iterable[Verdict]) -> Text:
    counted = {name: count for name, count in totals(verdicts).items() if count}
    parts = (f"{MARKS[name]} {name} {count}" for name, count in counted.items())
    return Text("  ".join(parts) + "\n" if counted else "")


def _divergences(verdicts: Iterable[Verdict]) -> Iterator[Text]:
    seen: dict[str, Cluster] = {}
    for verdict in verdicts:
        for cluster in verdict.clusters:
            if cluster.divergence is not None:
                seen.setdefault(cluster.divergence, cluster)
    if seen:
        yield Text("documented divergences", style="bold")
    for name, cluster in sorted(seen.items()):
        yield Text.assemble(f"{MARKS['diverges']} ", (name, "yellow"), f": {cluster.what}")


def _bad(verdicts: Iterable[Verdict]) -> Iterator[Text]:
    for verdict in verdicts:
        if verdict.verdict not in BAD:
            continue
        head = f"{MARKS[verdict.verdict]} {verdict.op} {verdict.law}"
        where = f" on {verdict.backend} {verdict.version}, {verdict.device}, {verdict.dtype}"
        if verdict.own_error or (verdict.verdict == "crashed" and not verdict.clusters):
            what = "could not be judged" if verdict.own_error else "crashed"
            yield Text(f"\n{head}{where} {what}: {verdict.reason}", style="red")
        for cluster in verdict.clusters:
            if cluster.divergence is None:
                yield _failure(f"{head}{where}", verdict, cluster)


def found_in(cluster: Cluster, verdict: Verdict) -> str:
    """Return what departs, in how many cases, and what tells these from the others."""
    only = f", only where {cluster.where}" if cluster.where else ""
    return f"{cluster.cause} in {cluster.cases} of {verdict.cases} cases{only}"


def _failure(head: str, verdict: Verdict, cluster: Cluster) -> Text:
    said = Text(f"\n{head}: {found_in(cluster, verdict)}", style="red")
    for which, found in cluster.shown.items():
        said.append_text(
            Text.assemble(
                f"\n  {which}{found.message}\n  config: {found.case.split(':', 5)[-1]}\n",
                ("  replay: ", "dim"),
                found.command,
            )
        )
    return said
