"""The PDF of an issue: how it is made, how long that takes, and what hinders it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pypdf import PdfReader

from bulletin.edition.milestones import StepState
from bulletin.edition.pdf import typst_process
from bulletin.edition.pdf.document import PdfCorrection, PdfSurroundings
from bulletin.edition.pdf.making import PdfFile, make_pdf, name_pdf
from bulletin.edition.pdf.pdf_phrases import PHRASES
from bulletin.edition.pdf.typst_process import compile_pdf
from bulletin.edition.theme import Theme
from bulletin.errors import BulletinError, MissingPart, ThemeError
from bulletin.issue.kinds.resources import ResourceKind
from bulletin.workspace.package_data import sample_folder, theme_folder
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT
from pdf_editions import make_may_2021, make_november_2026, make_specimen, specimen_issue
from pdf_structure import read_structure

pytestmark = pytest.mark.slow

FONTS = ROOT / "templates/pdf/fonts"


@pytest.fixture
def theme(tmp_path: Path) -> Theme:
    """A theme with files of its own, in `templates/pdf` below the test's folder."""
    (tmp_path / "templates/pdf").mkdir(parents=True)
    return Theme(folders=(tmp_path / "templates", theme_folder()))


def write(theme: Theme, name: str, text: str) -> Path:
    path = theme.folders[0] / "pdf" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_may_2021_takes_less_than_a_second_and_a_half() -> None:
    """Of computing, in this process and in that of Typst: the machine of the tests is busy with others."""
    make_may_2021()
    before = sum(os.times()[:4])
    made = make_may_2021()

    assert sum(os.times()[:4]) - before < 1.5
    assert (made.pages, made.size < 200_000) == (6, True)


def test_an_issue_of_every_kind_has_its_pages_and_its_pictures() -> None:
    made = make_november_2026()

    reader = PdfReader(BytesIO(made.content))
    assert made.pages == len(reader.pages)
    assert made.size < 1_000_000


def test_a_hundred_pages_are_within_the_limits() -> None:
    workspace = open_workspace(sample_folder(), environ={})
    issue = workspace.load_issue("2021-05")
    made = make_pdf(
        issue.model_copy(update={"sections": issue.sections * 20}),
        settings=workspace.settings,
        bulletin_name="monthly",
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
    )

    assert made.pages > 100


@pytest.mark.parametrize("make", [make_may_2021, make_november_2026])
def test_no_page_before_the_last_is_more_than_half_empty(make: Callable[[], PdfFile]) -> None:
    with pdfplumber.open(BytesIO(make().content)) as document:
        for page in document.pages[:-1]:
            things = [*page.chars, *page.images]
            lowest = max(each["bottom"] for each in things if each["bottom"] < page.height - 68)  # above the foot
            assert lowest > page.height / 2


def test_the_date_is_that_of_the_issue_or_of_its_last_correction() -> None:
    corrected = PdfSurroundings(
        corrections=(
            PdfCorrection(on=date(2021, 5, 20), text="It starts at 9:30am."),
            PdfCorrection(on=date(2021, 5, 10), text="The *Hub* leads."),
        )
    )
    plain, later = make_specimen().content, make_specimen(around=corrected).content

    assert b"(D:20210504000000Z)" in plain
    assert b"(D:20210520000000Z)" in later
    assert b"(D:20210504000000Z)" not in later
    assert "Corrected on 20 May 2021. It starts at 9:30am." in read_structure(later).text


def test_phrases_and_dates_come_in_the_language_of_the_issue() -> None:
    structure = read_structure(make_specimen(specimen_issue(language="cy")).content)

    assert structure.lang == "cy-GB"
    for words in ("Yn y rhifyn hwn", "Darllen rhagor", "Yn arwain: Anytown CCG", "Dydd Mercher 9 Mehefin"):
        assert words in structure.text
    for words in ("Read more", "In this issue", "Led by", "Wednesday"):
        assert words not in structure.text


def test_a_section_in_another_language_has_its_phrases_and_says_so() -> None:
    links = [{"title": "Mwy", "link": "https://www.example.org/mwy"}]
    sections = [
        {"kind": "notice", "title": "Closed", "text": "On Monday [cy: a **Mawrth**].", "links": links},
        {"kind": "notice", "language": "cy", "title": "Ar gau", "text": "Ddydd Llun.", "links": links},
    ]
    structure = read_structure(make_specimen(specimen_issue(sections=sections)).content)

    assert structure.lang == "en-GB"
    assert "Read more" in structure.text.partition("Ar gau")[0]
    assert "Darllen rhagor" in structure.text.partition("Ar gau")[2]
    assert {element.lang for element in structure.root.walk()} >= {"cy-GB"}
    assert all(element.lang for element in structure.root.walk() if element.text.strip() == "Ddydd Llun.")


def test_a_theme_says_the_phrases_that_it_is_given_and_no_others() -> None:
    files = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates/pdf").rglob("*.typ")))
    said = set(re.findall(r'say(?:-in\([\w.]+, |\()"([^"]+)"', files))
    assert said - {"{a} and {b}"} <= set(PHRASES)
    assert [
        phrase for phrase in PHRASES if phrase not in said and f'"{phrase}"' not in files and phrase not in _DATA
    ] == []


_DATA = {each.word for each in StepState} | {kind.value.capitalize() for kind in ResourceKind}


def test_an_issue_of_few_sections_has_no_contents() -> None:
    issue = specimen_issue(sections=[{"kind": "notice", "title": "Closed", "text": "On Monday."}], introduction=None)
    structure = read_structure(make_specimen(issue).content)

    assert structure.root.find("TOC") == []
    assert structure.root.find("H1")[0].text == "Closed"


LONG = "\n\n".join(f"Paragraph {number} of many. " + "It covers several pages. " * 30 for number in range(40))


@pytest.mark.parametrize(
    "section",
    [
        {"kind": "notice", "title": "A", "text": LONG},
        {"kind": "links", "title": "A", "items": [{"title": "B", "link": "https://x.example.org", "summary": LONG}]},
        {"kind": "people", "title": "A", "items": [{"name": "B", "text": LONG}]},
        {"kind": "video", "title": "A", "link": "https://x.example.org", "text": LONG},
        {"kind": "article", "title": "A", "text": "T", "quote": {"text": LONG.replace("\n\n", " ")}},
        {"kind": "about", "title": "A", "text": "T", "items": [{"title": "B", "text": LONG}]},
        {"kind": "vacancies", "title": "A", "items": [{"title": "B", "text": LONG, "closes": "1 June 2021"}]},
        {"kind": "executive_updates", "title": "A", "lead": "T", "items": ["T"], "outlook": LONG},
    ],
    ids=lambda section: section["kind"],
)
def test_a_part_that_is_longer_than_a_page_is_all_there(section: dict[str, Any]) -> None:
    made = make_specimen(specimen_issue(sections=[section], introduction=None))
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.content)).pages]

    assert made.pages > 5
    said = " ".join(" ".join(pages).split())
    assert [number for number in range(40) if f"Paragraph {number} of many." not in said] == []
    assert all(len(page) > 1_000 for page in pages[:-1])


def test_the_last_day_to_book_is_printed() -> None:
    assert "Book by Tuesday 1 June." in read_structure(make_specimen().content).text


@pytest.mark.parametrize(
    ("bulletin", "issue", "name"),
    [
        ("monthly", "2021-05", "monthly-2021-05.pdf"),
        ("training", "training/2021-05", "training-2021-05.pdf"),
        ("monthly", "2021-05-flood", "monthly-2021-05-flood.pdf"),
    ],
)
def test_a_file_is_named_by_its_bulletin_and_month(bulletin: str, issue: str, name: str) -> None:
    assert name_pdf(bulletin, issue) == name


def test_one_language_of_a_bilingual_issue_has_a_file_of_its_own() -> None:
    assert name_pdf("monthly", "2021-05", language="cy") == "monthly-2021-05-cy.pdf"


def test_a_workspace_may_replace_any_file_of_the_theme(theme: Theme) -> None:
    write(
        theme,
        "sections/notice.typ",
        '#import "../components/heading.typ": section-heading\n'
        "#let body(section) = { section-heading(section); par[Our own notice.] }\n",
    )

    assert "Our own notice." in read_structure(make_specimen(theme=theme).content).text


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("page.typ", '#import "@preview/cetz:0.3.0": canvas', "page.typ:1: this asks for a package of Typst"),
        ("components/box.typ", '\n#include "@local/x:1.0.0"', "box.typ:2: this asks for a package of Typst"),
        ("components/foot.typ", '#import "\\u{40}preview/x:1.0.0"', "foot.typ:1: this asks for a package of Typst"),
        ("issue.typ", "= Title\n#let x = ", "issue.typ:2: The PDF can’t be made: expected expression"),
        ("issue.typ", '#read("/etc/passwd")', "issue.typ:1: The PDF can’t be made: file not found"),
        ("issue.typ", '#read("../../../../../etc/passwd")', "issue.typ:1: The PDF can’t be made:"),
        ("issue.typ", '#import "@" + "preview/cetz:0.3.0"', "issue.typ:1: this asks for a package of Typst"),
        ("issue.typ", '#import str.from-unicode(64) + "preview/cetz:0.3.0"', "issue.typ:1: The PDF can’t be made:"),
        ("issue.typ", '#image("pictures/none.png")', "The PDF can’t be made: file not found"),
    ],
)
def test_a_fault_of_a_theme_is_named_with_its_file_and_line(theme: Theme, name: str, line: str, said: str) -> None:
    write(theme, name, line)

    with pytest.raises(ThemeError) as caught:
        make_specimen(theme=theme)

    assert said in caught.value.message
    assert "bulletin-pdf-" not in caught.value.message
    assert caught.value.remedy


def test_a_picture_without_an_alternative_stops_the_pdf(theme: Theme) -> None:
    write(
        theme,
        "issue.typ",
        '#set document(title: "T")\n= One\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))',
    )

    with pytest.raises(ThemeError, match="alt text"):
        make_specimen(theme=theme)


def test_a_link_that_leads_out_of_the_workspace_is_refused(theme: Theme) -> None:
    (theme.folders[0] / "pdf/page.typ").symlink_to("/etc/hostname")

    with pytest.raises(ThemeError, match="leads out of the workspace"):
        make_specimen(theme=theme)


def test_a_theme_that_never_ends_is_stopped() -> None:
    files = {"issue.typ": b"#for a in range(100000) { for b in range(100000) { let x = a * b } }\n"}

    with pytest.raises(BulletinError, match="takes more than 1 seconds"):
        compile_pdf(files, seconds=1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits it")
def test_a_theme_that_fills_the_memory_is_stopped() -> None:
    files = {"issue.typ": b'#let x = "ab"\n#for _ in range(40) { x = x + x }\n#x.len()\n'}

    with pytest.raises(BulletinError, match="more than 100 MB of memory"):
        compile_pdf(files, memory=100_000_000)


def test_without_typst_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package is hidden from the process that would use it, as if it were not installed."""
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copytree(ROOT / "bulletin", bare / "bulletin", ignore=shutil.ignore_patterns("__pycache__"))
    (bare / "typst.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setattr(typst_process, "_PACKAGE", bare)

    with pytest.raises(MissingPart) as caught:
        make_specimen()

    assert str(caught.value) == 'Making PDFs needs one more part: pip install "ebulletin[pdf]"'


def test_whether_typst_is_there_is_known_without_loading_it() -> None:
    code = "import sys; from bulletin.parts import Part, has_part; print(has_part(Part.PDF), *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.startswith("True ")
    assert "typst" not in done.stdout.split()


def test_the_fonts_are_as_their_makers_publish_them() -> None:
    """“Source” is a reserved name: a changed file would need another one."""
    listed = dict(reversed(line.split()) for line in (FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    done = subprocess.run(["sha256sum", *listed], cwd=FONTS, capture_output=True, text=True, check=True)

    assert dict(reversed(line.split()) for line in done.stdout.splitlines()) == listed
    assert sorted(listed) == ["OFL.txt", "SourceSans3VF-Italic.ttf", "SourceSans3VF-Upright.ttf"]
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) == 1_042_040
