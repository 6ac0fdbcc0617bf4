"""An officer cancels a mailing, corrects the issue, and sends it to those who were left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, update

from anytown import NOON, add_people, address_of, make_edition, read_states
from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.plans.schedule import find_schedules
from bulletin.errors import MailingError
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS
from mailed import ACCEPTED, FULL, LATER, QUEUED, UNCERTAIN, UNKNOWN, happen, run
from scripted import Server, serve

pytestmark = pytest.mark.slow

CANCELLED = "Anytown news, 2021-05"  # the subject of the edition that was cancelled
NOW = "Anytown news for May"  # and of the issue as it is now
FATES = {"anna": ACCEPTED, "ben": FULL, "cara": UNCERTAIN, "dan": UNCERTAIN, "eve": QUEUED, "fred": LATER}

Fates = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class Office:
    """The officer's desk, and the server that their mail goes to."""

    place: Workspace
    engine: Engine
    server: Server

    def type(self, *arguments: str, code: int = 0) -> str:
        return run(self.place, *arguments, code=code)

    def half_send(self, fates: Fates = FATES, *, lists: str = "partners") -> Mailing:
        """A mailing of an edition that will be found wrong."""
        add_people(self.engine, **{lists: fates})
        mailing = start_mailing(self.engine, make_edition(), lists=[lists], key=f"key-{lists}", now=NOON)
        with self.engine.begin() as connection:
            for name, fate in fates.items():
                of_person = (deliveries.c.mailing_id == mailing.id) & (deliveries.c.name == name)
                connection.execute(update(deliveries).where(of_person).values(**fate))
        return mailing

    def cancel(self, fates: Fates = FATES) -> Mailing:
        mailing = self.half_send(fates)
        self.type("cancel", "2021-05", "--note", "the date is wrong", "--yes")
        return mailing

    def take_mail(self) -> dict[str, list[str]]:
        """By subject, who has got mail since this was asked last."""
        by_subject: dict[str, list[str]] = {}
        for name, message in zip(self.server.kept, self.server.messages, strict=True):
            lines = message.decode().splitlines()
            subject = next(line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: "))
            by_subject[subject] = sorted([*by_subject.get(subject, []), name])
        self.server.kept.clear()
        self.server.messages.clear()
        return by_subject


@pytest.fixture
def office(
    database_url: str, make_workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    people = "".join(f"{address_of(name)},{name}\n" for name in FATES)
    lists = {"partners": f"email,name\n{people}", "schools": f"email,name\n{address_of('gina')},gina\n"}
    settings = SETTINGS.replace("bulletins:", "sending: {patience: 0 seconds}\nbulletins:")
    settings = settings.replace("    sender:", "    lists: [partners]\n    sender:")
    place = make_workspace(settings=settings, lists=lists)
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "a key that all computers of this test know")
    engine = open_database(database_url)
    with serve() as server:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        yield Office(place=place, engine=engine, server=server)
    engine.dispose()


def test_who_was_uncertain_in_a_cancelled_mailing_counts_as_left_out_and_has_the_issue_as_it_is_now(
    office: Office,
) -> None:
    office.cancel()
    said = office.type("resolve", "2021-05", address_of("cara"), "--resend")
    assert "1 reader counts as left out, because the mailing was cancelled." in said
    assert "bulletin send 2021-05 --left-out" in said
    office.type("run")
    office.type("send", "2021-05", "--yes")
    assert office.take_mail() == {}

    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["cara", "eve", "fred"]}

    office.type("resolve", "2021-05", address_of("dan"), "--resend")
    office.type("run")
    assert office.take_mail() == {}
    assert "Done." in office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["dan"]}
    for arguments in (["status"], ["status", "2021-05"]):
        assert "the date is wrong" in office.type(*arguments)


def test_who_was_uncertain_in_a_cancelled_mailing_and_has_it_is_not_written_to_again(office: Office) -> None:
    office.cancel()
    office.type("resolve", "2021-05", address_of("cara"), address_of("dan"), "--delivered")
    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["eve", "fred"]}


def test_who_was_refused_in_a_cancelled_mailing_can_be_sent_the_issue_as_it_is_now(office: Office) -> None:
    office.cancel({"anna": ACCEPTED, "ben": FULL, "cara": UNKNOWN, "eve": QUEUED})
    assert "--resend-refused" in office.type("status", "2021-05")
    assert "nothing was changed" in office.type("send", "2021-05", "--resend-refused", "--dry-run")
    assert read_states(office.engine)["ben"] == "refused"

    said = office.type("send", "2021-05", "--resend-refused", "--to", address_of("ben"), "--yes")
    assert "1 reader counts as left out, because the mailing was cancelled." in said
    assert office.take_mail() == {}
    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["ben", "eve"]}
    assert "Cancelled" in office.type("status", "2021-05")


def test_who_was_refused_in_a_cancelled_mailing_and_in_another_one_are_told_apart(office: Office) -> None:
    office.cancel({"anna": ACCEPTED, "ben": FULL, "eve": QUEUED})
    office.half_send({"gina": FULL}, lists="schools")
    said = office.type("send", "2021-05", "--resend-refused", "--yes")
    assert "1  was refused in a mailing that was cancelled. That edition isn't sent again." in said
    assert office.take_mail() == {CANCELLED: ["gina"]}  # whose own mailing has the same edition, and was not cancelled
    office.type("send", "2021-05", "--left-out", "--list", "partners", "--yes")
    assert office.take_mail() == {NOW: ["ben", "eve"]}


def test_nobody_who_has_opted_out_meanwhile_counts_as_left_out(office: Office) -> None:
    office.cancel()
    for name in ("ben", "cara", "eve"):
        office.type("subscribers", "remove", address_of(name))
    office.type("resolve", "2021-05", address_of("cara"), address_of("dan"), "--resend")
    assert "--left-out" not in office.type("send", "2021-05", "--resend-refused", "--yes")
    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["dan", "fred"]}


@pytest.mark.parametrize("since", [[], [MailingEvent.RESUMED], [MailingEvent.RESUMED, MailingEvent.ENDED]])
def test_what_an_earlier_version_let_go_on_after_it_was_cancelled_goes_on_no_more(
    office: Office, since: list[MailingEvent]
) -> None:
    mailing = office.cancel()
    for event in since:
        happen(office.engine, mailing, event, at=now_ms())
    with office.engine.begin() as connection:  # as `resolve --resend` did, and then a server that said “later”
        for name, fate in (("cara", QUEUED), ("dan", LATER)):
            connection.execute(update(deliveries).where(deliveries.c.name == name).values(**fate))
    if MailingEvent.ENDED in since:
        happen(office.engine, mailing, MailingEvent.RESUMED, at=now_ms())

    office.type("run")
    office.type("send", "2021-05", "--yes")
    assert office.take_mail() == {}
    said = office.type("status", "2021-05")
    assert "4 did not get it because it was cancelled." in said
    assert "the date is wrong" in said
    assert "was cancelled, before their turn" in said
    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["cara", "dan", "eve", "fred"]}


def test_whom_a_cancelled_mailing_left_out_wait_until_another_one_is_finished_and_that_is_said(office: Office) -> None:
    office.cancel()
    office.half_send({"gina": QUEUED}, lists="schools")
    with pytest.raises(MailingError, match="isn't finished, so nothing was sent to those who were left out") as caught:
        office.type("send", "2021-05", "--left-out", "--yes")
    assert "bulletin send 2021-05. Then run the same command again." in caught.value.remedy
    assert office.take_mail() == {}
    office.type("send", "2021-05", "--yes")
    assert office.take_mail() == {CANCELLED: ["gina"]}
    office.type("send", "2021-05", "--left-out", "--yes")
    assert office.take_mail() == {NOW: ["eve", "fred"]}


def test_what_was_planned_before_exactly_that_edition_was_cancelled_does_not_begin(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.type("subscribers", "sync", "--yes")
    office.type("schedule", "2021-05", "--list", "schools", "--at", "tomorrow 9:00", "--yes")
    office.server.script["fred"] = ["451 4.7.1 Later"]
    office.type("send", "2021-05", "--list", "partners", "--yes", code=1)
    assert office.take_mail() == {NOW: ["anna", "ben", "cara", "dan", "eve"]}
    office.type("cancel", "2021-05", "--yes")

    (plan,) = find_schedules(office.engine)
    monkeypatch.setattr("bulletin.cli.commands.send.run.now_ms", lambda: plan.due_at)
    assert "was cancelled after it was scheduled" in office.type("status", "2021-05")
    said = office.type("run", code=1)
    assert "A mailing of this same version was cancelled after it was scheduled." in said
    assert "bulletin unschedule 2021-05" in said
    assert office.take_mail() == {}
    issue = office.place.root / "issues/2021-05.yaml"
    issue.write_text(ISSUE.replace(NOW, "Corrected news for May"))
    office.type("schedule", "2021-05", "--list", "schools", "--at", "tomorrow 9:00", "--yes")
    office.type("run")
    assert office.take_mail() == {"Corrected news for May": ["gina"]}
    assert len(find_mailings(office.engine, "2021-05")) == 2
