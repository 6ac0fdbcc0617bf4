from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.bounces.mailbox.folders import read_maildir, read_mbox
from bulletin.errors import MailboxUnreadable


def make_maildir(folder: Path, **messages: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, content in messages.items():
        place, _, own = name.partition("_")
        (folder / place / own).write_bytes(content)
    return folder


def describe(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_a_maildir_is_read_in_the_order_of_arrival_and_stays_as_it_was(tmp_path: Path) -> None:
    folder = make_maildir(tmp_path / "m", new_300=b"c", cur_100=b"a", new_200=b"b", tmp_050=b"unfinished")
    before = describe(folder)

    assert [letter.content for letter in read_maildir(folder)] == [b"a", b"b", b"c"]
    assert describe(folder) == before


def test_a_message_that_goes_away_while_others_are_read_is_left_out(tmp_path: Path) -> None:
    folder = make_maildir(tmp_path / "m", new_1=b"a", new_2=b"b", new_3=b"c")
    reading = read_maildir(folder)
    next(reading)
    (folder / "new" / "2").unlink()

    assert [letter.content for letter in reading] == [b"c"]


def test_of_a_very_long_message_only_the_start_is_read(tmp_path: Path) -> None:
    folder = make_maildir(tmp_path / "m", new_1=b"x" * (1 << 20), new_2=b"y" * ((1 << 20) + 1))

    assert [len(letter.content) for letter in read_maildir(folder)] == [1 << 20, 256 << 10]


def test_an_mbox_file_is_read_in_its_order_and_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "mbox"
    file.write_bytes(
        b"From a Mon Nov  2 09:11:12 2026\nSubject: 1\n\n>From the start\n\nFrom b Mon Nov  2 09:11:13 2026\nSubject: 2\n\nTwo\n"
    )
    file.chmod(0o444)
    before = (file.read_bytes(), file.stat().st_mtime_ns)

    found = [letter.content for letter in read_mbox(file)]

    assert [content.partition(b"\n")[0] for content in found] == [b"Subject: 1", b"Subject: 2"]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mbox"]


@pytest.mark.parametrize("make", ["nothing", "file", "folder"])
def test_what_is_no_maildir_is_told(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make == "file":
        path.write_text("")
    if make == "folder":
        path.mkdir()

    with pytest.raises(MailboxUnreadable, match="not a Maildir"):
        list(read_maildir(path))
    assert make == "file" or not path.is_file()


def test_what_is_no_mbox_file_is_told_and_none_is_made(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(MailboxUnreadable, match="not an mbox file"):
            list(read_mbox(path))
    assert list(tmp_path.iterdir()) == []


def test_any_file_can_be_read_as_an_mbox_file(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(bytes(range(256)) * 10)

    assert len(list(read_mbox(file))) <= 1
