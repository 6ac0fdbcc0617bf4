"""PDFs: tagged and plain, printed by a browser; and those that are broken, locked, scanned or hostile."""

from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block
from bulletin.importing.reading import read_old
from pdfs import write_pdf
from press import print_pdf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

FILLER = "Each agency keeps its own record of the visits that it made, and the Board reads all of them in June. "


def describe(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.role.name.lower(), block.text) for block in blocks]


def read_page(browser: Browser, page: str, folder: Path, *, tagged: bool, running: str = "") -> list[Block]:
    return read_old(print_pdf(browser, page, folder / "a.pdf", tagged=tagged, running=running))


# Tagged


def test_a_tagged_pdf_is_read_by_its_structure_and_not_by_its_looks(browser: Browser, tmp_path: Path) -> None:
    page = (
        "<style>h2 {font-size: 9pt; font-weight: normal} .big {font-size: 30pt}</style>"
        "<h1>News</h1><h2>Small heading</h2><p class=big>Large words</p><p>Text</p>"
    )
    assert describe(read_page(browser, page, tmp_path, tagged=True)) == [
        ("heading", "News"),
        ("heading", "Small heading"),
        ("paragraph", "Large words"),
        ("paragraph", "Text"),
    ]


def test_the_structure_says_in_which_order_to_read(browser: Browser, tmp_path: Path) -> None:
    page = (
        "<style>main {display: flex; flex-direction: column-reverse}</style>"
        "<h1>News</h1><main><p>First of all</p><p>Second to that</p></main>"
    )
    assert [text for _, text in describe(read_page(browser, page, tmp_path, tagged=True))][1:] == [
        "First of all",
        "Second to that",
    ]


def test_figures_of_a_tagged_pdf_have_their_alternative(browser: Browser, tmp_path: Path) -> None:
    picture = "<img width=90 height=90 alt='A poster' src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>"
    blocks = read_page(browser, f"<h1>News</h1><p>Text</p>{picture}", tmp_path, tagged=True)
    assert ("picture", "A poster") in describe(blocks)


@pytest.mark.parametrize("tagged", [True, False])
def test_lists_in_lists_and_numbers_stay(browser: Browser, tmp_path: Path, *, tagged: bool) -> None:
    page = (
        "<h1>News</h1><ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul><p>So:</p><ol><li>A</li><li>B</li></ol>"
    )
    blocks = read_page(browser, page, tmp_path, tagged=tagged)
    assert [(block.text, block.depth, block.number) for block in blocks if block.role.name == "ENTRY"] == [
        ("One", 0, None),
        ("Inner", 1, None),
        ("Two", 0, None),
        ("A", 0, 1),
        ("B", 0, 2),
    ]


# Plain


def test_columns_are_read_one_after_the_other(browser: Browser, tmp_path: Path) -> None:
    page = (
        "<style>main {column-count: 2; column-gap: 1cm}</style><h1>News of the month for all our partners</h1>"
        f"<main><h2>Left</h2><p>{FILLER * 3}</p><p>Left ends.</p><div style='break-before: column'></div>"
        f"<h2>Right</h2><p>{FILLER * 3}</p><p>Right ends.</p></main>"
    )
    texts = [text for _, text in describe(read_page(browser, page, tmp_path, tagged=False))]
    assert texts == [
        "News of the month for all our partners",
        "Left",
        (FILLER * 3).strip(),
        "Left ends.",
        "Right",
        (FILLER * 3).strip(),
        "Right ends.",
    ]


def test_a_word_that_was_parted_at_the_end_of_a_line_is_whole_again(browser: Browser, tmp_path: Path) -> None:
    words = "safe&shy;guar&shy;ding part&shy;ner&shy;ship multi-agency self-harm " * 6
    page = f"<h1>News</h1><div style='width: 3.1cm'><p>{words}</p></div>"
    (_, (_, text)) = describe(read_page(browser, page, tmp_path, tagged=False))
    assert set(text.split()) == {"safeguarding", "partnership", "multi-agency", "self-harm"}


def test_running_heads_and_page_numbers_are_dropped_and_a_paragraph_goes_on_over_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    long = " ".join(random.Random(1).choices(FILLER.replace(".", ",").split(), k=1_100)).strip(",") + "."
    page = f"<style>p {{widows: 1; orphans: 1}}</style><h1>News</h1><p>{long}</p><h2>End</h2><p>Bye.</p>"
    blocks = read_page(browser, page, tmp_path, tagged=False, running="Anytown News, June 2021")
    assert describe(blocks) == [
        ("heading", "News"),
        ("paragraph", long),
        ("heading", "End"),
        ("paragraph", "Bye."),
    ]


def test_a_table_with_lines_and_a_row_without_are_read_cell_by_cell(browser: Browser, tmp_path: Path) -> None:
    page = (
        "<style>table {border-collapse: collapse} .ruled td {border: 1px solid; padding: 4px}</style><h1>News</h1>"
        "<table class=ruled><tr><td>9 June</td><td>Board meets</td></tr><tr><td>3 July</td><td>Summer fair</td></tr>"
        "</table><p>Between</p><p><span>11 June</span><span style='margin-left: 3cm'>Sports day</span></p>"
    )
    blocks = read_page(browser, page, tmp_path, tagged=False)
    assert describe(blocks)[1:] == [
        ("table", "9 June · Board meets · 3 July · Summer fair"),
        ("paragraph", "Between"),
        ("paragraph", "11 June · Sports day"),
    ]


LINK = "<a href='https://www.example.org/{}'>{}</a>"


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize(
    "words",
    ["the guidance for schools, nurseries, surgeries, and all who work with them", "information for partners " * 4],
)
def test_a_link_over_several_lines_is_one_link(browser: Browser, tmp_path: Path, words: str, *, tagged: bool) -> None:
    page = f"<h1>News</h1><div style='width: 5cm'><p>Read {LINK.format('a', words.strip())} today.</p></div>"
    blocks = read_page(browser, page, tmp_path, tagged=tagged)
    assert [(run.text, run.link) for run in blocks[1].links] == [(words.strip(), "https://www.example.org/a")]


@pytest.mark.parametrize("linked", [True, False])
def test_an_address_over_several_lines_is_one_address(browser: Browser, tmp_path: Path, *, linked: bool) -> None:
    address = "https://www.example.org/safeguarding/children/neglect/toolkit/"
    broken = address.replace("children/", "children/<br>")
    shown = f"<a href='{address}'>{broken}</a>" if linked else broken
    blocks = read_page(browser, f"<h1>News</h1><p>Read {shown} today.</p>", tmp_path, tagged=False)
    assert [(run.text, run.link) for run in blocks[1].links] == [(address.rstrip("/"), address.rstrip("/"))] or [
        (run.text, run.link) for run in blocks[1].links
    ] == [(address, address)]


@pytest.mark.parametrize("tagged", [True, False])
def test_lines_that_were_ended_on_purpose_stay_lines(browser: Browser, tmp_path: Path, *, tagged: bool) -> None:
    page = f"<h1>News</h1><p>Town Hall<br>2 Mill Lane<br>Anytown</p><p>{FILLER * 3}</p>"
    blocks = read_page(browser, page, tmp_path, tagged=tagged)
    assert [(block.text, block.tight) for block in blocks[1:4]] == [
        ("Town Hall", False),
        ("2 Mill Lane", True),
        ("Anytown", True),
    ]
    assert blocks[4].text == (FILLER * 3).strip()


# Refused


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(201):
        writer.add_blank_page(width=100, height=100)
    writer.write(tmp_path / "a.pdf")
    with pytest.raises(BulletinError, match="more than 200 pages"):
        read_old(tmp_path / "a.pdf")


def test_a_pdf_with_a_password_is_refused(tmp_path: Path, browser: Browser) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = print_pdf(browser, "<h1>News</h1>", tmp_path / "a.pdf", tagged=False)
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(BulletinError, match="password"):
        read_old(tmp_path / "locked.pdf")


def test_a_scan_is_refused_in_words(tmp_path: Path) -> None:
    Image.new("RGB", (600, 800), "white").save(tmp_path / "scan.pdf")
    with pytest.raises(BulletinError, match="has no text: it is a scan"):
        read_old(tmp_path / "scan.pdf")


def test_a_loop_in_the_tree_of_pages_comes_to_an_end(tmp_path: Path) -> None:
    path = write_pdf(
        tmp_path / "loop.pdf",
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 9/Kids[3 0 R 2 0 R]>>",
        b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]/Parent 2 0 R>>",
    )
    assert describe(read_old(path, seconds=20)) == [("lost", "The PDF says it has 9 pages, but the file has 0.")]


def test_a_pdf_that_unpacks_to_too_much_is_stopped_by_the_limit_on_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(60)) + packer.flush()
    path = write_pdf(
        tmp_path / "bomb.pdf",
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed),
    )
    with pytest.raises(BulletinError, match="more than 500 MB of memory"):
        read_old(path, memory=500_000_000)


def test_a_pdf_that_takes_too_long_is_stopped(tmp_path: Path, browser: Browser) -> None:
    path = print_pdf(browser, "<h1>News</h1>", tmp_path / "a.pdf", tagged=False)
    with pytest.raises(BulletinError, match=r"more than 0\.05 seconds"):
        read_old(path, seconds=0.05)
