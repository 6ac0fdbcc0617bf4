"""What a workspace may have in place of a file: nothing waits for it, and nothing that is in order is stopped by it."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import bulletin
from bulletin.cli.app import make_app
from bulletin.declaration.files import NotAFile, counts, find_files, open_file, read_file
from bulletin.errors import BulletinError
from bulletin.preview.session import PreviewSession
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS

MakeWorkspace = Callable[..., Workspace]

pytestmark = pytest.mark.timeout(60)  # seconds, so that what hangs fails


def make_socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(before)


MAKERS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a socket": make_socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link that leads back to itself": lambda path: path.symlink_to(path.name),
    "a link to a file that is not there": lambda path: path.symlink_to("nowhere"),
    "a folder": Path.mkdir,
}
no_file = pytest.mark.parametrize("what", MAKERS)


def put(path: Path, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    MAKERS[what](path)


def type_in(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(make_app(), [*arguments, "--workspace", str(folder)])


def words_of(result: Result) -> str:
    """What a person reads, whether it was printed or is printed at the edge."""
    assert result.exception is None or isinstance(result.exception, SystemExit | BulletinError), result.exception
    return f"{result.output}{result.exception if isinstance(result.exception, BulletinError) else ''}"


@no_file
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path, what: str) -> None:
    put(tmp_path / "it", what)

    with pytest.raises(NotAFile) as caught:
        read_file(tmp_path / "it")
    assert caught.value.strerror.startswith(f"it is {what}")


def test_what_becomes_a_pipe_in_the_moment_before_it_is_opened_is_not_waited_for_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    put(tmp_path / "pipe", "a pipe")
    file = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda _path: file)

    with pytest.raises(NotAFile, match="it is a pipe"):
        open_file(tmp_path / "pipe")


def test_an_ordinary_file_is_read_also_through_a_link_and_at_most_so_much_of_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    (tmp_path / "link").symlink_to("file")

    assert read_file(tmp_path / "link", most=4) == b"0123"
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "other")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("2026-12.yaml", True),
        ("health (1).xlsx", True),
        ("#1 news.yaml", True),
        (".#2026-12.yaml", False),
        ("#2026-12.yaml#", False),
        ("2026-12.yaml~", False),
        ("._2026-12.yaml", False),
        ("~$health.xlsx", False),
        ("health.csv.TMP", False),
        ("health.csv.crdownload", False),
        (".~lock.health.csv#", False),
    ],
)
def test_what_programs_leave_beside_a_file_does_not_count(name: str, *, wanted: bool) -> None:
    assert counts(name) is wanted


LEFT = ("._2021-06.yaml", "~$2021-06.yaml", ".#2021-06.yaml", "#2021-06.yaml#", "2021-06.yaml~", "2021-06.yaml.tmp")


@pytest.fixture
def littered(make_workspace: MakeWorkspace) -> Path:
    """A workspace whose folders have what programs leave there, and folders named like an issue."""
    root = make_workspace(issues={"2021-05": ISSUE, "training/2021-05": ISSUE}).root
    for folder in ("issues", "issues/training", "issues/.trash", "issues/2021-05/contributions"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in LEFT:
            (root / folder / name).write_bytes(b"\0")
    (root / "issues/.trash/2021-04.yaml").write_text("no issue")
    (root / "issues/2021-04.yaml").mkdir()
    (root / "issues/2021-04.yaml/copy.yaml").write_text("no issue")
    (root / "issues/.#2021-08.yaml").symlink_to("somebody@their-computer.4711:1600000000")
    return root


def test_one_rule_says_what_counts_wherever_issues_are_listed(littered: Path) -> None:
    session = PreviewSession(littered, clock=lambda: datetime.now(UTC))

    assert list(open_workspace(littered).issue_ids()) == ["2021-05", "training/2021-05"]
    assert sorted(session.issue_ids()) == ["2021-05", "training/2021-05"]
    assert not list(find_files(littered / "issues/2021-05/contributions"))


def test_what_does_not_count_stops_nothing(littered: Path) -> None:
    for arguments in (("check", "2021-05"), ("followups",), ("collect", "2021-05"), ("new",)):
        result = type_in(littered, *arguments)
        assert result.exit_code == 0, words_of(result)

    assert (littered / "issues/2021-06.yaml").is_file()


def test_a_folder_in_the_place_of_the_next_issue_is_named(littered: Path) -> None:
    (littered / "issues/2021-06.yaml").mkdir()

    assert "issues/2021-06.yaml is a folder. Rename it" in words_of(type_in(littered, "new"))


@pytest.mark.parametrize("what", [what for what in MAKERS if what != "a folder"])
def test_an_issue_that_is_no_file_is_named_and_the_others_are_checked(make_workspace: MakeWorkspace, what: str) -> None:
    root = make_workspace().root
    put(root / "issues/2021-03.yaml", what)

    words = words_of(type_in(root, "check"))
    assert f"issues/2021-03.yaml: This cannot be read: it is {what}" in words
    assert "issues/2021-05.yaml: in order" in words
    assert type_in(root, "new").exit_code == 0
    assert f"it is {what}" in words_of(type_in(root, "approve", "2021-03", "--by", "Jo Bloggs"))


@no_file
def test_a_list_a_contribution_a_picture_or_settings_that_are_no_file_are_named(
    make_workspace: MakeWorkspace, what: str
) -> None:
    logo = SETTINGS.replace("bulletins:", "  logo: {file: images/logo.png, alt: Anytown}\nbulletins:", 1)
    root = make_workspace(settings=SETTINGS, lists={"partners": "email\n", "schools": "email\n"}).root
    put(root / "subscribers/partners.csv", what)
    assert f"subscribers/partners.csv cannot be read: it is {what}" in words_of(type_in(root, "subscribers", "sync"))

    for name in ("health.yaml", "health.csv", "health.xlsx") if what != "a folder" else ():
        put(root / "issues/2021-05/contributions" / name, what)
        words = words_of(type_in(root, "collect", "2021-05"))
        assert f"{name}: This cannot be read: it is {what}" in words

    put(root / "images/logo.png", what)
    (root / "bulletin.yaml").write_text(logo)
    assert "The picture “images/logo.png” is " in words_of(type_in(root, "check"))

    put(root / "old.docx", what)
    assert f"old.docx cannot be read: it is {what}" in words_of(
        CliRunner().invoke(make_app(), ["draft", str(root / "old.docx"), "--workspace", str(make_workspace().root)])
    )

    put(root / "bulletin.yaml", what)
    assert f"bulletin.yaml: This cannot be read: it is {what}" in words_of(type_in(root, "check"))


@no_file
def test_the_preview_shows_what_is_wrong_and_the_other_issues(make_workspace: MakeWorkspace, what: str) -> None:
    root = make_workspace(issues={"2021-05": ISSUE, "2021-04": ISSUE}).root
    session = PreviewSession(root, clock=lambda: datetime.now(UTC))
    session.show("2021-04")
    put(root / "issues/2021-04.yaml", what)
    put(root / "templates/email/style.css", "a pipe")
    session.touch()

    (root / os.fsdecode(b"issues/2021-\xff.yaml")).write_text(ISSUE)

    json.dumps(session.issue_ids(), ensure_ascii=False).encode()
    assert f"it is {what}" in session.show("2021-04").faults[0].message
    assert session.show("2021-05").good


ROOMS = ("declaration", "issue", "drafting", "importing", "collecting", "comparison", "subscribers", "preview")
READERS = {
    "declaration/files.py",
    "importing/docx.py",  # a picture inside a document
    "preview/site.py",  # the page that came with the package
    "subscribers/link_key.py",  # the key in the state folder
}


def test_whatever_people_put_into_a_workspace_is_read_in_one_way() -> None:
    package = Path(bulletin.__file__).parent
    reading = re.compile(r"\.read_(?:bytes|text)\(|\b(?:path|file|image)\.open\(|(?<![.\w])open\(|\bos\.open\(")
    paths = [path for room in ROOMS for path in (package / room).rglob("*.py")]

    assert {path.relative_to(package).as_posix() for path in paths if reading.search(path.read_text())} == READERS
