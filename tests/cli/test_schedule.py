"""`--at`, `schedule`, `unschedule`, `run`, `pause` and `cancel`, as people type them."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.control import pause_mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import find_events
from bulletin.times import describe_moment
from bulletin.workspace.workspace import Workspace
from command_process import start, start_sending, wait_until_in_flight
from conftest import ISSUE, SETTINGS
from forked import Program
from misbehaving import MisbehavingServer, serve_and_stall
from planned import EVERYBODY, LISTS, make_due, recipients, run
from sink import Sink, run_sink, run_slow_sink

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

PEOPLE = [f"reader-{number:04}@example.org" for number in range(200)]
HOUR = 3_600_000


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    return make_workspace(lists=LISTS)


# --- planning


def test_an_issue_is_planned_listed_and_taken_back(workspace: Workspace, catcher: MailCatcher) -> None:
    assert "Nothing is scheduled." in run(workspace, "schedule")
    said = run(workspace, "send", "2021-05", "--at", "tomorrow 9:00", "--yes")
    assert "2021-05 would go to 3 readers, each once:" in said
    assert "It would be sent at 09:00 on " in said
    assert "Sending will take less than a minute, until 09:0" in said
    assert "Remove the time with: bulletin unschedule 2021-05" in said

    assert "2021-05 to partners, schools is scheduled for 09:00 on " in run(workspace, "schedule")
    assert "2021-05 to partners, schools is scheduled for 09:00 on " in run(workspace, "status")
    facts = json.loads(run(workspace, "status", "2021-05", "--json"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+00:00", facts["scheduled_for"])
    assert (facts["mailing"], facts["last_event"]) == (None, None)
    assert run(workspace, "run") == ""
    assert "It's no longer scheduled." in run(workspace, "unschedule", "2021-05")
    assert "Nothing is scheduled." in run(workspace, "schedule")
    assert "isn't scheduled" in run(workspace, "unschedule", "2021-05", code=1)
    assert not catcher.caught


def test_planning_anew_says_what_it_takes_the_place_of(workspace: Workspace) -> None:
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    said = run(workspace, "schedule", "2021-05", "--at", "tomorrow 10:00", "--list", "partners", "--yes")

    assert "this replaces it." in said
    assert "Sending now" not in said
    assert "2021-05 to partners is scheduled for 10:00 on " in run(workspace, "schedule")
    assert len(list((workspace.state_folder / "planned").iterdir())) == 1


def test_nothing_is_planned_in_a_dry_run_or_without_a_yes(workspace: Workspace) -> None:
    assert "nothing was scheduled" in run(workspace, "send", "2021-05", "--at", "tomorrow 9:00", "--dry-run")
    assert "Add --yes" in run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", code=1)
    assert "Nothing is scheduled." in run(workspace, "schedule")


def test_an_issue_alone_is_asked_for_when_it_is_planned(workspace: Workspace) -> None:
    assert "2021-05 isn't scheduled. Schedule it with: bulletin" in run(workspace, "schedule", "2021-05")
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")

    assert "2021-05 to partners, schools is scheduled for 09:00 on " in run(workspace, "schedule", "2021-05")


@pytest.mark.parametrize("command", [("status",), ("schedule",)])
def test_what_keeps_a_plan_from_beginning_is_told_wherever_the_plan_is(
    workspace: Workspace, command: tuple[str, ...]
) -> None:
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    assert "begin" not in run(workspace, *command)
    make_due(workspace)
    assert "It's due now.\n  The next `bulletin run` sends it.\n" in run(workspace, *command)

    issue = workspace.issue_path("2021-05")
    issue.write_text(ISSUE.replace("closed", "open"), encoding="utf-8")
    said = run(workspace, *command)
    assert "  It can't be sent as it is. It has changed since it was scheduled. Check it, then schedule it" in said
    assert "The next" not in said
    issue.write_text(ISSUE.replace("title:", "titel:"), encoding="utf-8")
    assert "It can't be sent as it is. It has 1 fault: bulletin check 2021-05\n" in run(workspace, *command)


@pytest.mark.usefixtures("catcher")
def test_whoever_is_told_of_a_change_is_told_to_have_it_signed_off_too(make_workspace: MakeWorkspace) -> None:
    asking = make_workspace(settings=SETTINGS + "approval: {needed: 1}\n", lists=LISTS)
    run(asking, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")
    run(asking, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(asking)
    asking.issue_path("2021-05").write_text(ISSUE.replace("closed", "open"), encoding="utf-8")

    advice = "Check it, have it approved (bulletin approve 2021-05 --by NAME), then schedule it again"
    assert f"\n{advice}" in run(asking, "run", code=1)
    assert advice in run(asking, "status")


@pytest.mark.parametrize("arguments", [("--at", "tomorrow 9:00"), ("2021-05", "--list", "partners")])
def test_a_time_without_its_issue_and_a_list_without_its_time_are_wrong_usage(
    workspace: Workspace, arguments: tuple[str, ...]
) -> None:
    run(workspace, "schedule", *arguments, code=2)


def test_planning_refuses_what_sending_refuses(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    at = ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    asking = make_workspace(settings=SETTINGS + "approval: {needed: 1}\nsending: {limits: [2/day]}\n", lists=LISTS)
    assert "has not been approved" in run(asking, *at, code=1)
    run(asking, "approve", "2021-05", "--by", "Jo Bloggs", "--yes")
    refused = run(asking, *at, code=1)
    assert "over the daily limit: 2/day allows 2 of 3 messages at once" in refused
    assert "add --spread" in refused
    assert "`bulletin run` continues it each day." in run(asking, *at, "--spread")

    broken = make_workspace(settings=SETTINGS, issues={"2021-05": ISSUE.replace("title:", "titel:")}, lists=LISTS)
    assert "Did you mean “title”?" in run(broken, *at, code=1)
    assert "has passed" in run(broken, "send", "2021-05", "--at", "1 June 2021 9:00", code=1)
    os.environ.pop("BULLETIN_SMTP_URL")  # the fixture puts it back
    assert "BULLETIN_SMTP_URL" in run(make_workspace(lists=LISTS), *at, code=1)
    assert not catcher.caught


# --- its time


def test_what_is_due_is_sent_and_told_in_one_line(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    due_at = make_due(workspace)

    assert run(workspace, "run") == f"2021-05 started, as scheduled for {describe_moment(due_at)}: 3 accepted.\n"
    assert run(workspace, "run") == ""
    assert recipients(catcher) == EVERYBODY
    assert "planned" not in run(workspace, "status")


def test_a_time_that_has_long_passed_is_said_and_sending_asks(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--list", "partners", "--yes")
    make_due(workspace, ago=13 * HOUR)

    said = run(workspace, "run", code=1)
    assert "but was not sent.\nThat is too long ago for it to begin without you." in said
    assert "bulletin send 2021-05 --list partners" in said
    assert "That time has passed" in run(workspace, "status")
    asked = run(workspace, "send", "2021-05", "--list", "partners", code=1)
    assert "Sending now replaces that." in asked
    assert "Add --yes" in asked
    assert not catcher.caught
    run(workspace, "send", "2021-05", "--list", "partners", "--yes")
    assert run(workspace, "run") == ""
    assert "Nothing is scheduled." in run(workspace, "schedule")


def test_two_runs_at_once_send_to_nobody_twice(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    workspace = make_workspace(lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email\n"})
    with run_sink(tmp_path / "sink") as sink:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BULLETIN_SMTP_URL", sink.environ["BULLETIN_SMTP_URL"])
            run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
        make_due(workspace)
        runs = [start(workspace, sink.environ, tmp_path / f"log-{number}.txt", "run") for number in range(2)]
        said = [(process.wait(60), (tmp_path / f"log-{n}.txt").read_text()) for n, process in enumerate(runs)]

        assert [code for code, _ in said] == [0, 0], said
        assert sorted(len(words.splitlines()) for _, words in said) == [0, 1], said
        assert sink.recipients() == Counter(PEOPLE)
    engine = open_database(workspace.database_url)
    assert len(find_mailings(engine, "2021-05")) == 1
    engine.dispose()


# --- pausing and cancelling


@pytest.fixture
def busy(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email\n"})


@pytest.fixture
def slow_sink(tmp_path: Path) -> Iterator[Sink]:
    with run_slow_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def stalling() -> Iterator[MisbehavingServer]:
    """A server that takes messages and never answers."""
    with serve_and_stall() as server:
        yield server


def start_in_flight(workspace: Workspace, environ: Mapping[str, str], log: Path) -> Program:
    """A `send` in another process, of which something is in flight."""
    process = start_sending(workspace, environ, log)
    wait_until_in_flight(1, process, workspace.database_url)
    assert process.poll() is None, log.read_text()
    return process


def last_departure_after(workspace: Workspace, event: str) -> int:
    """How long after an event of the mailing a message still began to leave, in ms; less than 0 if none did."""
    engine = open_database(workspace.database_url)
    mailings = find_mailings(engine, "2021-05")
    (record,) = (one for mailing in mailings for one in find_events(engine, mailing.id) if one.event == event)
    last = max(delivery.claimed_at or 0 for delivery in list_deliveries(engine, mailings))
    engine.dispose()
    return last - record.at


def test_a_pause_from_another_terminal_stops_the_sender_within_two_seconds(
    busy: Workspace, slow_sink: Sink, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    process = start_in_flight(busy, slow_sink.environ, log)
    said = run(busy, "pause", "2021-05", "--note", "a typo")

    assert process.wait(60) == 1
    assert "2021-05 is paused. Continue it with: bulletin send 2021-05" in said
    assert "2021-05 is paused. Continue it with: bulletin send 2021-05" in log.read_text()
    assert last_departure_after(busy, "paused") < 2000
    status = json.loads(run(busy, "status", "2021-05", "--json"))
    assert (status["sending"], status["uncertain"], status["withdrawn"]) == (0, 0, 0)
    assert status["accepted"] + status["queued"] == len(PEOPLE)
    assert status["accepted"] == slow_sink.recipients().total()
    assert status["last_event"] == "paused"
    assert ": a typo." in run(busy, "status", "2021-05")
    assert "Paused " in run(busy, "pause", "2021-05", code=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_SMTP_URL", slow_sink.environ["BULLETIN_SMTP_URL"])
        assert run(busy, "run") == ""
        asked = run(busy, "send", "2021-05", code=1)
    assert ": a typo." in asked
    assert "Add --yes" in asked


def test_a_cancelling_from_another_terminal_ends_the_mailing_within_two_seconds(
    busy: Workspace, slow_sink: Sink, tmp_path: Path, catcher: MailCatcher
) -> None:
    log = tmp_path / "log.txt"
    process = start_in_flight(busy, slow_sink.environ, log)
    assert "Add --yes" in run(busy, "cancel", "2021-05", code=1)
    said = run(busy, "cancel", "2021-05", "--yes")

    assert process.wait(60) == 1
    assert "2021-05 is cancelled. Accepted messages can't be recalled." in said
    assert "2021-05 was cancelled." in log.read_text()
    assert last_departure_after(busy, "cancelled") < 2000
    had = slow_sink.recipients()
    status = json.loads(run(busy, "status", "2021-05", "--json"))
    assert status["accepted"] == had.total()
    assert status["accepted"] + status["withdrawn"] == len(PEOPLE)
    said = run(busy, "status", "2021-05")
    assert "Cancelled " in said
    assert "withdrawn: unsubscribed or paused, or the mailing was cancelled, before their turn" in said
    assert "see --left-out" in run(busy, "send", "2021-05", "--yes")
    assert "nothing was changed" in run(busy, "cancel", "2021-05", "--yes", code=1)
    assert not catcher.caught

    run(busy, "send", "2021-05", "--left-out", "--yes")
    assert had + recipients(catcher) == Counter(PEOPLE)


def test_what_a_killed_sender_had_in_flight_is_uncertain_after_a_cancelling(
    busy: Workspace, stalling: MisbehavingServer, tmp_path: Path
) -> None:
    process = start_in_flight(busy, stalling.environ, tmp_path / "log.txt")
    process.kill()
    process.wait()
    run(busy, "cancel", "2021-05", "--yes")

    engine = open_database(busy.database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    assert counts.unfinished == 0
    assert 1 <= counts.uncertain <= 4


def test_what_a_killed_sender_had_in_flight_is_named_and_can_be_decided_without_sending_on(
    busy: Workspace, stalling: MisbehavingServer, tmp_path: Path
) -> None:
    process = start_in_flight(busy, stalling.environ, tmp_path / "log.txt")
    alive = json.loads(run(busy, "status", "2021-05", "--json"))
    assert alive["uncertain"] == 0
    process.kill()
    process.wait()

    dead = json.loads(run(busy, "status", "2021-05", "--json"))
    assert dead["sending"] == 0
    assert 1 <= dead["uncertain"] <= 4


def test_whom_a_killed_sender_had_in_flight_can_be_decided_at_once(
    busy: Workspace, stalling: MisbehavingServer, tmp_path: Path
) -> None:
    process = start_in_flight(busy, stalling.environ, tmp_path / "log.txt")
    process.kill()
    process.wait()
    engine = open_database(busy.database_url)
    flying = list_deliveries(engine, find_mailings(engine, "2021-05"), states=[DeliveryState.SENDING])
    engine.dispose()

    run(busy, "resolve", "2021-05", *(one.address for one in flying), "--delivered")
    assert json.loads(run(busy, "status", "2021-05", "--json"))["uncertain"] == 0


def test_of_a_cancelled_mailing_nobody_is_sent_anything_before_a_person_begins_a_new_one(
    busy: Workspace, stalling: MisbehavingServer, tmp_path: Path, catcher: MailCatcher
) -> None:
    process = start_in_flight(busy, stalling.environ, tmp_path / "log.txt")
    process.kill()
    process.wait()
    run(busy, "cancel", "2021-05", "--yes")
    engine = open_database(busy.database_url)
    uncertain = list_deliveries(engine, find_mailings(engine, "2021-05"), states=[DeliveryState.UNCERTAIN])
    engine.dispose()

    run(busy, "resolve", "2021-05", uncertain[0].address, "--resend")
    assert run(busy, "run") == ""
    run(busy, "send", "2021-05", "--yes")
    assert not catcher.caught
    run(busy, "send", "2021-05", "--left-out", "--yes")
    sent, kept_back = recipients(catcher), {one.address for one in uncertain[1:]}
    assert sent[uncertain[0].address] == 1
    assert len(sent) == sent.total() == len(PEOPLE) - len(kept_back)
    assert not kept_back & set(sent)


def test_a_sender_that_was_stopped_by_hand_is_not_gone_on_with_by_itself(
    busy: Workspace, slow_sink: Sink, tmp_path: Path, catcher: MailCatcher
) -> None:
    process = start_in_flight(busy, slow_sink.environ, tmp_path / "log.txt")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130

    assert run(busy, "run") == ""
    assert not catcher.caught
    assert ": stopped by hand." in run(busy, "status", "2021-05")
    run(busy, "send", "2021-05", "--yes")
    assert slow_sink.recipients() + recipients(catcher) == Counter(PEOPLE)


def test_what_run_sends_and_a_person_stops_by_hand_is_not_gone_on_with_by_itself_either(
    busy: Workspace, slow_sink: Sink, tmp_path: Path, catcher: MailCatcher
) -> None:
    run(busy, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(busy)
    log = tmp_path / "log.txt"
    process = start(busy, slow_sink.environ, log, "run")
    wait_until_in_flight(1, process, busy.database_url)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130

    assert "Stopped. Everything that was sent is recorded. Continue with: bulletin send 2021-05" in log.read_text()
    assert run(busy, "run") == ""
    assert not catcher.caught
    assert ": stopped by hand." in run(busy, "status", "2021-05")


def test_whoever_answers_when_the_plan_that_they_saw_has_begun_is_told_so(
    workspace: Workspace, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")

    def let_it_begin(_question: str, *, yes: bool, otherwise: str) -> bool:  # noqa: ARG001 -- as `confirm` has them
        make_due(workspace)
        run(workspace, "run")
        return True

    monkeypatch.setattr("bulletin.cli.sending.second_look.confirm", let_it_begin)
    said = run(workspace, "schedule", "2021-05", "--at", "tomorrow 10:00", code=1)
    assert "unscheduled since it was shown here. Nothing was scheduled." in said
    assert recipients(catcher) == EVERYBODY
    assert "Nothing is scheduled." in run(workspace, "schedule")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("signals", [["SIGTERM"], ["SIGHUP", "SIGHUP"]], ids=["the system stops", "a closed terminal"])
def test_a_sender_that_the_system_stopped_records_what_is_in_flight_and_is_gone_on_with_by_itself(
    busy: Workspace, slow_sink: Sink, tmp_path: Path, catcher: MailCatcher, signals: list[str]
) -> None:
    process = start_in_flight(busy, slow_sink.environ, tmp_path / "log.txt")
    for name in signals:
        process.send_signal(signal.Signals[name])
    assert process.wait(60) == 130

    assert "The next `bulletin run` continues" in (tmp_path / "log.txt").read_text()
    engine = open_database(busy.database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    assert (counts.sending, counts.uncertain) == (0, 0)
    assert "2021-05 continued: " in run(busy, "run")
    assert slow_sink.recipients() + recipients(catcher) == Counter(PEOPLE)


@pytest.mark.parametrize("command", [("pause",), ("cancel", "--yes")])
def test_where_nothing_is_being_sent_nothing_can_be_stopped(workspace: Workspace, command: tuple[str, ...]) -> None:
    name, *options = command
    assert "2021-05 has not been started" in run(workspace, name, "2021-05", *options, code=1)
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    assert "bulletin unschedule 2021-05" in run(workspace, name, "2021-05", *options, code=1)
    run(workspace, "send", "2021-05", "--yes")
    assert "2021-05 has been sent. Nothing was changed" in run(workspace, name, "2021-05", *options, code=1)


def test_what_is_unfinished_cannot_be_planned(busy: Workspace, slow_sink: Sink, tmp_path: Path) -> None:
    process = start_in_flight(busy, slow_sink.environ, tmp_path / "log.txt")
    said = run(busy, "schedule", "2021-05", "--at", "tomorrow 9:00", code=1)
    engine = open_database(busy.database_url)
    pause_mailings(engine, "2021-05", now=now_ms(), note="")
    engine.dispose()

    assert process.wait(60) == 1
    assert "2021-05 is being sent and isn't finished, so it can't be scheduled." in said
