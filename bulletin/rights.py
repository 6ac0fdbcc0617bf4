"""Who may read and write what this program makes: its owner alone, or one group as well.

This is about the users of one computer. On Windows nothing is set: it keeps such rights in another way, and gives new
files those of their folder.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.errors import BulletinError

KNOWN_HERE: Final = os.name != "nt"
"""Whether this system has an owner, a group and others, and rights for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """Whose a file or a folder is. `owner` and `group` are the system's numbers; None leaves what it chooses itself."""

    owner: int | None = None
    group: int | None = None

    @property
    def file_mode(self) -> int:
        return 0o600 if self.group is None else 0o660

    @property
    def folder_mode(self) -> int:
        """With a group, what is made in the folder later is that group's too, no matter who makes it."""
        return 0o700 if self.group is None else 0o2770

    def give_file(self, file: Path) -> None:
        """Give a file these rights. Raises OSError."""
        self._give(file, self.file_mode)

    def give_folder(self, folder: Path) -> None:
        """Give a folder these rights. Raises OSError."""
        self._give(folder, self.folder_mode)

    def _give(self, place: Path, mode: int) -> None:
        if not KNOWN_HERE:
            return
        found = place.stat()
        owner, group = (-1 if it is None else it for it in (self.owner, self.group))
        if owner not in (-1, found.st_uid) or group not in (-1, found.st_gid):
            os.chown(place, owner, group)
        place.chmod(mode)


OWNER_ALONE: Final = Rights()


def find_rights(folder: Path) -> Rights:
    """The rights of what is made in `folder`: its group has them too if it may write there and others may not.

    What root makes there belongs to the folder's owner, who could not use it otherwise. Raises OSError.
    """
    if not KNOWN_HERE:
        return OWNER_ALONE
    found = folder.stat()
    owner = found.st_uid if os.geteuid() == 0 else None
    shared = found.st_mode & stat.S_IWGRP and not found.st_mode & stat.S_IWOTH and _may_give_to(found.st_gid)
    return Rights(owner=owner, group=found.st_gid if shared else None)


def share_with(group: str) -> Rights:
    """The rights of what the group of that name shares. Raises BulletinError if it is unknown, or you are not in it."""
    if not KNOWN_HERE:
        return OWNER_ALONE
    import grp

    try:
        number = grp.getgrnam(group).gr_gid
    except KeyError:
        raise BulletinError(
            f"bulletin.yaml says “state_group: {group}”, and this computer has no group “{group}”.",
            "Write the name of one that it has (the command `groups` lists yours), or remove the line.",
        ) from None
    if not _may_give_to(number):
        raise BulletinError(
            f"bulletin.yaml says “state_group: {group}”, and you are not in the group “{group}”.",
            f"Ask your IT colleagues to add you (sudo usermod -a -G {group} YOU); then log out and in again.",
        )
    return Rights(group=number)


def name_group(rights: Rights) -> str:
    """The name of the group that shares; "" if none does."""
    if rights.group is None:
        return ""
    import grp

    try:
        return grp.getgrgid(rights.group).gr_name
    except KeyError:  # it has been deleted since
        return str(rights.group)


def _may_give_to(group: int) -> bool:
    return os.geteuid() == 0 or group == os.getegid() or group in os.getgroups()
