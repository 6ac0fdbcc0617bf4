"""Compile the phrases of each language (`make phrases`): bulletin/languages/cy.po becomes cy.mo."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[1] / "bulletin" / "languages"


def read_catalogue(path: Path) -> Catalog:
    """The catalogue in a .po file. Raises PoFileError for one that is no such file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


class _Timeless(Catalog):
    """A catalogue whose header says nothing of when it was made, and by which version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compile_catalogue(path: Path) -> bytes:
    """What Python's gettext reads: the same bytes for the same phrases."""
    read = read_catalogue(path)
    timeless = _Timeless(locale=path.stem, charset="utf-8")
    for message in read:
        if message.id:
            timeless.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, timeless)
    return compiled.getvalue()


def list_unchecked(path: Path) -> list[tuple[str, str]]:
    """The phrases that a speaker of the language still has to check, each with its translation."""
    return [
        (message.id if isinstance(message.id, str) else message.id[1], _first(message.string))
        for message in read_catalogue(path)
        if message.id and "?" in message.user_comments
    ]


def _first(string: str | tuple[str, ...]) -> str:
    return string if isinstance(string, str) else string[-1]


def write_page(path: Path) -> str:
    """The page for a Welsh speaker: each phrase that is still to be checked, beside the English."""
    unchecked = sorted(list_unchecked(path), key=lambda row: row[0].lower())
    rows = [f"| {re.sub('e-(?=mail)', 'e', english)} | {welsh} |" for english, welsh in unchecked]
    return "\n".join([PAGE, "| English | Welsh |", "|---|---|", *rows, ""])


PAGE = """\
<!-- Written by docs/phrases.py (`make phrases`). -->
# Phrases for a Welsh speaker to check

We are not sure of these. Correct them in `bulletin/languages/cy.po`, delete the comment `# ?` above each, and run
`make phrases`. What is in {braces} is filled in: a date, a number, a name. [Write in Welsh](languages.md) says how
dates are put.
"""


if __name__ == "__main__":
    (FOLDER.parents[1] / "docs" / "welsh-phrases.md").write_text(write_page(FOLDER / "cy.po"), encoding="utf-8")
    for path in sorted(FOLDER.glob("*.po")):
        path.with_suffix(".mo").write_bytes(compile_catalogue(path))
        print(f"{path.name}: {len(list(read_catalogue(path))) - 1} phrases, {len(list_unchecked(path))} to check")
