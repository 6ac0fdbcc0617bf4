"""Complaints: by when they must be acknowledged, which emails are sent, and what an officer types and reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from secrets import choice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, update

from anytown import NOON
from bulletin.cli.clock import now_ms
from bulletin.complaints.deadline import find_deadline, find_reminder
from bulletin.complaints.reference import ALPHABET, make_reference, tidy_reference
from bulletin.complaints.register import NewComplaint, acknowledge, add_complaint, close, find_complaint
from bulletin.complaints.reminders import find_reminders, remind
from bulletin.complaints.subject import ComplaintChannel, ComplaintSubject
from bulletin.database.schema import open_database
from bulletin.database.states import OutboxKind
from bulletin.database.tables import complaints, outbox
from bulletin.errors import BulletinError, InvalidAddress, NotFound
from bulletin.issue.holidays import Nation, name_holiday
from bulletin.workspace.workspace import Workspace
from command_call import call
from inbox import RealRelay
from mailed import run
from reader_site import DAY, ORIGIN, ReaderSite

MakeWorkspace = Callable[..., Workspace]
TEXT = "You write to me though I left in March."
FORM = [("about", "still-getting"), ("text", TEXT), ("email", "jo@example.net")]
OFFICE = "shield@shield.example.org"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine: Engine) -> ReaderSite:
    return ReaderSite(engine)


def read_references(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        return list(connection.scalars(select(complaints.c.reference).order_by(complaints.c.id)))


# --- the clock


@pytest.mark.parametrize(
    ("received", "nation", "until"),
    [
        (
            date(2027, 3, 5),
            Nation.ENGLAND,
            date(2027, 4, 5),
        ),  # the 30th day is a Saturday, by the other reading a Sunday
        (date(2027, 3, 1), Nation.ENGLAND, date(2027, 3, 30)),  # the earlier reading, a Tuesday
        (date(2027, 2, 25), Nation.ENGLAND, date(2027, 3, 30)),  # Good Friday, the weekend, Easter Monday
        (date(2027, 2, 28), Nation.SCOTLAND, date(2027, 3, 29)),  # Easter Monday is no bank holiday there
        (date(2026, 11, 26), Nation.ENGLAND, date(2026, 12, 29)),  # Christmas Day, the weekend, Boxing Day's Monday
        (date(2026, 12, 3), Nation.ENGLAND, date(2027, 1, 4)),  # New Year's Day is a Friday
        (date(2026, 6, 13), Nation.NORTHERN_IRELAND, date(2026, 7, 14)),  # the Battle of the Boyne, on a Monday
        (date(2026, 6, 13), Nation.ENGLAND, date(2026, 7, 13)),
    ],
)
def test_the_clock_ends_on_a_working_day_by_the_earlier_reading(received: date, nation: Nation, until: date) -> None:
    assert find_deadline(received, nation) == until


@given(received=st.dates(date(2024, 1, 1), date(2035, 1, 1)), nation=st.sampled_from(Nation))
def test_the_last_day_is_never_a_day_off_nor_before_the_thirtieth(received: date, nation: Nation) -> None:
    until = find_deadline(received, nation)
    assert until.weekday() < 5
    assert not name_holiday(until, nation)
    assert timedelta(days=29) <= until - received <= timedelta(days=29 + 6)


@pytest.mark.parametrize(("days", "reminder"), [(0, None), (19, None), (20, 20), (26, 20), (27, 27), (300, 27)])
def test_a_person_is_reminded_after_20_days_and_after_27(days: int, reminder: int | None) -> None:
    day = date(2027, 3, 5)
    assert find_reminder(day, day + timedelta(days=days)) == reminder


# --- references


def test_a_reference_can_be_read_out() -> None:
    made = [make_reference(choice) for _ in range(500)]
    assert all(re.fullmatch(r"C-[2-9A-Z]{4}-[2-9A-Z]{2}", one) for one in made)
    assert not set("01ILOU") & set(ALPHABET)
    assert len(set(made)) > 490


@pytest.mark.parametrize("typed", ["C-7K4M-2P", "c-7k4m-2p", "C7K4M2P", " c 7k4m 2p ", "C–7K4M–2P"])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert tidy_reference(typed) == "C-7K4M-2P"


@given(st.text(max_size=20))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    assert tidy_reference(text) in ("", tidy_reference(tidy_reference(text)))


# --- the page


def test_a_complaint_is_in_the_log_and_acknowledged_and_a_person_is_told(site: ReaderSite, engine: Engine) -> None:
    status, page = site.send("/complaint", FORM)

    assert status == 200
    (reference,) = read_references(engine)
    assert f"Your reference is <strong>{reference}</strong>" in page
    assert "by Wednesday 2 June 2021 at the latest" in page
    with engine.begin() as connection:
        kept = find_complaint(connection, reference)
    assert (kept.about, kept.channel) == (ComplaintSubject.STILL_GETTING, ComplaintChannel.WEBSITE)
    assert (kept.text, kept.reply_to, kept.is_waiting) == (TEXT, "jo@example.net", True)
    acknowledged, alert = site.outbox()
    due = {"reference": reference, "acknowledge_by": "2021-06-02"}
    assert acknowledged == (OutboxKind.COMPLAINT, "jo@example.net", due)
    assert alert[:2] == (OutboxKind.ALERT, OFFICE)


def test_the_alert_has_neither_the_text_nor_an_address(site: ReaderSite) -> None:
    site.send("/complaint", FORM)
    details = json.dumps(site.outbox()[1][2])
    assert "March" not in details
    assert "@" not in details
    assert "Acknowledge it by Wednesday 2 June 2021." in details


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Error: Tell us what happened"),
        ({"email": "jo"}, "Error: Enter an email address in the right format"),
        ({"email": ""}, "Error: Enter an email address, or phone us on 020 7946 0000"),
        ({"text": "x" * 10_001}, "Error: Tell us what happened in 10,000 characters or fewer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(site: ReaderSite, fields: dict[str, str], words: str) -> None:
    before = site.dump()
    status, page = site.send("/complaint", list((dict(FORM) | fields).items()))
    assert (status, words in page) == (422, True)
    assert 'value="still-getting" checked' in page
    assert site.dump() == before


def test_the_page_loaded_again_is_the_same_complaint(site: ReaderSite, engine: Engine) -> None:
    pages = [site.send("/complaint", FORM)[1]]
    before = site.dump()
    site.now += DAY // 2
    pages.append(site.send("/complaint", FORM)[1])
    assert pages[0] == pages[1]
    assert site.dump() == before

    site.now += DAY
    site.send("/complaint", FORM)
    site.send("/complaint", [*FORM[:1], ("text", "Another matter"), FORM[2]])
    assert len(read_references(engine)) == 3


def test_no_one_can_have_others_written_to_without_end(site: ReaderSite, engine: Engine) -> None:
    for number in range(6):
        site.send("/complaint", [*FORM[:1], ("text", f"Number {number}"), FORM[2]])
    kinds = [kind for kind, *_ in site.outbox()]
    assert kinds.count(OutboxKind.COMPLAINT) == 3
    assert kinds.count(OutboxKind.ALERT) == len(read_references(engine)) == 6


@pytest.mark.parametrize("odd", ["\x00", "\u202e", "\ud800", "\x1b[2J", "\u2028", "\ufeff"])
def test_what_no_one_sees_is_left_out_of_a_complaint(site: ReaderSite, engine: Engine, odd: str) -> None:
    text = f"One{odd}\r\ntwo\rthree"
    pairs = [("text", text.encode(errors="surrogatepass").decode(errors="replace")), ("email", "jo@example.net")]
    assert site.send("/complaint", pairs)[0] == 200
    (reference,) = read_references(engine)
    with engine.begin() as connection:
        kept = find_complaint(connection, reference).text
    assert re.fullmatch(r"One(\[2J|\ufffd*)\ntwo\nthree", kept)


def test_past_a_limit_no_complaint_is_taken(site: ReaderSite, engine: Engine) -> None:
    site.wait = 3600
    status, page = site.send("/complaint", FORM)
    assert (status, "Try again in an hour" in page) == (429, True)
    assert read_references(engine) == []


def test_a_database_that_is_gone_is_told_and_nothing_is_claimed(site: ReaderSite, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE complaints RENAME TO elsewhere")
    status, page = site.send("/complaint", FORM)
    assert status in (500, 503)
    assert "Sorry, there is a problem" in page


def test_a_complaint_from_another_website_is_refused(site: ReaderSite, engine: Engine) -> None:
    answer = site.client.post("/complaint", data=dict(FORM), headers={"Origin": "https://elsewhere.example.net"})
    assert answer.status_code == 403
    assert read_references(engine) == []
    assert site.client.post("/complaint", data=dict(FORM), headers={"Origin": ORIGIN}).status_code == 200


def test_nothing_that_was_typed_is_in_the_lines_for_it(site: ReaderSite) -> None:
    site.send("/complaint", FORM)
    assert re.fullmatch(r"POST /complaint 200 \d+ ms", site.lines[-1])


def test_the_privacy_notice_is_there_and_leads_to_the_form(site: ReaderSite) -> None:
    words = site.read("/privacy")
    assert "we delete your address after 7 days" in words
    assert "which network and browser you used, for 30 days" in words
    assert "whether each issue was sent and accepted, for 24 months" in words
    assert "don’t have your address, for 90 days" in words
    assert 'href="/complaint"' in site.client.get("/privacy").text


# --- the log


def add(engine: Engine, text: str = TEXT, *, now: int = NOON, reply_to: str = "jo@example.net") -> str:
    new = NewComplaint(channel=ComplaintChannel.PHONE, about=ComplaintSubject.WRONG, text=text, reply_to=reply_to)
    with engine.begin() as connection:
        return add_complaint(connection, new, nation=Nation.ENGLAND, now=now, choose=choice).reference


def test_a_reference_that_is_taken_is_made_anew(engine: Engine) -> None:
    letters = iter([*"222222", *"222222", *"333333"])
    references = []
    for text in ("one", "two"):
        new = NewComplaint(channel=ComplaintChannel.LETTER, about=ComplaintSubject.OTHER, text=text)
        with engine.begin() as connection:
            made = add_complaint(
                connection, new, nation=Nation.ENGLAND, now=NOON, choose=lambda _alphabet: next(letters)
            )
        references.append(made.reference)
    assert references == ["C-2222-22", "C-3333-33"]


def test_a_complaint_is_acknowledged_once_and_closed_once(engine: Engine) -> None:
    reference = add(engine)
    with engine.begin() as connection:
        assert acknowledge(connection, reference.lower(), now=NOON + 1).acknowledged_at == NOON + 1
        assert acknowledge(connection, reference, now=NOON + 2).acknowledged_at == NOON + 1
        with pytest.raises(BulletinError, match="The outcome is missing"):
            close(connection, reference, " ", now=NOON + 3)
        closed = close(connection, reference, "Corrected", now=NOON + 3)
        assert (closed.closed_at, closed.outcome, closed.acknowledged_at) == (NOON + 3, "Corrected", NOON + 1)
        with pytest.raises(BulletinError, match="is closed already: Corrected"):
            close(connection, reference, "Otherwise", now=NOON + 4)
        with pytest.raises(NotFound, match="There is no complaint “C-9999-99”"):
            acknowledge(connection, "C-9999-99", now=NOON)


def test_what_is_closed_counts_as_acknowledged(engine: Engine) -> None:
    reference = add(engine)
    with engine.begin() as connection:
        assert close(connection, reference, "Settled on the phone", now=NOON + 5).acknowledged_at == NOON + 5


def test_reminders_come_once_on_each_day_until_a_person_has_acknowledged_it(engine: Engine) -> None:
    reference, other = add(engine), add(engine, "Something else")
    received = date(2021, 5, 4)
    told = []
    with engine.begin() as connection:
        acknowledge(connection, other, now=NOON)
        for days in range(40):
            day = received + timedelta(days=days)
            for _ in range(3):
                told += [(days, one) for one in remind(connection, day, recipient=OFFICE, now=NOON + days * DAY)]
        number = connection.scalar(select(func.count()).where(outbox.c.kind == OutboxKind.ALERT))
        late = find_reminders(connection, received + timedelta(days=40))
    assert [(days, one.left) for days, one in told] == [(20, 9), (27, 2)]
    assert number == 2
    assert told[0][1].describe() == (
        f"Complaint {reference} must be acknowledged by Wednesday 2 June 2021 (in 9 days). "
        f"Tell them that you have it, then run: bulletin complaints acknowledge {reference}"
    )
    assert [one.describe().partition(" Tell")[0] for one in late] == [
        f"Complaint {reference} should have been acknowledged by Wednesday 2 June 2021."
    ]


# --- the command


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(lists={"partners": "email\n", "schools": "email\n"})


def find_reference(said: str) -> str:
    return re.findall(r"C-\w{4}-\w{2}", said)[0]


def test_an_officer_logs_acknowledges_and_closes_a_complaint(workspace: Workspace) -> None:
    assert run(workspace, "complaints") == "No complaint is open. See closed ones: --all\n"
    said = run(workspace, "complaints", "add", "--by", "phone", "--text", TEXT, "--email", "jo@example.net")
    reference = find_reference(said)
    assert f"Its reference is {reference}." in said

    listed = run(workspace, "complaints", "list")
    assert re.search(rf"^{reference}  received on .* by phone: something else$", listed, re.MULTILINE)
    assert f"    {TEXT}\n  Reply to jo@example.net\n  Acknowledge it by " in listed

    assert f"{reference} is acknowledged." in run(workspace, "complaints", "acknowledge", reference.lower())
    assert "Acknowledged. When it’s settled: " in run(workspace, "complaints")
    said = run(workspace, "complaints", "close", reference, "--outcome", "Removed from all lists")
    assert f"{reference} is closed." in said
    assert "https://ico.org.uk/make-a-complaint/" in said

    assert "No complaint is open" in run(workspace, "complaints")
    assert ": Removed from all lists" in run(workspace, "complaints", "--all")
    engine = open_database(workspace)
    with engine.begin() as connection:  # once it was kept long enough
        connection.execute(update(complaints).values(text="", outcome="", reply_to=""))
    engine.dispose()
    assert ": what it said and what you found were deleted since" in run(workspace, "complaints", "--all")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sing"], "“sing” isn’t known. Use one of: list, add, acknowledge, close."),
        (["add", "--text", "x"], "Say how it came: --by phone, email, letter or person."),
        (["add", "--text", "x", "--by", "website"], "Say how it came: --by phone, email, letter or person."),
        (["add", "--by", "phone"], "Say what happened, in their words: --text TEXT"),
        (["add", "--by", "phone", "--text", "x", "--about", "it"], "“it” isn’t known. Use one of: not-asked, "),
        (["add", "--by", "letter", "--text", "x", "--received", "5 March"], "“5 March” isn’t a date."),
        (["add", "C-7K4M-2P", "--by", "letter", "--text", "x"], "“add” takes no reference"),
        (["list", "C-7K4M-2P"], "“list” takes no reference"),
        (["acknowledge"], "Name the complaint: bulletin complaints acknowledge REFERENCE"),
        (["close", "C-7K4M-2P"], "Say what you found and did: --outcome TEXT"),
    ],
)
def test_what_is_typed_wrongly_is_said_with_the_remedy(workspace: Workspace, arguments: list[str], words: str) -> None:
    done = call("complaints", *arguments, folder=workspace.root)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())


def test_a_letter_counts_from_the_day_on_which_it_came(workspace: Workspace) -> None:
    said = run(workspace, "complaints", "add", "--by", "letter", "--text", TEXT, "--received", "2026-11-26")
    assert "by Tuesday 29 December 2026" in said
    with pytest.raises(BulletinError, match="is still to come"):
        run(workspace, "complaints", "add", "--by", "letter", "--text", TEXT, "--received", "2999-01-01")
    with pytest.raises(InvalidAddress):
        run(workspace, "complaints", "add", "--by", "letter", "--text", TEXT, "--email", "jo")
    with pytest.raises(NotFound):
        run(workspace, "complaints", "acknowledge", "C-7K4M-2P")


def test_run_and_status_remind_of_what_waits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with RealRelay() as relay:  # a person is alerted by email too
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
        reference = find_reference(run(workspace, "complaints", "add", "--by", "phone", "--text", TEXT))
        assert run(workspace, "run") == ""
        engine = open_database(workspace)
        with engine.begin() as connection:
            connection.execute(update(complaints).values(received_at=now_ms() - 21 * DAY))
        engine.dispose()

        assert f"Complaint {reference} must be acknowledged by " in call("status", folder=workspace.root).stderr
        assert f"Complaint {reference} must be acknowledged by " in call("run", folder=workspace.root).stderr
        assert call("run", folder=workspace.root).stderr == ""
        assert f"Complaint {reference}" in call("status", folder=workspace.root).stderr

        run(workspace, "complaints", "acknowledge", reference)
        assert call("status", folder=workspace.root).stderr == ""
