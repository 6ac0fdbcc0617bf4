"""Dates and times as people write them: read, or refused with the writer's own date in a form that is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bulletin.delivery.plans.send_time import parse_send_time
from bulletin.errors import MailingError
from bulletin.issue.dates import parse_date, parse_month, parse_time
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import ISSUE, SETTINGS

MakeWorkspace = Callable[..., Workspace]
HERE = Path(__file__).parent


def refusal(parse: Callable[[str], object], text: str) -> tuple[str, str]:
    """What is said about a text that is refused, and what to do."""
    with pytest.raises(PydanticCustomError) as caught:
        parse(text)
    (problem,) = (caught.value.context or {})["problems"]
    return problem.message, problem.remedy


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("27/11/2025", "27 November 2025"),
        ("17/12/2026", "17 December 2026"),
        ("17.12.26", "17 December 2026"),
        ("5.12.2026", "5 December 2026"),
        ("27-11-2025", "27 November 2025"),
        ("12/12/2026", "12 December 2026"),
        ("Thurs 27 Nov 2025", "27 November 2025"),
        ("Thurs. 27th of November 2025", "27 November 2025"),
        ("Thursday the 27th of November, 2025", "27 November 2025"),
        ("Tues 5 Jan 2027", "5 January 2027"),
        ("Weds 6 Jan 27", "6 January 2027"),
        ("27-Nov-25", "27 November 2025"),
        ("27-Nov-2025", "27 November 2025"),
        ("27Nov2025", "27 November 2025"),
        ("November 27, 2025", "27 November 2025"),
        ("Nov 27th 2025", "27 November 2025"),
        ("2025/11/27", "27 November 2025"),
        ("2025-11-27 00:00:00", "27 November 2025"),
        ("27/11/2025 00:00", "27 November 2025"),
        ("Sat 05/12/2026", "5 December 2026"),
        ("27 November 2025.", "27 November 2025"),
        ("27 Nov ’25", "27 November 2025"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, printed: str) -> None:
    assert str(parse_date(written)) == printed


@pytest.mark.parametrize(
    ("written", "message", "remedy"),
    [
        ("05/12/2026", "“05/12/2026” can be two days.", "Write it as 5 December 2026; or, if the month is first, as "),
        ("12/25/2026", "“12/25/2026” has no month 25.", "Write it as 25 December 2026, if the month is first."),
        ("31/04/2026", "“31/04/2026” does not exist: April 2026 has 30 days.", "Correct the day or the month."),
        ("27 November 2025 at 10am", "“27 November 2025 at 10am” is not a date.", "Write only the date: 27 November"),
        ("27/11/2025 10:00", "“27/11/2025 10:00” is not a date.", "Write only the date: 27 November 2025."),
        ("Thursday 27 November 2025 (TBC)", "is not a date.", "Write only the date: 27 November 2025."),
        ("27–28 November 2025", "is not a date.", "Write one day: 27 November 2025. If it lasts until 28 November"),
        ("27 to 28 Nov 2025", "is not a date.", "Write one day: 27 November 2025. If it lasts until 28 November"),
        ("27 Novmber 2025", "is not a date.", "Write it as 27 November 2025."),
        ("24 Marsh 2021", "is not a date.", "Write it as 24 March 2021."),
        ("Wed 27 November 2025", "27 November 2025 is a Thursday, not a Wednesday.", "Correct the day or the date."),
        ("soon", "“soon” is not a date.", "Write it as 24 March 2021 (or March 2021, 13 April, 2021)."),
    ],
)
def test_what_is_not_read_gets_its_own_date_as_the_remedy(written: str, message: str, remedy: str) -> None:
    said, do = refusal(parse_date, written)
    assert message in said
    assert do.startswith(remedy)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("12noon", "midday"),
        ("12.00 noon", "midday"),
        ("12:00 noon", "midday"),
        ("12 midday", "midday"),
        ("12 midnight", "midnight"),
        ("10:00:00", "10am"),
        ("14:30:00", "2:30pm"),
        ("9.30am", "9:30am"),
        ("9.30 a.m.", "9:30am"),
        ("9.30a.m", "9:30am"),
        ("1430hrs", "2:30pm"),
        ("14:30 hrs", "2:30pm"),
        ("10:00:00 AM", "10am"),
        ("NOON", "midday"),
    ],
)
def test_a_time_is_read_as_people_write_it(written: str, printed: str) -> None:
    assert str(parse_time(written)) == printed


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("9", "Write it as 9am or 9pm."),
        ("10 o'clock", "Write it as 10am or 10pm."),
        ("10 o’clock", "Write it as 10am or 10pm."),
        ("13pm", "Write it as 1pm."),
        ("14:30pm", "Write it as 2:30pm."),
        ("10am – 12 noon", "Write one time: 10am. If it ends at midday, write that under `ends`."),
        ("9.30-11.00", "Write one time: 9:30am. If it ends at 11am, write that under `ends`."),
        ("10am (UK time)", "Write only the time: 10am."),
        ("from 2pm", "Write only the time: 2pm."),
        ("half past three", "Write it as 14:30 or 2:30pm."),
        ("25:00", "Write it as 14:30 or 2:30pm."),
    ],
)
def test_what_is_no_time_gets_its_own_time_as_the_remedy(written: str, remedy: str) -> None:
    message, do = refusal(parse_time, written)
    assert message == f"“{written}” is not a time of day."
    assert do == remedy


def test_a_month_in_figures_gets_its_own_form_as_the_remedy() -> None:
    assert refusal(parse_month, "11/2025") == ("“11/2025” is not a month.", "Write it as 2025-11.")


@given(st.dates(), st.sampled_from(["{0.day:02}/{0.month:02}/{0.year:04}", "{0.day}-{0.month}-{0.year:04}"]))
def test_a_date_in_figures_is_never_read_as_another_day(day: datetime, form: str) -> None:
    written = form.format(day)
    try:
        read = parse_date(written)
    except PydanticCustomError:
        return  # it can be two days, or its year is a slip
    assert read.exact == day


NOW = round(datetime(2021, 5, 28, 9, 0, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "meant", "note"),
    [
        ("tomorrow at 9", "2021-05-29 09:00", "9 was read as 9am."),
        ("tomorrow 9", "2021-05-29 09:00", "9 was read as 9am."),
        ("at 14 tomorrow", "2021-05-29 14:00", "14 was read as 2pm."),
        ("Tues 1 June at 10", "2021-06-01 10:00", "10 was read as 10am."),
        ("tomorrow 12noon", "2021-05-29 12:00", ""),
        ("12 noon", "2021-05-28 12:00", ""),
        ("Thurs at 9.30am", "2021-06-03 09:30", ""),
        ("27.6.21 at 10:00:00", "2021-06-27 10:00", ""),
        ("27-Jun-2021 9am", "2021-06-27 09:00", ""),
    ],
)
def test_a_schedule_is_read_by_the_same_readers(text: str, meant: str, note: str) -> None:
    moment = parse_send_time(text, now=NOW, zone=UTC)
    assert f"{datetime.fromtimestamp(moment.at / 1000, UTC):%Y-%m-%d %H:%M}" == meant
    assert moment.note == note


def test_an_hour_that_can_be_two_is_asked_for() -> None:
    with pytest.raises(MailingError) as caught:
        parse_send_time("tomorrow at 5", now=NOW, zone=UTC)
    assert str(caught.value) == "“tomorrow at 5” can be two times. Write it as tomorrow at 5am or as tomorrow at 5pm."


EVENTS = """\
  - kind: events
    title: Days to keep free
    items:
      - title: Open day
        date: {date}
        starts: {starts}
        ends: 5pm
      - title: Forum
        date: 10 June 2021
        summary: Please come to to the forum on Tuesday 10 June 2021.
"""


def test_what_people_write_is_in_order_in_an_issue(make_workspace: MakeWorkspace) -> None:
    text = ISSUE + EVENTS.format(date="27/05/2021", starts="12noon").replace("to to", "to").replace(
        "Tuesday", "Thursday"
    )
    place = make_workspace(issues={"2021-05": text})
    assert "in order" in call("check", "2021-05", folder=place.root).stdout


@pytest.mark.parametrize(
    ("date", "starts", "said"),
    [
        ("05/06/2021", "9am", "“05/06/2021” can be two days. Write it as 5 June 2021"),
        ("27 May 2021", "9", "“9” is not a time of day. Write it as 9am or 9pm."),
        ("27 May 2021 #tbc", "9am", "Everything from this # on would be left out"),
        ("27 May 2021", "9am\n        starst: 9am", "“starst” is not a field of an event."),
        ("tomorrow", "9am", "“tomorrow” is not a date."),
    ],
)
def test_one_wrong_entry_hides_no_other_finding(
    make_workspace: MakeWorkspace, date: str, starts: str, said: str
) -> None:
    place = make_workspace(issues={"2021-05": ISSUE + EVENTS.format(date=date, starts=starts)})

    done = call("check", "2021-05", folder=place.root)

    assert done.returncode == 1
    assert said in done.stdout
    assert "LANG07: “to” is here twice." in done.stdout
    assert "DATE01: 10 June 2021 is a Thursday" in done.stdout
    assert "1 fault in 1 file." in done.stdout
    assert "What is at fault was left out of the rest of the check." in done.stdout


def test_a_missing_field_of_the_whole_file_hides_nothing(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("published: 4 May 2021\n", "").replace("We are", "We we are")
    done = call("check", "2021-05", folder=make_workspace(issues={"2021-05": text}).root)
    assert "“published” is missing" in done.stdout
    assert "LANG07: “We” is here twice." in done.stdout


def test_entries_after_the_wrong_one_keep_their_lines(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("sections:\n", "sections:\n  - kind: notce\n    title: First\n    text: One.\n")
    place = make_workspace(issues={"2021-05": text.replace("We are", "We we are")})
    assert "issues/2021-05.yaml:11:11: warning LANG07" in call("check", "2021-05", folder=place.root).stdout


def test_a_table_in_the_encoding_of_excels_unicode_text_is_read(make_workspace: MakeWorkspace) -> None:
    settings = SETTINGS + "contributors:\n  health: {organisation: Anytown Health, email: h@health.example.org}\n"
    issue = ISSUE.replace("2021-05", "2026-12").replace("4 May 2021", "1 December 2026").replace("3 May 2021", "25 May")
    place = make_workspace(settings=settings, issues={"2026-12": issue})
    folder = place.root / "issues/2026-12/contributions"
    folder.mkdir(parents=True)
    shutil.copy(HERE / "19-collect-utf16.csv", folder / "health-events.csv")

    done = call("collect", "2026-12", folder=place.root)

    assert "not a CSV file" not in done.stdout + done.stderr
    assert "Diwrnod agored" in (place.root / "issues/2026-12.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("table", ["title,date\nCafé,17/12/2026\n", "sep=;\ntitle;date\nCafé;17.12.26\n"])
def test_contributions_are_read_in_the_encodings_of_lists(
    make_workspace: MakeWorkspace, encoding: str, table: str
) -> None:
    settings = SETTINGS + "contributors:\n  health: {organisation: Anytown Health, email: h@health.example.org}\n"
    place = make_workspace(settings=settings)
    folder = place.root / "issues/2021-05/contributions"
    folder.mkdir(parents=True)
    (folder / "health-events.csv").write_bytes(table.encode(encoding))

    call("collect", "2021-05", folder=place.root)

    written = (place.root / "issues/2021-05.yaml").read_text(encoding="utf-8")
    assert "title: Café" in written
