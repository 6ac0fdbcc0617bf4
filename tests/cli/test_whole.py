"""What a command writes is there whole or not at all, on a full disk as well as after Ctrl-C."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.errors import BulletinError, Interrupted
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS, full_disk
from mailed import ACCEPTED, mail, run
from new_workspace import ENOUGH

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")

MakeWorkspace = Callable[..., Workspace]
CONTRIBUTORS = """\
contributors:
  health: {organisation: Anytown Health, email: news@health.example.org, sections: [events]}
  police: {organisation: Anytown Police, email: news@police.example.org, sections: [events]}
"""
EVENTS = "from: health\nsections: [{kind: events, title: Events, items: [{title: Open day, date: 16 June 2021}]}]\n"
DOUBLED = ISSUE.replace("We are closed", "We are  closed - sorry -")
COMMANDS = {
    "new": ("new", "2021-08"),
    "draft": ("draft", "old.html", "--month", "2020-01"),
    "collect": ("collect", "2021-06"),
    "forms": ("collect", "2021-06", "--forms"),
    "fix": ("check", "--fix", "--yes"),
    "schema": ("schema", "--out", "schemas/of/ours"),
    "own schemas": ("schema",),
    "render": ("render", "2021-06", "--out", "out/of/june"),
}


def tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.fixture
def place(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    place = make_workspace(
        settings=SETTINGS + CONTRIBUTORS,
        issues={
            "2021-05": DOUBLED,
            "2021-06": DOUBLED.replace("2021-05", "2021-06").replace("May", "June"),
            "2021-06/contributions/health": EVENTS,
        },
    )
    picture = BytesIO()
    Image.new("RGB", (300, 200), "navy").save(picture, "PNG")
    shown = base64.b64encode(picture.getvalue()).decode()
    (place.root / "old.html").write_text(
        f"<h1>News</h1><h2>A walk</h2><p>We walked for hours.</p><img alt='A walk' src='data:image/png;base64,{shown}'>"
    )
    place.make_state_folder()
    monkeypatch.chdir(place.root)
    return place


@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_full_disk_a_command_leaves_all_as_it_was_and_says_so(place: Workspace, command: str) -> None:
    before = tree(place.root)
    with full_disk(), pytest.raises(BulletinError, match="cannot be written: File too large") as caught:
        run(place, *COMMANDS[command])

    assert "was written." in str(caught.value)
    assert tree(place.root) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_interrupted_while_it_writes_leaves_all_as_it_was_and_says_so(
    place: Workspace, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(place, "schema")  # `check` would write them first, and can do without
    if command == "own schemas":
        for path in place.state_folder.iterdir():
            path.write_text("{}")
    before = tree(place.root)
    for failing in range(1, 3 if command in ("draft", "forms", "fix", "schema", "own schemas", "render") else 2):
        calls = iter(range(1, 99))

        def interrupted(_handle: int, calls: Iterator[int] = calls, failing: int = failing) -> None:
            if next(calls) == failing:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", interrupted)
            result = CliRunner().invoke(make_app(), [*COMMANDS[command]], standalone_mode=False)
        assert isinstance(result.exception, Interrupted)
        assert "was written." in str(result.exception)
        assert tree(place.root) == before


@pytest.mark.parametrize("room", [1_000, 3_000])
@pytest.mark.parametrize("there", [True, False])
def test_init_that_fails_at_any_of_its_files_removes_what_it_made_and_only_that(
    tmp_path: Path, room: int, *, there: bool
) -> None:
    (tmp_path / "mine").write_text("mine")
    folder = tmp_path if there else tmp_path / "news" / "ours"
    with full_disk(room=room):
        result = CliRunner().invoke(make_app(), ["init", str(folder), *ENOUGH])

    assert isinstance(result.exception, BulletinError)
    assert "cannot be written: File too large. None of 8 files was written." in str(result.exception)
    assert tree(tmp_path) == {"mine": b"mine"}


def test_render_that_fails_at_its_third_file_leaves_the_earlier_edition(place: Workspace) -> None:
    run(place, "render", "2021-05", "--out", "out")
    before = tree(place.root)
    largest = (place.root / "out" / "message.eml").stat().st_size
    with full_disk(room=largest - 1_000), pytest.raises(BulletinError, match=r"message\.eml cannot be written"):
        run(place, "render", "2021-06", "--out", "out")

    assert tree(place.root) == before
    assert largest - 1_000 > (place.root / "out" / "email.html").stat().st_size


@pytest.fixture
def engine(place: Workspace) -> Iterator[Engine]:
    engine = open_database(place)
    yield engine
    engine.dispose()


def test_a_record_that_cannot_be_written_leaves_neither_page_nor_edition(place: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED)])
    (place.root / "kept" / "edition.json").mkdir(parents=True)
    with pytest.raises(BulletinError, match=r"edition\.json cannot be written: Is a directory\. None of 5 files"):
        run(place, "certificate", "2021-05", "--out", "record.html", "--edition", "kept")

    assert not (place.root / "record.html").exists()
    assert [*tree(place.root / "kept")] == ["edition.json"]


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(place: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED)])
    (place.root / "report.html").write_text("the one of last month")
    database = place.state_folder / "ledger.db"
    with full_disk(room=2_000), pytest.raises(BulletinError, match="cannot be written"):
        run(place, "report", "2021-05", "--out", "report.html")

    assert (place.root / "report.html").read_text() == "the one of last month"
    assert database.exists()
    assert not [*place.root.glob(".*.new")]
