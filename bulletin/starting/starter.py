"""Writes a new workspace: the starter's files with a person's answers in them, and nothing in place of no answer.

It is written into a folder beside its place, and moved there when all of it is on the disk.
"""

from __future__ import annotations

import os
import secrets
import shutil
import textwrap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from bulletin.disk import File, write_all
from bulletin.drafting.unfolding import write_scalar
from bulletin.errors import BulletinError, Unwritten
from bulletin.issue.dates import PartialDate
from bulletin.issue.sections import section_kinds
from bulletin.issue.snippets import write_code_snippets
from bulletin.rights import OWNER_ALONE
from bulletin.settings.organisation import Colours
from bulletin.starting.answers import Answers, suggest_reply_to, suggest_title
from bulletin.starting.first_issue import FirstIssue, find_event_day
from bulletin.starting.logo_file import LogoFile
from bulletin.starting.mail_provider import suggest_smtp
from bulletin.workspace.package_data import starter_folder
from bulletin.workspace.schemas import ensure_schemas
from bulletin.workspace.workspace import open_workspace

_TEMPLATE: Final = ".j2"
_SNIPPETS: Final = ".vscode/bulletin.code-snippets"
_LOGO: Final = "issues/images/logo"
_WIDEST_COMMENT: Final = 110  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """All that a new workspace is made from. `takes_colours`: whether the logo's colours become the bulletin's."""

    answers: Answers
    first: FirstIssue
    logo: LogoFile | None = field(default=None, repr=False)
    takes_colours: bool = True


def write_starter(folder: Path, starter: Starter, *, git: bool = True) -> None:
    """Make the workspace in `folder`; without `git`, it has no .gitignore. The lists are for their owner alone.

    Raises BulletinError if something of a workspace is there already, or it can't be written: nothing is ever
    overwritten, and nothing is left then of what was made.
    """
    place = Path(os.path.abspath(folder))  # noqa: PTH100 -- resolve() would follow a link that is the folder
    beside = place.parent if not place.is_dir() else place
    staging = beside / f".{secrets.token_hex(8)}.new"
    made = _list_missing(place)
    try:
        _refuse_taken(place, folder, files := _list_files(starter, git=git))
        _write_files(staging, folder, files)
        with suppress(BulletinError):
            ensure_schemas(open_workspace(staging, environ={}))
        _move(staging, place)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()
        raise


def _list_missing(place: Path) -> list[Path]:
    """The folders that don't exist yet, the innermost first."""
    return [path for path in (place, *place.parents) if not path.exists()]


def _refuse_taken(place: Path, shown: Path, files: Mapping[str, bytes]) -> None:
    if os.path.lexists(place) and not place.is_dir():
        raise BulletinError(f"{shown} is a file.", "Choose another name; nothing was written.")
    for name in dict.fromkeys(name.partition("/")[0] for name in (*files, ".bulletin")):
        if os.path.lexists(place / name):
            raise BulletinError(f"{shown / name} is there already.", "Choose an empty folder; nothing was written.")


def _write_files(staging: Path, shown: Path, files: Mapping[str, bytes]) -> None:
    private = (f"subscribers{os.sep}",)
    try:
        write_all(
            [
                File(
                    path=staging / name,
                    content=content,
                    rights=OWNER_ALONE if str(Path(name)).startswith(private) else None,
                    new=True,
                )
                for name, content in files.items()
            ],
            remedy="Choose another folder.",
        )
    except Unwritten as error:
        message = error.message.replace(str(staging), str(shown))
        raise Unwritten(message, error.remedy, strerror=error.strerror) from error


def _move(staging: Path, place: Path) -> None:
    """Put the finished folder in its place. Into one that is there go its parts, bulletin.yaml last."""
    try:
        if not place.exists():
            staging.rename(place)
            return
        moved: list[Path] = []
        try:
            for part in sorted(staging.iterdir(), key=lambda part: part.name == "bulletin.yaml"):
                part.rename(place / part.name)
                moved.append(place / part.name)
        except OSError:
            for part in reversed(moved):
                part.rename(staging / part.name)
            raise
        staging.rmdir()
    except OSError as error:
        message = f"{place} cannot be written: {error.strerror}."
        raise Unwritten(message, "Nothing was written. Choose another folder.", strerror=str(error.strerror)) from error


def _list_files(starter: Starter, *, git: bool) -> dict[str, bytes]:
    """The content of each file by its path in the workspace, those of the folder itself first."""
    words = _gather_words(starter)
    files = {}
    for path in sorted(starter_folder().rglob("*")):
        name = path.relative_to(starter_folder()).as_posix()
        if path.is_file() and (git or name != "gitignore"):
            target = ".gitignore" if name == "gitignore" else name.replace("MONTH", starter.first.month.id)
            text = path.read_text(encoding="utf-8")
            files[target.removesuffix(_TEMPLATE)] = (_fill(text, words) if name.endswith(_TEMPLATE) else text).encode()
    files |= {f"subscribers/{one.name}.csv": b"email,name,organisation\n" for one in starter.answers.lists}
    files[_SNIPPETS] = write_code_snippets().encode()
    if starter.logo:
        files[_name_logo(starter.logo)] = starter.logo.content
    return files


def _gather_words(starter: Starter) -> dict[str, Any]:
    """What the starter's templates are filled with."""
    answers, first, logo = starter.answers, starter.first, starter.logo
    kinds = [*section_kinds()]
    listed = f"There are {len(kinds)}: {', '.join(kinds[:-1])} and {kinds[-1]}."
    return {
        "name": answers.name,
        "title": answers.title or suggest_title(answers.name),
        "sender": answers.sender,
        "reply_to": answers.reply_to or suggest_reply_to(answers.sender),
        "address": answers.address,
        "lists": answers.lists,
        "nation": answers.nation.value,
        "provider": answers.provider.value if answers.provider else "",
        "smtp": suggest_smtp(answers.provider, answers.sender),
        "month": first.month.id,
        "month_name": str(first.month),
        "next_month": str(first.month + 1),
        "published": _write_day(first.published),
        "event": _write_day(find_event_day(first.published, answers.nation)),
        "kinds": textwrap.wrap(listed, _WIDEST_COMMENT),
        "default_accent": Colours().accent,
        "colours": logo.colours if logo and starter.takes_colours else None,
        "logo": {"file": _name_logo(logo), "alt": answers.logo_alt or answers.name, "width": logo.width}
        if logo
        else None,
    }


def _name_logo(logo: LogoFile) -> str:
    return f"{_LOGO}.{logo.suffix}"


def _write_day(day: date) -> str:
    return str(PartialDate(day.year, day.month, day.day))


def _fill(text: str, words: Mapping[str, Any]) -> str:
    from jinja2 import Environment, StrictUndefined

    filling = Environment(  # noqa: S701 -- it writes YAML and text, and `scalar` escapes for that
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    filling.filters["scalar"] = write_scalar
    return filling.from_string(text).render(words)
