"""The files of a PDF's theme: those that come with the product, and a workspace's own in their place.

A theme has no packages: Typst would fetch them from the Internet.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.edition.theme import Theme, stays_inside
from bulletin.errors import ThemeError

SUFFIXES: Final = (".typ", ".ttf", ".otf", ".png", ".jpg", ".svg")
_FONTS: Final = (".ttf", ".otf")
_LARGEST: Final = {".typ": 500_000}
_LARGEST_OTHER: Final = 3_000_000  # bytes of a font or a picture
_PACKAGE: Final = re.compile(r"""["'](?:@|\\u\{0*40\})""")
_COMMENT: Final = re.compile(r"(?<!:)//.*")


@dataclass(frozen=True, kw_only=True)
class PdfTheme:
    """The files of a theme by their names in it (`page.typ`, `fonts/…`), and where each is from."""

    files: dict[str, Path]

    def read(self) -> dict[str, bytes]:
        """The contents by name. Raises ThemeError for a file that a theme can't have."""
        return {name: _read_file(path) for name, path in self.files.items()}

    def read_fonts(self) -> list[bytes]:
        """The contents of its fonts."""
        return [path.read_bytes() for path in self.files.values() if path.suffix in _FONTS]


def find_pdf_theme(theme: Theme) -> PdfTheme:
    """The files of `theme`. Raises ThemeError for a link that leads out of the workspace.

    A workspace that brings fonts brings all of them.
    """
    found: dict[str, Path] = {}
    for folder in reversed(theme.folders):
        own = dict(_list_files(folder, is_product=folder == theme.folders[-1]))
        if any(path.suffix in _FONTS for path in own.values()):
            found = {name: path for name, path in found.items() if path.suffix not in _FONTS}
        found |= own
    return PdfTheme(files=dict(sorted(found.items())))


def _list_files(folder: Path, *, is_product: bool) -> Iterator[tuple[str, Path]]:
    base = folder / "pdf"
    for place, _, names in os.walk(base):
        for name in names:
            path = Path(place, name)
            if path.suffix in SUFFIXES:
                if not is_product and not stays_inside(folder, path):
                    raise ThemeError(
                        f"{path}: this is a link that leads out of the workspace.",
                        "Copy the file itself into your templates folder.",
                    )
                yield path.relative_to(base).as_posix(), path


def _read_file(path: Path) -> bytes:
    content = path.read_bytes()
    most = _LARGEST.get(path.suffix, _LARGEST_OTHER)
    if len(content) > most:
        raise ThemeError(f"{path}: this file is larger than {most // 1000:,} KB.", "Make it smaller.")
    if path.suffix == ".typ":
        _refuse_packages(path, content)
    return content


def _refuse_packages(path: Path, content: bytes) -> None:
    for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
        if _PACKAGE.search(_COMMENT.sub("", line)):
            raise ThemeError(
                f"{path}:{number}: this asks for a package of Typst, which would come from the Internet.",
                "Copy what you need from the package into a file of your templates/pdf folder.",
            )
