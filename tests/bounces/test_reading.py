"""Reading what came back: what each email changes in the database, and what nothing does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select, update

from anytown import add_people, address_of, make_edition, opt_out
from bulletin.bounces.kept_returns import list_open
from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState
from bulletin.bounces.mailbox.letter import Letter
from bulletin.bounces.mailbox_progress import find_last_reading
from bulletin.bounces.reading import Reading, ReadingCounts, ReadingOutcome
from bulletin.bounces.settling import settle_returns
from bulletin.bounces.sources import MailSource
from bulletin.bounces.verdict import ReturnKind
from bulletin.database.schema import open_database
from bulletin.database.states import PersonEventKind
from bulletin.database.tables import deliveries, mailings, metadata, person_events, returns, suppression_events
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.errors import BulletinError, MailboxUnreadable
from bulletin.subscribers.tokens import Purpose, sign_old_token
from conftest import on_sqlite
from returned import KEY, Returned

DAY = 24 * 60 * 60 * 1000
NOW = time.time_ns() // 1_000_000
OLD_KEY = b"the key before"
BULLETINS = frozenset((".", "training"))


class Office:
    """A database in which issues were mailed, and what comes back to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = NOW

    def mail(self, *names: str, issue: str = "2021-05", at: int = NOW - DAY, state: str = "accepted") -> Returned:
        self.freeze(*names, issue=issue)
        with self.engine.begin() as connection:
            which = deliveries.c.mailing_id == select(mailings.c.id).where(mailings.c.issue == issue).scalar_subquery()
            connection.execute(
                update(deliveries).where(which).values(state=state, attempts=1, ended_at=at, reply="250 2.0.0 Ok")
            )
        return Returned(self.engine, issue)

    def freeze(self, *names: str, issue: str) -> Mailing:
        add_people(self.engine, **{f"list-{issue}": names})
        key = issue.replace("/", "").replace("-", "")[-16:]
        return start_mailing(self.engine, make_edition(issue), lists=[f"list-{issue}"], key=key, now=NOW - 2 * DAY)

    def read(
        self, *messages: bytes, confirmed: bool = False, left: bool = False, dry_run: bool = False
    ) -> ReadingOutcome:
        letters = [
            FetchedLetter(Letter(str(number), one), ImapState(1, number)) for number, one in enumerate(messages, 1)
        ]
        source = MailSource(name="a mailbox", fetch=lambda _state: iter(letters))
        reading = Reading(
            engine=self.engine,
            keys=(KEY, OLD_KEY),
            bulletins=BULLETINS,
            now=self.now,
            confirmed=confirmed,
            left=left,
            dry_run=dry_run,
        )
        return reading.run(source)

    def reached(self, issue: str, *names: str) -> set[str]:
        """Which of these people a mailing of this issue would be sent to now."""
        mailing = self.freeze(*names, "zoe", issue=issue)
        with self.engine.begin() as connection:
            of_it = select(deliveries.c.name).where(deliveries.c.mailing_id == mailing.id)
            return set(connection.scalars(of_it)) - {"zoe"}

    def states(self, issue: str = "2021-05") -> dict[str, str]:
        with self.engine.begin() as connection:
            query = select(deliveries.c.name, deliveries.c.state).join(mailings).where(mailings.c.issue == issue)
            return dict(connection.execute(query).all())

    def stops(self) -> list[tuple[str, str, int]]:
        columns = suppression_events.c
        with self.engine.begin() as connection:
            query = select(columns.reason, columns.origin, columns.scope).order_by(columns.id)
            return [tuple(row) for row in connection.execute(query)]

    def rows(self) -> list[tuple[str, str]]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(select(returns.c.kind, returns.c["class"]))]

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with self.engine.begin() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            }


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    engine = open_database(database_url)
    yield Office(engine)
    engine.dispose()


# --- one action each


def test_an_address_that_does_not_exist_bounces_and_is_suppressed(office: Office) -> None:
    back = office.mail("anna", "ben")

    outcome = office.read(back.bounce("anna"))

    assert outcome.counts == ReadingCounts(read=1, bounced=1)
    assert office.states() == {"anna": "bounced", "ben": "accepted"}
    assert office.stops() == [("bounced", "bounce", 3)]
    assert office.reached("2021-06", "anna", "ben") == {"ben"}
    with office.engine.begin() as connection:
        (event,) = connection.execute(select(person_events)).all()
        reply = connection.scalar(select(deliveries.c.reply).where(deliveries.c.state == "bounced"))
    assert (event.kind, event.origin, event.delivery_id) == (PersonEventKind.BOUNCED, "bounce", back.ids("anna")[1])
    assert reply == "550 5.1.1 <a…@example.org>: User unknown"


@pytest.mark.parametrize("proof", ["return path", "message id", "link", "mail token"])
def test_each_proof_finds_the_delivery(office: Office, proof: str) -> None:
    back = office.mail("anna", "ben")
    message = {
        "return path": lambda: back.bounce("anna", fields="", to=f"bounces+{back.token('anna')}@anytown.example.org"),
        "message id": lambda: back.bounce("anna", fields=f"Message-ID: {back.message_id('anna')}"),
        "link": lambda: back.bounce(
            "anna",
            fields=f"List-Unsubscribe: <https://news.example.org/unsubscribe/{back.token('anna', Purpose.UNSUBSCRIBE)}>",
        ),
        "mail token": lambda: back.bounce(
            "anna",
            fields=f"List-Unsubscribe: <mailto:r@example.org?subject=Unsubscribe%20{back.token('anna', Purpose.MAIL)}>",
        ),
    }[proof]()

    office.read(message)

    assert office.states() == {"anna": "bounced", "ben": "accepted"}
    assert office.reached("2021-06", "anna", "ben") == {"ben"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("552 5.2.2 Mailbox full", ReturnKind.FULL),
        ("451 4.4.1 no answer from host", ReturnKind.GAVE_UP),
        ("550 5.1.6 Recipient has moved to x@example.com", ReturnKind.MOVED),
    ],
)
def test_a_failure_that_may_pass_is_counted_and_suppresses_no_one(office: Office, words: str, kind: ReturnKind) -> None:
    back = office.mail("anna")
    assert office.read(back.bounce("anna", words)).counts.bounced == 1
    assert office.rows() == [(kind, "soft")]
    assert office.states() == {"anna": "bounced"}
    assert office.reached("2021-06", "anna") == {"anna"}


def test_three_issues_in_a_row_suppress(office: Office) -> None:
    for issue, days in (("2021-03", 40), ("2021-04", 20)):
        back = office.mail("anna", issue=issue, at=NOW - days * DAY)
        assert office.read(back.bounce("anna", "552 5.2.2 Mailbox full")).stopped == 0
    back = office.mail("anna")

    assert office.read(back.bounce("anna", "552 5.2.2 Mailbox full"), dry_run=True).stopped == 1
    assert office.read(back.bounce("anna", "552 5.2.2 Mailbox full")).stopped == 1
    assert office.stops() == [("bounced", "bounce", 3)]


def test_three_issues_in_one_reading_suppress_too(office: Office) -> None:
    backs = [
        office.mail("anna", issue=issue, at=NOW - days * DAY)
        for issue, days in (("2021-03", 40), ("2021-04", 20), ("2021-05", 1))
    ]
    messages = [back.bounce("anna", "552 5.2.2 Mailbox full") for back in backs]
    assert office.read(*messages, dry_run=True).stopped == 1
    assert office.read(*messages).stopped == 1


def test_an_accepted_issue_between_begins_a_new_count(office: Office) -> None:
    for issue, days in (("2021-02", 50), ("2021-03", 40)):
        office.read(office.mail("anna", issue=issue, at=NOW - days * DAY).bounce("anna", "552 5.2.2 Mailbox full"))
    office.mail("anna", issue="2021-04", at=NOW - 20 * DAY)  # which arrived
    office.read(office.mail("anna").bounce("anna", "552 5.2.2 Mailbox full"))
    assert office.stops() == []


@pytest.mark.parametrize(
    "words",
    [
        "554 5.7.1 Message refused as spam",
        "550 5.7.26 Unauthenticated email is not accepted due to DMARC policy",
        "554 5.7.1 Client host blocked using Spamhaus",
        "552 5.3.4 Message too large",
        "550 5.7.1 something",
    ],
)
def test_what_is_our_fault_is_told_and_never_suppresses(office: Office, words: str) -> None:
    for issue, days in (("2021-03", 40), ("2021-04", 20), ("2021-05", 1)):
        back = office.mail("anna", issue=issue, at=NOW - days * DAY)
        outcome = office.read(back.bounce("anna", words))
        assert sum(outcome.ours.values()) == 1
        assert outcome.counts.bounced == 1
    assert office.stops() == []
    assert office.reached("2021-06", "anna") == {"anna"}


def test_a_complaint_suppresses_at_once_and_the_delivery_stays_accepted(office: Office) -> None:
    back = office.mail("anna")
    assert office.read(back.complaint("anna")).counts == ReadingCounts(read=1, complained=1)
    assert office.states() == {"anna": "accepted"}
    assert office.stops() == [("complained", "bounce", 3)]
    assert office.reached("training/2021-06", "anna") == set()


def test_an_unsubscribe_email_leaves_the_bulletin_that_carried_it_from_any_sender(office: Office) -> None:
    back = office.mail("anna", "ben", issue="training/2021-05")

    outcome = office.read(
        back.wish("anna"), back.wish("ben", subject="Fwd: UNSUBSCRIBE {token}", sender="gmail@example.com")
    )

    assert outcome.counts == ReadingCounts(read=2, unsubscribed=2)
    assert office.stops() == [("opted out", "email", 2), ("opted out", "email", 2)]
    assert office.reached("training/2021-06", "anna", "ben") == set()
    assert office.reached("2021-06", "anna", "ben") == {"anna", "ben"}


def test_tokens_of_earlier_releases_leave_everything(office: Office) -> None:
    back = office.mail("anna")
    person, _, _ = back.ids("anna")
    for key in (OLD_KEY, KEY):
        office.read(back.reply("anna", "", subject=f"unsubscribe {sign_old_token(person, key=key)}"))
    assert office.stops() == [("opted out", "email", 3)]


def test_a_bulletin_that_is_no_more_leaves_everything(office: Office) -> None:
    back = office.mail("anna", issue="retired/2021-05")
    office.read(back.wish("anna"))
    assert office.stops() == [("opted out", "email", 3)]


@pytest.mark.parametrize(
    "words",
    [
        "Please take me off this list",
        "Tynnwch fi oddi ar y rhestr",
        "STOP emailing me, please remove me from your list",
    ],
)
def test_a_request_in_words_is_listed_with_its_reader_and_stops_no_one(office: Office, words: str) -> None:
    back = office.mail("anna")
    assert office.read(back.reply("anna", words)).counts == ReadingCounts(read=1, to_confirm=1)
    assert office.stops() == []
    with office.engine.begin() as connection:
        (waiting,) = list_open(connection)
    assert waiting.address == address_of("anna")
    assert "asks to be removed" in waiting.note
    assert "anna" not in waiting.note


@pytest.mark.parametrize("subject", ["Out of office", "Automatic reply: Anytown news"])
def test_automatic_replies_are_ignored(office: Office, subject: str) -> None:
    back = office.mail("anna")
    message = back.reply("anna", "I am away.", subject=subject).replace(b"To:", b"Auto-Submitted: auto-replied\nTo:", 1)
    assert office.read(message).counts == ReadingCounts(read=1, ignored=1)
    assert office.states() == {"anna": "accepted"}


def test_of_reading_receipts_and_replies_nothing_is_kept(office: Office) -> None:
    back = office.mail("anna")
    receipt = back.reply("anna", "Read.").replace(
        b"Content-Type: text/plain",
        b"Content-Type: multipart/report; report-type=disposition-notification; x=text/plain",
        1,
    )
    office.read(receipt, back.reply("anna", "Thank you for this issue."))
    assert office.rows() == []


# --- forged, old, and again


def test_a_report_about_what_was_never_sent_changes_nothing(office: Office) -> None:
    for issue, state in (("2021-03", "refused"), ("2021-04", "withdrawn"), ("2021-05", "queued")):
        back = office.mail("anna", issue=issue, state=state)
        assert office.read(back.bounce("anna"), back.complaint("anna")).counts == ReadingCounts(read=2, ignored=2)
    assert office.stops() == []


def test_a_report_without_proof_is_listed_and_suppresses_no_one(office: Office) -> None:
    back = office.mail("anna")
    assert office.read(back.bounce("anna", fields="")).counts.to_confirm == 1
    assert office.states() == {"anna": "accepted"}
    assert office.stops() == []


@pytest.mark.parametrize("field", ["X-Bulletin-Return: {}", "Message-ID: <{}@anytown.example.org>"])
def test_a_token_signed_by_others_proves_nothing(office: Office, field: str) -> None:
    back = office.mail("anna")
    forged = back.token("anna", key=b"a key of someone else")
    office.read(back.bounce("anna", fields=field.format(forged)))
    assert office.stops() == []


def test_a_report_after_sixty_days_suppresses_no_one_but_a_complaint_is_listed(office: Office) -> None:
    back = office.mail("anna", "ben", at=NOW - 61 * DAY)
    outcome = office.read(back.bounce("anna"), back.complaint("ben"))
    assert outcome.counts == ReadingCounts(read=2, ignored=1, to_confirm=1)
    assert office.stops() == []


def test_an_uncertain_delivery_can_come_back(office: Office) -> None:
    back = office.mail("anna", state="uncertain")
    office.read(back.bounce("anna"))
    assert office.states() == {"anna": "bounced"}


def test_only_the_first_report_about_a_delivery_counts(office: Office) -> None:
    back = office.mail("anna")
    outcome = office.read(back.bounce("anna", "552 5.2.2 Mailbox full"), back.bounce("anna"))
    assert outcome.counts == ReadingCounts(read=2, bounced=1, ignored=1)
    assert office.stops() == []


def everything(back: Returned) -> list[bytes]:
    return [
        back.bounce("anna"),
        back.bounce("ben", "552 5.2.2 Mailbox full"),
        back.complaint("cara"),
        back.wish("dora"),
        back.reply("ed", "Please take me off this list"),
        back.bounce("fay", "554 5.7.1 Message refused as spam"),
        back.bounce("gus", action="delayed"),
        back.bounce("hal", fields=""),
        b"From: mailer-daemon@example.net\nSubject: failure\n\nwhat is this\n",
        b"",
        b"\x00\xff\nContent-Type: multipart/report",
    ]


NAMES = ("anna", "ben", "cara", "dora", "ed", "fay", "gus", "hal")


def test_reading_the_same_again_changes_nothing(office: Office) -> None:
    messages = everything(office.mail(*NAMES))
    office.read(*messages)
    before = office.dump()

    for again in (messages, [*reversed(messages)], messages * 2):
        outcome = office.read(*again)
        counts = outcome.counts
        assert (counts.bounced, counts.complained, counts.unsubscribed, counts.to_confirm) == (0, 0, 0, 0)
        assert outcome.stopped == 0
    changed = {name for name, rows in office.dump().items() if rows != before[name]}
    assert changed <= {"mailboxes", "identity"}  # when it was read, and how many commits there were


def test_two_readings_at_once_do_everything_once(office: Office) -> None:
    messages = everything(office.mail(*NAMES)) * 3
    with ThreadPoolExecutor(2) as threads:
        outcomes = [one.result() for one in [threads.submit(office.read, *messages) for _ in range(2)]]

    assert sum(one.counts.bounced for one in outcomes) == 3
    assert sum(one.counts.unsubscribed for one in outcomes) == 1
    assert sum(one.stopped for one in outcomes) == 2
    assert sorted(stop[0] for stop in office.stops()) == ["bounced", "complained", "opted out"]
    with office.engine.begin() as connection:
        assert len(connection.execute(select(person_events)).all()) == 5


def test_a_weak_report_read_again_weeks_later_is_known(office: Office) -> None:
    message = office.mail("anna").bounce("anna", fields="")
    office.read(message)
    office.now += 20 * DAY
    assert office.read(message).counts == ReadingCounts(read=1)


def test_a_dry_run_changes_nothing_and_says_what_would_happen(office: Office) -> None:
    messages = everything(office.mail(*NAMES))
    before = office.dump()

    foretold = office.read(*messages, dry_run=True)

    assert office.dump() == before
    assert foretold == office.read(*messages)


def test_a_reading_that_breaks_off_continues_where_it_was(office: Office) -> None:
    back = office.mail("anna", "ben")
    letters = [FetchedLetter(Letter("1", back.bounce("anna")), ImapState(7, 1))]
    seen: list[ImapState] = []

    def fetch(state: ImapState) -> Iterator[FetchedLetter]:
        seen.append(state)
        return (one for one in letters if one.state.last_uid > state.last_uid)

    reading = Reading(engine=office.engine, keys=(KEY,), bulletins=BULLETINS, now=NOW)
    source = MailSource(name="imap: INBOX of returns at imap.example.org", fetch=fetch)
    reading.run(source)
    letters.append(FetchedLetter(Letter("2", back.bounce("ben")), ImapState(7, 2)))

    assert reading.run(source).counts == ReadingCounts(read=1, bounced=1)
    assert seen == [ImapState(), ImapState(7, 1)]


def test_what_was_read_before_a_mailbox_failed_is_dealt_with(office: Office) -> None:
    back = office.mail("anna", "ben")

    def fetch(state: ImapState) -> Iterator[FetchedLetter]:
        if state.last_uid < 1:
            yield FetchedLetter(Letter("1", back.wish("anna")), ImapState(7, 1))
        raise MailboxUnreadable("The mailbox can’t be read.", "Try again later.")

    reading = Reading(engine=office.engine, keys=(KEY,), bulletins=BULLETINS, now=NOW)
    source = MailSource(name="m", fetch=fetch)
    for _ in range(2):
        with pytest.raises(MailboxUnreadable):
            reading.run(source)
    assert office.stops() == [("opted out", "email", 2)]
    with office.engine.begin() as connection:
        assert find_last_reading(connection) is None  # it was never read to its end


def test_only_what_no_one_has_to_look_at_is_put_away(office: Office) -> None:
    back = office.mail(*NAMES)
    messages = [*everything(back)[:6], back.reply("hal", "Thank you.")]
    letters = [FetchedLetter(Letter(str(uid), one), ImapState(3, uid)) for uid, one in enumerate(messages, 1)]
    done: list[tuple[list[str], int]] = []
    source = MailSource(
        name="m", fetch=lambda _: iter(letters), put_away=lambda names, validity: done.append((list(names), validity))
    )
    reading = Reading(engine=office.engine, keys=(KEY,), bulletins=BULLETINS, now=NOW)

    reading.run(source)

    assert done == [(["1", "2", "3", "4", "6"], 3)]  # not the request in words, nor the reply


# --- storms


def test_in_a_storm_nothing_is_applied_but_what_readers_ask_for_until_a_person_has_looked(office: Office) -> None:
    names = [f"name-{number:03}" for number in range(100)]
    back = office.mail(*names)
    messages = [*(back.bounce(name) for name in names[:21]), back.complaint(names[30]), back.wish(names[40])]

    held = office.read(*messages)

    assert held.reasons == ("22 of 100 readers of one mailing would be suppressed at once.",)
    assert held.counts == ReadingCounts(read=23, unsubscribed=1)
    assert held.stopped == 0
    assert [stop[0] for stop in office.stops()] == ["opted out"]
    assert set(office.states().values()) == {"accepted"}
    assert office.read(*messages, dry_run=True).reasons == held.reasons

    applied = office.read(*messages, confirmed=True)
    assert applied.counts == ReadingCounts(read=23, bounced=21, complained=1)
    assert applied.stopped == 22


def test_a_person_who_has_looked_can_leave_the_readers_of_a_storm_as_they_are(office: Office) -> None:
    names = [f"name-{number:03}" for number in range(40)]
    back = office.mail(*names)
    messages = [*(back.bounce(name) for name in names[:30]), back.bounce(names[30], "552 5.2.2 Mailbox full")]

    left = office.read(*messages, left=True)

    assert (left.reasons, left.stopped) == ((), 0)
    assert left.counts == ReadingCounts(read=31, bounced=1, ignored=30)
    assert office.read(*messages).counts == ReadingCounts(read=31)  # it is done with
    assert office.stops() == []
    assert office.read(back.bounce(names[35])).stopped == 1


def test_access_denied_by_exchange_is_held_from_the_third_at_a_domain_over_several_readings(office: Office) -> None:
    names = ("anna", "ben", "cara", *(f"name-{number}" for number in range(20)))
    back = office.mail(*names)
    words = "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [x.prod.protection.outlook.com]"
    for name in ("anna", "ben"):
        assert office.read(back.bounce(name, words)).counts.bounced == 1

    assert office.read(back.bounce("cara", words), dry_run=True).counts.to_confirm == 1
    assert office.read(back.bounce("cara", words)).counts.to_confirm == 1
    assert office.states()["cara"] == "accepted"
    assert len(office.stops()) == 2


def test_who_is_suppressed_already_makes_no_storm(office: Office) -> None:
    names = [f"name-{number:03}" for number in range(40)]
    back = office.mail(*names)
    opt_out(office.engine, *names[:30])
    outcome = office.read(*(back.bounce(name) for name in names[:30]))
    assert outcome.reasons == ()
    assert outcome.counts.bounced == 30


# --- what servers said while sending


def refuse(office: Office, replies: dict[str, str]) -> None:
    office.freeze(*replies, *(f"other-{number}" for number in range(20)), issue="2021-05")
    with office.engine.begin() as connection:
        for name, reply in replies.items():
            values = {"state": "refused", "attempts": 1, "ended_at": NOW - 1000, "reply": reply}
            connection.execute(update(deliveries).where(deliveries.c.name == name).values(**values))


def judge(office: Office, *, confirmed: bool = False, left: bool = False) -> ReadingOutcome:
    how = {"confirmed": confirmed, "left": left}
    reading = Reading(engine=office.engine, keys=(KEY,), bulletins=BULLETINS, now=office.now, **how)
    return reading.run(None)


def test_an_address_that_a_server_says_does_not_exist_is_suppressed_once(office: Office) -> None:
    refuse(
        office,
        {
            "anna": "550 5.1.1 <a…@example.org>: Recipient address rejected: User unknown",
            "ben": "552 5.2.2 Mailbox full",
            "cara": "554 5.7.1 Spam",
            "dora": "550 5.1.1 sent to too many recipients this hour",
            "ed": "Gave up after 7 attempts: 450 4.1.1 User unknown",
            "fay": "550 5.7.1 User unknown",
            "gus": "550 5.1.1 backend unavailable today",
        },
    )
    assert (judge(office).answers, judge(office).answers) == (1, 0)
    assert office.stops() == [("bounced", "bounce", 3)]
    assert office.states()["anna"] == "refused"  # it never left
    assert "anna" not in office.reached("2021-06", "anna", "ben", "dora")


def test_an_address_refused_again_after_it_came_back_is_suppressed_again(office: Office) -> None:
    refuse(office, {"anna": "550 5.1.1 User unknown"})
    judge(office)
    office.now += DAY
    with office.engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna").values(ended_at=office.now - 5))
    judge(office)
    assert len(office.rows()) == 2


def test_when_a_server_knows_no_one_at_a_domain_a_person_looks_first(office: Office) -> None:
    office.freeze(*(f"other-{number}" for number in range(6)), issue="2021-05")
    with office.engine.begin() as connection:
        values = {"state": "refused", "attempts": 1, "ended_at": NOW - 1000, "reply": "550 5.1.1 User unknown"}
        connection.execute(update(deliveries).values(**values))

    assert judge(office).reasons == ("6 of 6 readers at example.org would be suppressed at once.",)
    assert office.stops() == []
    assert judge(office, confirmed=True).answers == 6


def test_what_a_server_said_wrongly_can_be_left(office: Office) -> None:
    office.freeze(*(f"other-{number}" for number in range(6)), issue="2021-05")
    with office.engine.begin() as connection:
        values = {"state": "refused", "attempts": 1, "ended_at": NOW - 1000, "reply": "550 5.1.1 User unknown"}
        connection.execute(update(deliveries).values(**values))

    assert judge(office, left=True).answers == 0
    assert judge(office).reasons == ()
    assert office.stops() == []


# --- what a person decides


def test_a_person_stops_a_reader_or_keeps_them(office: Office) -> None:
    back = office.mail("anna", "ben", "cara")
    office.read(
        back.reply("anna", "Please take me off this list"),
        back.bounce("ben", fields=""),
        back.reply("cara", "please unsubscribe me"),
    )
    with office.engine.begin() as connection:
        first, second, third = (one.number for one in list_open(connection))
        assert settle_returns(connection, [first, second], stop=True, now=NOW) == 2
        assert settle_returns(connection, [third], stop=False, now=NOW) == 1
        assert list_open(connection) == ()
    assert office.stops() == [("opted out", "command", 3), ("bounced", "command", 3)]
    assert office.states() == {"anna": "accepted", "ben": "bounced", "cara": "accepted"}
    assert office.reached("2021-06", "anna", "ben", "cara") == {"cara"}


def test_what_is_not_open_or_names_no_reader_is_refused_and_nothing_changes(office: Office) -> None:
    back = office.mail("anna")
    office.read(
        back.reply("stranger", "Please take me off this list"), back.reply("anna", "Please take me off this list")
    )
    with office.engine.begin() as connection:
        stranger, anna = list_open(connection)
        assert "s…@example.org" in stranger.note
        for numbers in ([anna.number, 99], [anna.number, stranger.number]):
            with pytest.raises(BulletinError, match="Nothing was changed"):
                settle_returns(connection, numbers, stop=True, now=NOW)
    assert office.stops() == []


# --- whatever comes


@on_sqlite
def test_no_bytes_suppress_anyone_without_a_token_or_fail(database_url: str) -> None:
    engine = open_database(database_url)
    office = Office(engine)
    back = office.mail("anna")
    good = back.bounce("anna")
    token = back.token("anna").encode()

    @given(
        st.binary(max_size=300),
        st.integers(min_value=0, max_value=len(good)),
        st.integers(min_value=0, max_value=len(good)),
    )
    def check(noise: bytes, start: int, end: int) -> None:
        damaged = good[: min(start, end)] + noise + good[max(start, end) :]
        office.read(damaged.replace(token, token[:-1] + (b"0" if token[-1:] != b"0" else b"1")))
        assert office.stops() == []

    check()
    engine.dispose()


@on_sqlite
def test_a_persons_deliveries_are_found_without_reading_all(office: Office) -> None:
    """The database looks at the few mailings, and at each by its index."""
    seen: list[str] = []
    back = office.mail("anna")

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(office.engine, "before_cursor_execute", note)
    office.read(back.bounce("anna", "552 5.2.2 Mailbox full"), back.bounce("anna", fields=""))
    event.remove(office.engine, "before_cursor_execute", note)
    with office.engine.connect() as connection:
        for statement in {one for one in seen if one.startswith("SELECT") and "deliveries" in one}:
            parameters = tuple(1 for _ in range(statement.count("?")))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert not [row for row in plan if str(row[3]).startswith("SCAN deliveries")], f"{statement}\n{plan}"
