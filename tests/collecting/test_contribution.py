"""Contributions as they arrive: YAML, CSV and XLSX, in order, faulty and hostile."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from bulletin.collecting.arrivals import find_sender, read_contribution
from bulletin.collecting.awaiting import describe_deadline, find_deadline
from bulletin.collecting.columns import columns_of
from bulletin.collecting.contribution import Contribution
from bulletin.collecting.forms import write_workbook_form, write_yaml_form
from bulletin.collecting.merging import merge
from bulletin.collecting.table import find_kind
from bulletin.collecting.writing import write_data
from bulletin.declaration.files import find_files
from bulletin.declaration.source import Data, parse_source
from bulletin.drafting.comments import find_comments
from bulletin.errors import FaultyFiles
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.issue.sections import section_kinds
from bulletin.settings.organisation import Contributor
from conftest import ISSUE, examples

HEALTH = Contributor(organisation="Anytown Health", email="news@health.example.org")
CONTRIBUTORS = {"health": HEALTH, "health-visitors": HEALTH}
NOWHERE = ValidationContext(month=Month(2021, 5))

Read = Callable[[str, str | bytes], Contribution]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a contribution from a file with this name and content."""

    def read_file(name: str, content: str | bytes) -> Contribution:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_contribution(path, shown_as=name, contributors=CONTRIBUTORS, context=NOWHERE)

    return read_file


def faults_of(read: Read, name: str, content: str | bytes) -> list[str]:
    """The first line of every fault: those for which the file is refused, or entries of it are held back."""
    try:
        faults = [fault for one in read(name, content).held for fault in one.faults]
    except FaultyFiles as error:
        faults = list(error.faults)
    assert faults
    return [str(fault).partition("\n")[0] for fault in faults]


def items_of(contribution: Contribution) -> Any:
    (section,) = contribution.sections
    return section["items"]


# YAML


def test_items_of_a_kind_are_a_section_without_its_frame(read: Read) -> None:
    sent = read("a.yaml", "from: health\nkind: executive_updates\nitems:\n  - We met.\n  - text: We decided.\n")

    assert sent.organisation == "Anytown Health"
    assert sent.sections == (
        {
            "kind": "executive_updates",
            "title": "Executive updates",
            "lead": "TO WRITE",
            "items": ["We met.", {"text": "We decided."}],
        },
    )


def test_a_section_may_stand_alone(read: Read) -> None:
    sent = read("a.yaml", "from: health\nkind: notice\ntitle: Closed\ntext: We are closed.\n")

    assert sent.sections == ({"title": "Closed", "kind": "notice", "text": "We are closed."},)
    assert "“title” is missing in a notice" in faults_of(read, "a.yaml", "from: health\nkind: notice\ntext: A\n")[0]


def test_a_fault_among_items_is_at_its_line(read: Read) -> None:
    faults = faults_of(read, "a.yaml", "from: health\nkind: events\nitems:\n  - title: Fair\n    date: 31 June 2021\n")

    assert faults == [
        "a.yaml:5:11: “31 June 2021” does not exist: June 2021 has 30 days. Correct the day or the month."
    ]


def test_a_stranger_is_told_who_contributes(read: Read) -> None:
    faults = faults_of(read, "a.yaml", "from: helth\nkind: links\nitems: [{title: A, link: example.org}]\n")

    assert faults[0].startswith("a.yaml:1:7: “helth” is not a contributor. The contributors are: health, health-vis")
    assert faults[0].endswith("Did you mean “health”?")
    assert "example.org" in faults[1]


def test_a_form_that_is_still_to_be_filled_in_is_refused(read: Read) -> None:
    faults = faults_of(read, "a.yaml", "from: health\nkind: notice\nsections: [{title: TO WRITE}]\n")

    assert faults[0].startswith("a.yaml:3:20: This is still to be written.")


@pytest.mark.parametrize("content", ["", "- a", "from: health\n", "items: []\n", "from: [a]\nitems: {}\n", "a: &b c"])
def test_what_is_no_contribution_is_refused_in_words(read: Read, content: str) -> None:
    assert all(fault.startswith("a.yaml") for fault in faults_of(read, "a.yaml", content))


# CSV


def test_a_row_is_an_item_with_the_fields_inside_it_and_its_lists(read: Read) -> None:
    sent = read(
        "health-training.csv",
        "Title *;Provider;sessions.date;sessions.starts;book.link;for\n"
        '"Safe; sleep";Us;9 June 2021;9:30am;https://example.org/book;schools; champions\n'.replace(
            "schools; champions", '"schools; champions"'
        ),
    )

    assert items_of(sent) == [
        {
            "title": "Safe; sleep",
            "provider": "Us",
            "sessions": [{"date": "9 June 2021", "starts": "9:30am"}],
            "book": {"link": "https://example.org/book"},
            "for": ["schools", "champions"],
        }
    ]


def test_resources_come_under_the_headings_that_are_named(read: Read) -> None:
    sent = read(
        "health-resources.csv",
        "title,link,kind,group\nA,https://a.example,guidance,Reports\nB,https://b.example,,\n"
        "C,https://c.example,report,Reports\n",
    )

    groups: Any = sent.sections[0]["groups"]
    assert [(group["title"], [item["title"] for item in group["items"]]) for group in groups] == [
        ("Reports", ["A", "C"]),
        ("From our partners", ["B"]),
    ]


def test_a_column_says_the_kind_where_the_name_of_the_file_does_not(read: Read) -> None:
    sent = read("health.csv", "kind,title,date,text\nevents,Fair,9 June 2021,\nnotice,Closed,,We are closed.\n")

    assert sent.sections == (
        {"kind": "events", "title": "Events", "items": [{"title": "Fair", "date": "9 June 2021"}]},
        {"kind": "notice", "title": "Closed", "text": "We are closed."},
    )


def test_a_fault_in_a_csv_is_at_its_cell(read: Read) -> None:
    faults = faults_of(read, "health-events.csv", 'title,date\n"A, B",9 June 2021\n"Two\nlines",10 June 2021\nC,13th\n')

    assert faults[0].startswith("health-events.csv:3:2: ")  # a title has one line
    assert faults[-1].startswith("health-events.csv:5:3: “13th” is not a date.")


def test_an_unknown_column_is_told_once_with_those_that_there_are(read: Read) -> None:
    faults = faults_of(read, "health-events.csv", "titel,date\nA,9 June 2021\nB,10 June 2021\n")

    assert faults[0].startswith("health-events.csv:1:1: “titel” is not a column for events. Did you mean “title”?")
    assert sum("titel" in fault for fault in faults) == 1


def test_what_excel_saves_in_britain_is_read(read: Read) -> None:
    sent = read("health-events.csv", "title,date\r\nCafé – “all”,9 June 2021\r\n".encode("cp1252"))

    assert items_of(sent)[0]["title"] == "Café – “all”"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("health-events.csv", b'title,date\n"A,9 June 2021\n', "odd number of quotation marks"),
        ("health-events.csv", b"PK\x03\x04\0\0", "not a CSV file"),
        ("health-events.csv", b"title,date\n\x81,x\n", "can’t be read as text"),
        ("health-events.csv", b"", "has only headings"),
        ("health-events.csv", b"title,date\nA,9 June 2021,more\n", "no heading above it"),
        ("health-events.csv", b"title\n" + b"A\n" * 2001, "the most is 2,000"),
        ("health.csv", b"title,date\nA,9 June 2021\n", "doesn’t say which kind of item"),
        ("health.csv", b"kind,title\nevnt,A\n", "“evnt” is not a kind of section"),
        ("someone.csv", b"title\nA\n", "doesn’t say who sent it"),
        ("health.docx", b"PK", "Files of this type can’t be imported"),
        ("health.xlsm", b"PK", "an .xlsm is saved as"),
        ("health.xlsx", b"PK", "workbook can’t be opened"),
        ("health.xlsx", b"\xd0\xcf\x11\xe0" * 200, "It may have a password"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_words(read: Read, name: str, content: bytes, words: str) -> None:
    assert words in faults_of(read, name, content)[0]


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(content=b'title,date\n"\r')
@examples(150)
def test_no_bytes_are_met_by_anything_but_a_contribution_or_its_faults(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    for name in ("health-events.csv", "health.yaml", "health.xlsx"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(b"title,date\n" + content if name.endswith("csv") else content)
        try:
            read_contribution(path, shown_as=name, contributors=CONTRIBUTORS, context=NOWHERE)
        except FaultyFiles as error:
            assert error.faults  # noqa: PT017 -- either way is right


# XLSX


def make_book(path: Path, **sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path.read_bytes()


EVENT = {name: column.example for name, column in columns_of("events").items()}


def test_a_workbooks_cells_are_read_as_one_would_write_them(read: Read, tmp_path: Path) -> None:
    rows = [
        ["Title *", "Date", "Starts", "Ends"],
        [f"For example: {EVENT['title']}", EVENT["date"], EVENT["starts"], None],
        ["Fair", datetime(2021, 6, 9), time(9, 30), "12:30pm"],  # noqa: DTZ001 -- a workbook has no time zones
        [None, None, None, None],
        [2021, date(2021, 6, 10), None, None],
    ]
    sent = read("health.xlsx", make_book(tmp_path / "book.xlsx", Events=rows, **{"How to fill in": [["a"], ["b"]]}))

    assert items_of(sent) == [
        {"title": "Fair", "date": "9 June 2021", "starts": "09:30", "ends": "12:30pm"},
        {"title": "2021", "date": "10 June 2021"},
    ]


def test_numbers_and_truth_are_read_as_one_would_write_them(read: Read, tmp_path: Path) -> None:
    rows = [["title", "provider", "on_demand", "places"], ["A", "Us", True, 20.0]]
    sent = read("health.xlsx", make_book(tmp_path / "book.xlsx", training=rows))

    assert items_of(sent) == [{"title": "A", "provider": "Us", "on_demand": "yes", "places": "20"}]


def test_a_fault_in_a_workbook_is_at_its_sheet_and_cell(read: Read, tmp_path: Path) -> None:
    book = make_book(
        tmp_path / "book.xlsx",
        events=[["title", "date"], ["A", "9 June 2021"], ["B", "soon"]],
        links=[["title", "link", "lnk"], ["A", "example.org", "x"]],
    )
    faults = faults_of(read, "health.xlsx", book)

    assert [fault.partition(": ")[0] for fault in faults] == [
        "health.xlsx, sheet “events”, cell B3",
        "health.xlsx, sheet “links”, cell C1",
        "health.xlsx, sheet “links”, cell B2",
    ]


def test_a_formulas_error_is_told_at_its_cell(read: Read, tmp_path: Path) -> None:
    book = make_book(tmp_path / "book.xlsx", events=[["title", "date"], ["#REF!", "9 June 2021"]])

    assert faults_of(read, "health.xlsx", book) == [
        "health.xlsx, sheet “events”, cell A2: The formula here gives #REF!. Write the value itself."
    ]


def with_part(content: bytes, path: Path, name: str, part: bytes) -> bytes:
    """The workbook with one more part, or with another one of that name."""
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()} | {name: part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, text in parts.items():
            archive.writestr(each, text)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/media/image1.png", b"\0" * 6_000_000, "larger than 5,000,000 bytes when unpacked"),
        ("xl/vbaProject.bin", b"macro", "has macros"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "a DOCTYPE"),
        ("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "b">]><a/>'.encode("utf-16"), "a DOCTYPE"),
        ("xl/workbook.xml", b"<workbook", "is damaged"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>", "is damaged"),
        ("[Content_Types].xml", b"<Types/>", "is damaged"),
    ],
)
def test_a_hostile_workbook_is_refused_in_words(
    read: Read, tmp_path: Path, part: str, content: bytes, words: str
) -> None:
    book = make_book(tmp_path / "book.xlsx", events=[["title", "date"], ["A", "9 June 2021"]])

    assert words in faults_of(read, "health.xlsx", with_part(book, tmp_path / "other.xlsx", part, content))[0]


def test_a_sheet_that_says_it_is_endless_costs_nothing(read: Read, tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    book = make_book(tmp_path / "book.xlsx", events=[["title"]])
    faults = faults_of(read, "health.xlsx", with_part(book, tmp_path / "other.xlsx", "xl/worksheets/sheet1.xml", sheet))

    assert "There is text in cell XFD1048576, outside the area that is read" in faults[0]


# What a table loses without a word


def save_book(path: Path, *changes: Callable[[Any], None]) -> bytes:
    """A workbook with a sheet of two events, changed."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "events"
    for row in (["title", "date", "place"], ["Fair", "9 June 2021", "Park"], ["Quiz", "10 June 2021", "Hall"]):
        sheet.append(row)
    for change in changes:
        change(sheet)
    book.save(path)
    return path.read_bytes()


def write_cell(name: str, value: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[name] = value

    return change


def add_sheet(sheet: Any, cell: str, title: str) -> None:
    sheet.parent.create_sheet(title)[cell] = "Do not forget our fun run"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            [write_cell("A4", '="Fun run"'), write_cell("B4", '="11 June 2021"')],
            "A formula has no saved value in cells A4, B4",
        ),
        ([write_cell("C2", "=A2")], "A formula has no saved value in cell C2, so its result is unknown."),
        ([write_cell("A2500", "Fun run")], "There is text in cell A2500, outside the area that is read."),
        ([write_cell("BZ2", "Fun run")], "There is text in cell BZ2, outside the area that is read."),
        ([lambda sheet: sheet.merge_cells("C2:C3")], "One cell covers several rows (cells C2 to C3)"),
        (
            [lambda sheet: add_sheet(sheet, "B3", "How to fill in")],
            "There is text in cell B3, but this sheet is not read.",
        ),
        ([lambda sheet: add_sheet(sheet, "A1", "More")], "This is the only row, and it has no headings above it."),
        ([write_cell("C1", "Title")], "Two columns are called “title”"),
        ([write_cell("A2", "For example: Our fair")], "differs from the form’s example"),
        ([write_cell("C1", "starts"), write_cell("B2", datetime(2021, 6, 9, 14, 30))], "This cell says “14:30”"),  # noqa: DTZ001
    ],
)
def test_what_a_workbook_would_lose_without_a_word_holds_it_back(
    read: Read, tmp_path: Path, changes: list[Callable[[Any], None]], words: str
) -> None:
    faults = faults_of(read, "health.xlsx", save_book(tmp_path / "book.xlsx", *changes))

    assert words in "\n".join(faults)


def test_a_formula_without_a_value_says_what_to_do(read: Read, tmp_path: Path) -> None:
    (fault,) = faults_of(read, "health.xlsx", save_book(tmp_path / "book.xlsx", write_cell("A4", "=A2")))

    assert fault.endswith(
        "Open the workbook in Excel and save it there, so that it has the values. Then send it again."
    )


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        (b'<c r="C2" t="str"><f>IF(1,"","x")</f><v></v></c>', None),  # known, and empty: as Excel saves it
        (b'<c r="C2" t="str"><f>A2</f><v>Fair</v></c>', "Fair"),
    ],
)
def test_a_formula_that_was_saved_with_its_value_counts_by_it(
    read: Read, tmp_path: Path, cell: bytes, place: str | None
) -> None:
    book = save_book(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        sheet = archive.read(SHEET)
    old = re.search(rb'<c r="C2".*?</c>', sheet)
    assert old
    part = sheet.replace(old[0], cell)
    sent = read("health.xlsx", with_part(book, tmp_path / "other.xlsx", SHEET, part))

    assert items_of(sent)[0].get("place") == place


def test_a_sheet_that_is_named_and_not_there_is_a_fault(read: Read, tmp_path: Path) -> None:
    save_book(tmp_path / "book.xlsx", lambda sheet: sheet.parent.create_sheet("links"))
    with zipfile.ZipFile(tmp_path / "book.xlsx") as old, zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet2.xml":
                new.writestr(name, old.read(name))

    assert "The sheet “links” is missing" in faults_of(read, "health.xlsx", (tmp_path / "cut.xlsx").read_bytes())[0]


def test_what_a_workbook_holds_beside_its_items_is_remarked_on(read: Read, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["A2"].hyperlink = "https://fair.example.org/"
        sheet["C2"].comment = Comment("Not sure yet", "Jo")
        sheet["A3"].comment = Comment("What it is called", "bulletin")
        sheet.row_dimensions[3].hidden = True

    sent = read("health.xlsx", save_book(tmp_path / "book.xlsx", change))

    assert len(items_of(sent)) == 2
    assert sent.remarks == (
        "Hidden in Excel, but read too: row 3 of the sheet “events”.",
        "The link behind cell A2 of the sheet “events” was not read: https://fair.example.org/",
        "The note at cell C2 was not read. Check whether it asks for anything.",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("title,date,Title\nFair,9 June 2021,Quiz\n", "Two columns are called “title”"),
        ("Fair,9 June 2021\n", "This is the only row, and it has no headings above it."),
        ("title,date\nFor example: Our fair,9 June 2021\n", "differs from the form’s example"),
    ],
)
def test_what_a_csv_would_lose_without_a_word_holds_it_back(read: Read, content: str, words: str) -> None:
    assert words in "\n".join(faults_of(read, "health-events.csv", content))


# What the columns and forms are made from


@pytest.mark.parametrize("kind", section_kinds())
def test_the_columns_of_each_kind_say_what_they_are_for(kind: str) -> None:
    columns = columns_of(kind)

    assert any(column.required for column in columns.values())
    assert all(column.description and column.example for column in columns.values())


@pytest.mark.parametrize("kind", section_kinds())
def test_the_forms_of_each_kind_are_read_back_without_anything_in_them(read: Read, kind: str) -> None:
    asked = Contributor(organisation="Anytown Health", email="news@health.example.org", sections=(kind,))
    wanted = {"month": Month(2021, 5), "deadline": date(2021, 4, 27), "send_to": "us@example.org"}
    yaml = write_yaml_form("health", asked, file="health.yaml", **wanted)  # type: ignore[arg-type]  # as named
    xlsx = write_workbook_form(asked, file="health.xlsx", **wanted)  # type: ignore[arg-type]  # as named

    assert "“sections” is empty." in faults_of(read, "health.yaml", yaml)[0]
    assert "has only headings and examples" in faults_of(read, "health.xlsx", xlsx)[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Events", "events"), ("event", "events"), ("-group-updates", "group_update"), ("Sheet1", ""), ("", "")],
)
def test_a_name_says_a_kind(name: str, kind: str) -> None:
    assert find_kind(name) == kind


def test_the_longest_name_says_the_sender() -> None:
    assert find_sender(Path("Health-Visitors-events.csv"), CONTRIBUTORS) == "health-visitors"
    assert find_sender(Path("health-events.csv"), CONTRIBUTORS) == "health"
    assert find_sender(Path("healthy.csv"), CONTRIBUTORS) == ""
    assert find_sender(Path("health-events.csv"), {}) == find_sender(Path("health.csv"), {}) == "health"


def test_locks_hidden_files_and_forms_are_not_contributions(tmp_path: Path) -> None:
    for name in ("b.csv", "a.yaml", ".hidden.yaml", "~$b.xlsx"):
        (tmp_path / name).touch()
    (tmp_path / "forms").mkdir()

    assert [path.name for path in find_files(tmp_path)] == ["a.yaml", "b.csv"]


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2021, 5, 22), "in 3 days"),
        (date(2021, 5, 24), "tomorrow"),
        (date(2021, 5, 25), "today"),
        (date(2021, 5, 26), "yesterday"),
        (date(2021, 5, 27), "2 days ago"),
    ],
)
def test_a_deadline_is_told_from_today(today: date, words: str) -> None:
    deadline = find_deadline(date(2021, 6, 1), days=7)

    assert describe_deadline(deadline, today=today) == f"Tuesday 25 May 2021, {words}"


# Writing and merging, whatever is sent

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
PHRASES = st.lists(st.sampled_from(["word", "- a", "# b", "c: d", "", " ", "“e”", "\n", "long " * 15]), max_size=12)
TEXTS = st.one_of(WORDS, PHRASES.map(" ".join), PHRASES.map("\n".join))
DATA = st.recursive(
    st.one_of(TEXTS, st.none()),
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(["title", "text", "items", "for"]), below, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(data=DATA)
@example(data="two\n\nparagraphs\n")
@example(data={"text": " indented\ntwice"})
@example(data=[["a", "b\nc"], "d\ne"])
@examples(300)
def test_data_is_written_so_that_it_is_read_back(data: Data) -> None:
    source = parse_source("\n".join(write_data({"data": data})) + "\n", shown_as="a.yaml")

    assert source.faults == ()
    assert source.data == {"data": data}


LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=20).filter(str.strip)
NOTICES = st.fixed_dictionaries({"kind": st.just("notice"), "title": LINES, "text": LINES})
EVENTS = st.fixed_dictionaries({"title": LINES, "date": st.just("9 June 2021")})
SECTIONS = st.lists(
    st.one_of(
        NOTICES,
        st.fixed_dictionaries(
            {"kind": st.just("events"), "title": LINES, "items": st.lists(EVENTS, min_size=1, max_size=3)}
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(sections=SECTIONS)
@examples(80)
def test_merging_loses_nothing_and_a_second_time_changes_nothing(sections: Any) -> None:
    issue = parse_source("# mine\n" + ISSUE.replace("sections:", "sections:  # in order"), shown_as="issue.yaml")
    sent = Contribution(file="a.yaml", sender="health", organisation="Anytown Health", sections=tuple(sections))
    try:
        merged = merge(issue, sent, context=NOWHERE)
    except FaultyFiles:
        return  # the words made Markdown that is refused
    again = merge(merged.source, sent, context=NOWHERE)
    before = [comment.text for comment in find_comments(issue)]

    assert [line for line in merged.source.lines if line in issue.lines][: len(issue.lines) - 1] == [*issue.lines[:-1]]
    assert before == [one.text for one in find_comments(merged.source) if not one.text.startswith("# from ")]
    assert (again.source, again.placed) == (merged.source, ())
