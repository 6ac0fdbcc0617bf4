from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.plans.send_time import parse_send_time
from bulletin.errors import MailingError
from bulletin.times import describe_moment

LONDON = ZoneInfo("Europe/London")
DAY = datetime(2021, 5, 28, 10, 0, tzinfo=LONDON)  # a Friday


def at(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def read(text: str, *, now: datetime = DAY) -> str:
    """The moment that is meant, as London's clocks show it."""
    moment = parse_send_time(text, now=at(now), zone=LONDON)
    return f"{datetime.fromtimestamp(moment.at / 1000, LONDON):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("11:30", "2021-05-28 11:30"),
        ("today at 2pm", "2021-05-28 14:00"),
        ("tomorrow 9:00", "2021-05-29 09:00"),
        ("Tomorrow, 9.30 am", "2021-05-29 09:30"),
        ("Tuesday 9am", "2021-06-01 09:00"),
        ("Fri 11:00", "2021-05-28 11:00"),
        ("Friday 9:00", "2021-06-04 09:00"),
        ("1 June 2021 9:00", "2021-06-01 09:00"),
        ("Tue 1 June 2021, at 9:00", "2021-06-01 09:00"),
        ("09.30 tomorrow", "2021-05-29 09:30"),
        ("9am on Tuesday", "2021-06-01 09:00"),
        ("on Tuesday at 9am", "2021-06-01 09:00"),
        ("2pm, 1 June 2021", "2021-06-01 14:00"),
        ("01/06/2021 9:00", "2021-06-01 09:00"),
        ("24.12.2021 9.30", "2021-12-24 09:30"),
        ("9:00 1-6-2021", "2021-06-01 09:00"),
        ("1 June midday", "2021-06-01 12:00"),
        ("28 May 11:00", "2021-05-28 11:00"),
        ("27 May 11:00", "2022-05-27 11:00"),
        ("1 May 9:00", "2022-05-01 09:00"),
        ("2021-06-01 09:00", "2021-06-01 09:00"),
        ("2021-06-01T09:00:00", "2021-06-01 09:00"),
        ("2021-06-01T09:00Z", "2021-06-01 10:00"),
        ("2021-06-01 09:00 +02:00", "2021-06-01 08:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9:00", "09:00 on Friday 28 May 2021 (BST, UTC+1) has passed. Give a later time, with its day"),
        ("28 May 9:00", "09:00 on Friday 28 May 2021 (BST, UTC+1) has passed. Give a later time, with its day"),
        ("28 May 10:00", "10:00 on Friday 28 May 2021 (BST, UTC+1) has passed."),
        ("soon", "“soon” isn't a time. Write it as in 1 June 2021 9:00"),
        ("", "“” isn't a time."),
        ("tomorrow", "“tomorrow” doesn't have a time of day."),
        ("1 June 2021", "“1 June 2021” doesn't have a time of day."),
        ("June 2021 9:00", "“June 2021” isn't a whole date."),
        ("29 February 9:00", "“29 February” isn't a whole date."),
        ("31 June 2021 9:00", "June 2021 has 30 days."),
        ("Monday 1 June 2021 9:00", "1 June 2021 is a Tuesday, not a Monday."),
        ("tomorrow 25:00", "“25:00” is not a time of day."),
        ("06/24/2021 9:00", "“06/24/2021” has no such month: it is read as day, month, year. Write it as in 1 June"),
        ("31/06/2021 9:00", "June 2021 has 30 days. Correct the day or the month."),
        ("1/6 9:00", "“1/6” is not a date. Write it as in 1 June 2021 9:00, tomorrow 9:00"),
        ("June 9:00", "“June” is a month without its year. Write it as in 1 June 2021 9:00"),
        ("next Tuesday at 9am", "“next Tuesday” can be 1 June 2021 or 8 June 2021. Write the one that you mean"),
        ("9:00 next Fri", "“next Fri” can be 4 June 2021 or 11 June 2021."),
        ("2021-02-30T10:00Z", "“2021-02-30T10:00Z” isn't a time that exists."),
        ("0001-01-01T00:00+14:00", "“0001-01-01T00:00+14:00” has an impossible year. Write it as in 1 June"),
        ("9999-12-31T23:59-14:00", "“9999-12-31T23:59-14:00” has an impossible year."),
        ("1899-12-31 23:59Z", "has an impossible year."),
        ("2199-12-31T23:59-14:00", "is more than a year ahead. Check the year."),
        ("1 June 2031 9:00", "09:00 on Sunday 1 June 2031 (BST, UTC+1) is more than a year ahead. Check the year."),
    ],
)
def test_what_cannot_be_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(MailingError) as caught:
        read(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("02/12/2021 9:00", "02/12/2021 was read as day, month, year: Thursday 2 December 2021."),
        ("24/12/2021 9:00", ""),
        ("12/12/2021 9:00", ""),
        ("2 December 2021 9:00", ""),
    ],
)
def test_of_figures_that_can_be_misread_it_is_said_how_they_were_read(text: str, note: str) -> None:
    assert parse_send_time(text, now=at(DAY), zone=LONDON).note == note


def test_a_time_over_which_clocks_go_forward_does_not_exist() -> None:
    with pytest.raises(MailingError, match=r"On 27 March 2022 there is no 01:30: clocks go forward over it\."):
        read("27 March 2022 1:30")
    assert read("27 March 2022 2:00") == "2022-03-27 02:00"


def test_of_a_time_that_comes_twice_the_first_is_meant_and_that_is_said() -> None:
    moment = parse_send_time("31 October 2021 1:30", now=at(DAY), zone=LONDON)

    assert moment.at == at(datetime(2021, 10, 31, 0, 30, tzinfo=UTC))
    assert "01:30 comes twice: this is the first (UTC+1)" in moment.note
    second = moment.note.rpartition(" ")[2].rstrip(".")
    assert parse_send_time(second, now=at(DAY), zone=LONDON).at == moment.at + 3_600_000


def test_a_moment_is_told_with_its_zone() -> None:
    noon = at(datetime(2021, 6, 1, 12, 0, tzinfo=UTC))

    assert describe_moment(noon, zone=LONDON) == "13:00 on Tuesday 1 June 2021 (BST, UTC+1)"
    assert describe_moment(noon, zone=ZoneInfo("America/St_Johns")) == "09:30 on Tuesday 1 June 2021 (NDT, UTC−2:30)"
    assert describe_moment(noon, zone=ZoneInfo("Asia/Dubai")) == "16:00 on Tuesday 1 June 2021 (UTC+4)"


@given(st.integers(min_value=1, max_value=360 * 24 * 60))
def test_whatever_is_told_is_read_back_as_the_same_moment(minutes: int) -> None:
    moment = DAY.astimezone(UTC) + timedelta(minutes=minutes)
    local = moment.astimezone(LONDON)
    clear = local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()

    for text in (moment.isoformat(), *([f"{local.day} {local:%B %Y %H:%M}"] if clear else [])):
        assert parse_send_time(text, now=at(DAY), zone=LONDON).at == at(moment)


@pytest.fixture
def computer_in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("computer_in_berlin")
def test_where_no_zone_is_given_it_is_the_computers() -> None:
    moment = parse_send_time("1 June 2021 9:00", now=at(DAY))

    assert moment.at == at(datetime(2021, 6, 1, 7, 0, tzinfo=UTC))
    assert describe_moment(moment.at) == "09:00 on Tuesday 1 June 2021 (CEST, UTC+2)"
    with pytest.raises(MailingError, match="there is no 02:30"):
        parse_send_time("27 March 2022 2:30", now=at(DAY))
    assert "comes twice" in parse_send_time("31 October 2021 2:30", now=at(DAY)).note
