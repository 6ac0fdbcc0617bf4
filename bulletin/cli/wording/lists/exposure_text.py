"""Says what other users of this computer can read of a workspace, and stops that after a yes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulletin.cli.terminal import confirm, count, say, warn

if TYPE_CHECKING:
    from bulletin.exposure import Exposed
    from bulletin.workspace.workspace import Workspace

_MOST = 3  # list files that are named


def print_exposed(workspace: Workspace) -> None:
    """Print what is exposed, and which command stops that. Raises BulletinError as `find_exposed_state` does."""
    found = [words for words, _ in _find_all(workspace)]
    for words in ("", *found, "To change that, run: bulletin check --fix") if found else ():
        say(words)


def end_exposed(workspace: Workspace, *, yes: bool) -> None:
    """Ask for each kind of data, and set its rights. Without `yes` or someone to ask, do nothing."""
    for words, exposed in _find_all(workspace) if yes or sys.stdin.isatty() else ():
        say(words)
        say(_describe_consequence(exposed))
        if not confirm("Change who can read this?", yes=yes):
            say("Nothing was changed.\n")
            continue
        left = [one.path for one in exposed if not one.end()]
        say(f"Done for {count(len(exposed) - len(left), 'file or folder', 'files and folders')}.\n")
        for path in left:
            warn(f"You can't change {path}. Ask its owner, or your IT colleagues.")


def _find_all(workspace: Workspace) -> Iterable[tuple[str, tuple[Exposed, ...]]]:
    from bulletin.exposure import find_exposed_lists, find_exposed_state

    if state := find_exposed_state(workspace):
        yield (
            _describe(state, "the records in .bulletin/: what each reader was sent, and who unsubscribed"),
            state,
        )
    if lists := find_exposed_lists(workspace):
        files = [one.path for one in lists if one.path.is_file()]
        names = [path.relative_to(workspace.root).as_posix() for path in files if path.is_relative_to(workspace.root)]
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield _describe(lists, f"your lists: {', '.join(names[:_MOST]) or 'subscribers/'}{more}"), lists


def _describe(exposed: tuple[Exposed, ...], what: str) -> str:
    if any(one.open for one in exposed):
        return f"Other users of this computer can read {what}."
    return f"bulletin.yaml has `state_group:`, but that group can't use {what}."


def _describe_consequence(exposed: tuple[Exposed, ...]) -> str:
    from bulletin.rights import name_group

    if group := name_group(exposed[0].rights):
        return f"After the change, only you and the group “{group}” can use it."
    return (
        "After the change, only you can use it. Does cron, a website or a colleague use it too, as another user?\n"
        "Then answer no, and set `state_group:` in bulletin.yaml first."
    )
