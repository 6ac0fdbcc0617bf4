"""The archive's files for readers' calendars, built into a folder with its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from anytown import NOON
from archived import MAY, build, edit, send
from bulletin.database.schema import open_database
from bulletin.database.tables import calendar_entries
from bulletin.publishing.archive import ArchiveReport
from bulletin.publishing.calendar_files import CalendarMaker
from bulletin.workspace.workspace import Workspace
from calendar_reader import read_events

DAY = 86_400_000  # ms
MONTHLY = "monthly"


class Office:
    """A workspace that was sent, and its archive with calendars."""

    def __init__(self, workspace: Workspace, engine: Engine, out: Path) -> None:
        self.workspace, self.engine, self.out = workspace, engine, out
        self.bulletin = next(iter(workspace.settings.bulletins))
        self._numbers = count(1)

    def build(self, *, now: int = NOON + DAY, rehearsal: bool = False, **options: Any) -> ArchiveReport:
        maker = CalendarMaker(
            engine=self.engine,
            settings=self.workspace.settings,
            now=now,
            draw=lambda octets: next(self._numbers).to_bytes(octets, "little"),
            rehearsal=rehearsal,
        )
        return build(self.workspace, self.engine, self.out, now=now, companions=[maker], rehearsal=rehearsal, **options)

    def read(self, path: str) -> str:
        return (self.out / self.bulletin / path).read_text(encoding="utf-8")

    def read_dates(self, path: str) -> list[Any]:
        return read_events((self.out / self.bulletin / path).read_bytes())


@pytest.fixture
def office(make_workspace: Callable[..., Workspace], tmp_path: Path) -> Iterator[Office]:
    workspace = make_workspace(issues={"2021-05": MAY})
    engine = open_database(workspace)
    send(engine, "2021-05")
    yield Office(workspace, engine, tmp_path / "site")
    engine.dispose()


def test_each_date_the_issue_and_the_bulletin_have_a_file_and_the_page_leads_to_them(office: Office) -> None:
    office.build()
    names = {path.name for path in (office.out / office.bulletin / "2021-05").glob("*.ics")}
    assert names == {"all.ics", "office-hours.ics", "conference-on-neglect.ics", "conference-on-neglect__by.ics"}
    page = office.read("2021-05/index.html")
    for name in names:
        assert f'2021-05/{name}"' in page
    assert len(office.read_dates("2021-05/all.ics")) == 3
    assert len(office.read_dates("calendar.ics")) == 3
    assert "calendar.ics" in page  # in its foot


def test_what_is_for_some_lists_is_in_no_file(office: Office) -> None:
    office.build()
    for path in office.out.rglob("*.ics"):
        assert "schools only" not in path.read_text(encoding="utf-8")
        assert "schools-only" not in path.name


def test_a_second_build_writes_nothing(office: Office) -> None:
    office.build()
    assert office.build(now=NOON + DAY + 3_600_000).change.written == {}


def test_a_correction_changes_the_files_and_keeps_the_uids(office: Office) -> None:
    office.build()
    before = {str(event["UID"]) for event in office.read_dates("calendar.ics")}
    edit(office.workspace, "2021-05", ("starts: 9:30am", "starts: 10am"))
    office.build(now=NOON + 2 * DAY, typo=True)
    events = office.read_dates("calendar.ics")
    assert {str(event["UID"]) for event in events} == before
    assert sorted(int(event["SEQUENCE"]) for event in events) == [0, 0, 1]


def test_an_event_that_is_taken_away_has_no_word_in_any_file(office: Office) -> None:
    office.build()
    edit(
        office.workspace,
        "2021-05",
        ("title: Conference on neglect", "title: Conference on neglect\n        withdrawn: yes"),
    )
    office.build(now=NOON + 2 * DAY, typo=True)
    for path in office.out.rglob("*.ics"):
        assert not re.search(r"SUMMARY:.*neglect", path.read_text(encoding="utf-8"))
    statuses = {str(event["SUMMARY"]): str(event["STATUS"]) for event in office.read_dates("calendar.ics")}
    assert statuses["Cancelled: A date that was removed"] == "CANCELLED"


def test_what_is_past_is_said_to_be_past_on_the_page(office: Office) -> None:
    office.build()
    assert "By Mon 10 May" in office.read("2021-05/index.html")
    office.build(now=NOON + 8 * DAY)
    page = office.read("2021-05/index.html")
    assert "Past: Mon 10 May" in page
    assert "office-hours.ics" not in page
    assert (office.out / office.bulletin / "2021-05" / "office-hours.ics").is_file()
    office.build(now=NOON + 60 * DAY)
    heading = office.read("2021-05/index.html").replace("&nbsp;", " ").replace("\u00a0", " ")
    assert "What readers were asked to do" in heading


def test_a_rehearsal_registers_nothing(office: Office) -> None:
    office.build(rehearsal=True)
    assert office.read_dates("2021-05/all.ics")
    with office.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(calendar_entries)) == 0


def test_more_than_seven_dates_are_all_on_the_page(office: Office) -> None:
    more = "".join(
        f"  - {{kind: notice, title: Notice {day}, text: Please., do: Send form {day}, by: {day} June 2021}}\n"
        for day in range(1, 9)
    )
    path = office.workspace.issue_path("2021-05")
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    office.build()
    page = office.read("2021-05/index.html")
    assert '<a href="#all-dates">3 more dates</a>' in page
    assert page.count('id="all-dates"') == 1
    assert page.count("Send form 8") >= 2
