"""When what is left can go on: whoever asks is told the time and the command, and is asked nothing in vain."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import update
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.dispatch.supervision import SendOptions
from bulletin.delivery.ledger.control import pause_mailings
from bulletin.delivery.sending import sending
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS, refuse_connections
from planned import make_due

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

LISTS = {"partners": "email\nanna@example.org\nben@example.org\n", "schools": "email\ncara@example.org\n"}
CLOCK = r"\d\d:\d\d(?: tomorrow| on \w+ \d+ \w+(?: \d{4})?)?"


class BusyCatcher(MailCatcher):
    """A server that puts ben off while `busy` is set."""

    busy = True

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if self.busy and envelope.rcpt_tos == ["ben@example.org"]:
            return "451 4.3.0 Later"
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BusyCatcher]:
    with BusyCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def open_office(make_workspace: MakeWorkspace, sending: str) -> Workspace:
    return make_workspace(settings=f"{SETTINGS}sending: {sending}\n", lists=LISTS)


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def let_turns_come(office: Workspace) -> None:
    """Whoever was put off is due."""
    engine = open_database(office)
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.due_at.is_not(None)).values(due_at=1))
    engine.dispose()


@pytest.mark.usefixtures("catcher")
def test_of_what_is_put_off_it_is_said_until_when_and_nobody_is_asked_in_vain(make_workspace: MakeWorkspace) -> None:
    office = open_office(make_workspace, "{retries: [1 hour]}")
    ended = run(office, "send", "2021-05", "--yes", code=1)
    told = run(office, "status")
    asked = run(office, "send", "2021-05", "--yes", code=1)

    timeouts = (
        rf"1 is still to be tried, from {CLOCK}, because the server asked us to wait\. Then run "
        r"\(unless `bulletin run` is set up\):"
    )
    assert re.search(rf"Not finished\. {timeouts} bulletin send 2021-05\n", ended)
    assert re.search(rf"{timeouts}\n    bulletin send 2021-05\n", told)
    assert re.search(rf"1 deferred: waiting until {CLOCK}, because the server asked us to\.\n", asked)
    assert asked.endswith("Nothing can be sent before then. Nothing was sent, and nothing was changed.\n")
    assert "Sending will take" not in asked


def test_what_is_paused_goes_on_when_a_person_says_so_though_nobodys_turn_has_come(
    make_workspace: MakeWorkspace, catcher: BusyCatcher
) -> None:
    office = open_office(make_workspace, "{retries: [1 hour]}")
    run(office, "send", "2021-05", "--yes", code=1)
    engine = open_database(office.database_url)
    pause_mailings(engine, "2021-05", now=1, note="")
    engine.dispose()
    assert "unless `bulletin run`" not in run(office, "status")
    assert "unless `bulletin run`" in run(office, "send", "2021-05", "--yes", code=1)
    assert len(catcher.caught) == 2


def test_what_is_due_while_send_waits_is_tried_again_by_it(make_workspace: MakeWorkspace, catcher: BusyCatcher) -> None:
    office = open_office(make_workspace, "{retries: [2 seconds], patience: 0 seconds}")
    run(office, "send", "2021-05", "--yes", code=1)
    catcher.busy = False
    (office.root / "bulletin.yaml").write_text(f"{SETTINGS}sending: {{retries: [2 seconds]}}\n", encoding="utf-8")

    assert "3  accepted" in run(office, "send", "2021-05", "--yes")


@pytest.mark.usefixtures("catcher")
def test_of_a_quota_that_is_used_up_it_is_said_when_there_is_room_again_and_with_which_option(
    make_workspace: MakeWorkspace,
) -> None:
    office = open_office(make_workspace, "{limits: [1/day]}")
    ended = run(office, "send", "2021-05", "--spread", "--yes", code=1)
    told = run(office, "status")

    timeouts = (
        rf"2 are still to be tried, from {CLOCK}, because 1 of 1/day is used\. Then run "
        r"\(unless `bulletin run` is set up\):"
    )
    assert re.search(rf"Not finished\. {timeouts} bulletin send 2021-05 --spread", ended)
    assert re.search(rf"{timeouts}\n    bulletin send 2021-05 --spread\n", told)
    assert re.search(rf"so none can be sent before {CLOCK}\. To send it", run(office, "send", "2021-05", code=1))
    asked = run(office, "send", "2021-05", "--spread", "--yes", code=1)
    assert "None can be sent now" in asked
    assert asked.endswith("Nothing was sent, and nothing was changed.\n")


@pytest.mark.usefixtures("catcher")
def test_a_run_says_when_it_goes_on(make_workspace: MakeWorkspace) -> None:
    office = open_office(make_workspace, "{limits: [2/day]}")
    run(office, "schedule", "2021-05", "--at", "tomorrow 9:00", "--spread", "--yes")
    make_due(office)

    said = run(office, "run")
    assert re.search(
        r": 1 queued, 1 accepted, 1 deferred\. `bulletin run` continues it "
        rf"from {CLOCK}, because 2 of 2/day are used\.\n$",
        said,
    )


def test_why_a_run_could_not_go_on_is_told_by_it_with_the_issue_and_by_status_until_it_can(
    make_workspace: MakeWorkspace, catcher: BusyCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(make_workspace, "{retries: [1 hour], patience: 0 seconds}")
    run(office, "send", "2021-05", "--yes", code=1)
    let_turns_come(office)
    with monkeypatch.context() as patch:
        patch.setenv("BULLETIN_SMTP_URL", "smtp://127.0.0.1:1")
        said = run(office, "run", code=1)

    assert re.match(r"2021-05: No message could be sent, several times in a row\.", said)
    assert re.search(
        r"`bulletin run` couldn't continue it \(.+\): No message could be sent, several", run(office, "status")
    )
    catcher.busy = False
    assert "3 accepted" in run(office, "run")
    assert "couldn't continue" not in run(office, "status", "2021-05")


@pytest.mark.usefixtures("catcher")
def test_a_run_keeps_the_log_that_is_asked_for(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    office = open_office(make_workspace, "{retries: [1 hour]}")
    run(office, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(office)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BULLETIN_LOG", str(tmp_path / "log.jsonl"))
        run(office, "run")

    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["started", *["delivery"] * 3, "finished"]
    assert sorted(line["state"] for line in lines[1:-1]) == ["accepted", "accepted", "deferred"]


def test_when_a_second_server_takes_over_it_is_told_at_once_by_send_and_by_run(
    make_workspace: MakeWorkspace, catcher: BusyCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SendOptions", partial(SendOptions, back_off=BackOff(delays=(0,))))
    office = open_office(make_workspace, "{retries: [1 hour], patience: 0 seconds}")

    with refuse_connections() as gone:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{gone} smtp://127.0.0.1:{catcher.port}")
        server = re.escape("127.0.0.1:")
        words = (
            rf"The connection to {server}{gone} failed: Connection refused\. Continuing with {server}{catcher.port}\."
        )
        assert re.search(words, run(office, "send", "2021-05", "--yes", code=1))
        catcher.busy = False
        let_turns_come(office)
        assert re.search(rf"2021-05: No message could be sent, .*{words}", run(office, "run"))
    assert len(catcher.caught) == 3
