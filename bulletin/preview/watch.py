"""Watch a workspace's files. This module owns watchfiles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from bulletin.declaration.files import counts
from bulletin.workspace.workspace import SETTINGS_FILE

FOLDERS = ("issues", "templates", "sections", "subscribers", "images")
DEBOUNCE = 20  # milliseconds of calm that end a save: an editor writes, renames and deletes at once
STEP = 5  # milliseconds between looks
LOOK = 400  # milliseconds after which it is asked again whether there are new folders


class _Declared(DefaultFilter):
    """Accepts what people edit: bulletin.yaml and all in the folders, but not an editor's own temporary files."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._settings = root / SETTINGS_FILE
        self._folders = tuple(root / name for name in FOLDERS)

    def __call__(self, change: Change, path: str) -> bool:
        declared = Path(path) == self._settings or any(Path(path).is_relative_to(folder) for folder in self._folders)
        return declared and counts(Path(path).name) and super().__call__(change, path)


async def watch_settings(root: Path) -> AsyncIterator[None]:
    """Yields after each save of bulletin.yaml. Its folder is watched: editors put a new file in the old one's place."""
    async for _ in awatch(root, watch_filter=_Declared(root), debounce=DEBOUNCE, step=STEP, recursive=False):
        yield


async def watch_folders(root: Path) -> AsyncIterator[None]:
    """Yields after each save in the folders, those included that are made while it watches.

    A watcher sees that a folder is made, and may miss what is saved there at once. So another one, which knows the
    folder from its beginning, replaces it, and its first view counts as a save.
    """
    known = _list_folders(root)
    fresh = False
    while True:
        async with aclosing(_look(root, known)) as looks:
            async for saved in looks:
                if saved or fresh:
                    yield
                fresh = False
                if _list_folders(root) != known:
                    break
        known, fresh = _list_folders(root), True


async def _look(root: Path, folders: frozenset[Path]) -> AsyncGenerator[bool, None]:
    """Again and again, whether something was saved in `folders`."""
    tops = [folder for folder in folders if folder.parent == root]
    if not tops:
        await asyncio.sleep(LOOK / 1000)
        yield False
        return
    async for changes in awatch(
        *tops,
        watch_filter=_Declared(root),
        debounce=DEBOUNCE,
        step=STEP,
        rust_timeout=LOOK,
        yield_on_timeout=True,
    ):
        yield bool(changes)


def _list_folders(root: Path) -> frozenset[Path]:
    """The folders that are there, with those inside them."""
    tops = [root / name for name in FOLDERS if (root / name).is_dir()]
    return frozenset([*tops, *(path for top in tops for path in top.rglob("*") if path.is_dir())])
