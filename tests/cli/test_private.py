"""Personal data is for its owner alone, or for one group: whatever the umask, and whichever command comes first."""

from __future__ import annotations

import grp
import os
import pty
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

import forked
from bulletin import disk, rights
from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.file_lock import hold_mailing
from bulletin.delivery.sending.log import open_log
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS
from mailed import ACCEPTED, mail, run
from new_workspace import ENOUGH

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")

MakeWorkspace = Callable[..., Workspace]
LISTS = {"partners": "email\nanna@partner.example.org\n", "schools": "email\nben@school.example.org\n"}
JUNE = {"2021-05": ISSUE, "2021-06": ISSUE.replace("2021-05", "2021-06")}
OUR_GROUP = grp.getgrgid(os.getegid()).gr_name
FOR_ALL = "Other users of this computer can read"


@contextmanager
def masked(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """The rights of a folder and all below it."""
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o7777 for path in (folder, *folder.rglob("*"))}


def lasting(folder: Path) -> dict[str, int]:
    """Without what SQLite has beside an open database, with the rights of that."""
    return {name: mode for name, mode in modes(folder).items() if not name.endswith(("-wal", "-shm"))}


def exposed(folder: Path) -> list[str]:
    """What is not its owner's alone."""
    return [name for name, mode in modes(folder).items() if mode & 0o077]


def send(place: Workspace, catcher: MailCatcher, *arguments: str) -> str:
    environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
    command = ["send", "2021-05", "--new-database", "--yes", *arguments, "--workspace", str(place.root)]
    result = CliRunner().invoke(make_app(), command, env=environ)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        yield catcher


# --- the state folder


@pytest.mark.parametrize("umask", [0o000, 0o022])
@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("check", "2021-05", "--links"),
        ("new", "2021-07"),
        ("schema",),
        ("status", "2021-05"),
        ("subscribers", "sync", "--yes"),
        ("send", "2021-05", "--dry-run"),
        ("approve", "2021-05", "--by", "Jo Bloggs", "--yes"),
    ],
)
def test_whichever_command_makes_the_state_folder_it_is_for_its_owner_alone(
    make_workspace: MakeWorkspace, umask: int, command: tuple[str, ...]
) -> None:
    with masked(umask):
        place = make_workspace(issues=JUNE, lists=LISTS)
        CliRunner().invoke(make_app(), [*command, "--workspace", str(place.root)])

    assert len(modes(place.state_folder)) > 2
    assert exposed(place.state_folder) == []


def test_what_a_mailing_and_a_plan_write_is_for_its_owner_alone(
    make_workspace: MakeWorkspace, catcher: MailCatcher, tmp_path: Path
) -> None:
    with masked(0o000):
        place = make_workspace(issues=JUNE, lists=LISTS)
        send(place, catcher, "--log", str(tmp_path / "logs" / "of" / "may.json"))
        engine = open_database(place)
        with engine.begin() as connection:  # SQLite writes beside the file now
            connection.execute(text("CREATE TABLE other (id INTEGER)"))
            assert {"ledger.db", "ledger.db-wal", "ledger.db-shm", "secret.key", "ledger.id", "2021-05.lock"} <= set(
                modes(place.state_folder)
            )
            assert exposed(place.state_folder) == []
        engine.dispose()

    assert exposed(tmp_path / "logs") == []
    assert len(catcher.caught) == 2
    assert exposed(tmp_path / "caught") == [] or modes(tmp_path / "caught")["."] == 0o700


def test_a_ledger_that_is_named_by_its_url_is_for_its_owner_alone(
    make_workspace: MakeWorkspace, tmp_path: Path
) -> None:
    with masked(0o000):
        open_database(f"sqlite:///{tmp_path}/new/folder/ledger.db").dispose()
        (tmp_path / "old").mkdir()
        open_database(
            make_workspace(environ={"BULLETIN_DATABASE_URL": f"sqlite:///{tmp_path}/old/ledger.db"})
        ).dispose()

    assert exposed(tmp_path / "new") == []
    assert exposed(tmp_path / "old") == ["."]


def test_a_log_that_is_moved_away_is_begun_anew_for_its_owner_alone(tmp_path: Path) -> None:
    with masked(0o000), open_log(tmp_path / "log", clock=lambda: 0) as log:
        assert log is not None
        (tmp_path / "log").rename(tmp_path / "log.1")
        log._write([{"event": "started"}])  # as each turn of a mailing does

    assert modes(tmp_path)["log"] == modes(tmp_path)["log.1"] == 0o600


# --- what is written for people


def test_pages_and_editions_are_for_their_owner_alone_and_one_that_is_there_keeps_its_rights(
    make_workspace: MakeWorkspace,
) -> None:
    place = make_workspace()
    engine = open_database(place)
    mail(engine, [("anna", ACCEPTED)])
    out = place.root / "for us"
    (place.root / "published.html").touch(0o644)
    with masked(0o000):
        run(place, "render", "2021-05", "--out", str(out / "edition"))
        run(place, "report", "2021-05", "--out", str(out / "report.html"))
        run(place, "certificate", "2021-05", "--out", str(out / "record.html"), "--edition", str(out / "kept"))
        run(place, "report", "2021-05", "--out", str(place.root / "published.html"))
    engine.dispose()

    assert exposed(out) == []
    assert {"edition/email.html", "report.html", "record.html", "kept/edition.json"} <= set(modes(out))
    assert modes(place.root)["published.html"] == 0o644


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_init_makes_lists_that_are_for_their_owner_alone(tmp_path: Path, umask: int) -> None:
    with masked(umask):
        CliRunner().invoke(make_app(), ["init", str(tmp_path / "subscribers"), *ENOUGH], catch_exceptions=False)

    made = tmp_path / "subscribers"  # a workspace may be called so, too
    assert exposed(made / "subscribers") == exposed(made / ".bulletin") == []
    assert modes(made)["."] == 0o777 & ~umask
    assert modes(made)["bulletin.yaml"] == 0o666 & ~umask


# --- a workspace of before


def open_up(place: Workspace, folder: int, file: int) -> None:
    """As an older version made it, or a person who let others in."""
    for top in (place.state_folder, place.root / "subscribers"):
        for path in (top, *top.rglob("*")):
            path.chmod(folder if path.is_dir() else file)


@pytest.fixture
def old(make_workspace: MakeWorkspace) -> Workspace:
    place = make_workspace(issues=JUNE, lists=LISTS)
    run(place, "subscribers", "sync", "--yes")
    open_up(place, 0o755, 0o644)
    return place


def test_what_others_can_read_is_told_by_check_and_changed_only_on_a_yes(old: Workspace) -> None:
    run(old, "schema")
    before = lasting(old.root)
    for command in (("check",), ("check", "2021-05"), ("check", "--fix")):
        said = run(old, *command)
        assert f"{FOR_ALL} the records in .bulletin/" in said
        assert f"{FOR_ALL} your lists: subscribers/partners.csv, subscribers/schools.csv." in said
        assert "bulletin check --fix" in said
    after = lasting(old.root)
    assert {name: after.get(name) for name in before} == before

    said = run(old, "check", "--fix", "--yes")
    assert "only you can use it" in said
    assert said.count(FOR_ALL) == 2  # before each question; afterwards there is nothing to tell
    assert exposed(old.state_folder) == exposed(old.root / "subscribers") == []
    assert FOR_ALL not in run(old, "check")


def test_the_lists_can_be_left_as_they_are(old: Workspace) -> None:
    terminal, inside = pty.openpty()
    os.write(terminal, b"y\nn\n")
    done = forked.run("check", "--fix", "--workspace", str(old.root), stdin=inside)
    os.close(terminal)
    os.close(inside)

    assert done.returncode == 0, done.stderr
    assert exposed(old.state_folder) == []
    assert modes(old.root / "subscribers")["partners.csv"] == 0o644
    assert f"{FOR_ALL} your lists" in done.stdout.rpartition("Nothing was changed.")[2]


def test_sending_from_it_goes_on_and_changes_no_rights(old: Workspace, catcher: MailCatcher) -> None:
    before = lasting(old.root)
    send(old, catcher)
    after = lasting(old.root)

    assert len(catcher.caught) == 2
    assert {name: after[name] for name in before} == before
    assert [name for name in set(after) - set(before) if after[name] & 0o077] == []


def test_what_a_group_shares_already_stays_with_that_group(old: Workspace) -> None:
    open_up(old, 0o2775, 0o664)
    with hold_mailing(old.state_folder, "2021-06", now=0):
        pass
    assert modes(old.state_folder)["2021-06.lock"] == 0o660

    assert f"only you and the group “{OUR_GROUP}” can use it" in run(old, "check", "--fix", "--yes")
    assert set(modes(old.state_folder).values()) == {0o2770, 0o660}
    assert set(modes(old.root / "subscribers").values()) == {0o2770, 0o660}
    assert FOR_ALL not in run(old, "check")


def test_links_in_the_state_folder_are_not_followed(old: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch(0o644)
    (old.state_folder / "link").symlink_to(tmp_path / "elsewhere")
    run(old, "check", "--fix", "--yes")

    assert modes(tmp_path)["elsewhere"] == 0o644


def test_a_ledger_in_another_folder_is_told_of_too(
    make_workspace: MakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir(0o755)
    monkeypatch.setenv("BULLETIN_DATABASE_URL", f"sqlite:///{tmp_path}/open/ledger.db")
    place = make_workspace()
    run(place, "status")
    assert FOR_ALL not in run(place, "check")

    (tmp_path / "open" / "ledger.db").chmod(0o644)
    assert f"{FOR_ALL} the records in .bulletin/" in run(place, "check")
    run(place, "check", "--fix", "--yes")
    assert modes(tmp_path / "open")["ledger.db"] == 0o600


def test_programs_that_read_what_check_finds_are_told_nothing_of_it(old: Workspace) -> None:
    assert FOR_ALL not in run(old, "check", "--format", "json")


# --- shared with a group


def test_a_group_that_bulletin_yaml_names_shares_the_state(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    with masked(0o077):
        place = make_workspace(settings=f"{SETTINGS}state_group: {OUR_GROUP}\n", lists=LISTS)
        send(place, catcher, "--log", str(place.state_folder / "logs" / "log.json"))
        engine = open_database(place)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE other (id INTEGER)"))
            found = modes(place.state_folder)
        engine.dispose()

    assert {name for name, mode in found.items() if mode == 0o2770} == {".", "logs"}
    assert set(found.values()) == {0o2770, 0o660}
    assert {"ledger.db-wal", "ledger.db-shm", "secret.key", "logs/log.json"} <= set(found)


def test_a_group_that_is_named_later_gets_its_rights_on_a_yes(old: Workspace) -> None:
    run(old, "check", "--fix", "--yes")
    settings = old.root / "bulletin.yaml"
    settings.write_text(f"{SETTINGS}state_group: {OUR_GROUP}\n", encoding="utf-8")

    assert "that group can't use the records in .bulletin/" in run(old, "check")
    run(old, "check", "--fix", "--yes")
    assert set(modes(old.state_folder).values()) == {0o2770, 0o660}
    assert "cannot use" not in run(old, "check")


@pytest.mark.parametrize("command", [("check",), ("subscribers", "sync"), ("schema",)])
def test_a_group_that_there_is_not_is_told_in_words(make_workspace: MakeWorkspace, command: tuple[str, ...]) -> None:
    place = make_workspace(settings=f"{SETTINGS}state_group: no-such-group\n", lists=LISTS)
    with pytest.raises(BulletinError, match="this computer has no group “no-such-group”") as caught:
        run(place, *command)

    assert "remove the line" in caught.value.remedy
    assert not place.state_folder.exists()
    run(place, "render", "2021-05", "--out", str(place.root / "out"))  # this needs no state


def test_a_group_that_you_are_not_in_is_told_in_words(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(os, "getegid", lambda: 12345)
    monkeypatch.setattr(os, "getgroups", list)
    with pytest.raises(BulletinError, match=f"you are not in the group “{OUR_GROUP}”"):
        open_database(make_workspace(settings=f"{SETTINGS}state_group: {OUR_GROUP}\n"))


def test_where_there_are_no_such_rights_none_are_set_and_the_group_is_passed_over(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (disk, rights):
        monkeypatch.setattr(module, "KNOWN_HERE", False)
    monkeypatch.setattr("bulletin.exposure.KNOWN_HERE", False)
    for name in ("chmod", "chown"):
        monkeypatch.delattr(os, name)
    place = make_workspace(settings=f"{SETTINGS}state_group: no-such-group\n", lists=LISTS)

    assert "+1 −0" in run(place, "subscribers", "sync", "--yes")
    assert FOR_ALL not in run(place, "check")


@contextmanager
def acting_as(user: int, *groups: int) -> Iterator[None]:
    """This process counts as another user's, for all that the system asks of it."""
    before = os.getgroups()
    os.setgroups(groups)
    os.setegid(user)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(before)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can be other users")
def test_two_users_of_a_group_share_a_state_and_a_third_one_sees_nothing() -> None:
    officer, website, stranger, group = 54321, 54322, 54323, 54320
    root = Path(tempfile.mkdtemp(prefix="shared-"))
    state = root / "state"
    count = "SELECT count(*) FROM people"
    try:
        root.chmod(0o755)
        disk.make_private_folder(state, rights.Rights(owner=officer, group=group))
        with acting_as(officer, group):
            disk.make_private_file(state / "ledger.db", rights.find_rights(state))
            ours = sqlite3.connect(state / "ledger.db", isolation_level=None)
            ours.execute("PRAGMA journal_mode=WAL")
            ours.execute("CREATE TABLE people (name)")
            with hold_mailing(state, "2021-05", now=0):
                pass
        with acting_as(website, group), closing(sqlite3.connect(state / "ledger.db", isolation_level=None)) as theirs:
            theirs.execute("INSERT INTO people VALUES ('anna')")
            with hold_mailing(state, "2021-05", now=0), hold_mailing(state, "2021-06", now=0):
                pass
        with acting_as(officer, group), closing(ours), hold_mailing(state, "2021-06", now=0):
            assert ours.execute(count).fetchone() == (1,)
        with acting_as(stranger), pytest.raises(sqlite3.OperationalError, match="unable to open"):
            sqlite3.connect(state / "ledger.db")
    finally:
        shutil.rmtree(root)


def test_a_workspace_remembers_who_may_read_it_by_its_settings(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(settings=f"{SETTINGS}state_group: {OUR_GROUP}\n")

    assert open_workspace(place.root, environ={}).rights.group == os.getegid()
