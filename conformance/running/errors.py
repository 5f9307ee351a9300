"""What a command says in one sentence, and the exit status that goes with it."""

from __future__ import annotations


class CommandError(Exception):
    """A command can't do what it was asked to; the message is one clear sentence."""

    status = 2


class EtalonFailed(CommandError):
    """Etalon itself failed, so that nothing is said of what is judged."""

    status = 1


class WrongCall(CommandError):
    """The call itself is wrong."""


class NothingJudged(CommandError):
    """The call is right, but there is nothing here that it could judge."""

    status = 3
