"""One build at a time: a second one waits for the first, and then finds most of its work done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bulletin.disk import make_private_folder, prepare_state
from bulletin.errors import BulletinError
from bulletin.publishing.manifest import FOLDER

_PATIENCE: Final = 60  # seconds


@contextmanager
def hold_build(state: Path) -> Iterator[None]:
    """Keep other builds of this workspace waiting while the `with` block runs. Raises BulletinError after a minute."""
    rights = prepare_state(state)
    make_private_folder(state / FOLDER, rights)
    lock = FileLock(state / FOLDER / "build.lock", mode=rights.file_mode)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        raise BulletinError(
            "Another build of the web archive has been at work for a minute.", "Wait until it has ended, and try again."
        ) from None
    try:
        yield
    finally:
        lock.release()
