"""`bulletin init`: makes a new workspace from answers, in which the first issue is begun."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import TyperException

from bulletin.cli.clock import today
from bulletin.cli.options import ANSWERS, WITHOUT_QUESTIONS
from bulletin.cli.terminal import can_ask, say, warn
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.starting.answers import Answers


class Unanswered(TyperException):
    """There is no one to ask, and an answer is missing: wrong usage."""

    exit_code = 2


def _answer(flag: str, value: str, words: str) -> Any:
    """An option that answers a question."""
    return typer.Option(flag, metavar=value, rich_help_panel=ANSWERS, help=words, show_default=False)


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="The new folder (default: named after the bulletin).", show_default=False
        ),
    ] = None,
    *,
    name: Annotated[str | None, _answer("--name", "NAME", "Your organisation's name.")] = None,
    title: Annotated[str | None, _answer("--title", "TITLE", "The bulletin's title.")] = None,
    sender: Annotated[str | None, _answer("--from", "ADDRESS", "The address that readers see it from.")] = None,
    reply_to: Annotated[str | None, _answer("--reply-to", "ADDRESS", "Where replies go.")] = None,
    address: Annotated[str | None, _answer("--address", "TEXT", "The postal address, in one line.")] = None,
    lists: Annotated[
        list[str] | None,
        _answer("--list", "LIST", "partners, public or staff, also with its basis: public=consent (repeatable)."),
    ] = None,
    provider: Annotated[
        str | None,
        _answer("--provider", "WHO", "Who runs your email: microsoft-365, google-workspace, not-sure"),
    ] = None,
    logo: Annotated[str | None, _answer("--logo", "FILE", "Your logo, a PNG or JPEG file.")] = None,
    logo_alt: Annotated[str | None, _answer("--logo-alt", "TEXT", "What it says, for people who can't see it.")] = None,
    month: Annotated[str | None, _answer("--month", "MONTH", "The first issue: 2027-01, or its day.")] = None,
    nation: Annotated[
        str | None, _answer("--nation", "NATION", "Whose bank holidays count (default: england).")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            rich_help_panel=WITHOUT_QUESTIONS,
            help="A YAML file with the answers: name, from, list and so on",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", rich_help_panel=WITHOUT_QUESTIONS, help="Take the usual answer to all other questions."),
    ] = False,
    no_git: Annotated[
        bool, typer.Option("--no-git", rich_help_panel=WITHOUT_QUESTIONS, help="Don't write a .gitignore.")
    ] = False,
) -> None:
    """Set up a folder for your bulletin.

    It asks nine questions, and writes your settings, a first issue and an empty list. What you don't answer is left
    out, or marked “# write:”.

      bulletin init our-news
      bulletin init our-news --answers answers.yaml --yes

    Next: bulletin preview
    See also: bulletin draft, bulletin subscribers import
    """
    given = {
        "name": name,
        "title": title,
        "sender": sender,
        "reply_to": reply_to,
        "address": address,
        "lists": lists or None,
        "provider": provider,
        "logo": logo,
        "logo_alt": logo_alt,
        "month": month,
        "nation": nation,
    }
    typed = {field: value for field, value in given.items() if value is not None}
    _set_up(folder, typed, answers, yes=yes, git=not no_git)


def _set_up(folder: Path | None, given: dict[str, Any], file: Path | None, *, yes: bool, git: bool) -> None:
    from bulletin.cli.starting_questions import Interview, warn_of_example
    from bulletin.starting.answers import Answers, suggest_title
    from bulletin.starting.first_issue import plan_first_issue, read_first_issue
    from bulletin.starting.logo_file import read_logo
    from bulletin.starting.starter import Starter, write_starter
    from bulletin.workspace.workspace import find_outer_workspace

    interview = Interview(today=today(), answers=_read_file(file) | _check_given(given))
    answered = set(interview.answers)
    _ask(interview, yes=yes)
    answers = Answers.model_construct(**interview.answers)
    if "sender" in answered:
        warn_of_example(answers.sender)
    try:
        plan = read_first_issue(answers.month, today(), answers.nation) if answers.month else None
        logo = read_logo(answers.logo) if answers.logo else None
    except BulletinError as error:
        raise typer.BadParameter(str(error)) from None
    starter = Starter(
        answers=answers,
        first=plan or plan_first_issue(today(), answers.nation),
        logo=logo,
        takes_colours=interview.takes_colours,
    )
    folder = folder or Path(_make_slug(answers.title or suggest_title(answers.name)))
    outer = find_outer_workspace(folder)
    write_starter(folder, starter, git=git)
    if outer:
        warn(f"Careful: {folder} is inside another bulletin's folder, {outer}. Each has its own readers and records.")
        warn("Do you want a second bulletin of the same organisation? Then delete the new folder, and add it under ")
        warn(f"`bulletins:` in {outer / 'bulletin.yaml'} instead.\n")
    _print_next(folder, answers)


def _ask(interview: Any, *, yes: bool) -> None:
    """Ask what isn't answered. Raises Unanswered, which names the options, if there is no one to ask."""
    from bulletin.cli.starting_questions import NEEDED, QUESTIONS

    missing = [name for name in QUESTIONS if name not in interview.answers]
    needed = [name for name in missing if name in NEEDED]
    if can_ask():
        interview.ask_needed() if yes else interview.ask_all()
        return
    if needed or (missing and not yes):
        usual = [name for name in missing if name not in NEEDED]
        told = ["There is no one here to ask."]
        told += [f"Add {_name_flags(needed)}."] * bool(needed)
        told += [f"Add --yes to take the usual answers for {_name_flags(usual)}, or add those."] * bool(
            usual and not yes
        )
        raise Unanswered(" ".join(told))
    interview.ask_needed()


def _name_flags(fields: list[str]) -> str:
    flags = {"sender": "--from", "reply_to": "--reply-to", "lists": "--list"}
    return ", ".join(flags.get(name, f"--{name}") for name in fields)


def _check_given(given: dict[str, Any]) -> dict[str, Any]:
    """The options, read. Raises BadParameter with every one that can't be used."""
    from bulletin.starting.answers import check_answer

    read, wrong = {}, []
    for name, value in given.items():
        try:
            read[name] = check_answer(name, value)
        except BulletinError as error:
            wrong.append(f"{_name_flags([name]).replace('_', '-')}: {error}")
    if wrong:
        raise typer.BadParameter("\n".join(wrong))
    return read


def _read_file(path: Path | None) -> dict[str, Any]:
    """What a file of answers has. Raises FaultyFiles with every fault in it, and NotFound."""
    from bulletin.declaration.source import read_source
    from bulletin.declaration.validation import validate
    from bulletin.starting.answers import Answers

    if path is None:
        return {}
    if not path.is_file():
        raise BulletinError(f"There is no file {path}.", "Check its name and folder.")
    read = validate(read_source(path, shown_as=str(path)), Answers)
    return {name: getattr(read, name) for name in read.model_fields_set}


def _make_slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "news"


def _print_next(folder: Path, answers: Answers) -> None:
    several = len(answers.lists) > 1
    then = ";" if os.name == "nt" else " &&"  # Windows PowerShell has no &&
    say(f"\nDone: {folder} has your settings, a first issue and {'empty lists' if several else 'an empty list'}.")
    say(f"Next:  1  cd {_quote(folder)}{then} bulletin preview")
    say(f"       2  bulletin subscribers import YOUR-FILE --list {answers.lists[0].name}")
    say("       3  bulletin doctor          what to ask IT for")


def _quote(folder: Path) -> str:
    return f"'{folder}'" if " " in str(folder) else str(folder)
