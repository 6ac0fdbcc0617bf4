r"""Say things on the terminal, and ask: the only way there.

The words may quote a file, a list, a server or an argument. Nothing in them may move the cursor, colour or rename the
window, or turn the words around: what a terminal would act upon is shown as `\x1b`.

Lines are as wide as the terminal, or 80 columns where it does not tell. A file or a program gets each line whole,
unless COLUMNS gives a width. Colour and weight follow NO_COLOR (https://no-color.org) and FORCE_COLOR
(https://force-color.org), and never say anything that the words do not.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TextIO

import typer

from bulletin.cli.fitting import fit
from bulletin.declaration.characters import show_hidden
from bulletin.errors import BulletinError, Interrupted

if TYPE_CHECKING:
    from bulletin.errors import Fault

NOTHING_SENT = "Nothing was sent, and nothing was changed."

_BOLD: Final = "1"
_COLOURS: Final = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_ROOM_FOR_ANSWER: Final = len(" [y/N]: y")
_ROOM_FOR_NUMBER: Final = len(" 1")


def say(text: str = "") -> None:
    """A line on standard output."""
    typer.echo(_shape(text, sys.stdout))


def say_heading(text: str) -> None:
    """A line on standard output, in bold where that can be shown."""
    shaped = _shape(text, sys.stdout)
    typer.echo(_paint(shaped, _BOLD) if _shows_colour(sys.stdout) else shaped, color=True)


def say_fault(fault: Fault) -> None:
    """A fault and an empty line, on standard output. Its place is bold; its severity and its carets have a colour."""
    shaped = _shape(str(fault), sys.stdout)
    typer.echo((_paint_fault(shaped) if _shows_colour(sys.stdout) else shaped) + "\n", color=True)


def say_data(text: str) -> None:
    """What another program reads, on standard output: each line as it is."""
    typer.echo(show_hidden(text))


def warn(text: str) -> None:
    """A line on standard error."""
    typer.echo(_shape(text, sys.stderr), err=True)


def warn_meanwhile(text: str) -> None:
    """A line on standard error, above a bar that is shown."""
    print(_shape(text, sys.stderr), file=sys.stderr, flush=True)  # noqa: T201 -- only so can the bar stay below it


def _shape(text: str, stream: TextIO, *, spare: int = 0) -> str:
    width = _find_width(stream)
    return show_hidden(text) if width is None else fit(show_hidden(text), max(width - spare, 20))


def _find_width(stream: TextIO) -> int | None:
    """The width for `stream` in columns; None where no one looks at it."""
    columns = os.environ.get("COLUMNS", "")
    if _is_terminal(stream) or (columns.isdecimal() and int(columns)):
        return shutil.get_terminal_size().columns
    return None


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def _shows_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if forced := os.environ.get("FORCE_COLOR"):
        return forced != "0"
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _paint(text: str, style: str) -> str:
    return "\n".join(f"\x1b[{style}m{line}\x1b[0m" if line else line for line in text.split("\n"))


def _paint_fault(text: str) -> str:
    """The fault as `fit` has left it, with colour. One without a severity in words is an error."""
    found = re.match(r"(\S+?:\d+:\d+:|\S+:)(\s+)(?:(error|warning|note) ([A-Z]+\d+):)?", text)
    if not found:
        return text
    place, gap, severity, code = found.groups()
    style = _COLOURS[severity or "error"]
    head = _paint(place, _BOLD) + gap + (_paint(f"{severity} {code}:", style) if severity else "")
    rest = re.sub(
        r"^( *\| *)(\^+)$", lambda row: row[1] + _paint(row[2], style), text[found.end() :], flags=re.MULTILINE
    )
    return head + rest


def say_by_page(lines: Iterable[str]) -> None:
    """Lines, page by page."""
    import click  # here, since few commands need it

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
    """Whether a person says yes.

    Raises Interrupted for Ctrl-C and Ctrl-D; its message is `otherwise`. Raises BulletinError, with `remedy`, if `yes`
    is not given and there is no one to ask.
    """
    if yes:
        return True
    if not can_ask():
        raise BulletinError("This needs a yes, and there is no one here to ask.", remedy)
    with _interrupting(otherwise):
        return typer.confirm(_shape(question, sys.stdout, spare=_ROOM_FOR_ANSWER), default=False)


def confirm_by_typing(question: str, answer: str, *, otherwise: str) -> bool:
    """Whether a person types `answer`. Raises Interrupted as `confirm` does."""
    with _interrupting(otherwise):
        typed: str = typer.prompt(_shape(question, sys.stdout, spare=_ROOM_FOR_ANSWER), default="", show_default=False)
    return typed.strip().replace(",", "") == answer


def ask(question: str, *, otherwise: str) -> str:
    """What a person types after a question, without blanks around it. Raises Interrupted as `confirm` does."""
    with _interrupting(otherwise):
        asked = _shape(question, sys.stdout, spare=_ROOM_FOR_NUMBER)
        typed: str = typer.prompt(asked, default="", show_default=False, prompt_suffix=" ")
    return typed.strip()


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
    """Whether a person reads the reason `because` and types the whole word yes. Habit can type a y.

    Raises Interrupted as `confirm` does, and `unasked` if there is no one to ask.
    """
    if not can_ask():
        raise unasked
    say(because)
    with _interrupting(otherwise):
        asked = _shape(f"{question} If so, type yes", sys.stdout, spare=_ROOM_FOR_ANSWER)
        typed: str = typer.prompt(asked, default="", show_default=False)
    return typed.strip().casefold() == "yes"
