"""The campaign: judge every selected mutant, and say which law caught which.

    python -m liars.campaign [--profile quick|full] [--backend B] [--op GLOB] [--workers N]

What survives the profile quick is judged by full as well. A survivor of both has to be explained
in ``equivalent.toml``, and what is explained there has to survive: exit status 1 otherwise.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from etalon.backends import BACKENDS
from liars.mutation import Mutant
from liars.selection import TURNS, selected
from liars.trial import Trial, tried

PROFILES = {"quick": ("quick", "full"), "full": ("full",)}
WANTED_IN_QUICK = 0.95
"""Which share of the liars the profile quick has to catch; full has to catch all."""
WIDTH = 200

console = Console(width=None if sys.stdout.isatty() else WIDTH, markup=False)


def explanations() -> dict[str, str]:
    """Return why each equivalent mutant is one, by its id."""
    path = Path(__file__).with_name("equivalent.toml")
    found: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return found


def main(
    profile: Annotated[str, typer.Option(help="quick, then full for survivors; or full")] = "quick",
    backend: Annotated[str, typer.Option(help="mutants of this backend only")] = "",
    op: Annotated[str, typer.Option(help="mutants of matching ops only")] = "*",
    workers: Annotated[int, typer.Option(min=1, help="how many processes")] = 1,
    all_laws: Annotated[bool, typer.Option("--all-laws", help="find every law that kills")] = False,
) -> None:
    """Judge the mutants and print what came of each; exit status 1 where one went free."""
    if profile not in PROFILES or backend not in ("", *TURNS):
        known = ", ".join((*PROFILES, *dict.fromkeys(TURNS)))
        raise typer.BadParameter(f"profiles and backends are {known}")
    chosen = [m for m in selected() if backend in ("", m.backend) and fnmatchcase(m.op, op)]
    if not chosen:
        raise typer.BadParameter(f"no op with mutants matches {op!r}")
    explained = explanations()
    trials = list(run(chosen, PROFILES[profile], workers, all_laws))
    console.print(_liars(trials, explained))
    console.print(_per_law(trials), _per_op(trials, explained))
    console.print(_summary(trials, explained))
    wrong = [*complaints(trials, explained), *_too_few(trials, explained, profile)]
    for complaint in wrong:
        console.print(complaint, style="red")
    raise typer.Exit(1 if wrong else 0)


def run(
    chosen: list[Mutant], profiles: tuple[str, ...], workers: int, every: bool
) -> Iterator[Trial]:
    """Yield the trials of mutants, the backends in processes apart from each other."""
    context = multiprocessing.get_context("spawn")
    for backend in dict.fromkeys(TURNS):
        some = [mutant for mutant in chosen if mutant.backend == backend]
        os.environ.update(BACKENDS[backend].environment)
        with ProcessPoolExecutor(min(workers, len(some)) or 1, context) as pool:
            trials = pool.map(partial(tried, profiles=profiles, every=every), some, chunksize=4)
            where = Console(stderr=True)
            yield from track(trials, f"{backend:10}", len(some), console=where, transient=True)


def complaints(trials: list[Trial], explained: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each survivor without an explanation, and the other way round."""
    for trial in trials:
        name = trial.mutant.id
        if not trial.kills and name not in explained:
            yield f"{name} survived and is not explained: {trial.mutant.change}"
        if trial.kills and name in explained:
            yield f"{name} is explained as equivalent, yet {trial.kills[0].law} tells it"
    blind = {cell for trial in trials for cell in trial.blind}
    yield from (f"{cell}: fails without a liar, so it can't tell one" for cell in sorted(blind))
    yield from (
        f"{name} is explained, but no selected mutant is called so"
        for name in sorted(set(explained) - {mutant.id for mutant in selected()})
    )


def _lying(trials: Iterable[Trial], explained: dict[str, str]) -> list[Trial]:
    return [trial for trial in trials if trial.mutant.id not in explained]


def _too_few(trials: list[Trial], explained: dict[str, str], profile: str) -> Iterator[str]:
    liars = _lying(trials, explained)
    quick = sum(trial.profile == "quick" for trial in liars)
    if profile == "quick" and quick < WANTED_IN_QUICK * len(liars):
        yield f"the profile quick caught {quick} of {len(liars)}, not {WANTED_IN_QUICK:.0%}"


def _summary(trials: list[Trial], explained: dict[str, str]) -> str:
    liars = _lying(trials, explained)
    caught = Counter(trial.profile for trial in liars if trial.kills)
    refused = sum(t.kills[0].symptom.startswith("refused") for t in liars if t.kills)
    parts = [f"{count} caught by {profile}" for profile, count in caught.items()]
    share = 100 * caught["quick"] / len(liars) if liars else 0
    seconds = sum(trial.seconds for trial in trials)
    return (
        f"{len(trials)} mutants: {len(trials) - len(liars)} equivalent, {len(liars)} liars: "
        f"{', '.join(parts)} ({share:.1f} % by quick), {len(liars) - caught.total()} free; "
        f"{refused} of those caught answered nothing. {seconds:.0f} s of trials"
    )


def _liars(trials: Iterable[Trial], explained: dict[str, str]) -> Table:
    table = Table("liar", "change", "killed by", "symptom", "ratio", "profile", "s", expand=True)
    for trial in trials:
        kill = trial.kills[0] if trial.kills else None
        why = explained.get(trial.mutant.id, "NOT EXPLAINED")
        by = "\n".join(f"{kill.law} {kill.dtype}" for kill in trial.kills) or "nothing"
        table.add_row(
            trial.mutant.id,
            trial.mutant.change,
            by,
            kill.symptom if kill else why,
            kill.ratio if kill else "",
            trial.profile,
            f"{trial.seconds:.1f}",
        )
    return table


def _per_law(trials: Iterable[Trial]) -> Table:
    table = Table("law", "liars killed", title="laws")
    killed = Counter(law for trial in trials for law in {kill.law for kill in trial.kills})
    for law, count in killed.most_common():
        table.add_row(law, str(count))
    return table


def _per_op(trials: Iterable[Trial], explained: dict[str, str]) -> Table:
    table = Table("op", "mutants", "quick", "full", "equivalent", "free", title="ops")
    counts: dict[str, Counter[str]] = {}
    for trial in trials:
        fate = trial.profile or ("equivalent" if trial.mutant.id in explained else "free")
        counts.setdefault(trial.mutant.op, Counter())[fate] += 1
    for op, fates in counts.items():
        columns = (fates[fate] for fate in ("quick", "full", "equivalent", "free"))
        table.add_row(op, str(fates.total()), *map(str, columns))
    return table


if __name__ == "__main__":
    typer.run(main)
