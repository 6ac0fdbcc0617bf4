"""Finds each Python that this computer has of those that the package supports."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

SUPPORTED: Final = ("3.11", "3.12", "3.13", "3.14")


def find_pythons() -> dict[str, Path | None]:
    """A program for each supported version; None where this computer has none."""
    return {version: next(filter(_make_check(version), _list_candidates(version)), None) for version in SUPPORTED}


def _list_candidates(version: str) -> Iterator[Path]:
    """On the path; what pyenv and uv have installed. A name on the path may be a shim that leads to nothing."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(folder, f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    yield from sorted(pyenv.glob(f"{version}.*/bin/python3"))
    yield from sorted((Path.home() / ".local/share/uv/python").glob(f"cpython-{version}.*/bin/python3"))


def _make_check(version: str) -> Callable[[Path], bool]:
    def is_it(path: Path) -> bool:
        if not path.is_file():
            return False
        code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
        return done.stdout.strip() == version

    return is_it
