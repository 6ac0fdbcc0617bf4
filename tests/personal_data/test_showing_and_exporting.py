"""What we hold about a person, on the terminal and in files for them."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from anytown import NOON, address_of, make_edition
from bulletin.database.schema import open_database
from bulletin.database.states import PersonEventKind
from bulletin.database.tables import person_events
from bulletin.delivery.ledger.start import start_mailing
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.workspace.workspace import Workspace
from command_call import call
from whole_person import WORDING, full_name, tell_everything

SAM = address_of("sam")
CSV = f'email,name,notes\n{SAM},=Sam,"=cmd|calc"\nben@example.org,Ben,\n'


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace], database_url: str) -> Workspace:
    files = {"partners": CSV, "schools": "email\n"}
    return make_workspace(lists=files, environ={"BULLETIN_DATABASE_URL": database_url})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    with engine.begin() as connection:
        sync_lists(connection, workspace, compare_with_files(connection, workspace), now=NOON)
    start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="k", now=NOON)
    tell_everything(engine, "sam")
    yield engine
    engine.dispose()


def run(workspace: Workspace, *arguments: str) -> str:
    done = call(*arguments, folder=workspace.root, environ=dict(workspace.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.usefixtures("engine")
def test_everything_that_we_hold_is_told_in_sentences(workspace: Workspace) -> None:
    shown = run(workspace, "subscribers", "show", SAM.upper())
    for words in (
        f"{SAM}, {full_name('sam')}",
        "Suppressed: opted out since",
        "from the list schools, on our website",
        "basis: public-task, from subscribers/partners.csv, line 2.",
        "Consent to partners: double opt-in",
        f"They agreed to: “{WORDING}”",
        "Network: 192.0.2.0/24. Browser: Lynx/2.9 on the bus.",
        "In subscribers/partners.csv, line 2: email: sam@example.org; name: =Sam; notes: =cmd|calc",
        "Chose language: cy",
        "Chose format: text",
        "Asked to join schools",
        "Email to them alone (confirm): queued",
        "2021-05: queued",
        "Came back",
        "mailbox full. “452 4.2.2 mailbox of Ravensworth-sam is full”",
        "Complaint C-sam",
        "They said: Answer to",
        "joined (a), page.",
    ):
        assert words in shown, words


@pytest.mark.usefixtures("engine")
def test_someone_who_is_only_in_a_file_is_told_with_the_line_and_what_to_do(workspace: Workspace) -> None:
    (workspace.root / "subscribers/schools.csv").write_text("email\n\nZoe@Example.org\n", encoding="utf-8")
    shown = run(workspace, "subscribers", "show", "zoe@example.org")
    assert "We have no record of zoe@example.org but what list files say." in shown
    assert "bulletin subscribers sync" in shown
    assert "In subscribers/schools.csv, line 3: email: Zoe@Example.org" in shown


@pytest.mark.usefixtures("engine")
def test_someone_of_whom_we_hold_nothing_is_told_so(workspace: Workspace) -> None:
    assert "We have no record of zoe@example.org" in run(workspace, "subscribers", "show", "zoe@example.org")
    done = call("subscribers", "export", "zoe@example.org", folder=workspace.root, environ=dict(workspace.environ))
    assert done.returncode == 1
    assert "nothing to export" in done.stderr


def test_their_data_is_written_as_json_and_csv_for_you_alone_and_that_is_recorded(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "for-sam"
    said = run(workspace, "subscribers", "export", SAM, "--out", str(out))

    written = {path.name: path for path in out.iterdir()}
    assert all(str(path) in said for path in written.values())
    assert {stat.S_IMODE(path.stat().st_mode) for path in written.values()} == {0o600}
    found = json.loads(written["everything.json"].read_text(encoding="utf-8"))
    assert found["details"][0]["name"] == full_name("sam")
    assert found["lines_in_list_files"][0]["cells"]["notes"] == "=cmd|calc"  # JSON has it as it is
    assert found["messages"][0]["issue"] == "2021-05"
    assert found["consents"][0]["asked_at"].endswith("Z")
    assert found["suppressions"][0]["scope"] == {"kind": "list", "target": "schools"}
    kinds = {"details", "memberships", "messages", "consents", "wishes", "sign-ups", "returns", "emails", "complaints"}
    assert {f"{kind}.csv" for kind in kinds} <= set(written)

    with engine.begin() as connection:
        kinds_of_events = connection.scalars(select(person_events.c.kind).order_by(person_events.c.id)).all()
    assert kinds_of_events[-1] == PersonEventKind.EXPORTED


@pytest.mark.usefixtures("engine")
def test_no_cell_of_the_csv_files_is_a_formula(workspace: Workspace, tmp_path: Path) -> None:
    run(workspace, "subscribers", "export", SAM, "--out", str(tmp_path / "out"))
    cells = [
        cell
        for path in (tmp_path / "out").glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        for cell in row
    ]
    assert "'=cmd|calc" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.usefixtures("engine")
def test_a_second_export_goes_to_a_folder_of_its_own_and_nothing_is_overwritten(workspace: Workspace) -> None:
    for _ in range(2):
        run(workspace, "subscribers", "export", SAM)
    folders = sorted((workspace.root / "exports").iterdir())
    assert len(folders) == 2
    assert not [folder for folder in folders if "sam" in folder.name]
    done = call(
        *("subscribers", "export", SAM, "--out", str(folders[0])),
        folder=workspace.root,
        environ=dict(workspace.environ),
    )
    assert done.returncode == 1
    assert "is there already" in done.stderr


@pytest.mark.usefixtures("engine")
def test_erasing_shows_what_goes_asks_and_says_what_it_cant_reach(workspace: Workspace) -> None:
    unasked = call("subscribers", "erase", SAM, folder=workspace.root, environ=dict(workspace.environ))
    assert unasked.returncode == 1
    assert "subscribers/partners.csv, line 2: email: sam@example.org" in unasked.stdout
    assert "in the database: 1 membership of a list" in unasked.stdout
    assert "in the database: 2 choices" in unasked.stdout
    assert "This needs a yes" in unasked.stderr

    said = run(workspace, "subscribers", "erase", SAM, "--yes")
    for words in (
        "We don’t keep a copy of these list files as they were.",
        "Erased. sam@example.org will never be emailed again",
        "back-ups of the database",
        "emails that were sent",
        "contributions",
        "list files on other computers",
    ):
        assert words in said, words
    assert (workspace.root / "subscribers/partners.csv").read_text(encoding="utf-8") == (
        "email,name,notes\nben@example.org,Ben,\n"
    )
    assert "Suppressed: erased" in run(workspace, "subscribers", "show", SAM)
    assert "We hold nothing about sam@example.org but the coded form" in run(
        workspace, "subscribers", "erase", SAM, "--yes"
    )
    assert "We have no record of zoe@example.org" in run(workspace, "subscribers", "erase", "zoe@example.org")
