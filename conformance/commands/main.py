"""The command ``etalon``.

Exit status: 0 everything conforms or is documented, 1 something fails, 2 the call was wrong,
3 nothing was judged.
"""

from __future__ import annotations

import sys

import typer

from etalon import spec
from etalon.conformance.commands import check, doctor, new, replay, report, show, verify
from etalon.conformance.commands.console import say
from etalon.conformance.running.errors import CommandError

app = typer.Typer(
    help="Does an implementation of a neural-network operation compute what its spec says?",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (show, verify, replay, check, report, new, doctor):
    command.register(app)

_STOPPED = 130
"""The status after Ctrl-C, which Typer returns where it catches that itself."""


def main() -> None:
    """Run the command; say what is wrong in one sentence, without a traceback."""
    try:
        status = app(standalone_mode=False)
    except CommandError as error:
        _end(str(error), error.status)
    except typer.TyperException as error:
        _end(_said(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        status = _STOPPED
    except Exception as error:
        if not isinstance(error, _wrong()):
            raise
        _end(str(error), 2)
    if status == _STOPPED:
        _end("stopped; what was judged is kept, and --resume goes on", _STOPPED)
    sys.exit(status if isinstance(status, int) else 0)


def _wrong() -> tuple[type[Exception], ...]:
    """Return what is raised, wherever it is found out, where the call can't be taken.

    Each says why. They are imported where something was raised: most commands need none of them.
    """
    from etalon.conformance.cases.case import InvalidCase
    from etalon.conformance.judging.divergences import InvalidDivergence
    from etalon.reports.records import CorruptRecords
    from etalon.spec.object_path import NoSuchObject

    return (
        spec.InvalidEntry,
        spec.UnknownOp,
        CorruptRecords,
        InvalidCase,
        InvalidDivergence,
        NoSuchObject,
    )


def _said(error: typer.TyperException) -> str:
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return str(said).strip() or "see `etalon --help`"


def _end(sentence: str, status: int) -> None:
    say(sentence)
    sys.exit(status)


if __name__ == "__main__":
    main()
