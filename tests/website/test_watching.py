"""The page to watch an issue being sent: what it shows, to whom, for how long, and what it can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update
from starlette.testclient import TestClient

from anytown import NOON, begin_mailing
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.ledger_figures import AcceptedTimes
from bulletin.delivery.ledger.mailing_events import find_events, record_event
from bulletin.delivery.sending.mailing_progress import measure_rate
from bulletin.subscribers.tokens import Purpose, sign_token
from bulletin.website.application import build_application
from bulletin.website.watching.watch_link import WORKS_FOR, write_watch_link
from bulletin.website.watching.watch_page import WatchPage
from public_pages import HOST, frame_of

KEY = b"the key of this office"
ORIGIN = f"https://{HOST}"
NAMES = tuple(f"reader-{number}" for number in range(10))


class WatchedIssue:
    """Ten readers of an issue, and the page to watch it."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now, self.wait = engine, NOON, 0
        page = WatchPage(
            frame=frame_of(), engine=engine, keys=(KEY,), now=lambda: self.now, find_wait=lambda _network: self.wait
        )
        self.application = build_application(frame_of(), [page.route()], write=lambda _line: None)
        self.client = TestClient(self.application, base_url=ORIGIN, follow_redirects=False)
        self.mailing = begin_mailing(engine, *NAMES)
        self.link = write_watch_link(ORIGIN, self.mailing.id, key=KEY, now=NOON)

    def accept(self, number: int, *, seconds_each: float = 1) -> None:
        """The first so many readers are accepted, one after the other; then it is now."""
        with self.engine.begin() as connection:
            for index, name in enumerate(NAMES[:number], 1):
                at = NOON + int(index * seconds_each * 1000)
                values = {"state": "accepted", "claimed_at": at - 100, "ended_at": at, "reply": "250 OK"}
                connection.execute(update(deliveries).where(deliveries.c.name == name).values(values))
                self.now = at

    def post(self, act: str, *, origin: str = ORIGIN) -> int:
        return self.client.post(self.link, data={"act": act}, headers={"Origin": origin}).status_code

    def events(self) -> list[MailingEvent]:
        return [one.event for one in find_events(self.engine, self.mailing.id)]


@pytest.fixture
def watched(database_url: str) -> Iterator[WatchedIssue]:
    engine = open_database(database_url)
    yield WatchedIssue(engine)
    engine.dispose()


def test_it_shows_counts_the_rate_and_the_time_left(watched: WatchedIssue) -> None:
    watched.accept(5, seconds_each=6)

    page = watched.client.get(watched.link).text

    assert "2021-05 is being sent" in page
    assert "5 of 10 readers done" in page
    assert "12 emails a minute: less than a minute left." in page  # five within 24 seconds
    assert "@" not in page.replace("mailto:shield@shield.example.org", "")
    assert not any(name in page for name in NAMES)


def test_it_is_paused_and_continued_by_a_form_and_by_nothing_else(watched: WatchedIssue) -> None:
    for question in ("pause", "resume", "cancel"):
        assert watched.client.get(f"{watched.link}?ask={question}").status_code == 200
    assert watched.post("pause", origin="https://elsewhere.example") == 403
    assert watched.events() == [MailingEvent.BEGUN]

    assert watched.post("pause") == 303
    assert "2021-05 is paused" in watched.client.get(watched.link).text
    assert watched.post("pause") == 303, "a second time changes nothing"
    assert watched.post("resume") == 303
    assert watched.post("resume") == 303

    assert watched.events() == [MailingEvent.BEGUN, MailingEvent.PAUSED, MailingEvent.RESUMED]


@pytest.mark.parametrize("event", [MailingEvent.HALTED, MailingEvent.CANCELLED])
def test_what_stopped_by_itself_or_was_cancelled_is_not_continued_here(
    watched: WatchedIssue, event: MailingEvent
) -> None:
    record_event(watched.engine, watched.mailing.id, event, now=NOON)

    assert "?ask=" not in watched.client.get(watched.link).text
    watched.post("resume")

    assert watched.events() == [MailingEvent.BEGUN, event]


def test_it_loads_itself_again_only_when_asked_and_never_once_it_is_done(watched: WatchedIssue) -> None:
    assert "refresh" not in watched.client.get(watched.link).headers
    assert watched.client.get(f"{watched.link}?live").headers["refresh"] == "15"
    watched.accept(10)

    done = watched.client.get(f"{watched.link}?live")

    assert "refresh" not in done.headers
    assert "2021-05 has been sent" in done.text


def test_the_link_expires_and_no_other_token_opens_the_page(watched: WatchedIssue) -> None:
    unsubscribe = sign_token(Purpose.UNSUBSCRIBE, watched.mailing.id, NOON * 2, key=KEY)
    foreign = write_watch_link(ORIGIN, watched.mailing.id, key=b"another key", now=NOON)
    unknown = write_watch_link(ORIGIN, 999, key=KEY, now=NOON)

    assert {watched.client.get(one).status_code for one in (f"/watch/{unsubscribe}", foreign, unknown)} == {404}
    watched.now += WORKS_FOR
    assert watched.client.get(watched.link).status_code == 410
    assert watched.post("pause") == 410
    assert watched.events() == [MailingEvent.BEGUN]


def test_too_many_forms_of_one_network_wait(watched: WatchedIssue) -> None:
    watched.wait = 60

    assert watched.post("pause") == 429
    assert watched.events() == [MailingEvent.BEGUN]


def test_the_rate_is_that_of_the_last_minute() -> None:
    steady = [AcceptedTimes(at - 50, at) for at in range(0, 300_000, 1000)]

    assert measure_rate(steady, now=299_000) == 60
    assert measure_rate(steady[-30:], now=299_000) == 62, "as far back as they reach"
    assert measure_rate(steady, now=900_000) is None
    assert measure_rate([], now=0) is None
