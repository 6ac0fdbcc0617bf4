"""Say things on the terminal, and ask."""

from __future__ import annotations

import sys

import typer

from bulletin.errors import BulletinError, Interrupted

NOTHING_SENT = "Nothing was sent, and nothing was changed."


def say(text: str = "") -> None:
    """A line on standard output."""
    typer.echo(text)


def complain(text: str) -> None:
    """A line on standard error."""
    typer.echo(text, err=True)


def count(number: int, one: str, many: str = "") -> str:
    """`1 person`, `1,000 people`: a number with its noun. `many` is `one` with an s unless given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def confirm(
    question: str,
    *,
    yes: bool,
    otherwise: str = "Nothing was changed.",
    remedy: str = "Add --yes if you are sure.",
) -> bool:
    """Whether a person says yes. Raises Interrupted, with what `otherwise` is the case, for Ctrl-C and Ctrl-D.

    Raises BulletinError, with `remedy`, where nobody can be asked and `yes` is not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise BulletinError("This needs a yes, and nobody can be asked here.", remedy)
    try:
        return typer.confirm(question, default=False)
    except typer.Abort:
        say()  # the question's line is not at its end
        raise Interrupted(otherwise) from None


def confirm_in_full(question: str, *, because: str, otherwise: str, unasked: BulletinError) -> bool:
    """Whether a person, told the reason `because`, types the whole word yes: a y may be typed out of habit.

    Raises Interrupted as `confirm` does, and `unasked` where there is no one to ask.
    """
    if not sys.stdin.isatty():
        raise unasked
    say(because)
    try:
        typed: str = typer.prompt(f"{question} If so, type yes", default="", show_default=False)
    except typer.Abort:
        say()
        raise Interrupted(otherwise) from None
    return typed.strip().casefold() == "yes"
