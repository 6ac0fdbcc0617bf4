"""A signing key from the command to the wire: what is sent by each road is verified with what was published."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.message.signing_key import write_record
from bulletin.errors import BulletinError, NotFound
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from dkim_verifiers import dkimpy_takes, make_test_key, opendkim_takes
from mailed import run

MakeWorkspace = Callable[..., Workspace]
LISTS = {"partners": "email,name\nanna@example.org,Anna\nzoë@example.org,Zoë\n", "schools": "email\nben@example.org\n"}
SIGNED = "sending:\n  dkim: {domain: anytown.example.org, selector: bulletin}\n"


def test_a_key_is_for_its_owner_alone_and_is_never_replaced(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    first = " ".join(run(workspace, "dkim").split())
    key = workspace.state_folder / "dkim-bulletin.pem"
    pem = key.read_bytes()
    again = run(workspace, "dkim")

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes() == pem
    assert "A new key is in" in first
    assert "It was there already, and stays as it is." in again
    for said in (first, again):
        assert f"Value: {write_record(pem)}" in " ".join(said.split())
        assert "bulletin._domainkey.anytown.example.org" in said
        assert "dkim: {domain: anytown.example.org, selector: bulletin}" in said
    assert "PRIVATE KEY" not in first + again


def test_another_selector_is_another_key(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=SETTINGS + SIGNED)
    first = run(workspace, "dkim")
    second = run(workspace, "dkim", "--selector", "2027")

    assert "bulletin.yaml signs with this key already." in first
    assert "2027._domainkey.anytown.example.org" in second
    assert re.findall(r"p=\w{400,}|p=\S+", first) != re.findall(r"p=\w{400,}|p=\S+", second)


def test_the_block_that_it_prints_is_what_bulletin_yaml_takes(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    printed = re.search(r"^sending:\n  dkim: .+$", run(workspace, "dkim"), re.MULTILINE)
    assert printed
    path = workspace.root / "bulletin.yaml"
    path.write_text(f"{path.read_text()}{printed[0]}\n")

    dkim = open_workspace(workspace.root, environ={}).settings.sending.dkim
    assert dkim
    assert (dkim.domain, dkim.selector) == ("anytown.example.org", "bulletin")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--domain", "example.net"), "isn't the sender's domain"),
        (("--domain", "not a domain"), "--domain can't be used"),
        (("--selector", "../../key"), "--selector can't be used"),
        (("--domain", "example.org;", "--selector", ""), "--domain can't be used"),
    ],
)
def test_what_can_not_sign_is_told_before_a_key_is_made(
    make_workspace: MakeWorkspace, arguments: tuple[str, ...], words: str
) -> None:
    workspace = make_workspace()

    with pytest.raises(BulletinError, match=words):
        run(workspace, "dkim", *arguments)
    assert not list(workspace.root.glob(".bulletin/*.pem"))


def test_every_email_that_leaves_is_signed_and_verified_by_both(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "messages") as catcher:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
        workspace = make_workspace(settings=SETTINGS + SIGNED, lists=LISTS)
        run(workspace, "dkim")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BULLETIN_SMTP_URL", environ["BULLETIN_SMTP_URL"])
            run(workspace, "send", "2021-05", "--yes")
            run(workspace, "test", "2021-05", "--to", "jo@example.org")
    key = workspace.secrets.read_dkim_key("bulletin")
    letters = [caught.file.read_bytes() for caught in catcher.caught]

    assert len(letters) == 4
    for letter in letters:
        assert letter.count(b"DKIM-Signature: ") == 1
        assert dkimpy_takes(letter, key=key)
        assert not dkimpy_takes(letter.replace(b"closed", b"open"), key=key)
    assert opendkim_takes(letters[0], tmp_path, key=key)
    assert not opendkim_takes(letters[0].replace(b"closed", b"open"), tmp_path, key=key)


def test_without_its_key_nothing_is_sent_and_a_person_is_told_how_to_make_one(
    make_workspace: MakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(settings=SETTINGS + SIGNED, lists=LISTS)
    with MailCatcher(tmp_path / "messages") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        for command in (("send", "2021-05", "--yes"), ("test", "2021-05", "--to", "jo@example.org")):
            with pytest.raises(NotFound, match="There is no key to sign emails with") as told:
                run(workspace, *command)
            assert "bulletin dkim" in told.value.remedy
    assert not catcher.caught


def test_the_key_can_be_in_the_environment_or_in_a_file_elsewhere(
    make_workspace: MakeWorkspace, tmp_path: Path
) -> None:
    pem = make_test_key()
    file = tmp_path / "key.pem"
    file.write_bytes(pem)
    workspace = make_workspace()

    def read(**environ: str) -> bytes:
        return open_workspace(workspace.root, environ=environ).secrets.read_dkim_key("bulletin")

    assert read(BULLETIN_DKIM_KEY_FILE=str(file)) == pem
    assert read(BULLETIN_DKIM_KEY=pem.decode(), BULLETIN_DKIM_KEY_FILE="elsewhere") == pem.strip()
    assert read(BULLETIN_DKIM_KEY=pem.decode().replace("\n", "\\n")) == pem
    with pytest.raises(BulletinError, match=re.escape(str(tmp_path))):
        read(BULLETIN_DKIM_KEY_FILE=str(tmp_path))
