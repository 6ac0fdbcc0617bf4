"""Blocks from a PDF: by its structure where it has one, by the places and sizes of its letters where it has none."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block
from bulletin.importing.lines import read_lines
from bulletin.importing.paragraphs import make_blocks
from bulletin.importing.tagged import write_page
from bulletin.importing.web import read_html

MOST_PAGES = 200


def read_pdf(data: bytes) -> list[Block]:
    """The blocks of a PDF.

    Raises BulletinError for one that has a password, has more than MOST_PAGES, or is a scan without text.
    """
    import pdfplumber  # 200 ms, and only those who bring a PDF need it
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(BytesIO(data)) as document:
            _refuse_endless(document)
            page = write_page(document)
            blocks = read_html(page) if page else make_blocks(list(read_lines(document)))
            if not any(block.text for block in blocks):
                _refuse_scan(document)
            return blocks
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, MemoryError):
            raise cause from error
        if isinstance(cause, PDFPasswordIncorrect):
            raise BulletinError("The PDF is locked with a password.", "Save it without one, and try again.") from error
        raise


def _refuse_endless(document: Any) -> None:
    from itertools import islice

    from pdfminer.pdfpage import PDFPage

    pages = sum(1 for _ in islice(PDFPage.create_pages(document.doc), MOST_PAGES + 1))
    if pages > MOST_PAGES:
        raise BulletinError(
            f"The PDF has more than {MOST_PAGES} pages, which is more than a bulletin has.",
            "Save the pages that you need as a PDF of their own.",
        )


def _refuse_scan(document: Any) -> None:
    if any(page.images for page in document.pages):
        raise BulletinError(
            "There is no text in it: it is a scan, a picture of pages.",
            "Let a program with text recognition (OCR) make text of it, or type it into a .txt file.",
        )
