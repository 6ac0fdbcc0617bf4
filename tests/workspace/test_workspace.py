from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.errors import BulletinError, FaultyFiles, NotFound
from bulletin.workspace.workspace import Workspace, find_workspace, open_workspace
from conftest import ISSUE, SETTINGS, full_disk

MakeWorkspace = Callable[..., Workspace]


def test_the_nearest_bulletin_yaml_upwards_is_the_workspace(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    below = root / "issues"

    assert find_workspace(below) == root


def test_where_there_is_no_workspace_one_is_told_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="bulletin init"):
        find_workspace(tmp_path)
    with pytest.raises(NotFound, match="bulletin init"):
        open_workspace(tmp_path)


def test_an_issue_is_found_by_its_id_its_file_name_or_its_path(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(issues={"2021-04": ISSUE, "training/2021-05": ISSUE, "2021-05": ISSUE})
    monkeypatch.chdir(workspace.root / "issues")

    assert list(workspace.issue_ids()) == ["2021-04", "2021-05", "training/2021-05"]
    for name in ("2021-05", "2021-05.yaml", "issues/2021-05.yaml", str(workspace.root / "issues/2021-05.yaml")):
        assert workspace.find_issue(name) == "2021-05"
    assert workspace.find_issue("training/2021-05") == "training/2021-05"
    (workspace.root / "issues" / "latest.yaml").symlink_to("2021-05.yaml")
    for name in ("latest", "issues/latest.yaml"):  # else an issue could be sent once by each of its names
        assert workspace.find_issue(name) == "2021-05"


@pytest.mark.parametrize("name", ["2021-06", "../bulletin.yaml", "/etc/passwd", "bulletin.yaml", ""])
def test_what_is_not_an_issue_is_refused_with_those_that_are(make_workspace: MakeWorkspace, name: str) -> None:
    with pytest.raises(NotFound, match="The issues are: 2021-05"):
        make_workspace().find_issue(name)


def test_an_issue_belongs_to_the_bulletin_of_its_folder(make_workspace: MakeWorkspace) -> None:
    training = "  training:\n    title: Training news\n    sender: {name: Us, email: us@anytown.example.org}\nlists:"
    workspace = make_workspace(settings=SETTINGS.replace("lists:", training, 1))

    assert workspace.bulletin_of("2021-05") == "monthly"
    assert workspace.bulletin_settings("training/2021-05").title == "Training news"
    with pytest.raises(NotFound, match="monthly, training"):
        workspace.bulletin_of("trainings/2021-05")


def test_an_issue_is_checked_against_its_file_and_the_workspace(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("2021-05", "2021-06") + "    for: [school]\n    image: {file: poster.png, alt: Poster}\n"
    with pytest.raises(FaultyFiles) as raised:
        make_workspace(issues={"2021-05": text}).load_issue("2021-05")

    assert [fault.file for fault in raised.value.faults] == ["issues/2021-05.yaml"] * 3
    assert "Did you mean “schools”?" in str(raised.value)
    assert "The picture “poster.png” is not there." in str(raised.value)


def test_a_picture_outside_the_workspace_is_never_read(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    workspace = make_workspace()
    (workspace.root / "link.png").symlink_to(tmp_path / "secret.png")

    for name in ("../secret.png", str(tmp_path / "secret.png"), "link.png"):
        with pytest.raises(NotFound, match="outside the workspace"):
            workspace.read_picture(name)


def test_a_picture_is_of_a_kind_that_can_be_converted(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    for name in ("poster.PNG", "poster.webp", "poster.svg", "poster.odd"):
        (workspace.root / name).write_bytes(b"x")

    assert workspace.read_picture("poster.PNG") == workspace.read_picture("poster.webp") == b"x"
    with pytest.raises(NotFound, match=r"“poster\.svg” is SVG, a drawing"):
        workspace.read_picture("poster.svg")
    with pytest.raises(NotFound, match=r"“poster\.odd” doesn’t have the name of a picture"):
        workspace.read_picture("poster.odd")


def test_secrets_come_from_the_environment_first(make_workspace: MakeWorkspace) -> None:
    environ = {
        "BULLETIN_SMTP_URL": "smtp://127.0.0.1:25",
        "BULLETIN_DATABASE_URL": "sqlite:///other.db",
        "BULLETIN_SECRET_KEY": "k",
    }
    workspace = make_workspace(environ=environ)

    assert (workspace.smtp_url, workspace.database_url) == ("smtp://127.0.0.1:25", "sqlite:///other.db")
    assert workspace.secrets.read_secret_key() == b"k"
    assert "smtp://" not in repr(workspace)


def test_without_an_smtp_server_one_is_told_where_to_write_it(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(BulletinError, match="BULLETIN_SMTP_URL"):
        _ = make_workspace().smtp_url


def test_several_smtp_servers_are_told_apart_by_spaces_or_commas(make_workspace: MakeWorkspace) -> None:
    first, second = "smtps://me:a,b%20c@a.example.org", "smtp+starttls://me@b.example.org:587"
    for between in (" ", ", ", ",", "\n"):
        workspace = make_workspace(environ={"BULLETIN_SMTP_URL": f"{first}{between}{second}\n"})
        assert workspace.smtp_urls == (first, second)
        assert workspace.smtp_url == first


def test_the_smtp_servers_of_the_environment_go_before_those_of_the_file(make_workspace: MakeWorkspace) -> None:
    settings = f"{SETTINGS}sending:\n  smtp:\n  - smtp://a.example.org\n  - smtp://b.example.org\n"

    assert make_workspace(settings=settings).smtp_urls == ("smtp://a.example.org", "smtp://b.example.org")
    environ = {"BULLETIN_SMTP_URL": "smtp://c.example.org"}
    assert make_workspace(settings=settings, environ=environ).smtp_urls == ("smtp://c.example.org",)


def test_the_client_secret_comes_from_the_environment_or_a_file(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n", encoding="utf-8")
    environ = {"BULLETIN_CLIENT_SECRET_FILE": str(file)}

    assert make_workspace(environ=environ).secrets.read_client_secret() == "from the file"
    assert make_workspace(environ={**environ, "BULLETIN_CLIENT_SECRET": " x "}).secrets.read_client_secret() == "x"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"", "is empty"), (b"\xff\xfe", "it is not text")],
)
def test_a_client_secret_that_cannot_be_read_is_told_in_words(
    make_workspace: MakeWorkspace, tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)

    with pytest.raises(BulletinError, match=words):
        make_workspace(environ={"BULLETIN_CLIENT_SECRET_FILE": str(tmp_path / "secret")}).secrets.read_client_secret()


def test_without_a_client_secret_one_is_told_where_to_put_it(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(BulletinError, match="BULLETIN_CLIENT_SECRET"):
        make_workspace().secrets.read_client_secret()


def test_the_secret_key_is_made_once_and_for_its_owner_alone(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    key = workspace.secrets.read_secret_key()

    assert len(key) >= 32
    assert workspace.secrets.read_secret_key() == key
    if sys.platform != "win32":
        assert stat.S_IMODE((workspace.state_folder / "secret.key").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_on_a_full_disk_no_secret_key_is_made_and_none_is_left_behind(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    with (
        full_disk(),
        pytest.raises(BulletinError, match=r"secret\.key, cannot be read or made: File too large\. Check"),
    ):
        workspace.secrets.read_secret_key()

    assert list(workspace.state_folder.iterdir()) == []
    assert workspace.secrets.read_secret_key()


def test_a_secret_key_that_cannot_be_read_or_is_empty_is_told_in_words(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    path = workspace.state_folder / "secret.key"
    path.mkdir(parents=True)
    with pytest.raises(BulletinError, match=r"cannot be read or made: Is a directory"):
        workspace.secrets.read_secret_key()
    path.rmdir()
    path.write_text("\n")
    with pytest.raises(BulletinError, match=r"secret\.key, is empty\. Put its last good copy back\."):
        workspace.secrets.read_secret_key()


def test_the_theme_is_the_workspaces_own_first_and_then_the_shipped_one(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    (shipped,) = workspace.theme_folders
    (workspace.root / "templates").mkdir()

    assert workspace.theme_folders == (workspace.root / "templates", shipped)
    assert (shipped / "email").is_dir()


@pytest.mark.parametrize("name", ["2021-06", "2021-06.yml"])
def test_an_issue_whose_file_ends_in_yml_is_to_be_renamed(make_workspace: MakeWorkspace, name: str) -> None:
    workspace = make_workspace()
    (workspace.root / "issues" / "2021-06.yml").write_text(ISSUE)

    with pytest.raises(NotFound, match=r"ends in \.yaml"):
        workspace.find_issue(name)
