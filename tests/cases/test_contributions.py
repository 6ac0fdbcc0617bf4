"""A year of contributions: what people type, what else they send, and what the officer is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bulletin.cli.clock import today
from bulletin.collecting.arrivals import read_contribution
from bulletin.collecting.contribution import Contribution
from bulletin.collecting.memory import MEMORY_FILE
from bulletin.collecting.moments import separate
from bulletin.collecting.writing import write_data
from bulletin.errors import FaultyFiles
from bulletin.issue.dates import Month, PartialDate, TimeOfDay
from bulletin.issue.item import ValidationContext
from bulletin.issue.kinds.events import Events
from bulletin.settings.organisation import Contributor
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import SETTINGS, examples

CASES = Path(__file__).parent
MakeWorkspace = Callable[..., Workspace]

CONTRIBUTORS = """\
contributors:
  health: {organisation: Anytown Health, email: news@health.example.org, sections: [events]}
  police: {organisation: Anytown Police, email: news@police.example.org, sections: [events]}
deadline_days: 7
"""
DECEMBER = """\
month: 2126-12
published: 3 December 2126
subject: Anytown news for December
preview_text: What we did in November

sections:
  - kind: events
    title: Days to keep free
    items:
      - title: Board meeting
        date: 9 December 2126
"""
PICTURE = b"\x89PNG\r\n\x1a\n" + b"poster" * 9
OTHER_PICTURE = b"\xff\xd8\xff\xe0" + b"photo" * 9


@pytest.fixture
def place(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={"2126-12": DECEMBER})


def arrive(place: Workspace, name: str, content: str | bytes) -> Path:
    path = place.root / "issues/2126-12/contributions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def collect(place: Workspace, *options: str, code: int = 0) -> str:
    done = call("collect", "2126-12", *options, "--workspace", str(place.root))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def read_events(place: Workspace) -> dict[str, str]:
    """Each event's title, with its day and its hours."""
    (section,) = (one for one in place.load_issue("2126-12").sections if isinstance(one, Events))
    return {
        str(one.title): " ".join(str(part) for part in (one.date, one.starts, one.ends) if part)
        for one in section.items
    }


def issue_text(place: Workspace) -> str:
    return place.issue_path("2126-12").read_text(encoding="utf-8")


def save_book(path: Path, *rows: list[Any], sheet: str = "events") -> bytes:
    book = Workbook()
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path.read_bytes()


# One bad cell holds back its row, never the file


BAD_ROWS = {
    "a date that does not exist": "Talk,31 November 2126,,",
    "a date that is none": "Talk,soon,,",
    "a time that is none": "Talk,9 December 2126,early,",
    "no date": "Talk,,10am,",
    "no title": ",9 December 2126,10am,",
    "a link that is none": "Talk,9 December 2126,,police",
    "a cell below no heading": "Talk,9 December 2126,,,more",
    "an odd quotation mark": 'Talk "Safe",9 December 2126,"10am,',
    "a title in two lines": '"Talk\nand walk",9 December 2126,,',
}


@pytest.mark.parametrize("row", BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_cell_holds_back_its_row_alone(place: Workspace, row: str) -> None:
    rows = ("title,date,starts,link", "Open day,19 December 2126,10am,", row, "Carols,20 December 2126,,")
    arrive(place, "police-events.csv", "\n".join(rows) + "\n")
    said = collect(place, code=1)

    assert {"Open day", "Carols"} < set(read_events(place))
    assert len(read_events(place)) == 3
    assert "2 items placed, 1 held back" in said
    assert "Sent, with faults to fix:\n  - Anytown Police <news@police.example.org>: police-events.csv\n" in said


def test_a_bad_item_holds_back_itself_in_a_yaml_file_too(place: Workspace) -> None:
    items = ("{title: Open day, date: 19 December 2126}", "{title: Talk, date: soon}", "{title: TO WRITE, date: 2126}")
    arrive(place, "a.yaml", "from: police\nkind: events\nitems:\n" + "".join(f"  - {item}\n" for item in items))
    said = collect(place, code=1)

    assert set(read_events(place)) == {"Board meeting", "Open day"}
    assert "  - held back until it is corrected: “Talk”\n" in said
    assert "a.yaml:6:13: This is still to be written." in said


def test_every_fault_of_a_row_is_told_at_once(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date,lnk,room\nOpen day,19 December 2126,,\nTalk,soon,x,y\n")
    said = collect(place, code=1)

    for words in ("“lnk” is not a column for events.", "“room” is not a column", "“soon” is not a date."):
        assert words in said
    assert "Open day" in read_events(place)


def test_a_formula_without_a_value_holds_back_its_row(place: Workspace, tmp_path: Path) -> None:
    rows = (["title", "date"], ["Open day", "19 December 2126"], ["Talk", '="20 December 2126"'], ["#REF!", "2126"])
    arrive(place, "police.xlsx", save_book(tmp_path / "a.xlsx", *rows))
    said = collect(place, code=1)

    assert set(read_events(place)) == {"Board meeting", "Open day"}
    assert "- “Talk”, police.xlsx, sheet “events”: A formula has no saved value in cell B3" in said
    assert "police.xlsx, sheet “events”, cell A4: The formula here gives #REF!." in said


def test_an_item_that_does_not_fit_the_issue_holds_back_itself(place: Workspace) -> None:
    priorities = "  - kind: priorities\n    title: Ours\n    items:\n"
    own = f"{DECEMBER}{priorities}      - {{number: 6, title: Neglect, status: planned, summary: It begins.}}\n"
    place.issue_path("2126-12").write_text(own, encoding="utf-8")
    rows = "number,title,status,summary\n6,Another,planned,It begins.\n7,Seventh,planned,It begins.\n"
    arrive(place, "health-priorities.csv", rows)
    said = collect(place, code=1)

    assert "Seventh" in issue_text(place)
    assert "Another" not in issue_text(place)
    assert "- “Another”, health-priorities.csv: It doesn’t fit into issues/2126-12.yaml: Two priorities" in said


@pytest.mark.parametrize("name", ["health-priorities.csv", "health.yaml"])
def test_of_entries_that_do_not_go_together_the_first_is_used(place: Workspace, name: str) -> None:
    rows = [(number, f"T{at}") for at, number in enumerate([1, 2, 1, 3, 2, 1])]
    if name.endswith("csv"):
        text = "number,title,status,summary\n" + "".join(f"{number},{title},planned,Soon.\n" for number, title in rows)
    else:
        item = "{{number: {}, title: {}, status: planned, summary: Soon.}}"
        text = "from: health\nkind: priorities\nitems:\n" + "".join(f"  - {item.format(*row)}\n" for row in rows)
    arrive(place, name, text)
    said = collect(place, code=1)

    assert re.findall(r"title: (T\d)", issue_text(place)) == ["T0", "T1", "T3"]
    for title, number in (("T2", 1), ("T4", 2), ("T5", 1)):
        assert f"  - held back until it is corrected: “{title}”\n" in said
        assert f"Two priorities have the number {number}." in said


def test_a_fault_of_a_section_holds_it_back_whole(place: Workspace) -> None:
    links = "  - kind: links\n    title: Ours\n    title: Theirs\n    items:\n"
    links += "".join(f"      - {{title: {name}, link: https://example.org/{name}}}\n" for name in ("a", "b"))
    events = "  - {kind: events, title: Events, items: [{title: Fair, date: 9 June 2126}]}\n"
    arrive(place, "health.yaml", f"from: health\nsections:\n{links}{events}")
    said = collect(place, code=1)

    assert "“title” is written twice here" in said
    assert set(read_events(place)) == {"Board meeting", "Fair"}
    assert "example.org/a" not in issue_text(place)


def test_what_is_held_back_is_placed_once_it_is_corrected(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date\nOpen day,19 December 2126\nTalk,soon\n")
    collect(place, code=1)
    arrive(place, "police-events.csv", "title,date\nOpen day,19 December 2126\nTalk,21 December 2126\n")
    said = collect(place)

    assert "1 item placed, 1 item already there" in said
    assert read_events(place)["Talk"] == "21 December 2126"


ROW = st.tuples(
    st.sampled_from(["Fair", "", "Two\nlines", "For example: x"]), st.sampled_from(["9 June 2126", "x", ""])
)


@given(rows=st.lists(ROW, max_size=6))
@examples(80)
def test_each_row_is_used_or_held_back_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "health-events.csv"
    path.write_text("title,date\n" + "".join(f'"{title}","{day}"\n' for title, day in rows), encoding="utf-8")
    filled = [row for row in rows if any(row)]
    try:
        found = read(path)
    except FaultyFiles as error:
        assert error.faults  # noqa: PT017 -- either way is right
        return
    used = [item for section in found.sections for item in section["items"]]  # type: ignore[union-attr]
    assert len(used) + len(found.held) == len(filled)
    assert len(used) == len([row for row in filled if row == ("Fair", "9 June 2126")])


ITEM = st.sampled_from(
    [
        "{title: Fair, date: 9 June 2126}",
        "{title: Quiz, date: 31 June 2126}",
        "{title: TO WRITE, date: 9 June 2126}",
        "{title: Walk, date: 9 June 2126, room: 7}",
        "{title: A, title: B, date: 9 June 2126}",
        "{title: Us, link: https://us.example.org}",
        "just words",
        "",
        "[]",
    ]
)
SECTION = st.tuples(
    st.sampled_from(["events", "links", "evnts", "resources", "notice"]),
    st.sampled_from(["items", "groups", "text", "rooms"]),
    st.lists(ITEM, max_size=4),
)


@given(sections=st.lists(SECTION, min_size=1, max_size=3))
@examples(120)
def test_what_is_left_of_a_yaml_file_is_valid_and_what_is_not_has_faults(
    tmp_path_factory: pytest.TempPathFactory, sections: list[tuple[str, str, list[str]]]
) -> None:
    text = "from: health\nsections:\n"
    for kind, name, items in sections:
        text += f"  - kind: {kind}\n    title: Ours\n    {name}:\n" + "".join(f"      - {item}\n" for item in items)
    path = tmp_path_factory.getbasetemp() / "health.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        found = read(path)
    except FaultyFiles as error:
        assert error.faults  # noqa: PT017 -- either way is right
        return
    path.write_text("\n".join(["from: health", *write_data({"sections": list(found.sections)})]), encoding="utf-8")
    assert read(path).sections == found.sections
    assert read(path).held == ()
    assert all(one.faults for one in found.held)


def read(path: Path) -> Contribution:
    health = Contributor(organisation="Anytown Health", email="news@health.example.org")
    context = ValidationContext(month=Month(2126, 5))
    return read_contribution(path, shown_as=path.name, contributors={"health": health}, context=context)


# Days and times as people type them


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("2126-12-17T10:00:00", "17 December 2126 10am"),
        ("2126-12-17 00:00:00", "17 December 2126"),
        ("17 December 2126 14:30", "17 December 2126 2:30pm"),
        ("17 December 2126, 2.30pm", "17 December 2126 2:30pm"),
        ("Tuesday 17 December 2126 at noon", "17 December 2126 midday"),
    ],
)
def test_a_day_with_its_time_in_one_cell_is_read_as_both(place: Workspace, typed: str, read_as: str) -> None:
    arrive(place, "police-events.csv", f'title,date\nOpen day,"{typed}"\n')
    collect(place)

    assert read_events(place)["Open day"] == read_as


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 -- a workbook has no time zones


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("17/12/2126", "17 December 2126"),
        ("17.12.2126", "17 December 2126"),
        ("17-12-2126 10:00", "17 December 2126"),
        ("Tues 17 Dec 2126", "Tues 17 Dec 2126"),
        ("17th December 2126, 12noon", "17th December 2126"),
    ],
)
def test_days_are_read_as_people_type_them_and_figures_are_written_out(
    place: Workspace, typed: str, written: str
) -> None:
    arrive(place, "police-events.csv", f'title,date\nOpen day,"{typed}"\n')
    collect(place)

    assert read_events(place)["Open day"].startswith("17 December 2126")
    assert f"        date: {written}\n" in issue_text(place)


def test_a_day_in_figures_is_read_as_the_others_of_its_table_are(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date\nOpen day,17/12/2126\nTalk,03/04/2126\nWalk,05/06/2126 10:00\n")
    said = collect(place)

    assert (read_events(place)["Talk"], read_events(place)["Walk"]) == ("3 April 2126", "5 June 2126 10am")
    assert "“03/04/2126” was read as 3 April 2126, and others like it too, since this table has the day first." in said


def test_a_day_in_figures_that_can_be_two_days_holds_back_its_row_alone(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date\nOpen day,17 December 2126\nTalk,03/04/2126\n")
    said = collect(place, code=1)

    assert "- “Talk”, police-events.csv:3:6: “03/04/2126” can be two days. Write it as 3 April 2126; or" in said
    assert "Open day" in read_events(place)


EXCEL_CELLS: dict[str, tuple[list[Any], str]] = {
    "a date with a time": ([at(2126, 12, 17, 14, 30), None, None], "17 December 2126 2:30pm"),
    "a date alone": ([at(2126, 12, 17), None, None], "17 December 2126"),
    "times": ([at(2126, 12, 17), time(9, 30), time(12, 0)], "17 December 2126 9:30am midday"),
    "the same time twice": ([at(2126, 12, 17, 14, 30), "2.30pm", None], "17 December 2126 2:30pm"),
    "a duration": ([at(2126, 12, 17), timedelta(hours=9), None], "17 December 2126 9am"),
    "days in the cells of times": (
        [at(2126, 12, 17), at(2126, 12, 17, 9), at(2126, 12, 17, 11)],
        "17 December 2126 9am 11am",
    ),
    "the day in the time's cell alone": ([None, at(2126, 12, 17, 9), None], "17 December 2126 9am"),
}


@pytest.mark.parametrize(("cells", "read_as"), EXCEL_CELLS.values(), ids=EXCEL_CELLS)
def test_a_time_in_a_cell_of_excel_is_read(place: Workspace, tmp_path: Path, cells: list[Any], read_as: str) -> None:
    rows = (["title", "date", "starts", "ends"], ["Open day", *cells])
    arrive(place, "police.xlsx", save_book(tmp_path / "a.xlsx", *rows))
    collect(place)

    assert read_events(place)["Open day"] == read_as


def test_a_day_and_a_time_that_contradict_each_other_hold_back_the_row(place: Workspace, tmp_path: Path) -> None:
    rows = (["title", "date", "starts"], ["Open day", at(2126, 12, 17, 14, 30), "10am"])
    arrive(place, "police.xlsx", save_book(tmp_path / "a.xlsx", *rows))

    assert "cell B2: This cell says “14:30”, and “starts” says “10am”. Correct one of them." in collect(place, code=1)


@given(day=st.dates(date(1950, 1, 1), date(2150, 1, 1)), minutes=st.integers(1, 24 * 60 - 1))
@examples(80)
def test_a_day_and_a_time_are_separated_however_they_are_joined(day: Any, minutes: int) -> None:
    written, hour = PartialDate(day.year, day.month, day.day), TimeOfDay(*divmod(minutes, 60))
    for joined in (f"{written} {hour}", f"{written}, {hour}", f"{day.isoformat()}T{hour.hour:02}:{hour.minute:02}:00"):
        first, second = separate(joined)
        assert (first, second) in ((str(written), str(hour)), (day.isoformat(), f"{hour.hour:02}:{hour.minute:02}"))


def test_excels_unicode_text_is_read(place: Workspace) -> None:
    arrive(place, "health-events.csv", (CASES / "19-collect-utf16.csv").read_bytes())
    arrive(place, "police-events.tsv", "title\tdate\nOpen day\t19 December 2126\n")
    arrive(place, "police-events.txt", "title\tdate\r\nFair\t18 December 2126\r\n".encode("utf-16"))
    arrive(place, "police-events (2).csv", "sep=;\ntitle;date\nTalk, and walk;20 December 2126\n")
    collect(place)

    titles = {"Board meeting", "Diwrnod agored", "Open day", "Fair", "Talk, and walk"}
    assert set(read_events(place)) == titles
    assert read_events(place)["Diwrnod agored"] == "10 December 2026"


def test_a_letter_of_plain_text_is_no_table(place: Workspace) -> None:
    arrive(place, "police.txt", "Dear all,\nplease find enclosed our\tevents.\n")

    assert "police.txt was not imported. Files of this type can’t be imported." in collect(place, code=1)


# The form's example


def fill_in_form(workspace: Workspace, **cells: str) -> None:
    """Type over the example of a blank form, in some of its columns."""
    collect(workspace, "--forms")
    folder = workspace.root / "issues/2126-12/contributions"
    book = load_workbook(folder / "forms/police.xlsx")
    headings = [str(cell.value).rstrip(" *") for cell in book["events"][1]]
    for number, name in enumerate(headings, start=1):
        if name in cells:
            book["events"].cell(row=2, column=number).value = cells[name] or None
    book.save(folder / "police.xlsx")


def test_an_example_that_was_typed_over_in_part_is_named_with_what_is_left_of_it(place: Workspace) -> None:
    fill_in_form(place, title="Open day", date="19 December 2126", until="", starts="10am")
    said = collect(place, code=1)

    assert "- police.xlsx, sheet “events”, cell " in said
    left = said[said.index("This was the form’s example, and part of it is still there: ") :].partition(". Write")[0]
    for words in ("ends “12:30pm”", "place “Online”", "link “https://www.example.org/event”"):
        assert words in left
    assert "date" not in left
    assert set(read_events(place)) == {"Board meeting"}


def test_an_example_with_another_title_behind_for_example_is_named(place: Workspace) -> None:
    fill_in_form(place, title="for example: Open day", date="19 December 2126")

    assert "This row begins with “For example:”, but differs from the form’s example." in collect(place, code=1)


def test_an_example_that_was_typed_over_wholly_is_an_item(place: Workspace) -> None:
    names = ("until", "starts", "ends", "place", "summary", "audience", "link", "follow_up", "for")
    newer = ("cost", "contact.name", "contact.email", "contact.telephone", "button", "do", "by")
    rest = dict.fromkeys([*names, *newer, "book.how", "book.link", "book.by"], "")
    fill_in_form(place, title="Open day", date="19 December 2126", **rest)
    collect(place)

    assert read_events(place)["Open day"] == "19 December 2126"


def test_an_untouched_form_has_only_its_example(place: Workspace) -> None:
    fill_in_form(place)

    assert "only headings and examples" in collect(place, code=1)


# Pictures beside a contribution


def test_pictures_are_copied_once_and_are_no_faults(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date\nOpen day,19 December 2126\n")
    arrive(place, "Poster final (2).PNG", PICTURE)
    arrive(place, "Thumbs.db", b"\0")
    said = collect(place)

    assert "Poster final (2).PNG was copied to issues/images/Poster-final-2.png.\n" in said
    assert (place.root / "issues/images/Poster-final-2.png").read_bytes() == PICTURE
    assert "copied" not in collect(place)
    (place.root / "issues/images/Poster-final-2.png").unlink()  # the officer doesn't want it
    collect(place)
    assert not list((place.root / "issues/images").iterdir())


def test_a_picture_never_takes_the_place_of_another(place: Workspace) -> None:
    images = place.root / "issues/images"
    images.mkdir()
    (images / "poster.jpg").write_bytes(b"ours")
    arrive(place, "poster.jpg", OTHER_PICTURE)
    arrive(place, "same.jpg", OTHER_PICTURE)
    collect(place)

    assert (images / "poster.jpg").read_bytes() == b"ours"
    assert sorted(path.name for path in images.iterdir()) == ["poster-2.jpg", "poster.jpg"]


def test_an_item_may_name_a_picture_beside_it(place: Workspace) -> None:
    arrive(place, "poster.png", PICTURE)
    article = "from: police\nkind: article\ntitle: Lock it\ntext: Doors.\nimage: {file: Poster.PNG, alt: A door}\n"
    arrive(place, "police.yaml", article)
    collect(place)

    assert "file: issues/images/poster.png" in issue_text(place)
    assert place.load_issue("2126-12").sections[-1].image is not None


def test_a_dry_run_copies_nothing(place: Workspace) -> None:
    arrive(place, "poster.png", PICTURE)

    assert "poster.png would be copied to issues/images/poster.png." in collect(place, "--dry-run")
    assert not (place.root / "issues/images").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("police-poster.png", b"x", "This is not a picture, whatever its name says. Save it as JPEG or PNG."),
        ("police-poster.jpg", b"<svg/>", "This is SVG, a drawing that most mail programs don’t show, whatever its"),
        ("police-poster.svg", PICTURE, "This file is SVG, a drawing that most mail programs don’t show. Open it in"),
        ("police-photo.heic", PICTURE, "This file is HEIC, as iPhones save photos, which most mail programs don’t"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_told_to_its_sender(
    place: Workspace, name: str, content: bytes, words: str
) -> None:
    arrive(place, name, content)
    said = collect(place, code=1)

    assert f"- {name}: {words}" in said
    assert "Send an email to news@police.example.org" in said


# The email to the sender


def test_the_email_to_a_sender_is_one_text_to_paste(place: Workspace) -> None:
    arrive(place, "police-events.csv", "title,date\nOpen day,19 December 2126\nTalk,soon\n")
    arrive(place, "police-links.csv", "title,link\nUs,police\n")
    said = collect(place, code=1)
    letter = said[said.index("Tell Anytown Police.") : said.index("The deadline for")]

    assert letter == (
        "Tell Anytown Police. Send an email to news@police.example.org with the subject “Your contribution to "
        "December 2126” and this text:\n"
        "\n"
        "Dear Anytown Police,\n"
        "\n"
        "Thank you for your contribution to our issue of December 2126.\n"
        "We have used part of it, but can’t use this yet:\n"
        "\n"
        "- “Talk”, police-events.csv:3:6: “soon” is not a date. Write it as 24 March 2021 (or March 2021, 13 April, "
        "2021).\n"
        "- police-links.csv:2:4: “police” is not an address that readers can open. An address begins with https://, "
        "mailto: or tel:.\n"
        "\n"
        "Please correct this and send the whole file again by Tuesday 26 November 2126.\n"
        "\n"
        "Thank you,\n"
        "Anytown Partnership\n"
        "\n"
    )


def test_each_sender_has_an_email_of_their_own(place: Workspace) -> None:
    for name in ("police", "health"):
        arrive(place, f"{name}-events.csv", "title,date\nTalk,soon\n")
    arrive(place, "unknown.csv", "title,date\nTalk,soon\n")
    said = collect(place, code=1)

    assert said.count("Thank you,\n") == 3
    assert "Tell the sender of unknown.csv. Send an email with the subject" in said
    assert "Dear colleague," in said


def test_after_the_deadline_the_email_asks_for_it_soon(make_workspace: MakeWorkspace) -> None:
    day = today()
    published = PartialDate(day.year, day.month, day.day)
    issue = DECEMBER.replace("2126-12", f"{day:%Y-%m}").replace("3 December 2126", str(published))
    place = make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={f"{day:%Y-%m}": issue})
    folder = place.root / f"issues/{day:%Y-%m}/contributions"
    folder.mkdir(parents=True)
    (folder / "police-events.csv").write_text("title,date\nTalk,soon\n", encoding="utf-8")
    done = call("collect", "--workspace", str(place.root))

    assert "Please correct this and send the whole file again as soon as you can." in done.stdout


def test_it_writes_first_and_reports_then(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if nothing can be shown any more."""
    arrive(place, "police-events.csv", "title,date\nOpen day,19 December 2126\n")
    monkeypatch.setattr("bulletin.cli.wording.contribution_text.say", _fail)
    call("collect", "2126-12", "--workspace", str(place.root))

    assert "Open day" in read_events(place)
    assert (place.root / "issues/2126-12/contributions" / MEMORY_FILE).exists()


def _fail(_text: str = "") -> None:
    raise BrokenPipeError
