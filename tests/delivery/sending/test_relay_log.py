from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.sending.relay_log import find_named
from bulletin.errors import NotFound
from bulletin.workspace.workspace import Workspace
from mailed import ACCEPTED, UNCERTAIN, mail, run

KEY = "s0123456789ab"


def postfix(queue_id: str, person: int, *, taken: bool) -> str:
    """As Postfix logs a message that it reads, and takes over or not."""
    head = "Dec  1 09:00:00 mx"
    lines = [
        f"{head} postfix/smtpd[11]: {queue_id}: client=office[192.0.2.7]",
        f"{head} postfix/cleanup[12]: {queue_id}: message-id=<{KEY}.{person}.0a1b2c@anytown.example.org>",
    ]
    if taken:
        lines.append(f"{head} postfix/qmgr[13]: {queue_id}: from=<news@anytown.example.org>, size=900, nrcpt=1")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (postfix("4F2A0", 7, taken=True), {7}),
        (postfix("4F2A0", 7, taken=False), set()),  # it was broken off while Postfix read it
        (postfix("4F2A0", 7, taken=False) + postfix("4F2B1", 8, taken=True), {8}),
        (postfix("4F2A0", 7, taken=False) + postfix("4F2A0", 9, taken=True), {9}),  # the number was used again
        (f"2026-12-01T09:00Z accepted id=<{KEY}.12.0a1b2c@anytown.example.org> to=a@example.org\n", {12}),
        (f'{{"messageId": "{KEY}.13@anytown.example.org", "event": "Delivery"}}\n', {13}),
        (f"Received,{KEY}.1x4@anytown.example.org\nx{KEY}.14@anytown.example.org\n{KEY}.15 said so\n", set()),
        ("<s999999999999.7.0a1b2c@anytown.example.org> accepted\n", set()),
    ],
)
def test_who_is_named_by_message_id_has_got_it(text: str, found: set[int]) -> None:
    assert find_named(text.splitlines(keepends=True), [KEY]) == {KEY: found}


@given(st.lists(st.text(st.sampled_from(f"{KEY}.<>@[]:=qmgrcleanup message-id 0A\n"))))
def test_any_text_is_a_log(lines: list[str]) -> None:
    assert set(find_named(lines, [KEY, "other"])) == {KEY, "other"}


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace()


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    yield engine
    engine.dispose()


def find_id(engine: Engine, mailing: Mailing, name: str) -> str:
    query = select(deliveries.c.subscriber_id).where(deliveries.c.name == name)
    with engine.begin() as connection:
        return f"<{mailing.key}.{connection.scalar(query)}@anytown.example.org>"


def test_a_log_settles_those_whom_it_names_and_no_one_else(
    workspace: Workspace, ledger: Engine, tmp_path: Path
) -> None:
    mailing = mail(ledger, [("anna", UNCERTAIN), ("ben", UNCERTAIN), ("cleo", ACCEPTED)])
    log = tmp_path / "mail.log.1.gz"
    with gzip.open(log, "wt") as file:
        file.writelines(f"{find_id(ledger, mailing, name)} accepted\n" for name in ("anna", "cleo"))

    said = run(workspace, "resolve", "2021-05", "--log", str(log))
    assert "2021-05: 1 reader recorded as delivered, by the log. 1 still uncertain." in said
    assert "ben@example.org" in run(workspace, "status", "2021-05", "--who", "uncertain")
    assert "0 readers recorded" in run(workspace, "resolve", "2021-05", "--log", str(log))


def test_a_log_that_cannot_be_read_is_named(workspace: Workspace, ledger: Engine, tmp_path: Path) -> None:
    mail(ledger, [("anna", UNCERTAIN)])
    (tmp_path / "broken.gz").write_bytes(b"no gzip")
    (tmp_path / "spoiled.gz").write_bytes(gzip.compress(b"a log")[:10] + b"\xff" * 20)
    for name in ("none.log", "broken.gz", "spoiled.gz"):
        with pytest.raises(NotFound, match="can't be read"):
            run(workspace, "resolve", "2021-05", "--log", str(tmp_path / name))
