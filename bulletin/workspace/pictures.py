"""Which files may be pictures of a workspace; and for a name that is none, which file is likely meant."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from bulletin.declaration.files import find_files, is_file, is_folder, is_inside, read_file
from bulletin.workspace.picture_kinds import HEAD, TAKEN_SUFFIXES, RefusedKind, refuse_content, refuse_suffix

_GIVE_PATH: Final = "Give its path from the folder of bulletin.yaml."
_MOST_FOLDERS: Final = 50  # are looked through


def refuse_picture(root: Path, name: str) -> str:
    """Why `name` cannot be a picture of this workspace; "" if it can."""
    path = root / name
    if not is_inside(path, root):
        return "is outside the workspace."
    if not is_file(path):
        return "is not a file." if os.path.lexists(path) else "is not there."
    if kind := _find_refused(path):
        return f"is {kind.name}."
    return "" if path.suffix.lower() in TAKEN_SUFFIXES else "doesn’t have the name of a picture."


def suggest_picture(root: Path, name: str) -> str:
    """What to do about a `name` that cannot be a picture: which file is likely meant, or how to make it one."""
    path = root / name
    if not is_inside(path, root):
        return "Copy it into the folder issues/images, and give its path from the folder of bulletin.yaml."
    if is_file(path):
        kind = _find_refused(path)
        return kind.remedy if kind else "Is it a picture? Open it in a picture program, and save it as JPEG or PNG."
    if near := _find_near(root, name):
        return f"Did you mean “{near}”?"
    return _GIVE_PATH


def _find_refused(path: Path) -> RefusedKind | None:
    """The kind of a file that can't be a picture, by its name or by what is in it."""
    try:
        return refuse_suffix(path.suffix) or refuse_content(read_file(path, most=HEAD))
    except OSError:  # reading all of it says why
        return None


def _find_near(root: Path, name: str) -> str:
    """The picture that is likely meant: of another case, accent, space or kind of file, or a slip; "" if none."""
    known = {path.relative_to(root).as_posix() for path in _list_pictures(root, name)}
    for simplify in (_fold, _fold_name, _fold_stem):
        wanted = simplify(name)
        if alike := sorted(other for other in known if simplify(other) == wanted):
            return alike[0]
    folded = {_fold_name(other): other for other in sorted(known)}
    close = get_close_matches(_fold_name(name), folded, n=1, cutoff=0.85)
    return folded[close[0]] if close else ""


def _list_pictures(root: Path, name: str) -> Iterator[Path]:
    """The pictures in the folder that is named, and in and below issues/."""
    issues = root / "issues"
    folders = [(root / name).parent, issues, issues / "images", *(issues.rglob("*") if is_folder(issues) else ())]
    chosen = [folder for folder in folders if is_folder(folder) and is_inside(folder, root)][:_MOST_FOLDERS]
    for folder in dict.fromkeys(map(_normalise, chosen)):
        yield from (path for path in find_files(folder) if path.suffix.lower() in TAKEN_SUFFIXES)


def _normalise(folder: Path) -> Path:
    return Path(os.path.normpath(folder))


def _fold(name: str) -> str:
    """A path without what is easily mistaken: case, accents, spaces and dashes, backslashes."""
    plain = unicodedata.normalize("NFKD", name.strip().replace("\\", "/").removeprefix("./"))
    letters = (char for char in plain.casefold() if not unicodedata.combining(char))
    return "".join("-" if char in " _–—" else char for char in letters)


def _fold_name(name: str) -> str:
    return _fold(name).rpartition("/")[2]


def _fold_stem(name: str) -> str:
    """The name of a file without its kind: garden.jpg for garden.jpeg or garden.webp."""
    return _fold_name(name).rpartition(".")[0] or _fold_name(name)
