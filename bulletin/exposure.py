"""Which personal data of a workspace other users of this computer can read, and how to close it.

This program makes only private files. This is about files of older versions and other programs, and about a
`state_group` that was set later.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.rights import KNOWN_HERE, Rights, find_rights
from bulletin.workspace.workspace import Workspace

LISTS: Final = "subscribers"
_LEDGER_ELSEWHERE: Final = re.compile(r"sqlite(?:\+\w+)?:///(?!file:)([^?]+)")
_READ_FILE: Final = stat.S_IRGRP
_READ_FOLDER: Final = stat.S_IRGRP | stat.S_IXGRP


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposed:
    """A folder or file with the wrong rights, and the right ones."""

    path: Path
    rights: Rights
    open: bool
    """Whether others can read it now; if not, the group that should share it can't."""

    def end(self) -> bool:
        """Give it the right rights. False if it belongs to another user, and can't be changed."""
        try:
            (self.rights.give_folder if self.path.is_dir() else self.rights.give_file)(self.path)
        except OSError:
            return False
        return True


def find_exposed_state(workspace: Workspace) -> tuple[Exposed, ...]:
    """What is exposed of all that the workspace remembers. Raises BulletinError as `Workspace.rights` does."""
    return tuple(
        exposed
        for top in (workspace.state_folder, *_name_ledger_elsewhere(workspace))
        for exposed in _find_exposed(workspace, top, writing=True)
    )


def find_exposed_lists(workspace: Workspace) -> tuple[Exposed, ...]:
    """What is exposed of the list files, which others may have shared on purpose. Raises as `find_exposed_state`."""
    folder = workspace.root / LISTS
    files = (workspace.root / workspace.list_file(name) for name in workspace.settings.lists)
    elsewhere = [file for file in files if not file.is_relative_to(folder)]
    return tuple(exposed for top in (folder, *elsewhere) for exposed in _find_exposed(workspace, top, writing=False))


def _name_ledger_elsewhere(workspace: Workspace) -> Iterator[Path]:
    """A ledger's file that is not in the state folder, and what SQLite has beside it."""
    if match := _LEDGER_ELSEWHERE.match(workspace.database_url):
        file = Path(match[1]).absolute()
        if not file.is_relative_to(workspace.state_folder):
            yield from (file.with_name(file.name + end) for end in ("", "-wal", "-shm"))


def _find_exposed(workspace: Workspace, top: Path, *, writing: bool) -> Iterator[Exposed]:
    """What is exposed of a folder and all below it, or of a file. Its group is to be able to write, or only to read."""
    if not (KNOWN_HERE and top.exists()):
        return
    group = workspace.rights.group
    rights = find_rights(top if top.is_dir() else top.parent) if group is None else workspace.rights
    reachable = _is_open(top.stat()) and (top.is_dir() or _is_open(top.parent.stat()))
    for path in _walk(top):
        found = path.stat()
        opened = reachable and _is_open(found)
        if opened or (group is not None and not _is_shared(found, rights, writing=writing)):
            yield Exposed(path=path, rights=rights, open=opened)


def _is_open(found: os.stat_result) -> bool:
    return bool(found.st_mode & stat.S_IRWXO)


def _is_shared(found: os.stat_result, rights: Rights, *, writing: bool) -> bool:
    if stat.S_ISDIR(found.st_mode):
        needed = rights.folder_mode if writing else _READ_FOLDER
    else:
        needed = rights.file_mode if writing else _READ_FILE
    return found.st_gid == rights.group and found.st_mode & needed == needed


def _walk(top: Path) -> Iterable[Path]:
    """Folders and files; no links, which may lead anywhere."""
    yield top
    if top.is_dir():
        for path in sorted(top.rglob("*")):
            if not path.is_symlink() and (path.is_dir() or path.is_file()):
                yield path
