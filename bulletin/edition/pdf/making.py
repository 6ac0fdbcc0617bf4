"""Make the PDF of an issue: tagged, PDF/UA-1 (ISO 14289-1), the same bytes for the same issue. Pure but for Typst."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bulletin.edition.languages.speech import Speech, speak
from bulletin.edition.pdf.document import PdfSurroundings, describe_issue, list_words, write_json
from bulletin.edition.pdf.fonts import find_common_characters
from bulletin.edition.pdf.pdf_theme import PdfTheme, find_pdf_theme
from bulletin.edition.pdf.picture_files import PictureFiles
from bulletin.edition.pdf.printed_address import print_address
from bulletin.edition.pdf.record_tree import Describer
from bulletin.edition.pdf.text_tree import Node
from bulletin.edition.pdf.typst_process import TypstFault, compile_pdf
from bulletin.edition.pdf.unprintable import print_tree
from bulletin.edition.theme import Theme
from bulletin.edition.typography.typesetting import read_type_style
from bulletin.errors import ThemeError
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings

NO_SURROUNDINGS = PdfSurroundings()

_ANY_KIND: Final = b'#import "any.typ": body\n'
"""The form of a kind that the theme has none for: each of its fields in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfFile:
    """A PDF, how many pages it has, and all that it says and leads to, a text a line."""

    content: bytes = field(repr=False)
    pages: int
    words: str = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


def name_pdf(bulletin_name: str, issue_id: str, *, language: str = "") -> str:
    """The name of the file: `monthly-2021-05.pdf`; `monthly-2021-05-cy.pdf` for one language of a bilingual issue."""
    return "-".join(filter(None, [bulletin_name, issue_id.rpartition("/")[2], language])) + ".pdf"


def make_pdf(
    issue: Issue,
    *,
    settings: Settings,
    bulletin_name: str,
    theme: Theme,
    pictures: Callable[[str], bytes],
    around: PdfSurroundings = NO_SURROUNDINGS,
) -> PdfFile:
    """The PDF of `issue`, which is pruned already and in one language.

    `pictures` gives the bytes of a workspace picture by its path. Raises MissingPart without Typst, ThemeError for a
    faulty theme, BulletinError for a picture that is none, or for an issue that takes too long.
    """
    files = find_pdf_theme(theme)
    album = PictureFiles(read=pictures)
    document = describe_pdf(
        issue, settings=settings, bulletin_name=bulletin_name, files=files, album=album, around=around
    )
    own = {f"pictures/{name}": content for name, content in album.files.items()}
    return typeset(document, files, own)


def describe_pdf(
    issue: Issue,
    *,
    settings: Settings,
    bulletin_name: str,
    files: PdfTheme,
    album: PictureFiles,
    around: PdfSurroundings,
) -> Node:
    """All that the PDF says, in characters that its fonts have; the pictures that it shows are in `album` then."""
    describer = Describer(
        published=issue.published,
        style=read_type_style(settings),
        pictures=album,
        speech=speak(issue.first_language),
    )
    document = describe_issue(issue, settings=settings, bulletin_name=bulletin_name, describer=describer, around=around)
    printed: Node = print_tree(
        document, find_common_characters(files.read_fonts()), note=write_note(around, describer.speech)
    )
    return printed


def write_note(around: PdfSurroundings, speech: Speech) -> str:
    """What is printed in place of a passage in a script that the fonts lack."""
    words = speech.say("Read this on the web")
    return f"{words}: {print_address(around.address)}" if around.address else words


def typeset(document: Node, files: PdfTheme, pictures: dict[str, bytes]) -> PdfFile:
    """The PDF of a document in a theme. Raises as `make_pdf`."""
    forms = {f"sections/{section['kind']}.typ": _ANY_KIND for section in document["sections"]}
    try:
        content = compile_pdf({**forms, **files.read(), **pictures, "issue.json": write_json(document)})
    except TypstFault as fault:
        path = files.files.get(fault.file)
        place = f"{path}:{fault.line}: " if path else ""
        raise ThemeError(
            f"{place}The PDF can’t be made: {fault.message.rstrip('.')}.",
            "Fix the file, or delete it from your templates folder to use the one that comes with the product.",
        ) from fault
    return PdfFile(content=content, pages=_count_pages(content), words="\n".join(list_words(document)))


def _count_pages(content: bytes) -> int:
    """The number at the root of the page tree (ISO 32000-1, 7.7.3), which Typst writes without compression."""
    return max((int(count) for count in re.findall(rb"/Type\s*/Pages\s*/Count (\d+)", content)), default=0)
