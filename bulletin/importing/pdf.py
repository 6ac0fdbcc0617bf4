"""Blocks from a PDF: from its structure if it has one, else from the places and sizes of its letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block
from bulletin.importing.html_pages import read_html
from bulletin.importing.lines import read_lines
from bulletin.importing.losses import make_loss, report_missing
from bulletin.importing.paragraphs import make_blocks
from bulletin.importing.tagged_pdf import write_page
from bulletin.parts import Part, require_part

MOST_PAGES = 200
_MOST_OF_A_PAGE = 0.3  # of its area: a page with such a large picture, and no letters, is a scan


def read_pdf(data: bytes) -> list[Block]:
    """The blocks of a PDF. Parts that couldn't be read become blocks of `Role.LOST`.

    Raises BulletinError if it has a password, has more than MOST_PAGES, or is a scan without text;
    MissingPart without the library that reads PDFs.
    """
    require_part(Part.READ_PDF)
    import pdfplumber  # 200 ms, and only those who bring a PDF need it
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with _listen() as heard, pdfplumber.open(BytesIO(data)) as document:
            _refuse_endless(document)
            lost = _Lost()
            page, loose = write_page(document, look=lost.look)
            blocks = read_html(page) if page else make_blocks(read_lines(document, look=lost.look))
            if not any(block.text for block in blocks):
                _refuse_scan(document)
            outside = report_missing("Words outside the structure of the PDF", loose, blocks)
            return [*blocks, *outside, *lost.tell(document, blocks), *map(make_loss, heard)]
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, MemoryError):
            raise cause from error
        if isinstance(cause, PDFPasswordIncorrect):
            raise BulletinError(
                "The PDF is locked with a password.", "Save it without a password, and try again."
            ) from error
        raise


@contextmanager
def _listen() -> Iterator[list[str]]:
    """Damage that the library skips, in our words. The list is complete at the end of the block."""
    from pdfminer import pdftypes

    heard: list[str] = []
    mend = pdftypes.decompress_corrupted

    def tell(data: bytes) -> bytes:
        heard[:] = ["A part of the PDF is damaged: some of its text may be missing."]
        return mend(data)

    pdftypes.decompress_corrupted = tell
    try:
        yield heard
    finally:
        pdftypes.decompress_corrupted = mend


class _Lost:
    """Content of pages outside their text: pages that are pictures, and words typed onto pages."""

    def __init__(self) -> None:
        self._pictures: dict[int, None] = {}
        self._typed: dict[int, str] = {}

    def look(self, page: Any) -> None:
        """Examine a page while it is open."""
        if not page.chars and any(_covers(image, page) for image in page.images):
            self._pictures[page.page_number] = None
        self._typed[page.page_number] = " ".join(_read_typed(annotation["data"]) for annotation in page.annots)

    def tell(self, document: Any, blocks: Sequence[Block]) -> Iterator[Block]:
        """The losses that were found, and missing pages."""
        from pdfminer.pdftypes import resolve1

        declared = resolve1((resolve1(document.doc.catalog.get("Pages")) or {}).get("Count"))
        if isinstance(declared, int) and declared > len(document.pages):
            yield make_loss(f"The PDF says it has {declared:,} pages, but the file has {len(document.pages):,}.")
        for number in self._pictures:
            yield make_loss(f"Page {number} is a picture, so its text can’t be read.")
        for number, words in self._typed.items():
            yield from report_missing(f"Words typed onto page {number}", words, blocks)


def _covers(image: dict[str, Any], page: Any) -> bool:
    return bool(image["width"] * image["height"] >= _MOST_OF_A_PAGE * page.width * page.height)


def _read_typed(annotation: dict[str, Any]) -> str:
    """The words of a text box or a filled-in field; "" for links, and for comments that readers don't see."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    kind = getattr(annotation.get("Subtype"), "name", "")
    words = resolve1(annotation.get({"FreeText": "Contents", "Widget": "V"}.get(kind, "")))
    return decode_text(words) if isinstance(words, bytes) else ""


def _refuse_endless(document: Any) -> None:
    from itertools import islice

    from pdfminer.pdfpage import PDFPage

    pages = sum(1 for _ in islice(PDFPage.create_pages(document.doc), MOST_PAGES + 1))
    if pages > MOST_PAGES:
        raise BulletinError(
            f"The PDF has more than {MOST_PAGES} pages, too many for a bulletin.",
            "Save only the pages you need as a new PDF.",
        )


def _refuse_scan(document: Any) -> None:
    if any(page.images for page in document.pages):
        raise BulletinError(
            "It has no text: it is a scan, a picture of pages.",
            "Use text recognition (OCR) to get its text, or type it into a .txt file.",
        )
