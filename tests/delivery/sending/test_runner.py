"""What `bulletin run` does, by a clock of its own: a real server, a real database, no waiting."""

from __future__ import annotations

import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, select

from bulletin.approval.approvals import record_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent, ScheduleState
from bulletin.database.tables import schedules
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.ledger.control import cancel_mailings, pause_mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.file_lock import hold_mailing
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import find_last_event, record_event
from bulletin.delivery.ledger.start import Recipients, start_mailing
from bulletin.delivery.plans.schedule import (
    Schedule,
    ScheduleRequest,
    Timing,
    add_schedule,
    begin_schedule,
    find_schedule,
    remove_schedule,
)
from bulletin.delivery.plans.schedule_snapshots import keep_snapshot
from bulletin.delivery.sending.estimates import load_paces
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.runner import Done, Runner, Skipped
from bulletin.delivery.sending.send_preview import SendPreview, preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.edition.build import make_edition
from bulletin.errors import (
    FaultyFiles,
    Interrupted,
    MailingCancelled,
    MailingError,
    MailingHeld,
    MailingPaused,
    ScheduleEnded,
    Unreachable,
)
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, refuse_connections

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

NOON = 1_622_545_200_000  # 1 June 2021, 11:00 UTC
HOUR = 3_600_000
LISTS = {
    "partners": "email\nanna@example.org\nben@example.org\n",
    "schools": "email\nben@example.org\ncara@example.org\n",
}
EVERYBODY = Counter(["anna@example.org", "ben@example.org", "cara@example.org"])


class BusyCatcher(MailCatcher):
    """A server that puts everything off while `busy` is set, and tells of each message that comes."""

    busy = False
    word = "451 4.3.0 Later"  # of a busy one
    on_message: Callable[[], object] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if self.on_message:
            self.on_message()
        return self.word if self.busy else await super().handle_DATA(server, session, envelope)


class Office:
    """A workspace with its server, and a clock that stands still until it is set."""

    def __init__(self, workspace: Workspace, catcher: BusyCatcher) -> None:
        self.place = workspace
        self.catcher = catcher
        self.engine: Engine = open_database(workspace.database_url)
        self.now = NOON
        self.stop = threading.Event()

    @property
    def caught(self) -> Counter[str]:
        return Counter(message.recipient for message in self.catcher.caught)

    @property
    def planned(self) -> Schedule | None:
        return find_schedule(self.engine, "2021-05")

    def plan(
        self,
        *,
        due_at: int,
        lists: tuple[str, ...] = ("partners", "schools"),
        newcomers: bool = False,
        issue: str = "2021-05",
    ) -> None:
        snapshot = take_snapshot(self.place, make_edition(self.place, issue), lists=lists)
        keep_snapshot(self.place.state_folder, snapshot)
        add_schedule(
            self.engine,
            ScheduleRequest(
                issue=issue,
                lists=lists,
                newcomers=newcomers,
                due_at=due_at,
                grace=12 * HOUR,
                digest=snapshot.contents.digest,
            ),
            now=self.now,
            instead_of=find_schedule(self.engine, issue),
        )

    def run(
        self,
        *,
        at: int | None = None,
        check: Callable[[str], object] = str,
        during: Callable[[str], AbstractContextManager[None]] = lambda _issue: nullcontext(),
    ) -> list[Done | Skipped]:
        self.now = self.now if at is None else at
        place = open_workspace(self.place.root, environ=self.place.environ)
        runner = Runner(
            workspace=place,
            engine=self.engine,
            check=check,
            make_edition=partial(make_edition, place),
            control=Control(clock=lambda: self.now, stop=self.stop),
            during=during,
        )
        return list(runner.run())

    def send(
        self, *, lists: tuple[str, ...] = ("partners", "schools"), recipients: Recipients = Recipients.NEW
    ) -> None:
        self.send_or_resume(
            preview_send(self.place, self.engine, "2021-05", lists=lists, now=self.now, recipients=recipients)
        )

    def send_or_resume(self, preview: SendPreview) -> None:
        send_or_resume(
            self.place,
            self.engine,
            preview,
            make_edition=lambda: make_edition(self.place, "2021-05"),
            control=Control(clock=lambda: self.now, stop=threading.Event()),
        )

    def begin(self, *lists: str) -> None:
        """A mailing to these lists, or all, whose sender died before its first message."""
        with self.engine.begin() as connection:
            sync_lists(connection, self.place, compare_with_files(connection, self.place), now=self.now)
        edition = make_edition(self.place, "2021-05")
        start_mailing(
            self.engine, edition, lists=lists or ["partners", "schools"], key="abc" + "".join(lists), now=self.now
        )

    def edit(self, old: str, new: str) -> None:
        path = self.place.issue_path("2021-05")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def office(make_workspace: MakeWorkspace, tmp_path: Path) -> Iterator[Office]:
    yield from open_office(make_workspace, tmp_path, SETTINGS + "sending: {retries: [1 hour, 2 hours]}\n")


@pytest.fixture
def strict_office(make_workspace: MakeWorkspace, tmp_path: Path) -> Iterator[Office]:
    """One that sends one message after the other, and stops at the second refusal."""
    limits = "sending: {connections: 1, stop_after: 2, stop_at: 1%}\n"
    yield from open_office(make_workspace, tmp_path, SETTINGS + limits)


@pytest.fixture
def narrow_office(make_workspace: MakeWorkspace, tmp_path: Path) -> Iterator[Office]:
    """One that may send two messages an hour."""
    yield from open_office(make_workspace, tmp_path, SETTINGS + "sending: {limits: [2/hour], connections: 1}\n")


@pytest.fixture
def careful_office(make_workspace: MakeWorkspace, tmp_path: Path) -> Iterator[Office]:
    """One that asks for a sign-off."""
    yield from open_office(make_workspace, tmp_path, SETTINGS + "approval: {needed: 1}\n")


def open_office(make_workspace: MakeWorkspace, tmp_path: Path, settings: str) -> Iterator[Office]:
    with BusyCatcher(tmp_path / "caught") as catcher:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
        office = Office(make_workspace(settings=settings, lists=LISTS, environ=environ), catcher)
        yield office
        office.engine.dispose()


def the_trouble(happened: list[Done | Skipped]) -> Skipped:
    (trouble,) = happened
    assert isinstance(trouble, Skipped)
    return trouble


# --- what is planned


def test_before_its_time_nothing_happens(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)

    assert office.run(at=NOON + HOUR - 1) == []
    assert not office.caught
    assert office.planned


def test_at_its_time_it_goes_once_to_each_person_and_then_never_again(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)

    (deed,) = office.run(at=NOON + HOUR)
    assert isinstance(deed, Done)
    assert deed.after.accepted == 3
    assert office.caught == EVERYBODY
    assert office.planned is None
    for later in (NOON + HOUR, NOON + 2 * HOUR, NOON - HOUR, NOON + HOUR):  # also when the clock has gone back
        assert office.run(at=later) == []
    assert office.caught == EVERYBODY


def test_a_time_that_passed_by_more_than_its_grace_is_only_named(office: Office) -> None:
    office.plan(due_at=NOON)

    trouble = the_trouble(office.run(at=NOON + 12 * HOUR + 1))
    assert trouble.schedule == office.planned is not None
    assert "That is too long ago for it to begin without you. Send it now: bulletin send 2021-05;" in str(trouble.error)
    assert not office.caught
    office.run(at=NOON + 12 * HOUR)  # the last moment of its grace
    assert office.caught == EVERYBODY


def test_what_has_changed_since_it_was_planned_does_not_begin_and_the_change_is_told(office: Office) -> None:
    office.plan(due_at=NOON)
    office.edit("We are closed", "We are open")

    trouble = the_trouble(office.run())
    assert "It has changed since then:" in str(trouble.error)
    assert "open" in str(trouble.error)
    assert not office.caught
    assert office.planned
    office.edit("We are open", "We are closed")
    office.run()
    assert office.caught == EVERYBODY


def test_a_change_is_noticed_even_where_nobody_knows_what_it_was(office: Office) -> None:
    office.plan(due_at=NOON)
    for path in (office.place.state_folder / "planned").iterdir():
        path.unlink()
    office.edit("We are closed", "We are open")

    assert "It has changed since then. Check it" in str(the_trouble(office.run()).error)
    assert not office.caught


def test_what_lacks_its_sign_off_when_its_time_comes_does_not_begin(careful_office: Office) -> None:
    office = careful_office
    office.plan(due_at=NOON)

    assert "has not been approved" in str(the_trouble(office.run()).error)
    assert not office.caught
    snapshot = take_snapshot(office.place, make_edition(office.place, "2021-05"), lists=["partners", "schools"])
    record_approval(office.engine, snapshot, name="Jo Bloggs", now=NOON)
    office.run()
    assert office.caught == EVERYBODY


def test_what_the_proof_refuses_when_its_time_comes_does_not_begin(office: Office) -> None:
    office.plan(due_at=NOON)

    def refuse(_issue: str) -> None:
        raise FaultyFiles([])

    assert isinstance(the_trouble(office.run(check=refuse)).error, FaultyFiles)
    assert not office.caught


def test_one_plan_that_cannot_begin_keeps_no_other_from_beginning(office: Office) -> None:
    office.plan(due_at=NOON)
    request = ScheduleRequest(
        issue="2020-01", lists=("partners",), newcomers=False, due_at=NOON - 1, grace=HOUR, digest=""
    )
    add_schedule(office.engine, request, now=NOON)

    trouble, deed = office.run()
    assert isinstance(trouble, Skipped)
    assert trouble.issue == "2020-01"
    assert isinstance(deed, Done)
    assert office.caught == EVERYBODY


def test_without_a_server_a_plan_waits_until_there_is_one(office: Office) -> None:
    office.plan(due_at=NOON)
    address = office.place.environ.pop("BULLETIN_SMTP_URL")  # type: ignore[attr-defined] -- a dict here

    assert "BULLETIN_SMTP_URL" in str(the_trouble(office.run()).error)
    assert find_mailings(office.engine, "2021-05") == ()
    office.place.environ["BULLETIN_SMTP_URL"] = address  # type: ignore[index] -- a dict here
    office.run()
    assert office.caught == EVERYBODY


def test_without_its_password_a_plan_waits_until_that_is_set(office: Office) -> None:
    """As where bulletin.yaml names the server and the user, and cron lacks the variable."""
    office.plan(due_at=NOON)
    address = office.place.environ["BULLETIN_SMTP_URL"]
    office.place.environ["BULLETIN_SMTP_URL"] = address.replace("//", "//news@")  # type: ignore[index] -- a dict here

    trouble = the_trouble(office.run())
    assert "There is no password for news at 127.0.0.1" in str(trouble.error)
    assert trouble.schedule
    assert find_mailings(office.engine, "2021-05") == ()
    office.place.environ["BULLETIN_SMTP_URL"] = address  # type: ignore[index] -- a dict here
    office.run()
    assert office.caught == EVERYBODY


def test_without_a_secret_key_nothing_begins(office: Office) -> None:
    office.plan(due_at=NOON)
    key = office.place.state_folder / "secret.key"
    key.touch()

    assert "secret.key, is empty" in str(the_trouble(office.run()).error)
    assert find_mailings(office.engine, "2021-05") == ()
    key.unlink()
    office.run()
    assert office.caught == EVERYBODY


def test_a_plan_whose_file_cannot_be_deleted_ends_all_the_same(office: Office) -> None:
    office.plan(due_at=NOON)
    (file,) = (office.place.state_folder / "planned").iterdir()
    file.unlink()
    file.mkdir()

    (deed,) = office.run()
    assert isinstance(deed, Done)
    assert office.planned is None


def test_a_plan_goes_to_whoever_is_on_its_lists_when_its_time_comes(office: Office) -> None:
    office.plan(due_at=NOON, lists=("partners",))
    (office.place.root / "subscribers" / "partners.csv").write_text("email\nanna@example.org\neve@example.org\n")

    office.run()
    assert office.caught == Counter(["anna@example.org", "eve@example.org"])


def test_what_a_person_sends_before_its_time_takes_the_place_of_the_plan(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)
    office.send()

    assert office.planned is None
    with office.engine.begin() as connection:
        row = connection.execute(select(schedules)).one()
    assert (row.state, row.mailing_id) == (ScheduleState.BEGUN, find_mailings(office.engine, "2021-05")[0].id)
    assert office.run(at=NOON + HOUR) == []


def test_what_a_person_sends_to_some_of_its_lists_leaves_the_plan_for_the_others(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)
    office.send(lists=("partners",))

    assert office.planned
    office.run(at=NOON + HOUR)
    assert office.caught == EVERYBODY


def test_a_plan_whose_people_have_all_had_it_is_taken_back(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)
    office.send(lists=("partners",))
    office.send(lists=("schools",))

    (deed,) = office.run(at=NOON + HOUR)
    assert isinstance(deed, Done)
    assert deed.after.total == 0
    assert office.planned is None
    assert office.caught == EVERYBODY


def test_planning_anew_takes_the_place_of_the_plan_before(office: Office) -> None:
    office.plan(due_at=NOON + HOUR)
    office.plan(due_at=NOON + 2 * HOUR)

    assert office.run(at=NOON + HOUR) == []
    assert office.planned
    assert office.planned.due_at == NOON + 2 * HOUR


def test_what_was_called_off_does_not_begin(office: Office) -> None:
    office.plan(due_at=NOON)
    called_off = remove_schedule(office.engine, "2021-05", now=NOON)

    assert called_off
    assert called_off.timing(now=NOON) is Timing.DUE
    assert office.run() == []
    assert remove_schedule(office.engine, "2021-05", now=NOON) is None


def test_whoever_loses_the_race_for_a_plan_begins_nothing(office: Office) -> None:
    office.plan(due_at=NOON)
    plan = office.planned
    assert plan
    office.begin()
    (first,) = find_mailings(office.engine, "2021-05")
    with office.engine.begin() as connection:
        begin_schedule(plan, connection, first)

    with pytest.raises(ScheduleEnded):
        start_mailing(
            office.engine,
            make_edition(office.place, "2021-05"),
            lists=["partners"],
            key="second",
            now=NOON,
            within=partial(begin_schedule, plan),
        )
    assert find_mailings(office.engine, "2021-05") == (first,)


# --- what waits


def test_what_the_server_put_off_is_tried_again_when_that_is_due(office: Office) -> None:
    office.catcher.busy = True
    office.plan(due_at=NOON)
    (deed,) = office.run()
    assert isinstance(deed, Done)
    assert deed.after.deferred == 3
    office.catcher.busy = False

    assert office.run(at=NOON + HOUR // 2) == []
    (deed,) = office.run(at=NOON + HOUR + 60_000)
    assert isinstance(deed, Done)
    assert (deed.schedule, deed.before.deferred, deed.after.accepted) == (None, 3, 3)
    assert office.caught == EVERYBODY


def test_what_a_dead_sender_left_is_gone_on_with(office: Office) -> None:
    office.begin()

    (deed,) = office.run(at=NOON + HOUR)
    assert isinstance(deed, Done)
    assert office.caught == EVERYBODY
    (mailing,) = find_mailings(office.engine, "2021-05")
    assert find_last_event(office.engine, mailing.id) is MailingEvent.ENDED


@pytest.mark.parametrize("by_person", [True, False])
def test_what_was_begun_goes_on_whatever_has_become_of_the_list_files(office: Office, *, by_person: bool) -> None:
    office.begin()
    (office.place.root / "subscribers" / "partners.csv").write_bytes(b"\xff\xfe\x00broken")
    (office.place.root / "subscribers" / "schools.csv").unlink()

    office.send() if by_person else office.run()
    assert office.caught == EVERYBODY


def test_what_was_withdrawn_after_it_began_waits_for_a_person(office: Office) -> None:
    office.begin()
    office.edit("sections:", "withdrawn: yes\nsections:")

    trouble = the_trouble(office.run(at=NOON + HOUR))
    assert "it was withdrawn, so it can’t be sent." in str(trouble.error)
    assert "bulletin cancel 2021-05" in str(trouble.error)
    assert not office.caught
    office.edit("withdrawn: yes\n", "")
    office.run()
    assert office.caught == EVERYBODY


@pytest.mark.parametrize("left", [b"\xff\xfe\x00broken", b"sections: [", None])
def test_what_was_begun_goes_on_whatever_has_become_of_its_file(office: Office, left: bytes | None) -> None:
    office.begin()
    path = office.place.issue_path("2021-05")
    path.unlink() if left is None else path.write_bytes(left)

    office.run()
    assert office.caught == EVERYBODY


def test_what_was_left_lying_for_long_is_only_named(office: Office) -> None:
    office.begin()

    trouble = the_trouble(office.run(at=NOON + 37 * HOUR))
    assert "It won't continue without you. Continue it with: bulletin send 2021-05" in str(trouble.error)
    assert not office.caught
    office.run(at=NOON + 35 * HOUR)
    assert office.caught == EVERYBODY


@pytest.mark.parametrize("event", [MailingEvent.PAUSED, MailingEvent.HALTED, MailingEvent.CANCELLED])
def test_what_waits_for_a_person_is_left_alone(office: Office, event: MailingEvent) -> None:
    office.begin()
    (mailing,) = find_mailings(office.engine, "2021-05")
    record_event(office.engine, mailing.id, event, now=NOON)

    assert office.run(at=NOON + HOUR) == []
    assert not office.caught
    assert find_last_event(office.engine, mailing.id) is event


def test_a_plan_waits_for_an_earlier_mailing_and_says_so_if_that_needs_a_person(office: Office) -> None:
    office.begin()
    office.plan(due_at=NOON)
    pause_mailings(office.engine, "2021-05", now=NOON, note="")

    assert "An earlier mailing of this issue needs your decision first." in str(the_trouble(office.run()).error)
    assert not office.caught


def test_a_planned_mailing_that_reached_no_server_goes_on_by_itself_only_within_its_grace(office: Office) -> None:
    address = office.place.environ["BULLETIN_SMTP_URL"]
    office.plan(due_at=NOON)
    with refuse_connections() as port:
        office.place.environ["BULLETIN_SMTP_URL"] = f"smtp://127.0.0.1:{port}"  # type: ignore[index] -- a dict here
        assert isinstance(the_trouble(office.run()).error, Unreachable)
    assert office.planned is None
    office.place.environ["BULLETIN_SMTP_URL"] = address  # type: ignore[index] -- a dict here

    trouble = the_trouble(office.run(at=NOON + 12 * HOUR + 1))
    assert "nothing has been sent since. That is too long ago" in str(trouble.error)
    assert not office.caught
    office.run(at=NOON + 12 * HOUR)
    assert office.caught == EVERYBODY


def test_a_missed_plan_that_a_person_begins_by_hand_goes_on_by_itself(office: Office) -> None:
    office.plan(due_at=NOON - 13 * HOUR)
    plan = office.planned
    assert plan
    office.begin()
    (mailing,) = find_mailings(office.engine, "2021-05")
    with office.engine.begin() as connection:
        begin_schedule(plan, connection, mailing)

    office.run(at=NOON + HOUR)
    assert office.caught == EVERYBODY


def test_a_plan_that_has_passed_keeps_no_earlier_mailing_from_going_on(office: Office) -> None:
    office.begin()
    office.plan(due_at=NOON - 13 * HOUR)

    trouble, deed = office.run()
    assert isinstance(trouble, Skipped)
    assert "too long ago" in str(trouble.error)
    assert isinstance(deed, Done)
    assert office.caught == EVERYBODY


def test_whoever_looks_while_another_run_sends_what_is_due_says_nothing_of_it(office: Office) -> None:
    office.plan(due_at=NOON)
    happened = []

    def let_another_run_be_quicker(_issue: str) -> None:
        happened.append(office.run())

    assert office.run(check=let_another_run_be_quicker) == []
    assert len(happened) == 1
    assert office.caught == EVERYBODY


@pytest.mark.parametrize("meanwhile", ["called off", "planned anew", "begun", "sent elsewhere and planned anew"])
def test_what_became_of_a_plan_while_an_earlier_one_was_sent_is_heeded(office: Office, meanwhile: str) -> None:
    office.plan(due_at=NOON, lists=("partners",))

    @contextmanager
    def change(_issue: str) -> Iterator[None]:
        if meanwhile == "called off":
            remove_schedule(office.engine, "2021-05", now=NOON)
        elif meanwhile == "begun":
            office.run(at=NOON)
            office.now = NOON + 13 * HOUR
        elif meanwhile == "planned anew":
            office.edit("closed", "open")
            office.plan(due_at=NOON + 20 * HOUR)
        else:
            office.send(lists=("partners",))
            office.plan(due_at=NOON + 20 * HOUR, lists=("schools",))
        yield

    assert office.run(during=change) == []
    assert (office.planned is not None) is meanwhile.endswith("planned anew")
    assert len(office.caught) == 2 * (meanwhile in ("begun", "sent elsewhere and planned anew"))


def test_one_who_was_put_off_holds_up_no_plan_for_another_list(office: Office) -> None:
    office.catcher.busy = True
    office.send(lists=("partners",))
    office.catcher.busy = False
    office.plan(due_at=NOON + HOUR // 2, lists=("schools",))

    (deed,) = office.run(at=NOON + HOUR // 2)
    assert isinstance(deed, Done)
    assert deed.after.accepted == 1
    assert office.caught == Counter(["cara@example.org"])
    office.run(at=NOON + 2 * HOUR)
    assert office.caught == EVERYBODY


def test_what_was_paused_holds_a_plan_up_also_where_all_who_are_left_were_put_off(office: Office) -> None:
    office.catcher.busy = True
    office.send(lists=("partners",))
    office.catcher.busy = False
    pause_mailings(office.engine, "2021-05", now=NOON, note="")
    office.plan(due_at=NOON, lists=("schools",))

    assert "needs your decision first" in str(the_trouble(office.run()).error)
    assert not office.caught


def test_whoever_was_put_off_waits_for_no_time_that_is_far_away_since_the_clock_was_set_back(office: Office) -> None:
    office.now = NOON + 72 * HOUR
    office.catcher.busy = True
    office.send()
    office.catcher.busy = False

    assert office.run(at=NOON) == []
    office.run(at=NOON + 2 * HOUR)
    assert office.caught == EVERYBODY


def test_a_run_that_is_asked_to_stop_begins_nothing_more(office: Office) -> None:
    office.plan(due_at=NOON)
    office.stop.set()

    with pytest.raises(Interrupted):
        office.run()
    assert office.planned
    assert not office.caught


def test_a_quota_that_is_used_up_is_waited_for(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    for office in open_office(make_workspace, tmp_path, SETTINGS + "sending: {limits: [2/day]}\n"):
        office.plan(due_at=NOON)
        (deed,) = office.run()
        assert isinstance(deed, Done)
        assert (deed.after.accepted, deed.after.queued) == (2, 1)

        assert office.run(at=NOON + HOUR) == []
        office.run(at=NOON + 25 * HOUR)
        assert office.caught == EVERYBODY


def test_what_began_in_time_goes_on_when_the_quota_of_the_day_lets_it(
    make_workspace: MakeWorkspace, tmp_path: Path
) -> None:
    for office in open_office(make_workspace, tmp_path, SETTINGS + "sending: {limits: [3/day]}\n"):
        (pace,) = load_paces(office.engine, open_relays(office.place), office.place.settings.sending, now=NOON)
        with office.engine.begin() as connection:
            pace.record(connection, 3, now=NOON)
        office.plan(due_at=NOON + HOUR)
        (deed,) = office.run(at=NOON + HOUR)
        assert isinstance(deed, Done)
        assert deed.after.queued == 3

        assert office.run(at=NOON + 14 * HOUR) == []
        (deed,) = office.run(at=NOON + 25 * HOUR)
        assert isinstance(deed, Done)
        assert office.caught == EVERYBODY


def test_a_mailing_that_waits_for_room_gives_way_to_a_plan_whose_time_comes(narrow_office: Office) -> None:
    office = narrow_office
    june = office.place.issue_path("2021-05").read_text(encoding="utf-8").replace("2021-05", "2021-06")
    office.place.issue_path("2021-06").write_text(june, encoding="utf-8")
    office.plan(due_at=NOON)
    office.plan(due_at=NOON + HOUR // 2, lists=("schools",), issue="2021-06")

    @contextmanager
    def let_two_hours_pass(issue: str) -> Iterator[None]:
        office.now += 2 * HOUR * (issue == "2021-06")
        yield

    def let_half_an_hour_pass() -> None:
        office.now = max(office.now, NOON + HOUR // 2)

    office.catcher.on_message = let_half_an_hour_pass
    first, second = office.run(during=let_two_hours_pass)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (first.issue, first.after.accepted, first.after.queued) == ("2021-05", 2, 1)
    assert (second.issue, second.after.accepted, second.after.queued) == ("2021-06", 2, 0)
    (third,) = office.run(at=NOON + 5 * HOUR)
    assert isinstance(third, Done)
    assert (third.issue, third.after.accepted) == ("2021-05", 3)


def test_what_another_process_sends_is_left_to_it(office: Office) -> None:
    office.plan(due_at=NOON)
    with hold_mailing(office.place.state_folder, "2021-05", now=NOON):
        assert office.run() == []
    assert office.planned
    with hold_mailing(office.place.state_folder, "2021-05", now=NOON), pytest.raises(MailingHeld):
        office.send()


def test_two_workspaces_that_share_a_database_file_send_an_issue_one_at_a_time(office: Office, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    shutil.copytree(office.place.root, tmp_path / "other", ignore=shutil.ignore_patterns(".bulletin"))
    link.symlink_to(office.engine.url.database or "")
    office.place.environ["BULLETIN_SECRET_KEY"] = "the same for both"  # type: ignore[index] -- a dict here
    environ = {**office.place.environ, "BULLETIN_DATABASE_URL": f"sqlite:///{link}"}
    other = Office(open_workspace(tmp_path / "other", environ=environ), office.catcher)
    office.begin()

    held: list[MailingError] = []

    def send_elsewhere() -> None:
        with pytest.raises(MailingHeld) as caught:
            other.send()
        held.append(caught.value)

    office.catcher.on_message = send_elsewhere
    office.send()
    other.engine.dispose()
    assert office.caught == EVERYBODY
    assert len(held) == 3
    assert f"(process {os.getpid()}, since " in held[0].message


# --- pausing and cancelling


def test_a_paused_mailing_goes_on_when_a_person_sends_it_again(office: Office) -> None:
    office.begin()
    (mailing,) = pause_mailings(office.engine, "2021-05", now=NOON, note="by jo: a typo")
    assert pause_mailings(office.engine, "2021-05", now=NOON, note="") == ()

    office.send()
    assert office.caught == EVERYBODY
    assert find_last_event(office.engine, mailing.id) is MailingEvent.ENDED
    assert pause_mailings(office.engine, "2021-05", now=NOON, note="") == ()


@pytest.mark.parametrize("stop", [pause_mailings, cancel_mailings])
def test_what_is_stopped_while_a_person_thinks_about_the_question_stays_stopped(
    office: Office, stop: Callable[..., object]
) -> None:
    office.begin()
    (mailing,) = find_mailings(office.engine, "2021-05")
    shown = preview_send(office.place, office.engine, "2021-05", lists=("partners",), now=NOON)
    stop(office.engine, "2021-05", now=NOON, note="by jo: wrong date")

    with pytest.raises(MailingPaused, match=r"\(by jo: wrong date\) since you were asked\. Nothing was sent\."):
        office.send_or_resume(shown)
    assert not office.caught
    assert find_last_event(office.engine, mailing.id) in (MailingEvent.PAUSED, MailingEvent.CANCELLED)


def test_a_pause_while_the_first_of_two_mailings_ends_holds_the_second(office: Office) -> None:
    office.begin("partners")
    office.begin("schools")
    pause_mailings(office.engine, "2021-05", now=NOON, note="")
    office.catcher.on_message = partial(pause_mailings, office.engine, "2021-05", now=NOON, note="by jo")

    with pytest.raises(MailingPaused):
        office.send()
    assert "cara@example.org" not in office.caught
    _, second = find_mailings(office.engine, "2021-05")
    assert find_last_event(office.engine, second.id) is MailingEvent.PAUSED


def test_cancelling_withdraws_all_who_wait_and_they_get_it_only_if_that_is_asked_for(office: Office) -> None:
    office.catcher.busy = True
    office.send()
    office.catcher.busy = False
    (mailing,) = cancel_mailings(office.engine, "2021-05", now=NOON, note="")
    counts = count_states(office.engine, [mailing])
    assert (counts.withdrawn, counts.total) == (3, 3)
    assert cancel_mailings(office.engine, "2021-05", now=NOON, note="") == ()

    look = preview_send(office.place, office.engine, "2021-05", lists=("partners",), now=NOON)
    assert (look.open, look.readers.recipients, look.left_out) == ((), 0, 2)
    assert office.run(at=NOON + 2 * HOUR) == []
    office.send(recipients=Recipients.LEFT_OUT)
    assert office.caught == EVERYBODY
    look = preview_send(
        office.place, office.engine, "2021-05", lists=("partners",), now=NOON, recipients=Recipients.LEFT_OUT
    )
    assert (look.readers.recipients, look.left_out) == (0, 0)


def test_whoever_had_it_before_a_cancelling_never_gets_it_again(office: Office) -> None:
    office.send(lists=("partners",))
    office.catcher.busy = True
    office.send(lists=("schools",))
    office.catcher.busy = False
    cancel_mailings(office.engine, "2021-05", now=NOON, note="")

    office.send(recipients=Recipients.LEFT_OUT)
    assert office.caught == EVERYBODY


@pytest.mark.parametrize(
    ("event", "error"), [(MailingEvent.PAUSED, MailingPaused), (MailingEvent.CANCELLED, MailingCancelled)]
)
def test_what_a_person_stops_while_it_begins_stays_stopped(
    office: Office, event: MailingEvent, error: type[Exception]
) -> None:
    """Between the moment a run has looked and the moment it sends."""
    office.plan(due_at=NOON)
    stop = {MailingEvent.PAUSED: pause_mailings, MailingEvent.CANCELLED: cancel_mailings}[event]

    def start_and_stop(*arguments: object, **options: object) -> object:
        mailing = start_mailing(*arguments, **options)  # type: ignore[arg-type] -- handed through
        stop(office.engine, "2021-05", now=NOON, note="")
        return mailing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bulletin.delivery.sending.sending.start_mailing", start_and_stop)
        happened = office.run()
    assert all(isinstance(one.error, error) for one in happened if isinstance(one, Skipped))
    assert not office.caught
    assert office.run() == []


def test_how_long_a_grace_is_can_be_set(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=SETTINGS + "sending: {grace: 2 hours}\n")

    assert workspace.settings.sending.grace == timedelta(hours=2)
    assert make_workspace().settings.sending.grace == timedelta(hours=12)


def test_what_was_refused_before_an_interruption_counts_until_a_person_lets_the_mailing_go_on(
    strict_office: Office,
) -> None:
    office = strict_office
    office.begin()
    office.catcher.busy, office.catcher.word = True, "550 5.1.1 No such person"
    office.catcher.on_message = office.stop.set
    with pytest.raises(Interrupted):
        office.run()
    office.catcher.on_message = None
    office.stop.clear()

    office.run()
    (mailing,) = find_mailings(office.engine, "2021-05")
    assert count_states(office.engine, [mailing]).refused == 2
    assert find_last_event(office.engine, mailing.id) is MailingEvent.HALTED

    office.now += HOUR
    office.send()  # once more, and one more may be refused before it stops
    assert count_states(office.engine, [mailing]).refused == 3
    assert find_last_event(office.engine, mailing.id) is MailingEvent.ENDED
