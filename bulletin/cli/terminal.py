r"""Say things on the terminal, and ask: the one way there.

What is said may quote a file, a list, a server or an argument. Nothing in it may move the cursor, colour or rename the
window, or turn the words around: what a terminal would act upon is shown as `\x1b`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import typer

from bulletin.declaration.characters import show_hidden
from bulletin.errors import BulletinError, Interrupted

NOTHING_SENT = "Nothing was sent, and nothing was changed."


def say(text: str = "") -> None:
    """A line on standard output."""
    typer.echo(show_hidden(text))


def warn(text: str) -> None:
    """A line on standard error."""
    typer.echo(show_hidden(text), err=True)


def warn_meanwhile(text: str) -> None:
    """A line on standard error, above a bar that is shown."""
    print(show_hidden(text), file=sys.stderr, flush=True)  # noqa: T201 -- this way only a bar lets it be above itself


def say_by_page(lines: Iterable[str]) -> None:
    """Lines, page by page."""
    import click  # only they who ask for so many people need it

    click.echo_via_pager(f"{show_hidden(line)}\n" for line in lines)


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
    if not can_ask():
        raise BulletinError("This needs a yes, and nobody can be asked here.", remedy)
    with _interrupting(otherwise):
        return typer.confirm(show_hidden(question), default=False)


def confirm_by_typing(question: str, answer: str, *, otherwise: str) -> bool:
    """Whether a person types `answer`. Raises Interrupted as `confirm` does."""
    with _interrupting(otherwise):
        typed: str = typer.prompt(show_hidden(question), default="", show_default=False)
    return typed.strip().replace(",", "") == answer


def can_ask() -> bool:
    """Whether there is a person who can answer."""
    return sys.stdin.isatty()


@contextmanager
def _interrupting(otherwise: str) -> Iterator[None]:
    try:
        yield
    except typer.Abort:
        say()  # the question's line is not at its end
        raise Interrupted(otherwise) from None


def confirm_in_full(question: str, *, because: str, otherwise: str, unasked: BulletinError) -> bool:
    """Whether a person, told the reason `because`, types the whole word yes: a y may be typed out of habit.

    Raises Interrupted as `confirm` does, and `unasked` where there is no one to ask.
    """
    if not can_ask():
        raise unasked
    say(because)
    with _interrupting(otherwise):
        typed: str = typer.prompt(show_hidden(f"{question} If so, type yes"), default="", show_default=False)
    return typed.strip().casefold() == "yes"
