"""The evidence of our own tests of accessibility: what was tested, with what, how, and when. Pure but for one file.

The file beside this module is written by `make evidence`, only after all of those tests have passed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bulletin import __version__

EVIDENCE_FILE: Final = Path(__file__).with_name("tested_pages.json")
PAGES: Final = "web/archive"
PDFS: Final = "pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTests:
    """Pages that a tool looked at: how many of how many kinds, at which widths (pixels), in which colour schemes."""

    tool: str
    version: str
    standard: str
    kinds: int
    pages: int
    widths: tuple[int, ...]
    schemes: tuple[str, ...]

    @property
    def what(self) -> str:
        """`11 pages of 10 kinds`."""
        return f"{self.pages} pages of {self.kinds} kinds"

    @property
    def how(self) -> str:
        """`axe-core 4.14.1, light and dark, 3 widths (320 to 1280 pixels), WCAG 2.2 AA`."""
        widths = f"{len(self.widths)} widths ({min(self.widths)} to {max(self.widths)} pixels)"
        return f"{self.tool} {self.version}, {' and '.join(self.schemes)}, {widths}, {self.standard}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfTests:
    """PDFs that a tool looked at."""

    tool: str
    version: str
    standard: str
    files: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PageEvidence:
    """All of it. `version` is that of the program; the digests are those of the templates that were tested.

    `claims` are what readers can do, each proved by a test.
    """

    made_on: date
    version: str
    page_templates: str
    pdf_templates: str
    pages: PageTests
    pdfs: PdfTests | None
    claims: tuple[str, ...]


def read_evidence(values: Mapping[str, Any]) -> PageEvidence:
    """What the file says."""
    pages, pdfs = values["pages"], values["pdfs"]
    return PageEvidence(
        made_on=date.fromisoformat(values["made_on"]),
        version=values["version"],
        page_templates=values["page_templates"],
        pdf_templates=values["pdf_templates"],
        pages=PageTests(**{**pages, "widths": tuple(pages["widths"]), "schemes": tuple(pages["schemes"])}),
        pdfs=PdfTests(**pdfs) if pdfs else None,
        claims=tuple(values["claims"]),
    )


def find_evidence(theme_folders: Sequence[Path], *, file: Path = EVIDENCE_FILE) -> PageEvidence | None:
    """The evidence, if it is of exactly the templates in `theme_folders` and of this version; else None.

    Without the evidence of the PDFs, where only their templates are others.
    """
    try:
        found = read_evidence(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if found.version != __version__ or found.page_templates != digest_templates(theme_folders, PAGES):
        return None
    return found if found.pdf_templates == digest_templates(theme_folders, PDFS) else replace(found, pdfs=None)


def digest_templates(theme_folders: Sequence[Path], part: str) -> str:
    """SHA-256 of the files of a part of the theme, as it is used: a file of an earlier folder goes first."""
    found: dict[str, Path] = {}
    for folder in reversed(theme_folders):
        own = folder / part
        if own.is_dir():
            found |= {path.relative_to(folder).as_posix(): path for path in own.rglob("*") if path.is_file()}
    digest = sha256()
    for name in sorted(found):
        digest.update(f"{name}\n".encode() + found[name].read_bytes().replace(b"\r\n", b"\n") + b"\n")
    return digest.hexdigest()
