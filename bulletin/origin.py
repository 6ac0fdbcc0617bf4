"""Who typed a command, and where, as this computer knows them."""

from __future__ import annotations

import getpass
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """A user, a computer and a workspace's folder on it."""

    user: str
    host: str
    folder: str

    @property
    def place(self) -> tuple[str, str]:
        """Where the files are. Cron runs as another user, and reads the same files."""
        return self.host, self.folder


def find_origin(folder: Path) -> Origin:
    """This process, at work in the workspace in `folder`."""
    where = str(folder.resolve()).encode(errors="replace").decode()  # a folder's name may not be text for a database
    return Origin(user=name_user(), host=socket.gethostname(), folder=where)


def name_user() -> str:
    """The user's name on this computer; "somebody" where a container runs under a number that has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
