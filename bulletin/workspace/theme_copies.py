"""Copy a file of the product's theme into the workspace, to be changed there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from bulletin.disk import File, write_all
from bulletin.errors import BulletinError, NotFound
from bulletin.workspace.package_data import theme_folder

_FOLDER = "templates"
_SUFFIXES = (".j2", ".css")
_MARK = re.compile(r"\A(\{#|/\*)( theme \d+)? ?(.*?)(#\}|\*/)\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeTemplate:
    """A template or style sheet of the product; `is_own`: the workspace has a file in its place."""

    name: str
    is_own: bool


def list_templates(root: Path) -> Iterator[ThemeTemplate]:
    """All files of the theme by name, as in `email/parts/foot.html.j2`."""
    folder = theme_folder()
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        yield ThemeTemplate(name=name, is_own=(root / _FOLDER / name).exists())


def copy_template(root: Path, name: str, *, version: str) -> Path:
    """Copy the product's file `name` into the workspace, with the product's `version` in its first line.

    Returns the new file's path. Raises NotFound if there is no such file in the theme, BulletinError if the workspace
    has one already, Unwritten if it can't be written.
    """
    known = [template.name for template in list_templates(root)]
    wanted = find_template(name, known)
    target = root / _FOLDER / wanted
    if target.exists() or target.is_symlink():
        raise BulletinError(
            f"{_FOLDER}/{wanted} is there already.", "Change that one. To begin again, delete it first."
        )
    text = _mark_copy(wanted, (theme_folder() / wanted).read_text(encoding="utf-8"), version)
    write_all([File(path=target, content=text.encode(), new=True)])
    return target


def find_template(name: str, known: list[str]) -> str:
    """The file of the theme that a person calls `name`: its whole path, or the end of it. Raises NotFound."""
    wanted = PurePosixPath(name.strip().removeprefix("./").removeprefix(f"{_FOLDER}/")).as_posix()
    if wanted in known:
        return wanted
    found = [each for each in known if each.endswith(f"/{wanted}") or f"/{wanted}." in f"/{each}"]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"“{name}” may be any of these: {', '.join(found)}.", "Write the whole name of one.")
    near = get_close_matches(wanted, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise NotFound(f"The theme has no file “{name}”.", f"{hint}To list all files, run: bulletin theme list")


def _mark_copy(name: str, text: str, version: str) -> str:
    """The text, with a first line that says which version of the product it was copied from."""
    begin, end = ("/*", "*/") if name.endswith(".css") else ("{#", "#}")
    told = f"copied from bulletin {version}"
    found = _MARK.match(text)
    if found and found[2]:
        return f"{begin}{found[2]}, {told} {end}\n{text[found.end() :]}"
    return f"{begin} {told} {end}\n{text}"
