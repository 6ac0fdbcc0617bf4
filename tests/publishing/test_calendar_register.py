"""A published date stays one and the same in readers' calendars, whatever becomes of its issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from bulletin.database.schema import open_database
from bulletin.edition.calendar.entries import list_entries
from bulletin.edition.calendar.files import write_feed
from bulletin.issue.model import Issue
from bulletin.publishing.calendar_register import (
    IssueDates,
    RegisteredDate,
    Registrar,
    read_feed_dates,
    read_issue_dates,
    register_issue,
)
from calendar_reader import read_events

FORUM = {"title": "Forum", "date": "9 February 2027", "starts": "9:30am", "place": "Town Hall"}
AUDIT = {"kind": "notice", "title": "Audit", "text": "It is due.", "do": "Return your audit", "by": "4 December 2026"}
NOVEMBER = datetime(2026, 11, 26, 9, tzinfo=UTC)


@dataclass
class Office:
    """A bulletin that publishes issues. Each one builds the website anew, an hour after the last time."""

    engine: Engine
    host: str = "news.example.org"
    hours: int = 0

    def publish(self, issue_id: str, *sections: dict[str, Any], now: datetime | None = None) -> dict[str, str]:
        """Register an issue that comes out on the 26th of its month; the names that its files have."""
        self.hours += 1
        month = issue_id.rpartition("/")[2][:7]
        head = {"month": month, "published": f"{month}-26", "subject": "News", "preview_text": "What is new."}
        notice = {"kind": "notice", "title": "Office", "text": "We are open."}
        issue = Issue.model_validate({**head, "sections": [notice, *sections]})
        dates = IssueDates(issue=issue_id, published=issue.published, entries=list_entries(issue))
        at = now or NOVEMBER
        registrar = Registrar(
            bulletin="monthly",
            host=self.host,
            now=int(at.timestamp() * 1000) + self.hours * 3_600_000,
            draw=lambda octets: next(self.numbers).to_bytes(octets, "little"),
        )
        with self.engine.begin() as connection:
            return dict(register_issue(connection, registrar, dates))

    numbers = count(1)

    def read(self, issue_id: str) -> dict[str, RegisteredDate]:
        with self.engine.begin() as connection:
            return {each.name: each for each in read_issue_dates(connection, issue_id)}

    def read_one(self, issue_id: str) -> RegisteredDate:
        (found,) = self.read(issue_id).values()
        return found

    def read_feed(self, today: date = date(2026, 12, 1)) -> list[RegisteredDate]:
        with self.engine.begin() as connection:
            return list(read_feed_dates(connection, "monthly", today=today))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_database(f"sqlite:///{tmp_path}/ledger.db")
    yield Office(engine)
    engine.dispose()


def events(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "events", "title": "Events", "items": list(items)}


# What stays


def test_a_uid_has_26_letters_and_figures_and_the_host_of_its_day(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    word, _, host = office.read_one("2026-11").uid.partition("@")
    assert (len(word), word.isalnum(), word.islower() or word.isdigit(), host) == (26, True, True, "news.example.org")


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Forum for families"},
        {"date": "10 February 2027"},
        {"starts": "10am"},
        {"place": "Library"},
        {"summary": "Bring your lunch."},
        {"cancelled": "yes"},
        {"date": "9 February 2027", "title": "Families' forum", "place": "Library"},
    ],
)
def test_a_correction_keeps_the_uid_and_the_address(office: Office, changed: dict[str, Any]) -> None:
    office.publish("2026-11", events(FORUM))
    before = office.read_one("2026-11")
    office.publish("2026-11", events({**FORUM, **changed}))
    after = office.read("2026-11")
    assert {each.uid for each in after.values()} == {before.uid}
    assert "forum" in after


@pytest.mark.parametrize(
    ("changed", "sequence"),
    [
        ({}, 0),
        ({"summary": "Bring your lunch."}, 0),
        ({"title": "Forum for families"}, 0),
        ({"starts": "10am"}, 1),
        ({"ends": "11am"}, 1),
        ({"date": "10 February 2027"}, 1),
        ({"place": "Library"}, 1),
        ({"cancelled": "yes"}, 1),
    ],
)
def test_the_sequence_counts_what_matters_to_a_plan_alone(
    office: Office, changed: dict[str, Any], sequence: int
) -> None:
    office.publish("2026-11", events(FORUM))
    before = office.read_one("2026-11")
    office.publish("2026-11", events({**FORUM, **changed}))
    after = office.read("2026-11")["forum"]
    assert after.sequence == sequence
    assert (after.modified_at > before.modified_at) == bool(changed)


def test_nothing_changes_when_the_same_is_built_again_on_another_host(office: Office) -> None:
    office.publish("2026-11", events(FORUM), AUDIT)
    before = office.read("2026-11")
    office.host = "elsewhere.example.org"
    office.publish("2026-11", events(FORUM), AUDIT)
    assert office.read("2026-11") == before


# One date in two issues


def test_an_event_that_is_announced_again_is_one_date_with_the_newest_words(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    office.publish("2026-12", events({**FORUM, "place": "Library"}))
    (only,) = office.read_feed()
    assert (only.entry.place, only.sequence, only.issue) == ("Library", 1, "2026-12")
    assert office.read_one("2026-11").entry.place == "Library"


def test_building_the_earlier_issue_again_does_not_bring_its_words_back(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    office.publish("2026-12", events({**FORUM, "place": "Library"}))
    before = office.read_feed()
    office.publish("2026-11", events(FORUM))
    assert office.read_feed() == before


def test_a_meeting_of_each_month_is_another_date_once_the_last_one_is_over(office: Office) -> None:
    office.publish("2026-11", events({**FORUM, "date": "9 December 2026"}))
    office.publish("2026-12", events({**FORUM, "date": "13 January 2027"}))
    assert {each.entry.first for each in office.read_feed()} == {date(2026, 12, 9), date(2027, 1, 13)}


def test_an_id_holds_a_date_together_over_another_title_and_day(office: Office) -> None:
    office.publish("2026-11", events({**FORUM, "id": "forum"}))
    office.publish("2026-12", events({**FORUM, "id": "forum", "title": "Families meet", "date": "10 February 2027"}))
    (only,) = office.read_feed()
    assert (only.entry.title, only.sequence) == ("Families meet", 1)


def test_an_id_that_is_the_word_of_the_title_continues_what_had_none(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    office.publish("2026-12", events({**FORUM, "id": "forum", "title": "Families meet"}))
    assert len(office.read_feed()) == 1


def test_of_two_that_could_be_meant_none_is_guessed_at(office: Office) -> None:
    office.publish("2026-11", events(FORUM, {**FORUM, "date": "2 March 2027"}))
    office.publish("2026-12", events({**FORUM, "date": "16 February 2027"}))
    assert len(office.read_feed()) == 3


def test_each_day_of_several_stays_itself_when_the_first_is_over_and_left_out(office: Office) -> None:
    sessions = [{"date": "13 January 2027"}, {"date": "9 February 2027"}, {"date": "2 March 2027"}]
    course = {"title": "First aid", "provider": "Us"}
    office.publish("2026-11", {"kind": "training", "title": "T", "items": [{**course, "sessions": sessions}]})
    before = {each.entry.first: each.uid for each in office.read_feed()}
    office.publish("2027-01", {"kind": "training", "title": "T", "items": [{**course, "sessions": sessions[1:]}]})
    assert {each.entry.first: each.uid for each in office.read_feed()} == before


def test_another_bulletin_has_dates_of_its_own(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    registrar = Registrar(bulletin="training", host="news.example.org", now=1, draw=lambda octets: b"t" * octets)
    with office.engine.begin() as connection:
        dates = IssueDates(issue="training/2026-11", published=date(2026, 11, 26), entries=())
        register_issue(connection, registrar, dates)
        assert read_feed_dates(connection, "training", today=date(2026, 12, 1)) == ()


# What goes


def test_an_event_that_a_corrected_issue_lost_is_cancelled_and_its_file_stays(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    uid = office.read_one("2026-11").uid
    office.publish("2026-11")
    gone = office.read("2026-11")["forum"]
    assert (gone.uid, gone.entry.cancelled, gone.sequence) == (uid, True, 1)
    assert [each.entry.cancelled for each in office.read_feed()] == [True]


def test_what_comes_back_is_the_same_date_again(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    uid = office.read_one("2026-11").uid
    office.publish("2026-11")
    office.publish("2026-11", events(FORUM))
    back = office.read_one("2026-11")
    assert (back.uid, back.entry.cancelled, back.sequence) == (uid, False, 2)


def test_what_another_issue_still_has_is_not_cancelled(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    office.publish("2026-12", events(FORUM))
    office.publish("2026-12")
    assert [each.entry.cancelled for each in office.read_feed()] == [False]


def test_what_is_over_is_not_cancelled(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    office.publish("2026-11", now=datetime(2027, 3, 1, tzinfo=UTC))
    assert [each.entry.cancelled for each in office.read_feed()] == [False]


def test_a_date_is_in_the_feed_until_12_months_after_its_day(office: Office) -> None:
    office.publish("2026-11", events({**FORUM, "cancelled": "yes"}))
    assert len(office.read_feed(today=date(2028, 2, 9))) == 1
    assert office.read_feed(today=date(2028, 2, 12)) == []


def test_a_step_that_an_issue_no_longer_has_just_goes(office: Office) -> None:
    step = {"date": "14 December 2026", "text": "The Board decides"}
    priority = {"number": "3", "title": "Neglect", "status": "under way", "summary": "It goes well."}
    section = {"kind": "priorities", "title": "Priorities"}
    office.publish("2026-11", {**section, "items": [{**priority, "milestones": [step]}]})
    assert len(office.read_feed()) == 1
    office.publish("2026-11", {**section, "items": [{**priority, "milestones": [{**step, "done": "yes"}]}]})
    assert office.read_feed() == []


# Names of files


def test_a_name_that_another_date_had_is_not_given_again(office: Office) -> None:
    further = {"date": "2 March 2027"}
    office.publish("2026-11", events({**FORUM, "starts": "9am", "sessions": [further]}))
    before = {name: each.uid for name, each in office.read("2026-11").items()}
    names = office.publish("2026-11", events({"title": "Forum", "date": "2 March 2027"}))
    after = {name: each.uid for name, each in office.read("2026-11").items()}
    assert after == before
    assert names == {"forum": "forum__2027-03-02"}


def test_a_title_that_is_corrected_leaves_its_old_file_beside_the_new_one(office: Office) -> None:
    office.publish("2026-11", events(FORUM))
    names = office.publish("2026-11", events({**FORUM, "title": "Forum for families"}))
    assert names == {"forum-for-families": "forum-for-families"}
    dates = office.read("2026-11")
    assert set(dates) == {"forum", "forum-for-families"}
    assert dates["forum"].uid == dates["forum-for-families"].uid


# Any history

ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["Forum", "Panel", "Clinic"]),
            "date": st.dates(date(2026, 12, 1), date(2027, 6, 30)).map(str),
            "cancelled": st.sampled_from(["yes", "no"]),
        }
    ),
    max_size=4,
)


@given(history=st.lists(st.tuples(st.sampled_from(["2026-10", "2026-11", "2026-12"]), ITEMS), max_size=6))
@settings(max_examples=40, deadline=None)
def test_whatever_is_published_no_file_is_lost_and_no_uid_is_double(
    history: list[tuple[str, list[dict[str, str]]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('history')}/ledger.db")
    office = Office(engine)
    promised: dict[tuple[str, str], str] = {}
    for issue, items in history:
        names = office.publish(issue, *([events(*items)] if items else []))
        now = office.read(issue)
        assert len(set(names.values())) == len(names)
        assert set(names.values()) <= set(now)
        promised |= {(issue, name): each.uid for name, each in now.items()}
        assert {key: office.read(key[0])[key[1]].uid for key in promised} == promised
    feed = [each.publish(bulletin="monthly", website="https://n.example", title="News") for each in office.read_feed()]
    assert len(read_events(write_feed(feed, title="News"))) == len(feed)
    engine.dispose()


def test_the_tables_are_made_by_a_migration_that_has_them_empty(office: Office) -> None:
    with office.engine.connect() as connection:
        for table in ("calendar_entries", "calendar_mentions"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
