"""What was kept long enough is deleted: once a day, counted beforehand, reported, and with every count kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select, update

from anytown import NOON, add_people, address_of, make_edition
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent, OutboxState, SignUpState
from bulletin.database.tables import (
    complaints,
    consents,
    deliveries,
    kept_counts,
    limits,
    outbox,
    person_events,
    retention_runs,
    returns,
    sign_ups,
    subscribers,
)
from bulletin.delivery.ledger.control import cancel_mailings
from bulletin.delivery.ledger.counts import Counts, count_breakdown, count_states
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import record_event
from bulletin.delivery.ledger.resolution import Decision, resolve_deliveries
from bulletin.delivery.ledger.start import Recipients, count_people, start_mailing
from bulletin.delivery.record.certificate import certify
from bulletin.delivery.record.report import make_report
from bulletin.delivery.record.report_page import describe_report
from bulletin.errors import FaultyFiles, MailingError
from bulletin.personal_data.retention import DAY, Tidying, foresee_tidying, is_due, months_before, tidy
from bulletin.settings.retention import Retention
from bulletin.subscribers.leaving import find_leaver
from bulletin.subscribers.scope import EVERYTHING
from bulletin.subscribers.tokens import LinkToken
from bulletin.website.pages.privacy import KeepingTimes, find_keeping_times
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import SETTINGS, on_sqlite
from whole_person import dump, find_tables_with, surname_of, tell_everything

KEEPING = Retention()
TWO_YEARS = int(datetime(2023, 5, 5, 12, tzinfo=UTC).timestamp() * 1000)  # 24 months and a day after NOON
NAMES = ("anna", "ben", "cleo", "dan", "eve", "fay")
STATES = ("accepted", "accepted", "refused", "uncertain", "bounced", "withdrawn")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An issue that was sent to six people at NOON, and ended."""
    engine = open_database(database_url)
    mail(engine, "2021-05", dict(zip(NAMES, STATES, strict=True)))
    yield engine
    engine.dispose()


def mail(engine: Engine, issue: str, states: dict[str, str], *, now: int = NOON) -> None:
    """Sent to these people, who are on a list of its own (the first one's is partners)."""
    name = "partners" if issue == "2021-05" else issue
    add_people(engine, **{name: states})
    mailing = start_mailing(engine, make_edition(issue), lists=[name], key=issue.replace("-", ""), now=now)
    settle(engine, issue, states, now=now)
    record_event(engine, mailing.id, MailingEvent.ENDED, now=now + 1)


def settle(engine: Engine, issue: str, states: dict[str, str], *, now: int = NOON) -> None:
    number = find_mailings(engine, issue)[-1].id
    with engine.begin() as connection:
        for name, state in states.items():
            values = {
                "state": state,
                "ended_at": now,
                "claimed_at": now,
                "due_at": now if state == "deferred" else None,
            }
            which = (deliveries.c.mailing_id == number) & (deliveries.c.address == address_of(name))
            connection.execute(update(deliveries).where(which).values(values))


def count(engine: Engine, table: object) -> int:
    with engine.begin() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def removed(found: Tidying) -> dict[str, int]:
    return {one.what[1]: one.number for one in found.removals if one.number}


def test_after_24_months_deliveries_are_counts(engine: Engine) -> None:
    before = count_states(engine, find_mailings(engine, "2021-05"))
    done = tidy(engine, KEEPING, now=TWO_YEARS)

    assert removed(done)["deliveries"] == 6
    assert count(engine, deliveries) == 0
    assert count_states(engine, find_mailings(engine, "2021-05")) == before
    assert before == Counts(accepted=2, refused=1, uncertain=1, bounced=1, withdrawn=1)


def test_a_day_earlier_they_stay(engine: Engine) -> None:
    assert removed(tidy(engine, KEEPING, now=TWO_YEARS - 2 * DAY)) == {}
    assert count(engine, deliveries) == 6


def test_what_a_person_decided_and_what_a_cancelling_withdrew_is_counted_apart(engine: Engine) -> None:
    mail(engine, "2021-04", {"anna": "queued", "ben": "uncertain"})
    resolve_deliveries(engine, "2021-04", None, Decision.DELIVERED, now=NOON)
    cancel_mailings(engine, "2021-04", now=NOON, note="")
    mailings = find_mailings(engine, "2021-04")
    before = count_breakdown(engine, mailings)
    assert (before.decided, before.cancelled) == (1, 1)

    tidy(engine, KEEPING, now=TWO_YEARS)

    assert count_breakdown(engine, mailings) == before


def test_a_person_with_two_mailings_of_an_issue_still_counts_once(engine: Engine) -> None:
    mail(engine, "2021-04", dict.fromkeys(NAMES, "queued"))
    cancel_mailings(engine, "2021-04", now=NOON, note="")
    start_mailing(
        engine, make_edition("2021-04"), lists=["2021-04"], key="again", now=NOON, recipients=Recipients.LEFT_OUT
    )
    settle(engine, "2021-04", dict.fromkeys(NAMES, "accepted"))
    mailings = find_mailings(engine, "2021-04")
    before = [count_states(engine, chosen) for chosen in (mailings, mailings[:1], mailings[1:])]
    assert before[0] == Counts(accepted=6)

    tidy(engine, KEEPING, now=TWO_YEARS)

    assert [count_states(engine, chosen) for chosen in (mailings, mailings[:1], mailings[1:])] == before


@pytest.mark.parametrize("state", ["queued", "deferred", "sending"])
def test_an_issue_that_isnt_finished_keeps_its_rows_and_is_named(engine: Engine, state: str) -> None:
    run = "r" if state == "sending" else None
    values = {"state": state, "due_at": NOON if state == "deferred" else None, "run": run}
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.address == address_of("anna")).values(values))
    done = tidy(engine, KEEPING, now=TWO_YEARS)
    assert (removed(done), done.unfinished) == ({}, ("2021-05",))
    assert is_due(engine, now=TWO_YEARS + 2 * DAY) is (state != "sending")


def test_an_issue_of_which_something_happened_since_keeps_its_rows(engine: Engine) -> None:
    mailing = find_mailings(engine, "2021-05")[0]
    record_event(engine, mailing.id, MailingEvent.ENDED, now=TWO_YEARS - DAY)
    assert removed(tidy(engine, KEEPING, now=TWO_YEARS)) == {}


def test_an_issue_of_so_long_ago_is_never_sent_again(engine: Engine) -> None:
    tidy(engine, KEEPING, now=TWO_YEARS)
    with pytest.raises(MailingError, match="we no longer know who got it"):
        start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="k2", now=TWO_YEARS)
    with engine.begin() as connection:
        assert count_people(connection, "2023-05", ["partners"]).recipients == 6


def test_many_deliveries_go_in_batches_and_none_is_counted_twice(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletin.delivery.ledger.kept_counts._BATCH", 2)
    before = count_states(engine, find_mailings(engine, "2021-05"))
    assert removed(tidy(engine, KEEPING, now=TWO_YEARS))["deliveries"] == 6
    assert count_states(engine, find_mailings(engine, "2021-05")) == before


def test_the_certificate_and_the_report_say_that_who_they_were_was_deleted(engine: Engine) -> None:
    tidy(engine, KEEPING, now=TWO_YEARS)

    from bulletin.delivery.record.certificate_page import describe_certificate

    page = describe_certificate(certify(engine, "2021-05", now=TWO_YEARS), publisher="Anytown", lists={})
    lines = "\n".join(page.lines())
    assert "Accepted by the mail server" in lines
    assert "Deleted on" in lines
    assert "can’t be checked against readers any more" in lines
    report = describe_report(make_report(engine, "2021-05", now=TWO_YEARS), publisher="Anytown", lists={})
    assert dict(report.facts)["Readers’ details"].startswith("deleted on")
    assert "2 of 6 messages accepted" in report.glance
    assert not [task for task in report.tasks if "uncertain" in task.command]
    assert "deleted on" in report.to_html(accent="#1d5c87")


def test_a_link_of_an_old_email_still_names_its_reader(engine: Engine) -> None:
    with engine.begin() as connection:
        query = select(deliveries.c.id, deliveries.c.subscriber_id).where(deliveries.c.address == address_of("anna"))
        sent, number = connection.execute(query).one()
    tidy(engine, KEEPING, now=TWO_YEARS)
    with engine.begin() as connection:
        leaver = find_leaver(connection, LinkToken(subscriber_id=number, delivery_id=sent))
    assert leaver is not None
    assert (leaver.address, leaver.scope) == (address_of("anna"), EVERYTHING)


def test_someone_on_no_list_to_whom_nothing_was_sent_for_so_long_has_no_address_any_more(engine: Engine) -> None:
    from bulletin.database.tables import memberships

    with engine.begin() as connection:
        number = connection.execute(select(subscribers.c.id).where(subscribers.c.name == "anna")).scalar_one()
        connection.execute(memberships.delete().where(memberships.c.subscriber_id == number))
    assert removed(tidy(engine, KEEPING, now=TWO_YEARS))["readers on no list"] == 1
    with engine.begin() as connection:
        rows = connection.execute(select(subscribers.c.address, subscribers.c.name)).all()
    assert min(rows) == ("", "")
    assert len([row for row in rows if row.address]) == 5


def set_times(engine: Engine, at: int) -> None:
    """Whatever `tell_everything` wrote is of this time."""
    with engine.begin() as connection:
        connection.execute(update(sign_ups).values(asked_at=at, changed_at=at, expires_at=at + 7 * DAY))
        connection.execute(update(returns).values(at=at))
        connection.execute(update(outbox).values(state=OutboxState.ACCEPTED, made_at=at))
        connection.execute(update(complaints).values(closed_at=at, outcome="We wrote to them."))
        connection.execute(update(person_events).values(at=at, delivery_id=1))


def test_each_kind_is_kept_as_long_as_it_says_and_no_longer(engine: Engine) -> None:
    tell_everything(engine, "anna")
    set_times(engine, NOON)
    with engine.begin() as connection:
        connection.execute(insert(limits).values(bucket=b"b" * 16, window_start=NOON, number=3))

    expected = [
        (NOON + 2 * DAY, {}),
        (NOON + 2 * DAY + 1, {"counts of requests": 1}),
        (NOON + 7 * DAY + 1, {"unconfirmed requests to join": 1}),
        (NOON + 30 * DAY + 1, {"networks of consents": 1}),
        (NOON + 37 * DAY + 2, {"ended requests to join": 1}),
        (TWO_YEARS - 2 * DAY, {}),
        (
            TWO_YEARS,
            {
                "deliveries": 6,
                "emails that came back": 1,
                "events of issues": 1,
                "emails to one person": 2,
                "complaints’ words": 1,
            },
        ),
        (TWO_YEARS + DAY, {}),
    ]
    for now, wanted in expected:
        assert removed(foresee_tidying(engine, KEEPING, now=now)) == wanted
        assert removed(tidy(engine, KEEPING, now=now)) == wanted


def test_foreseeing_changes_nothing(engine: Engine) -> None:
    tell_everything(engine, "anna")
    set_times(engine, NOON)
    before = dump(engine)
    assert foresee_tidying(engine, KEEPING, now=TWO_YEARS)
    assert dump(engine) == before


def test_what_was_cleared_is_no_longer_there(engine: Engine) -> None:
    tell_everything(engine, "anna")
    set_times(engine, NOON)
    tidy(engine, KEEPING, now=TWO_YEARS)
    tidy(engine, KEEPING, now=TWO_YEARS + 38 * DAY)
    assert set(find_tables_with(engine, address_of("anna"), surname_of("anna"))) == {
        "subscribers",  # she is still on a list
        "memberships",
        "consents",  # the page on which she agreed
    }
    with engine.begin() as connection:
        assert connection.execute(select(complaints.c.text, complaints.c.reply_to, complaints.c.outcome)).all() == [
            ("", "", "")
        ]
        assert connection.execute(select(sign_ups)).all() == []
        assert connection.execute(select(consents.c.network, consents.c.agent)).all() == [("", "")]


def test_a_request_that_waits_for_a_person_ends_when_it_says(engine: Engine) -> None:
    tell_everything(engine, "anna")
    with engine.begin() as connection:
        connection.execute(update(sign_ups).values(state=SignUpState.WAITING, expires_at=NOON + 28 * DAY))
    assert "unconfirmed requests to join" not in removed(tidy(engine, KEEPING, now=NOON + 28 * DAY))
    assert removed(tidy(engine, KEEPING, now=NOON + 28 * DAY + 1))["unconfirmed requests to join"] == 1


def test_it_is_due_once_a_day_also_if_the_clock_was_set_back(engine: Engine) -> None:
    assert is_due(engine, now=NOON)
    tidy(engine, KEEPING, now=NOON)
    assert not is_due(engine, now=NOON + DAY - 1)
    assert is_due(engine, now=NOON + DAY)
    assert is_due(engine, now=NOON - DAY)
    assert count(engine, retention_runs) == 1


@given(st.integers(0, 4_000_000_000_000), st.integers(1, 120))
def test_so_many_months_before_is_the_same_day_or_the_last_of_its_month(now: int, months: int) -> None:
    if now < months * 31 * DAY:
        return
    then, at = (datetime.fromtimestamp(one / 1000, tz=UTC) for one in (months_before(now, months), now))
    assert (at.year * 12 + at.month) - (then.year * 12 + then.month) == months
    assert then.day == at.day or (then.day < at.day and months_before(now, months) < now)
    assert (then.hour, then.minute) == (at.hour, at.minute)


# --- as a person and cron call it


@pytest.fixture
def office(make_workspace: Callable[..., Workspace], database_url: str, engine: Engine) -> Workspace:
    assert engine
    csv = "email\n" + "".join(f"{address_of(name)}\n" for name in NAMES)
    lists = {"partners": csv, "schools": "email\n"}
    return make_workspace(lists=lists, environ={"BULLETIN_DATABASE_URL": database_url})


def run(workspace: Workspace, *arguments: str) -> str:
    done = call(*arguments, folder=workspace.root, environ=dict(workspace.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_dry_run_says_what_would_go_and_tidying_says_what_went(office: Workspace, engine: Engine) -> None:
    foreseen = run(office, "database", "tidy", "--dry-run")
    assert "This would be deleted:\n  6 deliveries (kept for 24 months)" in foreseen
    assert count(engine, deliveries) == 6
    assert "Deleted:\n  6 deliveries (kept for 24 months)" in run(office, "database", "tidy")
    assert "Nothing was kept for too long." in run(office, "database", "tidy")
    assert count(engine, kept_counts) > 0


def test_run_tidies_once_a_day_and_says_so_in_one_line(office: Workspace) -> None:
    assert run(office, "run") == "Deleted what was kept long enough: 6 deliveries.\n"
    assert run(office, "run") == ""


def test_the_status_of_an_old_issue_still_has_its_counts(office: Workspace) -> None:
    run(office, "run")
    said = run(office, "status", "2021-05")
    assert "2021-05: 2 of 6 accepted." in said
    assert "We deleted who they were on" in said
    assert "bulletin resolve" not in said
    found = json.loads(run(office, "status", "2021-05", "--json"))
    assert (found["accepted"], found["uncertain"], found["total"]) == (2, 1, 6)


@on_sqlite
def test_old_lines_of_the_log_go_too(office: Workspace, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    old = '{"time": "2021-05-04T11:00:00Z", "event": "started"}\n'
    new = f'{{"time": "{datetime.now(tz=UTC).isoformat()}", "event": "started"}}\n'
    odd = "not ours\n"
    log.write_text(old * 3 + new + old + odd, encoding="utf-8")
    log.chmod(0o640)
    assert "3 lines of the log (kept for 90 days)" in run(office, "database", "tidy", "--dry-run", "--log", str(log))
    assert "3 lines of the log" in run(office, "run", "--log", str(log))
    assert log.read_text(encoding="utf-8") == new + old + odd
    assert log.stat().st_mode & 0o777 == 0o640


RIGHT = {"unconfirmed: 1 week": 7, "unconfirmed: 3 days": 3, "deliveries: 2 years": 24, "deliveries: 7 months": 7}


def test_the_privacy_notice_promises_what_is_done(make_workspace: Callable[..., Workspace]) -> None:
    lines = "retention:\n  unconfirmed: 3 days\n  network: 2 weeks\n  deliveries: 1 year\n  complaints: 3 years\n"
    promised = find_keeping_times(make_workspace(settings=SETTINGS + lines).settings.retention)
    assert promised == KeepingTimes(unconfirmed_days=3, network_days=14, delivery_months=12, complaint_months=36)


WRONG = (
    "unconfirmed: 31 days",
    "unconfirmed: a while",
    "deliveries: 30 days",
    "deliveries: 6 months",
    "logs: 0 days",
    "x: 1",
)


@pytest.mark.parametrize("line", RIGHT)
def test_keeping_times_are_read_from_the_settings(make_workspace: Callable[..., Workspace], line: str) -> None:
    retention = make_workspace(settings=f"{SETTINGS}retention:\n  {line}\n").settings.retention
    assert getattr(retention, line.partition(":")[0]) == RIGHT[line]


@pytest.mark.parametrize("line", WRONG)
def test_a_keeping_time_that_cant_be_is_refused(make_workspace: Callable[..., Workspace], line: str) -> None:
    with pytest.raises(FaultyFiles):
        make_workspace(settings=f"{SETTINGS}retention:\n  {line}\n")
