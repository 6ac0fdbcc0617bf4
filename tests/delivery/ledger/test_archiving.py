"""`bulletin database archive` and `unarchive`: a year's deliveries in a file, and back."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from anytown import NOON
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries, mailing_events, mailings
from bulletin.errors import BulletinError, MailingError, NotFound, Unwritten
from bulletin.workspace.workspace import Workspace
from conftest import on_sqlite
from mailed import ACCEPTED, QUEUED, UNKNOWN, happen, mail, run

MakeWorkspace = Callable[..., Workspace]
YEAR = 365 * 24 * 3600 * 1000


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    return make_workspace(environ={"BULLETIN_DATABASE_URL": database_url})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Engine]:
    """Two issues of 2021 that ended, one that still waits, and one of 2022."""
    engine = open_database(workspace)
    for issue, fates in (
        ("2021-03", [("anna", ACCEPTED), ("ben", UNKNOWN)]),
        ("2021-04", [("anna", ACCEPTED), ("cleo", ACCEPTED)]),
        ("2021-05", [("anna", ACCEPTED), ("dora", QUEUED)]),
        ("2022-01", [("anna", ACCEPTED)]),
    ):
        mailing = mail(engine, fates, issue=issue)
        later = YEAR if issue == "2022-01" else 0
        with engine.begin() as connection:
            connection.execute(update(mailings).where(mailings.c.id == mailing.id).values(began_at=NOON + later))
            of_mailing = mailing_events.c.mailing_id == mailing.id
            connection.execute(update(mailing_events).where(of_mailing).values(at=NOON + later))
        if issue != "2021-05":
            happen(engine, mailing, MailingEvent.ENDED, at=NOON + later + 1)
    yield engine
    engine.dispose()


def read_rows(engine: Engine) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(select(deliveries).order_by(deliveries.c.id))]


def count(workspace: Workspace, issue: str) -> dict[str, int]:
    found = json.loads(run(workspace, "status", issue, "--json"))
    return {name: found[name] for name in ("total", "accepted", "refused", "queued")}


def test_a_year_goes_into_a_file_with_every_count_kept_and_comes_back_as_it_was(
    workspace: Workspace, ledger: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    before = read_rows(ledger)
    counts = {issue: count(workspace, issue) for issue in ("2021-03", "2021-04", "2021-05", "2022-01")}

    said = run(workspace, "database", "archive", "2021", "--out", str(file), "--yes")
    assert f"4 deliveries of 2 issues are in {file} now." in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(read_rows(ledger)) == 3, "what waits stays, and so does the next year"
    assert {issue: count(workspace, issue) for issue in counts} == counts
    assert "2021 was archived at " in run(workspace, "database", "status")

    assert "4 deliveries of 2021 are in the ledger again." in run(workspace, "database", "unarchive", str(file))
    assert read_rows(ledger) == before
    assert {issue: count(workspace, issue) for issue in counts} == counts
    assert "ben@example.org" in run(workspace, "status", "2021-03", "--who", "refused")


@on_sqlite
def test_what_is_in_the_ledger_does_not_come_back_a_second_time(
    workspace: Workspace, ledger: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    run(workspace, "database", "archive", "2021", "--out", str(file), "--yes")
    run(workspace, "database", "unarchive", str(file))
    before = read_rows(ledger)
    with pytest.raises(MailingError, match="is in the ledger already"):
        run(workspace, "database", "unarchive", str(file))
    assert read_rows(ledger) == before


@on_sqlite
@pytest.mark.parametrize("year", ["2019", "2023"])
def test_a_year_with_nothing_in_it_makes_no_file(
    workspace: Workspace, ledger: Engine, tmp_path: Path, year: str
) -> None:
    before = read_rows(ledger)
    with pytest.raises(MailingError, match=f"nothing to archive of {year}"):
        run(workspace, "database", "archive", year, "--out", str(tmp_path / "none"), "--yes")
    assert not (tmp_path / "none").exists()
    assert read_rows(ledger) == before


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def spoil(data: bytes) -> bytes:
    """As a bad disk does: the compressed text is none any more."""
    return data[:40] + b"\xff" * 20 + data[60:]


def change(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b"anna@", b"erin@", 1))


def leave_out_a_line(data: bytes) -> bytes:
    lines = gzip.decompress(data).splitlines(keepends=True)
    return gzip.compress(b"".join([*lines[:2], *lines[3:]]))


@on_sqlite
@pytest.mark.parametrize(
    "harm", [cut, spoil, change, leave_out_a_line, lambda _: b"", lambda _: b"no archive", gzip.compress]
)
def test_a_file_that_is_not_as_it_was_written_is_refused_whole(
    workspace: Workspace, ledger: Engine, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    run(workspace, "database", "archive", "2021", "--out", str(file), "--yes")
    before = read_rows(ledger)
    file.write_bytes(harm(file.read_bytes()))
    with pytest.raises(NotFound):
        run(workspace, "database", "unarchive", str(file))
    assert read_rows(ledger) == before


@on_sqlite
def test_a_file_from_before_deliveries_had_one_more_column_comes_back(
    workspace: Workspace, ledger: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    before = read_rows(ledger)
    run(workspace, "database", "archive", "2021", "--out", str(file), "--yes")
    head, *rows, _ = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    place = head["columns"].index("due_at")
    assert {row.pop(place) for row in (head["columns"], *rows)} == {"due_at", None}
    lines = b"".join(json.dumps(line).encode() + b"\n" for line in (head, *rows))
    end = json.dumps({"rows": len(rows), "sha256": sha256(lines).hexdigest()}).encode()
    file.write_bytes(gzip.compress(lines + end))

    run(workspace, "database", "unarchive", str(file))
    assert read_rows(ledger) == before


@on_sqlite
def test_no_file_is_overwritten_and_then_nothing_is_deleted(
    workspace: Workspace, ledger: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    file.write_text("another archive")
    before = read_rows(ledger)
    for target in (file, tmp_path / "no-such-folder" / "file"):
        with pytest.raises(Unwritten, match="can't be written"):
            run(workspace, "database", "archive", "2021", "--out", str(target), "--yes")
    assert file.read_text() == "another archive"
    assert read_rows(ledger) == before


@on_sqlite
@pytest.mark.usefixtures("ledger")
def test_an_archived_issue_is_sent_to_no_one_and_the_file_is_another_ledgers_elsewhere(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2021.jsonl.gz"
    run(workspace, "database", "archive", "2021", "--out", str(file), "--yes")
    monkeypatch.setenv("BULLETIN_DATABASE_URL", f"sqlite:///{tmp_path / 'other' / 'ledger.db'}")
    (workspace.state_folder / "ledger.id").unlink()
    with pytest.raises(BulletinError, match="is from another ledger"):
        run(workspace, "database", "unarchive", str(file))
