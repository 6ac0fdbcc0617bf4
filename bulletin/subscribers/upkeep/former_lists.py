"""The file of a list as it was before the last import: beside the database, for as long as that can be taken back.

It has people's details, as the list's file itself. There is one for each list at most: what erases someone goes through
these as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from bulletin.declaration.files import is_file, open_file
from bulletin.disk import prepare_state, write_whole
from bulletin.workspace.workspace import Workspace

_FOLDER: Final = "lists-before-import"


def find_former(workspace: Workspace, list_name: str) -> Path:
    """Where the former file of a list is, if there is one."""
    return workspace.state_folder / _FOLDER / f"{list_name}.csv"


def keep_former(workspace: Workspace, list_name: str) -> bool:
    """Keep the list's file as it is now. False if it has none yet. Raises Unwritten."""
    path, kept = workspace.root / workspace.list_file(list_name), find_former(workspace, list_name)
    if not is_file(path):
        forget_former(workspace, list_name)
        return False
    workspace.make_state_folder()
    write_whole(kept, read_pieces(path), rights=prepare_state(kept.parent))
    return True


def forget_former(workspace: Workspace, list_name: str) -> None:
    """Delete it."""
    with suppress(FileNotFoundError):
        find_former(workspace, list_name).unlink()


def read_pieces(path: Path) -> Iterator[bytes]:
    """A file's bytes, some at a time."""
    with open_file(path) as file:
        while chunk := file.read(1 << 20):
            yield chunk
