"""Watch a workspace's files. This module owns watchfiles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from bulletin.workspace import SETTINGS_FILE

FOLDERS = ("issues", "templates", "subscribers")
DEBOUNCE = 20  # milliseconds of calm that end a save: an editor writes, renames and deletes in one breath
STEP = 5  # milliseconds between looks


class _Declared(DefaultFilter):
    """What people edit: bulletin.yaml, and whatever is in the folders, but no editor's own temporary files."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._settings = root / SETTINGS_FILE
        self._folders = tuple(root / name for name in FOLDERS)

    def __call__(self, change: Change, path: str) -> bool:
        declared = Path(path) == self._settings or any(Path(path).is_relative_to(folder) for folder in self._folders)
        return declared and super().__call__(change, path)


async def watch_settings(root: Path) -> AsyncIterator[None]:
    """Yields after each save of bulletin.yaml. Its folder is watched: editors put a new file in the old one's place."""
    async for _ in awatch(root, watch_filter=_Declared(root), debounce=DEBOUNCE, step=STEP, recursive=False):
        yield


async def watch_folders(root: Path) -> AsyncIterator[None]:
    """Yields after each save in the folders that were there at the beginning."""
    folders = [root / name for name in FOLDERS if (root / name).is_dir()]
    async for _ in awatch(*folders, watch_filter=_Declared(root), debounce=DEBOUNCE, step=STEP):
        yield
