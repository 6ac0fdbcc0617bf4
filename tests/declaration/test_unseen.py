"""What nobody sees, on each way into an issue, the settings, a list or a contribution: named, or left out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from bulletin.collecting.arrivals import read_contribution
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.settings.organisation import Contributor
from bulletin.subscribers.lists import read_list
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS

MakeWorkspace = Callable[..., Workspace]

HEALTH = {"health": Contributor(organisation="Anytown Health", email="news@health.example.org")}


def faults_of(make: Callable[[], object]) -> tuple[Fault, ...]:
    with pytest.raises(FaultyFiles) as caught:
        make()
    return caught.value.faults


def spots_of(faults: tuple[Fault, ...]) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.message.rpartition(": ")[2]) for fault in faults]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r"\u202e", "U+202E right-to-left override."),
        (r"\x1b", "U+001B escape."),
        (r"\e", "U+001B escape."),
        (r"\0", "U+0000 null."),
        (r"\x9b", "U+009B control sequence introducer."),
        (r"\L", "U+2028 line separator."),
        (r"\u200b", "U+200B zero width space."),
        (r"\r", "U+000D carriage return."),
    ],
)
def test_an_escape_in_an_issue_is_named_at_its_place(make_workspace: MakeWorkspace, written: str, name: str) -> None:
    text = ISSUE.replace("subject: Anytown news for May", f'subject: "Anytown{written} news"')
    faults = faults_of(lambda: make_workspace(issues={"2021-05": text}).load_issue("2021-05"))

    assert spots_of(faults)[:1] == [(3, 18, name)]
    assert faults[0].width == len(written)
    assert faults[0].remedy == f"Delete {written} here."


def test_one_that_was_pasted_is_named_at_its_place_in_a_text_of_several_lines(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("text: We are", "text: |\n      Hello.\n\n      We\u200b are")
    faults = faults_of(lambda: make_workspace(issues={"2021-05": text}).load_issue("2021-05"))

    assert spots_of(faults) == [(11, 9, "U+200B zero width space.")]
    assert faults[0].where == "sections › 1 (notice) › text"
    assert faults[0].excerpt == "      We� are closed on **3 May 2021**."


@pytest.mark.parametrize("written", ["&#x202e;", "&#8203;", "&ZeroWidthSpace;", "&zwj;", "&lrm;"])
@pytest.mark.parametrize("field", ["title: Office", "text: We"])
def test_an_entity_of_markdown_is_named_at_its_place(make_workspace: MakeWorkspace, written: str, field: str) -> None:
    text = ISSUE.replace(field, field + written)
    (fault,) = faults_of(lambda: make_workspace(issues={"2021-05": text}).load_issue("2021-05"))

    assert fault.message.startswith(f"{written} is an invisible character: U+")
    assert text.splitlines()[fault.line - 1][fault.column - 1 :].startswith(written)


def test_an_entity_inside_an_address_is_one_too_and_one_in_code_is_none(make_workspace: MakeWorkspace) -> None:
    link = ISSUE.replace("We are", "See [us](https://www.example.org/&#x202e;), we are")
    code = ISSUE.replace("We are", "Write `&#x202e;` if we are")

    assert "U+202E" in str(faults_of(lambda: make_workspace(issues={"2021-05": link}).load_issue("2021-05"))[0])
    assert make_workspace(issues={"2021-05": code}).load_issue("2021-05").sections


def test_the_name_of_a_field_may_not_have_one_either(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("title:", '"tit\\u200ble":')

    assert (7, 5, "U+200B zero width space.") in spots_of(
        faults_of(lambda: make_workspace(issues={"2021-05": text}).load_issue("2021-05"))
    )


def test_the_sender_in_the_settings_may_not_have_one(make_workspace: MakeWorkspace) -> None:
    settings = SETTINGS.replace("sender: {name: Anytown Partnership", 'sender: {name: "Anytown\\u202e Partnership"')

    assert spots_of(faults_of(lambda: make_workspace(settings=settings))) == [(9, 28, "U+202E right-to-left override.")]


def read_sent(folder: Path, name: str, content: bytes) -> object:
    path = folder / name
    path.write_bytes(content)
    where = ValidationContext(month=Month(2021, 5))
    return read_contribution(path, shown_as=name, contributors=HEALTH, context=where)


def test_a_contribution_may_not_have_one_whatever_its_file(tmp_path: Path) -> None:
    yaml = b'from: health\nkind: events\nitems:\n  - title: "Walk\\u200b"\n    date: 9 June 2021\n'
    table = "title,date\nWalk\u200b,9 June 2021\n".encode()
    book, content = Book(), BytesIO()
    book.active.title = "events"
    for row in (["title", "date"], ["Walk\u200b", "9 June 2021"]):
        book.active.append(row)
    book.save(content)

    for name, sent, place in (
        ("health.yaml", yaml, "health.yaml:4:17"),
        ("health-events.csv", table, "health-events.csv:2:5"),
        ("health.xlsx", content.getvalue(), "health.xlsx, sheet “events”, cell A2"),
    ):
        (fault, *_) = faults_of(partial(read_sent, tmp_path, name, sent))
        assert str(fault).startswith(f"{place}: There is an invisible character here: U+200B zero width space.")


def test_line_ends_of_windows_inside_a_cell_are_line_ends(tmp_path: Path) -> None:
    content = b'title,date,summary\r\nWalk,9 June 2021,"One.\r\n\r\nTwo."\r\n'

    assert "One.\\n\\nTwo." in repr(read_sent(tmp_path, "health-events.csv", content))


def test_a_name_on_a_list_loses_it_and_keeps_what_its_letters_need(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "email,name\na@example.org,An\u200dna\U000e0041 \x9bSmith\u3164\nb@example.org,نی\u200cلوفر\n", "utf-8"
    )

    assert [entry.name for entry in read_list(path, shown_as="people.csv").entries] == ["Anna Smith", "نی\u200cلوفر"]


def test_what_writing_needs_goes_through_the_whole_road(make_workspace: MakeWorkspace) -> None:
    subject = (
        "Newyddion 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f 👩\u200d💻 می\u200cخواهم soft\u00adly"
    )
    text = "\ufeff" + ISSUE.replace("subject: Anytown news for May", f"subject: {subject}").replace(
        "We are", "We&nbsp;are &shy;\tنی&zwnj;لوفر"
    )

    assert make_workspace(issues={"2021-05": text}).load_issue("2021-05").subject == subject.replace("\u00ad", "")
