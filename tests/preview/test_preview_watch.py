"""What counts as a save: also in folders that are made while the preview runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bulletin.preview.watch import watch_folders

pytestmark = pytest.mark.slow

T = TypeVar("T")

LONGEST = 30  # seconds; a save takes a small part of one, where the machine has time


async def hear(saves: AsyncIterator[None], act: Callable[[], object], done: Callable[[], bool]) -> bool:
    """Whether a save is heard of after `act`, by somebody who then finds it `done`."""
    ready = asyncio.ensure_future(anext(aiter(saves)))
    await asyncio.sleep(0.3)  # the watcher has no event that says that it watches
    act()
    try:
        async with asyncio.timeout(LONGEST):
            await ready
            while not done():
                await anext(aiter(saves))
    except TimeoutError:
        return False
    return True


def run(play: Coroutine[Any, Any, T]) -> T:
    """What `play` returns, in a thread of its own: the tests' browser has a loop that runs in this one."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(asyncio.run, play).result()


def write(path: Path, text: str = "x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["issues/training/2021-06.yaml", "issues/images/new/logo.png", "templates/a/b/c.j2"])
def test_what_is_saved_in_a_new_folder_is_heard_of_and_so_are_later_saves_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "issues").mkdir()
    path = tmp_path / name

    async def play() -> None:
        async with aclosing(watch_folders(tmp_path)) as saves:
            assert await hear(saves, lambda: write(path), path.exists)
            await asyncio.sleep(1)  # whatever was still to be told of the first one
            assert await hear(saves, lambda: write(path, "later"), lambda: path.read_text() == "later")

    run(play())


def test_a_workspace_that_has_no_folder_yet_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "issues/2021-05.yaml"

    async def play() -> bool:
        async with aclosing(watch_folders(tmp_path)) as saves:
            return await hear(saves, lambda: write(path), path.exists)

    assert run(play())
