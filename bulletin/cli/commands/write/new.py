"""`bulletin new`: drafts next month's issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say
from bulletin.cli.wording.misnamed import warn_of_misnamed
from bulletin.disk import write_whole
from bulletin.errors import BulletinError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bulletin.cli.wording.earlier_issues import EarlierIssue
    from bulletin.drafting.draft import Draft
    from bulletin.issue.dates import Month


def new(
    month: Annotated[
        str | None,
        typer.Argument(
            metavar="MONTH", help="The month: 2026-12 (default: the one after the last issue).", show_default=False
        ),
    ] = None,
    *,
    bulletin: Annotated[
        str | None,
        typer.Option(
            "--bulletin",
            metavar="NAME",
            help="The bulletin (default: the first one in bulletin.yaml).",
            show_default=False,
        ),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Draft the next issue from the last one.

    It carries forward what continues. Notes that begin with “# write:” tell you what to write.

      bulletin new           the month after the last issue
      bulletin new 2027-01   this month

    Next: bulletin preview
    """
    from bulletin.cli.wording.earlier_issues import choose_bulletin, find_open_follow_ups, read_past_issues
    from bulletin.declaration.files import is_folder
    from bulletin.drafting.draft import draft_next
    from bulletin.drafting.following import plan_publication
    from bulletin.workspace.schemas import ensure_schemas
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    warn_of_misnamed(workspace)
    own = choose_bulletin(workspace, bulletin)
    past = read_past_issues(workspace, own, needs_last=True)
    last = _find_last(past)
    is_first = last is None  # of a bulletin that has none: it begins from the first bulletin's last issue
    if last is None:
        past = read_past_issues(workspace, choose_bulletin(workspace, None), needs_last=True)
        last = _find_last(past)
    if last is None:
        raise NotFound(
            "There is no issue yet to continue from.", "Write the first one; `bulletin init` has an example."
        )
    wanted = _read_month(month or (last.issue.month + 1).id)
    issue_id = f"{own}/{wanted.id}" if is_first else f"{last.id.rpartition('/')[0]}/{wanted.id}".lstrip("/")
    _refuse_unless_next(issue_id, wanted, None if is_first else last.issue.month, taken=workspace.issue_ids())
    path = workspace.issue_path(issue_id)
    if is_folder(path):
        raise BulletinError(f"issues/{issue_id}.yaml is a folder.", "Rename it, and run the same command again.")
    published = plan_publication(last.issue.published, last.issue.month, wanted)
    draft = draft_next(
        last.source,
        last.issue,
        month=wanted,
        published=published,
        follow_ups=() if is_first else find_open_follow_ups(past),
        earlier=[one.issue for one in reversed(past) if not one.issue.extra and one.issue.month < last.issue.month],
        nation=workspace.settings.proof.nation,
    )
    _write(path, draft.text, like=workspace.issue_path(last.id))
    ensure_schemas(workspace)
    if draft.unwritten:
        _print_unfilled(last.source.file, path.relative_to(workspace.root), draft)
    if is_first:
        say(f"“{own}” has no issue yet, so this draft continues from {last.id}. Delete what doesn't belong in it.")
    _print_result(path.relative_to(workspace.root), draft, wanted)


def _read_month(text: str) -> Month:
    from pydantic_core import PydanticCustomError

    from bulletin.issue.dates import parse_month

    try:
        return parse_month(text.strip())
    except PydanticCustomError as error:
        raise typer.BadParameter(f"{error.message()} Write it as 2021-06.") from None


def _find_last(past: Sequence[EarlierIssue]) -> EarlierIssue | None:
    """The latest regular issue."""
    return next((one for one in reversed(past) if not one.issue.extra), None)


def _refuse_unless_next(issue_id: str, month: Month, last: Month | None, *, taken: Iterable[str]) -> None:
    """Raise BulletinError if the issue exists, or if its month is not after the last one's."""
    if issue_id in taken:
        raise BulletinError(f"issues/{issue_id}.yaml already exists.", "Nothing was written. Name another month.")
    if last and month <= last:
        raise BulletinError(
            f"{month} is not after the last issue, {last}.",
            "Name a later month: a draft continues from the last issue.",
        )


def _write(path: Path, text: str, *, like: Path) -> None:
    """Write a new file, with the line endings that the file `like` has."""
    newline = "\r\n" if b"\r\n" in like.read_bytes() else "\n"
    write_whole(path, text.replace("\n", newline).encode(), new=True)


def _print_unfilled(file: str, path: Path, draft: Draft) -> None:
    """Print that the last issue is still a draft, and what to do about it."""
    places = count(draft.unwritten, "place")
    say(f"{file}, which this continues from, is still a draft: it has {places} to write.")
    say(f"What you write there from now on won’t be in this one. To start from it once it is finished, delete {path}")
    say("and run this command again.")


def _print_result(path: Path, draft: Draft, month: Month) -> None:
    if draft.dropped:
        say("Left out:")
        for words in draft.dropped:
            say(f"  - {words}")
    if draft.to_write:
        say("To write:")
        for words in draft.to_write:
            say(f"  - {words}")
    say(f"The draft of {month} is {path}. Open it, follow each note that begins with “# write:”, then run:")
    say(f"  bulletin check {path}")
