"""The kinds of section that a workspace declares itself: the files in its folder `sections`."""

from __future__ import annotations

from pathlib import Path

from bulletin.declaration.files import find_files, is_folder
from bulletin.issue.sections import OwnKinds

FOLDER = "sections"
_SUFFIX = ".yaml"


def list_kind_names(root: Path) -> tuple[str, ...]:
    """The names of the kinds in the workspace `root`, in order: those of their files, whatever these hold."""
    return tuple(path.stem for path in _find_files(root))


def _find_files(root: Path) -> list[Path]:
    folder = root / FOLDER
    return sorted(path for path in find_files(folder) if path.suffix == _SUFFIX) if is_folder(folder) else []


def read_kinds(root: Path) -> OwnKinds:
    """The kinds that files in `sections` declare now."""
    return ()
