"""Write bulletin.yaml anew for a command, without a change that no one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bulletin.errors import BulletinError, FaultyFiles

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


def join_lines(before: str, lines: Sequence[str]) -> str:
    """The lines with the line endings and the byte-order mark that the file had."""
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    ending = "\r\n" if "\r\n" in before else "\n"
    return mark + ending.join(lines).removeprefix("\ufeff")


def refuse_loss(workspace: Workspace, text: str, *, what: str, remedy: str) -> None:
    """Raise BulletinError if bulletin.yaml would not load any more. `what` can't be added then: “The words”."""
    from bulletin.declaration.source import parse_source
    from bulletin.workspace.workspace import SETTINGS_FILE, read_settings

    try:
        read_settings(parse_source(text.removeprefix("\ufeff"), shown_as=SETTINGS_FILE), workspace.root)
    except FaultyFiles as error:
        raise BulletinError(f"{what} can’t be added to {SETTINGS_FILE} without a fault.", remedy) from error
