"""`bulletin draft`: turns an old bulletin into a draft."""

from __future__ import annotations

import os
import secrets
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
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of the file that is there. It is kept aside.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Turn an old bulletin into a draft.

    Notes that begin with “# check:” mark anything to confirm.

      bulletin draft May-2021.docx
      bulletin draft november.docx --month 2026-12 --replace

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
    aside = _keep_aside(workspace, path) if replace else None
    if path.exists() and aside is None:
        raise BulletinError(
            f"{path} already exists.",
            "Nothing was written. Name another file with --out, or a --month. To have the draft in its place, add "
            "--replace.",
        )
    pictures = {workspace.root / name: content for name, content in made.pictures.items()}
    missing = {
        at: content for at, content in pictures.items() if not at.exists()
    }  # a picture is named after its content
    written = [File(path=at, content=content, new=True) for at, content in missing.items()]
    write_all([*written, *([aside] if aside else []), File(path=path, content=made.text.encode(), new=aside is None)])
    ensure_schemas(workspace)
    if aside:
        say(f"What was in {path.name} before is in {aside.path.relative_to(workspace.root)}.")
    _print_result(path.relative_to(workspace.root) if path.is_relative_to(workspace.root) else path, made)


def _keep_aside(workspace: Workspace, path: Path) -> File | None:
    """The copy that is kept of an issue's file, which a draft takes the place of; None if there is no such file.

    Raises BulletinError for an issue that someone was sent.
    """
    from bulletin.database.schema import open_database
    from bulletin.delivery.ledger.mailing import find_mailings

    if not path.exists():
        return None
    engine = open_database(workspace)
    try:
        sent = path.is_relative_to(workspace.root) and find_mailings(engine, _name_issue(workspace, path))
    finally:
        engine.dispose()
    if sent:
        raise BulletinError(
            f"{path.name} was sent, so nothing takes its place.", "Nothing was written. Name another --month."
        )
    kept = workspace.state_folder / "replaced" / f"{path.stem}-{secrets.token_hex(3)}{path.suffix}"
    return File(path=kept, content=path.read_bytes(), new=True)


def _name_issue(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root / "issues").with_suffix("").as_posix()


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
