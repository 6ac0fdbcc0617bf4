"""`bulletin draft`: turns an old bulletin into a draft."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say
from bulletin.disk import File, write_all
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.importing.draft import OldBulletin
    from bulletin.issue.dates import Month
    from bulletin.workspace.workspace import Workspace


def draft(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The old bulletin: .docx, .html, .txt, .pdf or .pub.", show_default=False),
    ],
    *,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", metavar="MONTH", help="Its month: 2026-12 (default: the one that it names).", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="PATH", help="The new file (default: issues/MONTH.yaml).", show_default=False),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Turn an old bulletin into a draft.

    Notes that begin with “# check:” mark anything to confirm.

      bulletin draft May-2021.docx

    Next: bulletin preview
    """
    from bulletin.importing.draft import draft_from
    from bulletin.importing.pictures import take_pictures
    from bulletin.importing.reading import read_old
    from bulletin.workspace.schemas import ensure_schemas
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    blocks = read_old(file)
    made = draft_from(
        blocks,
        name=file.name,
        month=_read_month(month) if month else None,
        pictures=take_pictures(blocks, folder=file.parent),
        find_schema=lambda month: _find_schema(workspace, out or workspace.issue_path(month.id)),
    )
    path = out or workspace.issue_path(made.month.id)
    if path.exists():
        raise BulletinError(
            f"{path} already exists.", "Nothing was written. Name another file with --out, or a --month."
        )
    pictures = {workspace.root / name: content for name, content in made.pictures.items()}
    missing = {
        at: content for at, content in pictures.items() if not at.exists()
    }  # a picture is named after its content
    files = {path: made.text.encode(), **missing}
    write_all([File(path=at, content=content, new=True) for at, content in files.items()])
    ensure_schemas(workspace)
    _print_result(path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path, made)


def _find_schema(workspace: Workspace, path: Path) -> str:
    """The path from the file at `path` to the schema of an issue, for an editor."""
    from bulletin.workspace.schemas import ISSUE_SCHEMA

    schema = workspace.state_folder.resolve() / ISSUE_SCHEMA
    try:
        return Path(os.path.relpath(schema, path.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows, from where no relative path leads
        return schema.as_uri()


def _read_month(text: str) -> Month:
    from pydantic_core import PydanticCustomError

    from bulletin.issue.dates import parse_month

    try:
        return parse_month(text.strip())
    except PydanticCustomError as error:
        raise typer.BadParameter(error.message()) from None


def _print_result(path: Path, made: OldBulletin) -> None:
    taken = f", {count(len(made.pictures), 'picture')}" if made.pictures else ""
    say(
        f"The draft of {made.month} is {path}: "
        f"{count(made.sections, 'section')}{taken}, {count(made.guesses, 'place')} to check."
    )
    if made.lost:
        say("Not everything in the old file could be read. Missing from the draft:")
        for words in made.lost:
            say(f"  - {words}")
    if made.guesses:
        say("Open it, look at each line below a “# check:”, and delete the note. Then run:")
    say(f"  bulletin check {path}")
