"""What Git keeps of the workspace: the files that it tracks, and those that it ever had. Nothing is changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from bulletin.doctor.case import Case
from bulletin.doctor.judgement import CannotTellError

_PATIENCE: Final = 15.0  # seconds for a long history


def _run_git(root: Path, *arguments: str) -> str | None:
    """What Git prints; None if it refuses. Raises CannotTellError if it takes too long."""
    program = shutil.which("git")
    if program is None:
        return None
    command = [program, "-C", str(root), "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own words
    except subprocess.TimeoutExpired:
        raise CannotTellError("Git took too long.") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def list_tracked(case: Case) -> tuple[str, ...] | None:
    """The files that Git tracks, by their path from the workspace's folder; None without Git."""
    listed = _run_git(case.workspace.root, "ls-files", "-z")
    return None if listed is None else tuple(filter(None, listed.split("\0")))


def list_ever_tracked(case: Case) -> tuple[str, ...]:
    """The files below the workspace's folder that any branch has ever had."""
    listed = _run_git(
        case.workspace.root, "log", "--all", "--relative", "--name-only", "--pretty=format:", "-z", "--", "."
    )
    return tuple(sorted({name.strip() for name in (listed or "").replace("\n", "\0").split("\0") if name.strip()}))


def read_tracked(case: Case, name: str) -> bytes:
    """A tracked file as it was in the last version that any branch had; empty if it can't be read."""
    found = _run_git(case.workspace.root, "log", "--all", "--diff-filter=AM", "-1", "--pretty=format:%H", "--", name)
    if not found:
        return b""
    return (_run_git(case.workspace.root, "show", f"{found.strip()}:./{name}") or "").encode()
