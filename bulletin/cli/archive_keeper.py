"""Keeps the pages of past issues up to date while the website is served: a build of its own process now and then.

What builds them needs much memory for a moment; in a process of its own, the server stays as small as it is.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

EACH: Final = 300.0
"""Seconds between two looks at what is new: an embargo may have ended, an issue may have been sent or corrected."""

_GRACE: Final = 10.0


def name_site_folder(workspace: Workspace) -> Path:
    """Where `serve` has its pages built."""
    return workspace.state_folder / "archive" / "site"


class ArchiveKeeper:
    """Builds the archive at once and then again and again. `say` is told what is wrong, but not twice the same."""

    def __init__(self, workspace: Workspace, *, say: Callable[[str], object], each: float = EACH) -> None:
        self._command = [sys.executable, "-m", "bulletin", "archive", "--out", str(name_site_folder(workspace))]
        self._command += ["--workspace", str(workspace.root)]
        self._say = say
        self._each = each
        self._stop = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._told = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it at work during the `with` block."""
        thread = threading.Thread(target=self._work, name="archive", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            if process := self._process:
                with suppress(OSError):
                    process.terminate()
            thread.join(_GRACE)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self.build()
            except (BulletinError, OSError) as error:
                self._tell(str(error))
            self._stop.wait(self._each)

    def build(self) -> None:
        """Build it once. Raises OSError if no process can be started."""
        with subprocess.Popen(  # noqa: S603 -- our own program, and paths that it opened itself
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            self._process = process
            _, errors = process.communicate()
            self._process = None
        if not self._stop.is_set():
            self._tell(f"Past issues: {errors.strip()}" if process.returncode else "")

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._told:
            self._say(trouble)
        self._told = trouble
