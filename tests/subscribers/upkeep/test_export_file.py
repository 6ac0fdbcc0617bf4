"""Files of other programs, also damaged and hostile ones: read, or refused in words."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.errors import FaultyFiles, NotFound
from bulletin.scratch import KeySet
from bulletin.subscribers.rows import Row
from bulletin.subscribers.statuses import find_status_kind
from bulletin.subscribers.upkeep.export_file import open_export
from bulletin.subscribers.upkeep.import_plan import ImportPlan, ImportRequest
from exports import SAMPLES, write_mailchimp, write_workbook


def plan_of(path: Path) -> ImportPlan:
    plan = ImportPlan(request=ImportRequest(list_name="partners", may_all_be_written_to=True))
    with open_export(path) as parts:
        for part in parts:
            plan.read_part(part, known=KeySet(), is_suppressed=lambda _: False)
    return plan


def read_cells(path: Path, sheet: str | None = None) -> list[list[str]]:
    with open_export(path, sheet=sheet) as parts:
        return [row.cells for part in parts for row in part.rows if isinstance(row, Row)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"email{separator}name\nzoe@example.org{separator}Zoë\n".encode(encoding))
    assert read_cells(path) == [["email", "name"], ["zoe@example.org", "Zoë"]]


def test_a_workbook_gives_the_values_of_its_cells(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [["email", "n"], ["é@example.org", 7], [None, True], [], ["a\nb", 1.5]])
    assert read_cells(path) == [["email", "n"], ["é@example.org", "7"], ["", "TRUE"], ["a\nb", "1.5"]]
    assert read_cells(path, "Notes") == [["nothing of interest"]]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
RELATION = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
BOOK = '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'


def build(path: Path, sheet: str, *, shared: str = "", book: str = BOOK) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATION)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if shared:
            archive.writestr("xl/sharedStrings.xml", shared)
    return path


def test_shared_inline_and_computed_texts_are_read_without_how_they_are_read_aloud(tmp_path: Path) -> None:
    shared = "<sst><si><r><t>a@exam</t></r><r><t>ple.org</t></r></si><si><t>漢</t><rPh><t>kan</t></rPh></si></sst>"
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>x</t></is></c><c t="str"><f>1+1</f><v>two</v></c>'
        '<c t="s"><v>1</v></c><c t="s"><v>99</v></c>'
    )
    path = build(tmp_path / "a.xlsx", SHEET.format(f'<row r="1">{cells}</row>'), shared=shared)
    assert read_cells(path) == [["a@example.org", "", "x", "two", "漢", ""]]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "make",
    [
        lambda path: build(path, BOMB + SHEET.format("<row><c><v>&c;</v></c></row>")),
        lambda path: build(path, SHEET.format("<row><c><v>1</v></c></row>" + " " * 50_000_000)),
        lambda path: build(path, SHEET.format("<row><c><v>1</v>")),
        lambda path: build(path, "not xml"),
        lambda path: build(path, SHEET.format(""), book="<workbook/>"),
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
        lambda path: path.write_bytes((SAMPLES / "keila.csv").read_bytes() + b"\0"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)),
    ],
    ids=["entities", "a bomb", "cut off", "no XML", "no sheet", "no ZIP", "a null", "empty", "an old workbook"],
)
def test_a_hostile_or_damaged_file_is_refused_in_words(tmp_path: Path, make: object) -> None:
    path = tmp_path / "a.xlsx"
    make(path)  # type: ignore[operator]
    with pytest.raises(FaultyFiles) as caught:
        plan_of(path)
    assert all(fault.message and fault.remedy for fault in caught.value.faults)


def test_a_zip_without_a_table_or_with_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for name, content in (("readme.pdf", "x"), ("subscribed.csv", "a" * 50_000_000)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        with pytest.raises(FaultyFiles):
            plan_of(path)


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(NotFound):
            plan_of(path)


SEEDS = [path.read_bytes() for path in sorted(SAMPLES.iterdir())]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    rows = [["email", "status"], ["a@example.org", "unsubscribed"], ["b@example.org", "active"]]
    return write_workbook(tmp_path_factory.mktemp("book") / "a.xlsx", rows).read_bytes()


def try_to_plan(content: bytes, folder: Path) -> None:
    path = folder / "people.csv"
    path.write_bytes(content)
    with suppress(FaultyFiles):
        plan_of(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(SEEDS), st.integers(0, 600))
def test_any_bytes_in_a_table_are_read_or_refused_in_words(
    tmp_path: Path, content: bytes, seed: bytes, at: int
) -> None:
    try_to_plan(seed[:at] + content + seed[at:], tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_bytes_in_a_workbook_are_read_or_refused_in_words(
    tmp_path: Path, workbook: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(workbook) - 1))
    put = data.draw(st.binary(min_size=1, max_size=20))
    try_to_plan(workbook[:at] + put + workbook[at + data.draw(st.sampled_from([0, len(put)])) :], tmp_path)


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_texts, max_size=4), max_size=6))
def test_any_cells_in_a_sheet_are_read_or_refused_in_words(tmp_path: Path, rows: list[list[str]]) -> None:
    cells = "".join(f"<row>{''.join(map(_write_cell, row))}</row>" for row in rows)
    path = build(tmp_path / "a.xlsx", SHEET.format(f"<row><c t='str'><v>email</v></c></row>{cells}"))
    with suppress(FaultyFiles):
        plan_of(path)


def _write_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(_keep(text))}</t></is></c>'


def _keep(text: str) -> str:
    """What XML 1.0 allows."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))


# --- who must not be written to

NO = ("unsubscribed", "Cleaned", "hard bounce", "complained", "Opted out", "blocklisted", "suppressed", "spam")
YES = ("active", "subscribed", "Confirmed", "")
_people = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([*NO, *YES])), max_size=12)
_headings = st.sampled_from(["status", "Email Status", "State", "Subscription status"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_people, _headings, st.booleans(), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_no_address_of_a_row_that_says_no_is_ever_added(
    tmp_path: Path,
    people: list[tuple[str, str]],
    heading: str,
    capital: bool,  # noqa: FBT001
    encoding: str,
) -> None:
    assert find_status_kind(heading).name == "STATUS"
    lines = (f"{name.upper() if capital and number % 2 else name}@example.org,{status}"
             for number, (name, status) in enumerate(people))  # fmt: skip
    path = tmp_path / "people.csv"
    path.write_bytes("\n".join([f"email,{heading}", "x@example.org,active", *lines]).encode(encoding))
    plan = plan_of(path)
    refused = {name for name, status in people if status in NO}
    added = {one.address.key for one in plan.find_added()}
    assert added == {f"{name}@example.org" for name, _ in people if name not in refused} | {"x@example.org"}
    assert {key for key, _, _ in plan.stops} == {f"{name}@example.org" for name in refused}


def test_the_zip_of_mailchimp_is_read_file_by_file(tmp_path: Path) -> None:
    plan = plan_of(write_mailchimp(tmp_path))
    assert len(plan.parts) == 3
    assert [one.address.key for one in plan.find_added()] == ["mary@example.org"]


def test_a_byte_that_is_missing_at_the_end_of_a_workbook_is_noticed(tmp_path: Path, workbook: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook[: len(workbook) // 2])
    with pytest.raises(FaultyFiles):
        plan_of(path)
    assert zipfile.is_zipfile(io.BytesIO(workbook))
