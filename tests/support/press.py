"""Old bulletins in the formats that people keep them in: as Word writes them, and printed to PDF by a browser."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAHgAAABQBAMAAAAgtay6AAAAGFBMVEXu7u7MzMyrq6uL"
    "i4tra2tLS0ssLCwODg5oiSagAAAAPUlEQVR42u3SwQkAIAwEwURswGot2xbSgyCIzv3nc2zO2F8L+Afcl8NghcEigW"
    "F5wiKB38M5HAafxGYXrwC6jgXGTWaNOgAAAABJRU5ErkJggg=="
)
COLUMNS = "<style>h1 {column-span: all} body {column-count: 2; column-gap: 1cm; font-size: 10pt}</style>"
RUNNING = "<div style='font-size: 8px; width: 100%; text-align: center'>{}</div>"


def print_pdf(browser: Browser, page_text: str, path: Path, *, tagged: bool, running: str = "") -> Path:
    """A page as a PDF; `running` stands at the head of each of its pages, and the page's number at its foot."""
    page = browser.new_page()
    page.set_content(re.sub('src="https?:[^"]*"', f'src="{PICTURE}"', page_text))
    number = "Page <span class=pageNumber></span> of <span class=totalPages></span>"
    page.pdf(
        path=str(path),
        tagged=tagged,
        format="A4",
        margin={"top": "2.5cm", "bottom": "2.5cm", "left": "2cm", "right": "2cm"},
        display_header_footer=bool(running),
        header_template=RUNNING.format(running),
        footer_template=RUNNING.format(number),
    )
    page.close()
    return path


def write_docx(page_text: str, path: Path) -> Path:
    """A page as a Word document, with Word's own styles for what is a heading, an entry or a table in it."""
    import docx

    document = docx.Document()
    for element in html.document_fromstring(page_text).body:
        _write_element(document, element)
    document.save(str(path))
    return path


def _write_element(document: Any, element: Any, *, depth: int = 1) -> None:
    if element.tag in ("h1", "h2", "h3"):
        _write_runs(document.add_heading("", int(element.tag[1]) - 1), element)
    elif element.tag in ("ul", "ol"):
        style = ("List Number" if element.tag == "ol" else "List Bullet") + (f" {depth}" if depth > 1 else "")
        for entry in element:
            _write_runs(document.add_paragraph(style=style), entry)
            for inner in entry.iterchildren("ul", "ol"):
                _write_element(document, inner, depth=depth + 1)
    elif element.tag == "table":
        rows = [list(row.iterchildren("td", "th")) for row in element.iter("tr")]
        table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, given in zip(row.cells, cells, strict=True):
                _write_runs(cell.paragraphs[0], given)
    elif element.tag == "img":
        run = document.add_paragraph().add_run()
        run.add_picture(BytesIO(b64decode(element.get("src").partition(",")[2])))
        run._r.xpath(".//wp:docPr")[0].set("descr", element.get("alt"))
    else:
        _write_runs(document.add_paragraph(), element)


def _write_runs(paragraph: Any, element: Any) -> None:
    _add_run(paragraph, element.text)
    for child in element:
        if child.tag == "a":
            _add_link(paragraph, child)
        elif child.tag not in ("ul", "ol"):
            _add_run(
                paragraph, child.text_content(), bold=child.tag in ("b", "strong"), italic=child.tag in ("i", "em")
            )
        _add_run(paragraph, child.tail)


def _add_run(paragraph: Any, text: str | None, *, bold: bool = False, italic: bool = False) -> None:
    if words := " ".join((text or "").split()):
        lead, tail = (" " if (text or "")[:1].isspace() else ""), (" " if (text or "")[-1:].isspace() else "")
        run = paragraph.add_run(lead + words + tail)
        run.bold, run.italic = bold or None, italic or None
    elif text:
        paragraph.add_run(" ")


def _add_link(paragraph: Any, anchor: Any) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(anchor.get("href"), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(" ".join(anchor.text_content().split()))
    link.append(run._r)
    paragraph._p.append(link)
