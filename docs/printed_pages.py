"""Pictures of a PDF's pages: several beside each other for a desktop, the first alone for a phone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser
from saving import PICTURES, ROOT, save_small

from bulletin.edition.build import make_issue_pdfs
from bulletin.workspace.workspace import open_workspace

DESKTOP, PHONE = 1280, 390  # pixels
DESK = "#8a8f94"
GAP = 12

ISSUES = {
    "may-2021": (ROOT, "2021-05", (0, 1, 4)),
    "november-2026": (ROOT / "tests/edition/november", "2026-11", (0, 2, 5)),
}


def take_printed_pages(_: Browser) -> None:
    """The pages of two issues, one of them with every kind of section."""
    for name, (workspace, issue, numbers) in ISSUES.items():
        pages = draw_pages(workspace, issue, (DESKTOP - 4 * GAP) // 3)
        save_small(_lay_out([pages[number] for number in numbers]), PICTURES / f"pdf-{name}-{DESKTOP}.png")
        first = draw_pages(workspace, issue, PHONE)[0]
        save_small(_write(first), PICTURES / f"pdf-{name}-{PHONE}.png")


def draw_pages(workspace: Path, issue: str, width: int) -> list[Image.Image]:
    """Each page of an issue's PDF, `width` pixels wide."""
    (made,) = make_issue_pdfs(open_workspace(workspace, environ={}), issue).values()
    document = pypdfium2.PdfDocument(made.content)
    pages = [page.render(scale=width / page.get_width()).to_pil() for page in document]
    document.close()
    return pages


def _lay_out(pages: list[Image.Image]) -> bytes:
    whole = Image.new("RGB", (DESKTOP, pages[0].height + 2 * GAP), DESK)
    for number, page in enumerate(pages):
        whole.paste(page, (GAP + number * (page.width + GAP), GAP))
    return _write(whole)


def _write(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
