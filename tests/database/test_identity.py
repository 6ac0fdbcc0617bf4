"""Which database is a workspace's: no other one takes its place unnoticed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.engine import make_url

from bulletin.database.engine import connect_database
from bulletin.database.identity import MEMORY_FILE, name_place
from bulletin.database.schema import configure_migrations, open_database
from bulletin.database.tables import identity
from bulletin.errors import DatabaseError
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import ROOT
from command_call import call
from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]


def use(workspace: Workspace, url: str = "") -> str:
    """Open the workspace's database as any command does, and say its id; `url` is BULLETIN_DATABASE_URL."""
    engine = open_database(open_workspace(workspace.root, environ={"BULLETIN_DATABASE_URL": url} if url else {}))
    with engine.begin() as connection:
        found = connection.scalar(select(identity.c.id))
    engine.dispose()
    assert found
    return found


def refusal_of(workspace: Workspace, url: str = "") -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        use(workspace, url)
    return caught.value


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace()


@pytest.fixture
def ledger(workspace: Workspace) -> Path:
    """The file that a workspace has unless it is told otherwise, after its first command."""
    use(workspace)
    return workspace.state_folder / "ledger.db"


def test_each_new_database_has_an_id_of_its_own(tmp_path: Path, workspace: Workspace) -> None:
    first = use(workspace)
    engine = open_database(f"sqlite:///{tmp_path / 'second.db'}")
    with engine.begin() as connection:
        assert connection.scalar(select(identity.c.id)) not in (None, first)
    engine.dispose()
    assert use(workspace) == first


def test_a_database_that_has_vanished_is_asked_back_and_no_new_one_made(workspace: Workspace, ledger: Path) -> None:
    ledger.unlink()

    error = refusal_of(workspace)

    assert error.message.startswith(f"The database {ledger} is not there. It remembers who has been written to")
    assert error.remedy.startswith("Put it back, from a copy if need be. Only if you mean to use another database")
    assert f"delete {workspace.state_folder / MEMORY_FILE} and type" in error.remedy
    assert not ledger.exists()


def test_a_database_that_is_put_back_is_used_again(workspace: Workspace, ledger: Path) -> None:
    before = use(workspace)
    elsewhere = ledger.rename(ledger.with_name("elsewhere.db"))
    refusal_of(workspace)
    elsewhere.rename(ledger)

    assert use(workspace) == before


@pytest.mark.parametrize("content", [b"", None], ids=["empty file", "new database"])
def test_an_empty_or_new_database_in_its_place_is_refused_and_left_as_it_is(
    workspace: Workspace, ledger: Path, content: bytes | None
) -> None:
    ledger.unlink()
    if content is None:
        open_database(f"sqlite:///{ledger}").dispose()
    else:
        ledger.write_bytes(content)
    before = ledger.read_bytes()

    error = refusal_of(workspace)

    assert f"The database {ledger} is " in error.message
    assert error.remedy.startswith("Put it back")
    assert ledger.read_bytes()[:100] == before[:100] or not before


def test_a_database_url_that_is_missing_in_one_shell_is_noticed(workspace: Workspace, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    use(workspace, url)

    error = refusal_of(workspace)

    assert error.message.startswith(f"This workspace's database was {tmp_path / 'shared.db'} until now.")
    assert error.remedy.startswith("Set BULLETIN_DATABASE_URL as it was")
    assert not (workspace.state_folder / "ledger.db").exists()


def test_a_database_url_that_is_set_all_of_a_sudden_is_noticed(
    workspace: Workspace, ledger: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    open_database(f"sqlite:///{other}").dispose()

    error = refusal_of(workspace, f"sqlite:///{other}")

    assert f"database was {ledger} until now. What would be used, {other}, is another one." in error.message


def test_a_relative_database_url_is_not_taken_for_another_in_another_folder(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    use(workspace, "sqlite:///mine.db")
    monkeypatch.chdir(workspace.root)

    assert f"database was {tmp_path / 'mine.db'} until now" in refusal_of(workspace, "sqlite:///mine.db").message
    assert not (workspace.root / "mine.db").exists()


def test_another_database_is_taken_once_the_memory_is_deleted(workspace: Workspace, ledger: Path) -> None:
    before = use(workspace)
    ledger.unlink()
    (workspace.state_folder / MEMORY_FILE).unlink()

    assert use(workspace) != before
    assert use(workspace) == use(workspace)


def test_a_workspace_that_has_been_moved_keeps_its_database(workspace: Workspace, ledger: Path) -> None:
    before = use(workspace)
    moved = open_workspace(workspace.root.rename(workspace.root.with_name("moved")), environ={})

    assert use(moved) == before
    (moved.state_folder / "ledger.db").unlink()
    assert refusal_of(moved).message.startswith(f"The database {moved.state_folder / 'ledger.db'} is not there.")
    assert ledger.parent != moved.state_folder


def test_a_workspace_from_before_adopts_the_database_that_it_has(workspace: Workspace) -> None:
    from alembic import command

    workspace.state_folder.mkdir()
    engine = connect_database(workspace.database_url)
    with engine.begin() as connection:
        config = configure_migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()

    adopted = use(workspace)

    assert json.loads((workspace.state_folder / MEMORY_FILE).read_text())["id"] == adopted


def test_a_memory_that_cannot_be_read_is_told(workspace: Workspace, ledger: Path) -> None:
    assert ledger.exists()
    (workspace.state_folder / MEMORY_FILE).write_text("{")

    error = refusal_of(workspace)

    assert error.message.startswith(f"{workspace.state_folder / MEMORY_FILE} cannot be read.")
    assert "if you are sure" in error.remedy


def test_a_state_folder_that_cannot_be_written_is_told(workspace: Workspace, tmp_path: Path) -> None:
    workspace.state_folder.write_text("a file, not a folder")

    assert "cannot be " in refusal_of(workspace, f"sqlite:///{tmp_path / 'shared.db'}").message


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///",  # what sqlite:///$DB is where DB is not set
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite+pysqlite:///:memory:?timeout=5",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:ledger?mode=memory&cache=shared&uri=true",
        "sqlite:///file:/ledger?vfs=memdb&uri=true",
        "sqlite:///file:?uri=true",  # a temporary file, without a name
    ],
)
@pytest.mark.parametrize("before", ["a new workspace", "one with a ledger"])
@pytest.mark.filterwarnings("ignore:Selection of the SingletonThreadPool")  # SQLAlchemy's, of mode=memory
def test_a_database_that_would_not_stay_is_refused(
    workspace: Workspace, url: str, before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before == "one with a ledger":
        use(workspace)
    monkeypatch.chdir(tmp_path)
    there = sorted(tmp_path.rglob("*"))

    error = refusal_of(workspace, url)

    assert error.message.startswith(f"BULLETIN_DATABASE_URL is {url}, which names no file")
    assert "Every command would forget what was sent, and who unsubscribed." in error.message
    assert "sqlite:////srv/bulletin/ledger.db. Or unset it" in error.remedy
    assert sorted(tmp_path.rglob("*")) == there


@pytest.mark.parametrize("name", ["ledger.db", "new/and/deeper/ledger.db", "file:memory.db?uri=true"])
def test_a_database_that_an_address_makes_anew_is_named_once(
    workspace: Workspace, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        use(workspace, f"sqlite:///{name}")

    (told,) = caplog.messages
    place = tmp_path / name.removeprefix("file:").partition("?")[0]
    assert told.startswith(f"A new, empty database was made: {place}.")
    assert (f"The folder {place.parent} is new too." in told) is ("/" in name)
    assert told.endswith(f"bulletin.yaml) and delete {workspace.state_folder / MEMORY_FILE}.")


def test_what_a_server_gets_new_tables_in_is_named_too(
    workspace: Workspace, server_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        use(workspace, server_url)

    (told,) = caplog.messages
    assert told.startswith("A new, empty database was made: postgresql+psycopg://postgres@/empty_")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names of files are Unicode there")
def test_a_folder_whose_name_is_no_unicode_has_a_database_like_any_other(workspace: Workspace) -> None:
    before = use(workspace)
    moved = workspace.root.rename(workspace.root.with_name(os.fsdecode(b"b\xfcro")))

    assert use(open_workspace(moved, environ={})) == before


def test_a_workspaces_own_file_needs_no_words(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    use(workspace)

    assert caplog.messages == []


@pytest.fixture
def server_url(postgresql: PostgreSQL) -> Iterator[str]:
    url = postgresql.make_empty_database()
    yield url
    postgresql.drop(url)


def test_machines_that_share_a_server_each_remember_its_database(
    workspace: Workspace, server_url: str, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "bulletin.yaml").write_bytes((workspace.root / "bulletin.yaml").read_bytes())
    there = open_workspace(second, environ={})

    assert use(workspace, server_url) == use(there, server_url) == use(workspace, server_url)
    for machine in (workspace, there):
        assert refusal_of(machine).message.startswith("This workspace's database was postgresql+psycopg://postgres@")


def test_a_server_whose_database_is_empty_now_is_refused_and_left_empty(
    workspace: Workspace, server_url: str, postgresql: PostgreSQL
) -> None:
    use(workspace, server_url)
    empty = postgresql.make_empty_database()

    error = refusal_of(workspace, empty)

    assert error.message.endswith("nothing is done without it.")
    assert ", is empty. It remembers" in error.message
    engine = connect_database(empty)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar() == 0
    engine.dispose()
    postgresql.drop(empty)


def test_a_copy_on_a_server_is_the_same_database(workspace: Workspace, ledger: Path, server_url: str) -> None:
    assert ledger.exists()
    before = use(workspace)
    refused = refusal_of(workspace, server_url)
    assert "is empty" in refused.message
    copy = open_database(server_url)
    with copy.begin() as connection:
        rename(connection, before)
    copy.dispose()

    assert use(workspace, server_url) == before
    assert json.loads((workspace.state_folder / MEMORY_FILE).read_text())["place"].startswith("postgresql+psycopg://")


def rename(connection: Connection, identifier: str) -> None:
    connection.execute(update(identity).values(id=identifier))


def test_no_password_is_shown_or_written_down() -> None:
    url = make_url("postgresql+psycopg://anna:s3cret@db.example.org/news?password=s3cret&sslmode=require")

    assert name_place(url) == "postgresql+psycopg://anna@db.example.org/news?sslmode=require"


def test_a_database_without_its_id_is_another_one(workspace: Workspace, ledger: Path) -> None:
    engine = open_database(f"sqlite:///{ledger}")
    with engine.begin() as connection:
        connection.execute(delete(identity))
    engine.dispose()

    assert "is another one than before" in refusal_of(workspace).message


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call(*arguments, folder=workspace.root, environ={"BULLETIN_SMTP_URL": "smtp://127.0.0.1:1"})


def test_send_refuses_to_begin_anew_and_what_needs_no_database_goes_on(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(lists={"partners": "email\nanna@example.org\n", "schools": "email\n"})
    assert run(workspace, "status").returncode == 0
    (workspace.state_folder / "ledger.db").unlink()

    refused = run(workspace, "send", "2021-05", "--yes")

    assert refused.returncode == 1
    assert "ledger.db is not there." in " ".join(refused.stderr.split())
    assert run(workspace, "check", "2021-05").returncode == 0
    assert run(workspace, "render", "2021-05", "--out", "out").returncode == 0


def test_every_command_opens_the_database_by_way_of_its_workspace() -> None:
    package = ROOT / "bulletin"
    by_address = re.compile(r"open_database\([^)]*database_url")

    assert [path for path in package.rglob("*.py") if by_address.search(path.read_text(encoding="utf-8"))] == []
