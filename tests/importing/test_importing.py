"""`bulletin draft`: old bulletins become drafts that load, and nothing of them is lost."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError
from bulletin.importing import reading
from bulletin.importing.blocks import Block, Role, Run, find_words, join_runs, make_table
from bulletin.importing.chapters import PRIORITY, is_priority
from bulletin.importing.draft import draft_from
from bulletin.importing.html_pages import read_html
from bulletin.importing.patterns import complete_date
from bulletin.importing.pictures import ImportedPicture, take_pictures
from bulletin.importing.plain import read_text
from bulletin.importing.reading import read_old
from bulletin.importing.sandbox import Unreadable, read_apart
from bulletin.issue.dates import Month
from bulletin.workspace.workspace import Workspace
from checkout import TESTS
from command_call import call
from conftest import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

OLD = TESTS / "old"
TEXT = (OLD / "partnership.txt").read_text(encoding="utf-8")
MAY = Month(2021, 5)
MakeWorkspace = Callable[..., Workspace]


def read(path: Path) -> list[Block]:
    return read_old(path)


def draft(path: Path) -> str:
    return draft_from(read(path), name=path.name).text


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def describe(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.role.name.lower(), block.text) for block in blocks]


def write_inline(block: Block) -> str:
    """A block as HTML; where its address follows its words, the words are the link, as in a real newsletter."""
    for link in block.links:
        words = block.text.replace(link.link, "").strip()
        title, dot, rest = words.partition(" · ")
        if block.role is Role.ENTRY:
            return f'<a href="{escape(link.link)}">{escape(title)}</a>{dot}{escape(rest)}'
    return escape(block.text)


def write_page(blocks: list[Block]) -> str:
    """The newsletter as a mailer's page: a layout of tables, with a hidden line for the inbox."""
    body, in_list = [], False
    for block in blocks:
        entry = block.role is Role.ENTRY
        body += ["<ul>"] if entry and not in_list else ["</ul>"] if in_list and not entry else []
        in_list = entry
        tag = "li" if entry else f"h{block.level}" if block.level else "p"
        body.append(f"<{tag}>{write_inline(block)}</{tag}>")
    return (
        "<!DOCTYPE html><html><head><title>x</title><style>p {color: red}</style></head><body>"
        '<span style="display:none">Hidden</span><table role="presentation"><tr><td><table><tr><td>'
        f"{''.join(body)}{'</ul>' if in_list else ''}</td></tr></table></td></tr></table></body></html>"
    )


def write_docx(blocks: list[Block], path: Path) -> Path:
    import docx

    document = docx.Document()
    for block in blocks:
        if block.level:
            document.add_heading(block.text, block.level - 1)
        else:
            document.add_paragraph(block.text, style="List Bullet" if block.role is Role.ENTRY else None)
    document.save(str(path))
    return path


@pytest.fixture
def old_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The newsletter in the format that the test asks for."""
    blocks = read_text(TEXT.encode())
    if request.param == "txt":
        return write(tmp_path, "may.txt", TEXT)
    if request.param == "html":
        return write(tmp_path, "may.html", write_page(blocks))
    if request.param == "docx":
        return write_docx(blocks, tmp_path / "may.docx")
    browser: Browser = request.getfixturevalue("browser")
    page = browser.new_page()
    page.set_content(write_page(blocks))
    page.pdf(path=str(tmp_path / "may.pdf"), tagged=True)
    page.close()
    return tmp_path / "may.pdf"


JOINING = {"st", "nd", "rd", "th", "sept", "sat", "to"}  # parts of dates and hours, which are fields in a draft


def words_of(text: str) -> set[str]:
    """The words of a draft, as they are written and as Markdown shows them."""
    return {*split_words(text), *split_words(text.replace("\\", "")), *JOINING}


def split_words(text: str) -> list[str]:
    """The words of a text, with figures apart from letters."""
    return [part for word in find_words(text) for part in re.findall(r"\d+|\D+", word)]


FORMATS = pytest.mark.parametrize("old_file", ["txt", "html", "docx", "pdf"], indirect=True)


@FORMATS
def test_a_draft_loads_and_can_be_rendered(old_file: Path, make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2021-05": draft(old_file)})
    assert len(workspace.load_issue("2021-05").sections) == 9
    assert "Signs of Safety for partners" in make_edition(workspace, "2021-05").text


@FORMATS
def test_every_word_of_an_old_bulletin_stands_in_its_draft(old_file: Path) -> None:
    assert words_of(draft(old_file)).issuperset(split_words(TEXT))


@FORMATS
def test_sections_are_of_the_kind_that_their_heading_and_content_say(old_file: Path) -> None:
    assert re.findall(r"- kind: (\w+)", draft(old_file)) == [
        "executive_updates",
        "priorities",
        "notice",
        "campaign",
        "training",
        "events",
        "resources",
        "group_update",
        "links",
    ]


def test_a_kind_is_marked_where_it_is_a_guess_and_not_where_heading_and_content_leave_no_doubt() -> None:
    lines = draft(OLD / "partnership.txt").splitlines()
    kinds = {line.split()[-1]: lines[index - 1].strip() for index, line in enumerate(lines) if "- kind:" in line}
    assert {kind for kind, above in kinds.items() if above.startswith("# check: is this a")} == {
        "campaign",
        "notice",
        "group_update",
    }


USUAL = [
    "Priority 6: ",
    "9 June 2021",
    "24th March 2021, 9.30am to 12:30pm · Online",
    " · ",
    "Status: closed",
    "Next: ",
]
USUAL += [
    "Led by: the Council",
    "Provider: us",
    "Sat 9 June 2021",
    "7. ",
    "By ",
    ": ",
    "TO WRITE",
    "31 June",
    "5 Sept. ",
]
WILD = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)
WORDS = st.lists(WILD | st.sampled_from(USUAL), min_size=1, max_size=3).map("".join)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    role = draw(st.sampled_from(Role))
    if role is Role.TABLE:
        cells = st.lists(WORDS.map(lambda text: (Run(text=text),)), min_size=1, max_size=3)
        table = make_table(draw(st.lists(cells, min_size=1, max_size=3)))
        return table or Block(role=Role.PARAGRAPH, runs=(Run(text="a"),))
    strong, slanted = draw(st.booleans()), draw(st.booleans())
    link = draw(st.sampled_from(["", "", "https://www.example.org/a_b", "javascript:alert(1)", "#top"]))
    runs = join_runs(
        [
            Run(text=draw(st.sampled_from(["a", ""])) + draw(WORDS), strong=strong),
            Run(text=draw(WORDS), link=link, slanted=slanted),
        ]
    ) or (Run(text="a"),)
    number = draw(st.none() | st.integers(1, 9)) if role is Role.ENTRY else None
    level = draw(st.integers(1, 3)) if role is Role.HEADING else 0
    depth = draw(st.integers(0, 3)) if role is Role.ENTRY else 0
    return Block(role=role, runs=runs, level=level, number=number, depth=depth)


TITLES = ["Our priorities", "Training", "Dates", "Resources", "Useful links", "Executive", "Big Ask", "Group", "News"]


@examples(60)
@given(st.lists(st.tuples(st.sampled_from(TITLES), st.lists(blocks(), max_size=5)), min_size=1, max_size=4))
def test_whatever_was_written_a_draft_loads_and_no_word_is_lost(
    tmp_path_factory: pytest.TempPathFactory, chapters: list[tuple[str, list[Block]]]
) -> None:
    from bulletin.issue.item import ValidationContext
    from issue_files import load_issue

    given_blocks = [
        block
        for title, below in chapters
        for block in [Block(role=Role.HEADING, runs=(Run(text=title),), level=1), *below]
    ]
    text = draft_from(given_blocks, name="wild.txt", month=MAY).text
    path = write(tmp_path_factory.mktemp("wild"), "2021-05.yaml", text)
    assert load_issue(path, shown_as="wild", context=ValidationContext(month=MAY)).sections
    words = words_of(text)
    assert all(words.issuperset(split_words(_drop_label(block))) for block in given_blocks)


def _drop_label(block: Block) -> str:
    """The words of a block, except “Priority 4:”: that makes a priority of what is behind it."""
    return PRIORITY.sub("", block.text, count=1) if is_priority(block) else block.text


MARKS = """\
a < b and <b>c</b>
2 * 3 * 4
*not emphasis*
snake_case and _this_
1. not a list
# no heading
&amp; is no entity
[x](y)
`code`
- no list
> no quote
back\\slash
---
![alt](pic)"""


@pytest.mark.parametrize("words", MARKS.splitlines())
def test_marks_of_markdown_in_an_old_bulletin_show_as_they_were(words: str, make_workspace: MakeWorkspace) -> None:
    page = f"<h2>News</h2><p>{escape(words)}</p><h2>More {escape(words)}</h2><p>Text.</p>"
    text = draft_from(read_html(page.encode()), name="x.html", month=MAY).text
    edition = make_edition(make_workspace(issues={"2021-05": text}), "2021-05")
    shown = edition.text.replace(" – ", " - ")  # as a hyphen between words is set
    assert shown.count(words) >= 2


def test_bullets_torn_from_their_text_are_put_back() -> None:
    torn = "News\n\n•\nOne thing\n•\nAnother thing\n\n•\n•\nThe third\nThe fourth\n"
    entries = [text for role, text in describe(read_text(torn.encode())) if role == "entry"]
    assert entries == ["One thing", "Another thing", "The third", "The fourth"]


def test_pictures_of_a_page_are_noted_with_their_text_alternative(tmp_path: Path) -> None:
    page = "<h2>May 2021</h2><p>Hello</p><img src='x.png' alt='A poster on a wall'><h2>More</h2><p>Text</p>"
    assert "A poster on a wall" in draft(write(tmp_path, "a.html", page))


def test_what_readers_of_a_page_do_not_see_is_left_out(tmp_path: Path) -> None:
    page = "<p>Seen</p><script>no()</script><p style='display: none'>no</p><!-- no --><div hidden>no</div>"
    assert describe(read(write(tmp_path, "a.html", page))) == [("paragraph", "Seen")]


def zipped(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
HOSTILE = {
    "a Word document that unpacks to too much": (
        "a.docx",
        zipped({"word/document.xml": bytes(60_000_000)}),
        "Unpacked, this document",
    ),
    "a Word document with an external entity": ("a.docx", zipped({"word/document.xml": XXE}), "entities"),
    "a Word document with an entity in UTF-16": (
        "a.docx",
        zipped({"word/document.xml": XXE.decode().encode("utf-16")}),
        "entities",
    ),
    "a Word document without its parts": ("a.docx", zipped({"x": b"y"}), "damaged"),
    "a Word document cut short": ("a.docx", zipped({"word/document.xml": b"<a/>"})[:40], "damaged"),
    "a PDF that is none": ("a.pdf", b"%PDF-1.7\nrubbish", "damaged|no text"),
    "a PDF called a Word document": ("a.docx", b"%PDF-1.7\nrubbish", "but is a PDF"),
    "a Word document called a text": ("a.txt", zipped({"x": b"y"}), "but is a Word document"),
    "a program called a text": ("a.txt", b"\x7fELF\0\0\0", "something else"),
    "an empty file": ("a.txt", b" \n", "empty"),
    "a spreadsheet": ("a.xlsx", zipped({"x": b"y"}), "can’t be imported"),
    "a page without words": ("a.html", b"<html><body><p></p></body></html>", "no text"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_damaged_or_hostile_file_is_refused_in_words(case: str, tmp_path: Path) -> None:
    name, content, said = HOSTILE[case]
    with pytest.raises(BulletinError, match=said) as caught:
        draft(write(tmp_path, name, content))
    assert caught.value.remedy


@examples(10)  # each starts a process
@given(st.binary(max_size=300), st.sampled_from([".docx", ".html", ".txt", ".pdf"]))
def test_any_bytes_give_blocks_or_an_error_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    starts = {".docx": b"PK\x03\x04", ".pdf": b"%PDF-1.4\n"}
    path = write(tmp_path_factory.mktemp("any"), f"a{suffix}", starts.get(suffix, b"") + content)
    with suppress(BulletinError):
        assert all(block.text for block in read(path))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 1_000)
    with pytest.raises(BulletinError, match="larger than"):
        read(write(tmp_path, "a.txt", "a" * 1_001))


def test_an_entity_of_a_page_opens_no_file(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "topsecret")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>Hello &x;</p></body></html>'
    assert "topsecret" not in str(describe(read(write(tmp_path, "a.html", page))))


def test_a_bulletin_that_names_no_month_asks_for_one() -> None:
    with pytest.raises(BulletinError, match="--month"):
        draft_from(read_text(b"News\n\nHello to everybody.\n"), name="news.txt")


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call("draft", *arguments, "--workspace", str(workspace.root))


def test_the_command_writes_the_month_that_the_file_names_and_never_overwrites(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2021-04": "month: 2021-04"})
    first = run(workspace, str(OLD / "partnership.txt"))
    assert (first.returncode, "issues/2021-05.yaml: 9 sections" in first.stdout) == (0, True)
    written = workspace.issue_path("2021-05").read_text(encoding="utf-8")
    second = run(workspace, str(OLD / "partnership.txt"))
    assert (second.returncode, "already exists" in second.stderr) == (1, True)
    assert workspace.issue_path("2021-05").read_text(encoding="utf-8") == written
    other = workspace.root / "other.yaml"
    assert run(workspace, str(OLD / "partnership.txt"), "--month", "2021-06", "--out", str(other)).returncode == 0
    assert "month: 2021-06" in other.read_text(encoding="utf-8")


def test_a_draft_outside_the_issues_says_where_the_schema_is(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2021-04": "month: 2021-04"})
    out = workspace.root / "drafts" / "old" / "may.yaml"
    assert run(workspace, str(OLD / "partnership.txt"), "--out", str(out)).returncode == 0
    first = out.read_text(encoding="utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=../../.bulletin/issue.schema.json"
    assert (out.parent / first.partition("=")[2]).is_file()


def test_the_command_saves_pictures_and_says_how_many_places_are_to_be_checked(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2021-04": "month: 2021-04"})
    said = run(workspace, str(OLD / "council.html")).stdout
    text = workspace.issue_path("2021-06").read_text(encoding="utf-8")
    assert f"8 sections, 1 picture, {text.count('# check:')} places to check." in said
    assert [path.suffix for path in (workspace.root / "issues/images").iterdir()] == [".png"]
    assert workspace.load_issue("2021-06").sections


# --- dates


@pytest.mark.parametrize(
    ("written", "completed", "certain"),
    [
        ("12 June", "12 June 2021", False),
        ("13 January", "13 January 2022", False),
        ("3 March", "3 March 2021", False),
        ("Tuesday 15 June", "Tuesday 15 June 2021", True),
        ("Monday 15 June", "Monday 15 June", False),  # of no year near
        ("12 June 2019", "12 June 2019", True),
        ("June 2021", "June 2021", True),
    ],
)
def test_a_date_without_a_year_gets_the_nearest_one(written: str, completed: str, *, certain: bool) -> None:
    assert complete_date(written, MAY) == (completed, certain)


def test_a_completed_date_is_marked(tmp_path: Path) -> None:
    page = "<h1>May 2021</h1><h2>Events</h2><h3>Fair</h3><p>12 June, 2pm</p><h2>Links</h2>"
    text = draft(write(tmp_path, "a.html", page))
    assert "# check: “12 June” had no year: is this the right one?\n        date: 12 June 2021" in text


# --- pictures


def take(source: str, folder: Path) -> ImportedPicture:
    return take_pictures([Block(role=Role.PICTURE, runs=(), source=source)], folder=folder)[source]


def encode(content: bytes) -> str:
    return f"data:image/png;base64,{b64encode(content).decode()}"


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, without the pixels."""
    header = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + header + zlib.crc32(header).to_bytes(4) + b"\0\0\0\0IDAT"


def test_a_picture_beside_a_saved_page_is_taken_and_none_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    (folder / "page_files").mkdir(parents=True)
    for place in (folder / "page_files" / "a b.png", tmp_path / "secret.png"):
        place.write_bytes(png(90, 60))
    assert take("page_files/a%20b.png", folder).suffix == "png"
    assert "beside the page" in take("../secret.png", folder).refused
    assert "beside the page" in take(str(tmp_path / "secret.png"), folder).refused
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    assert "beside the page" in take("link.png", folder).refused


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (encode(png(30_000, 30_000)), "million pixels|far too large"),
        (encode(png(60_000, 60_000)), "million pixels|far too large"),
        (encode(b"\x89PNG\r\n\x1a\n"), "can be converted|damaged"),
        (encode(b"<svg onload='alert(1)'/>"), "not a picture that can be converted"),
        (encode(bytes(5_000_001)), "larger than 5 MB"),
        ("data:image/png;base64,A", "damaged"),
        ("https://news.example.org/a.png", "nothing is fetched"),
        ("//news.example.org/a.png", "nothing is fetched"),
        ("file:///etc/passwd", "nothing is fetched"),
        ("\0", "can’t be read|beside the page"),
    ],
)
def test_a_picture_that_cannot_be_taken_over_says_why(source: str, said: str, tmp_path: Path) -> None:
    assert re.search(said, take(source, tmp_path).refused)


def test_pictures_that_are_left_out_or_have_no_words_are_marked(tmp_path: Path) -> None:
    page = (
        "<h1>May 2021</h1><h2>News</h2><p>Text</p><img src='https://a.example.org/x.png' alt='A poster'>"
        f"<h2>More</h2><p>Text</p><img src='{encode(png(90, 60))}'><img src='spacer.gif' alt=''><img width=1 src=t.gif>"
    )
    path = write(tmp_path, "a.html", page)
    blocks = read(path)
    text = draft_from(blocks, name="a.html", pictures=take_pictures(blocks, folder=tmp_path)).text.replace(
        "\n  # ", " "
    )
    assert "“A poster” (https://a.example.org/x.png): it is on another server, and nothing is fetched" in text
    assert "# check: what does this picture say, for readers who can’t see it?\n      alt: TO WRITE" in text
    assert "spacer" not in text


# --- tables


HOURS = (
    "<h1>May 2021</h1><h2>Hours</h2><table><tr><th>Day</th><th>Open</th></tr>"
    "<tr><td>Monday</td><td>9am{more}</td></tr></table><h2>End</h2>"
)


def test_a_simple_table_that_is_not_told_apart_stays_one_and_a_caption_is_asked_for(tmp_path: Path) -> None:
    text = draft(write(tmp_path, "a.html", HOURS.format(more=" | or later")))
    assert re.search(r"What does\s+(# )?the table show\?", text), text
    assert "| Day | Open |\n      | --- | --- |\n      | Monday | 9am \\| or later |\n" in text


def test_a_table_that_is_not_regular_becomes_a_list_and_is_marked(tmp_path: Path) -> None:
    text = draft(write(tmp_path, "a.html", HOURS.format(more="</td></tr><tr><td>Always closed</td><td></td><td>")))
    assert re.search(r"# check: .*There was a table here. Its rows are a list now", text)
    assert "- Day · Open\n      - Monday · 9am\n      - Always closed\n" in text


# --- hostile packages


def test_what_is_packed_inside_a_document_is_not_opened(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Hello in May 2021")
    document.save(str(tmp_path / "a.docx"))
    bomb = zipped({"b": bytes(40_000_000)})
    with zipfile.ZipFile(tmp_path / "a.docx", "a") as package:
        package.writestr("word/embeddings/inner.docx", zipped({str(n): bomb for n in range(9)}))
    assert [block.text for block in read_old(tmp_path / "a.docx", memory=600_000_000)] == ["Hello in May 2021"]


def test_entities_that_grow_do_not(tmp_path: Path) -> None:
    grow = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    page = f"<!DOCTYPE html [<!ENTITY l0 'ha'>{grow}]><html><body><p>Hello &l11;</p></body></html>"
    assert "haha" not in str(read(write(tmp_path, "a.html", page)))


def test_a_reader_that_breaks_off_leaves_this_program_standing() -> None:
    with pytest.raises(Unreadable):
        read_apart("docx", b"PK\x03\x04 rubbish")


# --- chapters


def test_a_list_of_contents_is_left_out_and_named(tmp_path: Path) -> None:
    page = (
        "<h1>May 2021</h1><h2>In this issue</h2><ul><li>News</li><li>Dates</li></ul><h2>News</h2><p>A</p><h2>Dates</h2>"
    )
    above, _, issue = draft(write(tmp_path, "a.html", page)).partition("\nmonth:")
    assert "In this issue / News / Dates" in above.replace("\n# ", " ")
    assert "In this issue" not in issue


def test_what_has_no_date_among_dates_stands_in_the_introduction_and_is_marked(tmp_path: Path) -> None:
    page = (
        "<h1>May 2021</h1><h2>What’s on</h2><ul><li>Fair: 5 June 2021, 2pm</li><li>Quiz: 8 June 2021</li>"
        "<li>Choir: every Monday</li></ul><h2>End</h2>"
    )
    text = draft(write(tmp_path, "a.html", page))
    assert text.count("        date: ") == 2
    assert re.search(r"# check: this text isn’t tied to a date.*\n    introduction: .*Choir: every Monday", text)


def test_words_in_bold_that_paragraphs_begin_with_are_titles(tmp_path: Path) -> None:
    page = (
        "<h1>May 2021</h1><h2>Training</h2><p><b>First aid</b> – 8 June 2021, 9am to 1pm, Online</p>"
        "<p><b>Fire safety</b> – 9 June 2021, 2pm to 4pm, Online</p><h2>End</h2>"
    )
    assert re.findall(r"- title: (.*)", draft(write(tmp_path, "a.html", page))) == ["First aid", "Fire safety"]
