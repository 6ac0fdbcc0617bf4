"""Templates of your own: are they copies of older ones?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bulletin import __version__
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed
from bulletin.settings.proof import Severity
from bulletin.workspace.package_data import theme_folder

_COPIED: Final = re.compile(r"copied from bulletin (\S+?) ?(?:#\}|\*/)")
_FIELD: Final = re.compile(r"\b(?:section|item|issue|letterhead)\.([a-z_]+)\b")
_FOLDER: Final = "templates"
_MOST_NAMED: Final = 5


@check(
    "THM01",
    "Your templates are copies of the present ones",
    family=Family.THEME,
    asks={Asks.FILES},
    matters="What is new in the product doesn't show in your emails.",
    fix="Delete the file, copy it anew with `bulletin theme copy {name}`, and make your changes again.",
)
def copies_present_templates(case: Case) -> Judgement:
    """Each template that was copied with `bulletin theme copy` is a copy of this version's, or shows all its fields.

    A copy says in its first line which version it is of. A template without that line isn't looked at.
    """
    folder = case.workspace.root / _FOLDER
    if not folder.is_dir() or folder.resolve() == theme_folder().resolve():
        return NotApplicable()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and (lacking := _find_lacking(path, theme_folder() / name)):
            what = f"{_FOLDER}/{name} is a copy of an older template. It lacks: {', '.join(lacking)}."
            return Found(what=what, severity=Severity.WARNING, facts={"name": name})
    return Passed()


def _find_lacking(own: Path, ours: Path) -> list[str]:
    """The fields that our template shows and an older copy of it doesn't."""
    if not ours.is_file():
        return []
    text = own.read_text(encoding="utf-8", errors="replace")
    copied = _COPIED.search(text.partition("\n")[0])
    if copied is None or copied[1] == __version__:  # one without a mark is no copy, but the officer's own
        return []
    shown = set(_FIELD.findall(text))
    return sorted(set(_FIELD.findall(ours.read_text(encoding="utf-8"))) - shown)[:_MOST_NAMED]


CHECKS = (copies_present_templates,)
