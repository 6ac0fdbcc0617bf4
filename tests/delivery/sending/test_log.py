"""The log: one JSON object a line, complete, and nothing about persons in it, whatever a server writes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from anytown import NOON
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.ledger import Candidate, Result
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.sending.log import open_log
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.errors import BulletinError, MailingHalted
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from mailed import QUEUED, mail, run
from scripted import serve
from sink import run_sink

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

LISTS = {"partners": "email,name\nanna@example.org,Anna Ahmed\nben@example.org,Ben Brown\n", "schools": "email\n"}
MAILING = Mailing(id=1, key="a1b2c3", issue="2021-05", lists=("partners",), began_at=NOON)
ANNA = Candidate(7, 3, "anna@example.org", "Anna Ahmed", "queued", 1)


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(lists=LISTS)


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    yield engine
    engine.dispose()


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def result(fate: Fate, reply: str) -> Result:
    return Result(candidate=ANNA, outcome=Outcome(fate=fate, reply=reply), took=42)


def test_each_message_has_a_line_between_the_start_and_the_finish(
    workspace: Workspace, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs" / "bulletin.jsonl"
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        run(workspace, "send", "2021-05", "--yes", "--log", str(path))

    first, *messages, last = read(path)
    (mailing,) = find_mailings(engine, "2021-05")
    assert (first["event"], last["event"]) == ("started", "finished")
    assert {line["mailing"] for line in read(path)} == {mailing.key}
    with engine.begin() as connection:
        assert sorted(line["delivery"] for line in messages) == sorted(connection.scalars(select(deliveries.c.id)))
    for line in messages:
        assert (line["event"], line["state"], line["code"], line["attempt"]) == ("delivery", "accepted", 250, 1)
        assert 0 <= line["took_ms"] < 60_000
        assert line["time"].endswith("Z")


def test_the_environment_can_name_the_file_and_a_second_run_appends(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bulletin.jsonl"
    monkeypatch.setenv("BULLETIN_LOG", str(path))
    options = ("-f", "RCPT", "-B", "550 5.1.1 <anna@example.org> Anna Ahmed is unknown here")
    with run_sink(tmp_path / "sink", *options) as sink:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{sink.port}")
        run(workspace, "send", "2021-05", "--yes", code=1)
        run(workspace, "send", "2021-05", "--resend-refused", "--to", "anna@example.org", "--yes", code=1)

    lines = read(path)
    refused = [line for line in lines if line["event"] == "delivery"]
    assert [line["state"] for line in refused] == ["refused"] * 3
    assert {(line["code"], line["enhanced"], line["reason"]) for line in refused} == {(550, "5.1.1", "No such address")}
    written = path.read_text(encoding="utf-8")
    for secret in ("@", "anna", "Anna", "Ahmed", "ben", "unknown"):
        assert secret not in written


def test_what_became_of_each_attempt_is_told_as_the_ledger_has_it(
    make_workspace: MakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = MeasuredPace.__init__.__kwdefaults__
    monkeypatch.setitem(usual, "slowest", 1 / 10)  # messages a ms; otherwise another is tried in half a minute
    workspace = make_workspace(settings=f"{SETTINGS}sending: {{retries: [1 second]}}\n", lists=LISTS)
    path = tmp_path / "bulletin.jsonl"
    with serve({"anna": ["451 4.3.0 <anna@example.org> later"] * 2}) as server:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        run(workspace, "send", "2021-05", "--yes", "--log", str(path))

    lines = [line for line in read(path) if line["event"] == "delivery" and line["code"] == 451]
    assert [(line["attempt"], line["state"], line["reason"]) for line in lines] == [
        (1, "deferred", "Deferred for now"),
        (2, "refused", "Deferred at every attempt, until we stopped trying"),
    ]
    assert "@" not in path.read_text(encoding="utf-8")


def test_whom_a_dead_sender_left_uncertain_has_a_line_too(
    workspace: Workspace, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bulletin.jsonl"
    in_flight = {"state": "sending", "run": "of a dead sender", "attempts": 2, "claimed_at": NOON}
    mailing = mail(engine, [("anna", in_flight), ("ben", QUEUED)])
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        run(workspace, "send", "2021-05", "--yes", "--log", str(path), code=1)

    first, lost, accepted, last = read(path)
    assert (first["event"], accepted["state"], last["event"]) == ("started", "accepted", "finished")
    assert (lost["event"], lost["mailing"], lost["state"]) == ("delivery", mailing.key, "uncertain")
    assert (lost["attempt"], lost["took_ms"], lost["code"]) == (2, None, None)
    assert lost["delivery"] != accepted["delivery"]
    assert "anna" not in path.read_text(encoding="utf-8")


@given(st.sampled_from(Fate), st.text(max_size=80))
def test_whatever_a_server_writes_none_of_it_is_in_the_log(
    tmp_path_factory: pytest.TempPathFactory, fate: Fate, words: str
) -> None:
    path = tmp_path_factory.mktemp("log") / "bulletin.jsonl"
    reply = f"550 5.7.1 <anna@example.org> QQQ{words}QQQ"
    with open_log(path, clock=lambda: NOON) as log:
        assert log is not None
        with log.follow(MAILING) as tell:
            tell([result(fate, reply)])

    written = path.read_text(encoding="utf-8")
    assert "QQQ" not in written
    assert "@" not in written
    _, line, _ = read(path)
    assert (line["code"], line["enhanced"], line["took_ms"], line["attempt"]) == (550, "5.7.1", 42, 2)
    assert line["time"] == "2021-05-04T11:00:00.000Z"


def test_what_stopped_a_mailing_is_named_by_its_kind_alone(tmp_path: Path) -> None:
    with open_log(tmp_path / "log", clock=lambda: NOON) as log:
        assert log is not None
        with pytest.raises(MailingHalted), log.follow(MAILING):
            raise MailingHalted("The server said “550 <anna@example.org> no”.")

    _, last = read(tmp_path / "log")
    assert (last["event"], last["why"]) == ("stopped", "MailingHalted")
    assert "@" not in (tmp_path / "log").read_text()


def test_a_log_that_cannot_be_opened_is_told_before_anything_leaves(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        with pytest.raises(BulletinError, match="Can't write the log"):
            run(workspace, "send", "2021-05", "--yes", "--log", str(tmp_path / "file" / "log"))
        assert not catcher.caught


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_stops_no_mailing_and_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with open_log(Path("/dev/full"), clock=lambda: NOON) as log:
        assert log is not None
        with log.follow(MAILING) as tell:
            tell([result(Fate.ACCEPTED, "250 2.0.0 Ok")])
    words = capsys.readouterr().err

    assert words.count("The mailing continues.") == 1
    assert "No space left on device" in words
    assert "Traceback" not in words


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move a file that is open")
def test_a_log_that_is_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path, old = tmp_path / "log", tmp_path / "log.1"
    with open_log(path, clock=lambda: NOON) as log:
        assert log is not None
        with log.follow(MAILING):
            os.rename(path, old)  # noqa: PTH104 -- as logrotate does it

    assert [line["event"] for line in read(old)] == ["started"]
    assert [line["event"] for line in read(path)] == ["finished"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody remove a file that is open")
def test_a_log_whose_folder_is_gone_stops_no_mailing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "logs" / "log"
    with open_log(path, clock=lambda: NOON) as log:
        assert log is not None
        with log.follow(MAILING) as tell:
            path.unlink()
            path.parent.rmdir()
            tell([result(Fate.ACCEPTED, "250 2.0.0 Ok")])

    assert capsys.readouterr().err.count("The mailing continues.") == 1
