"""What cannot be read of an old bulletin is said, in the draft and on the terminal: nothing is lost in silence."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import compress

import pytest

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role
from bulletin.importing.docx import read_docx
from bulletin.importing.html_pages import read_html
from bulletin.importing.pdf import read_pdf
from bulletin.importing.reading import read_old
from bulletin.workspace.workspace import Workspace
from mailed import run
from pdfs import write_pdf

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

LARGE_PICTURE = f"<img alt='A poster' src='data:image/png;base64,{'A' * 10_500_000}'>"
HEAD = "<h1>News for May 2021</h1><h2>First</h2><p>One.</p>"


@pytest.fixture(autouse=True)
def _as_deep_as_apart() -> Iterator[None]:
    """Pages are nested as deeply here as in the process that reads them."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(usual)


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if block.role is not Role.LOST]


def losses(blocks: list[Block]) -> str:
    return "\n".join(block.text for block in blocks if block.role is Role.LOST)


def test_a_large_picture_in_a_page_costs_nothing_of_what_follows(make_workspace: MakeWorkspace) -> None:
    place = make_workspace()
    old = place.root / "old.html"
    old.write_text(f"{HEAD}{LARGE_PICTURE}<h2>Last</h2><p>It ends here.</p>", encoding="utf-8")
    said = run(place, "draft", str(old), "--month", "2021-06")

    assert "It ends here" in place.issue_path("2021-06").read_text(encoding="utf-8")
    assert "Not everything" not in said


def test_the_command_and_the_draft_say_what_could_not_be_read(make_workspace: MakeWorkspace) -> None:
    place = make_workspace()
    old = place.root / "old.html"
    old.write_text(f"{HEAD}<p>Two.</p><!-- never closed <p>Seaside outing</p>", encoding="utf-8")
    said = run(place, "draft", str(old), "--month", "2021-06")
    written = place.issue_path("2021-06").read_text(encoding="utf-8")

    assert "Not everything in the old file could be read. Missing from the draft:\n  - Words " in said
    assert "seaside outing" in said
    assert "\n# check: this couldn’t be read, so it is missing here." in written
    assert "seaside outing" in written.replace("\n# ", " ")


@pytest.mark.parametrize(
    "page",
    [
        HEAD + "<div>" * 1_000 + "<p>Deep inside</p>" + "</div>" * 1_000 + "<p>The end</p>",
        f"{HEAD}<style>{'p ' * 5_500_000}</style><p>Deep inside</p><p>The end</p>",
        f"<html><body>{HEAD}</body></html><html><body><p>Deep inside</p><p>The end</p></body></html>",
        f"<html><body>{HEAD}</body></html><p>Deep inside</p><p>The end</p>",
        f"{HEAD}<table><caption>Deep inside</caption><tr><td>1 May<td>Fair<tr><td>2 May<td>Quiz</table><p>The end</p>",
    ],
    ids=["nested", "large style", "two pages in one file", "behind the end of the page", "caption of a table"],
)
def test_what_stands_in_a_page_is_read_wherever_it_stands(page: str) -> None:
    blocks = read_html(page.encode())

    assert {"Deep inside", "The end"} <= set(texts(blocks))
    assert not losses(blocks)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (HEAD + "<div>" * 3_000 + "<p>Seaside</p>", "can’t be read from line 1 on: it is nested too deeply"),
        (f"{HEAD}<p title='never closed>Seaside</p><p>outing</p>", "seaside outing"),
        (f"{HEAD}<script>never closed <p>Seaside</p>", "Everything after the last <script>"),
        (f"{HEAD}<svg><text>Seaside outing</text></svg>", "(<svg>) with the words “seaside outing”"),
    ],
)
def test_what_is_lost_of_a_page_is_told(page: str, said: str) -> None:
    assert said in losses(read_html(page.encode()))


def test_a_page_that_is_whole_loses_nothing() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>x</title><style>p > a {color: red}</style><script>if (a<b && c>d) "
        "x('<p>no</p>')</script></head><body><!--[if mso]><p>For Outlook alone</p><![endif]--><![if !mso]>"
        f"{HEAD}<p title='5 > 4'>Caf&eacute; &amp; co&nbsp;don’t, <b>T</b>wo, safe&shy;guarding</p><![endif]>"
    )
    blocks = read_html(page.encode())

    assert texts(blocks)[-1] == "Café & co don’t, Two, safeguarding"
    assert not losses(blocks)


def test_the_encoding_that_an_old_page_declares_is_the_one_that_it_is_read_in() -> None:
    page = "<html><head><meta charset=iso-8859-2></head><h1>News</h1><p>Meet Łukasz in Łódź</p>"

    assert texts(read_html(page.encode("iso-8859-2")))[-1] == "Meet Łukasz in Łódź"


def test_letters_in_no_known_encoding_are_told(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"News for May 2021\n\nMeet \x81ukasz and \x8dva.\n")

    assert "2 characters couldn’t be read" in losses(read_old(tmp_path / "old.txt"))


# Word documents


def write_document(*, body: str = "", header: str = "", without: str = "") -> bytes:
    """A document with two lines, more XML in its body, and a part taken out."""
    import docx

    document, written = docx.Document(), io.BytesIO()
    document.add_heading("News for May 2021", 0)
    document.add_paragraph("Hello")
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.save(written)
    changed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
            if name != without:
                new.writestr(name, content)
    return changed.getvalue()


BOX = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{}</mc:AlternateContent>'


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"header": "Anytown Partnership"}, "headers or footers: “anytown partnership”"),
        ({"body": f"<w:p><w:r>{BOX.format('<w:t>Seaside outing</w:t>')}</w:r></w:p>"}, "“seaside outing”"),
        ({"body": "<w:altChunk/>"}, "Another document inside this one"),
        (
            {"body": '<w:p><w:r><w:sym w:font="Odd" w:char="F0AA"/></w:r></w:p>'},
            "A symbol (number F0AA of the font Odd)",
        ),
        ({"header": "Anytown", "without": "word/header1.xml"}, "missing from the file: header1.xml"),
    ],
    ids=["header", "text box", "document inside", "symbol", "part missing"],
)
def test_what_is_lost_of_a_document_is_told(document: dict[str, str], said: str) -> None:
    assert said in losses(read_docx(write_document(**document)))


def test_a_document_that_is_whole_loses_nothing_and_what_was_deleted_in_it_is_no_loss() -> None:
    deleted = (
        "<w:p><w:del><w:r><w:t>Seaside</w:t></w:r></w:del><w:r><w:t>Sea</w:t></w:r><w:r><w:t>shore</w:t></w:r></w:p>"
    )
    blocks = read_docx(write_document(body=deleted))

    assert texts(blocks) == ["News for May 2021", "Hello", "Seashore"]
    assert not losses(blocks)


def test_half_a_document_is_refused(tmp_path: Path) -> None:
    whole = write_document()
    (tmp_path / "old.docx").write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(BulletinError, match="is damaged"):
        read_old(tmp_path / "old.docx")


# PDFs


def write_pages(*pages: bytes, count: int = 0, annotation: bytes = b"") -> list[bytes]:
    """The objects of a PDF with a page for each stream, which may draw the picture /I and letters in /F."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count or len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream",
    ]
    for number, content in enumerate(pages):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R%s" % (6 + 2 * number, annotation)
        objects += [page + b"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>", content]
    return objects


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(content), content)


TEXT = stream(b"BT /F 12 Tf 50 700 Td (News for May) Tj ET")
SCAN = stream(b"q 600 0 0 800 0 0 cm /I Do Q")
SMALL = stream(
    b"BT /F 12 Tf 50 700 Td (News for May) Tj ET BT /F 12 Tf 50 600 Td (What we did) Tj ET "
    b"BT /F 6 Tf 50 20 Td (Seaside outing) Tj ET"
)
HALF = compress(b"BT /F 12 Tf 50 700 Td (Seaside) Tj ET" + b" " * 3_000 + b"BT /F 12 Tf 50 600 Td (outing) Tj ET")[:30]


@pytest.mark.parametrize(
    ("pdf", "said"),
    [
        (write_pages(TEXT, SCAN), "Page 2 is a picture"),
        (write_pages(TEXT, count=3), "says it has 3 pages, but the file has 1"),
        (write_pages(SMALL), "small print at the head or foot of a page: “seaside outing”"),
        (
            write_pages(TEXT, annotation=b"/Annots[<</Subtype/FreeText/Rect[9 9 99 99]/Contents(Seaside outing)>>]"),
            "typed onto page 1: “seaside outing”",
        ),
        (write_pages(TEXT, stream(b"not packed", b"/Filter/FlateDecode")), "A part of the PDF is damaged"),
        (write_pages(TEXT, stream(HALF, b"/Filter/FlateDecode")), "A part of the PDF is damaged"),
    ],
    ids=["a page that is a scan", "pages missing", "small print", "text box", "damaged page", "half a page"],
)
def test_what_is_lost_of_a_pdf_is_told(pdf: list[bytes], said: str, tmp_path: Path) -> None:
    blocks = read_pdf(write_pdf(tmp_path / "a.pdf", *pdf).read_bytes())

    assert "News for May" in texts(blocks)
    assert said in losses(blocks)


def test_a_pdf_that_is_whole_loses_nothing(tmp_path: Path) -> None:
    assert not losses(read_pdf(write_pdf(tmp_path / "a.pdf", *write_pages(TEXT, TEXT)).read_bytes()))
