"""Files are written whole or not at all, and several are all written or none is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from bulletin import disk
from bulletin.disk import File, make_private_file, make_private_folder, write_all, write_state, write_whole
from bulletin.errors import Interrupted, Unwritten
from bulletin.rights import OWNER_ALONE, find_rights
from conftest import full_disk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the rights and limits of POSIX")


Tree = dict[str, tuple[int, bytes | None]]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def tree(folder: Path) -> Tree:
    """All there is below a folder: rights and content."""
    return {
        str(path.relative_to(folder)): (mode(path), path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")
    }


def fail_at(number: int, error: BaseException, real: Callable[..., object]) -> Callable[..., object]:
    """What fails when it is called for the `number`th time, and works as it does otherwise before and after that."""
    calls = 0

    def called(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number:
            raise error
        return real(*arguments, **options)

    return called


@pytest.fixture
def old(tmp_path: Path) -> Tree:
    """Two files that are there, one of them with rights of its own; a third one is missing."""
    (tmp_path / "a").write_text("old a")
    (tmp_path / "b").write_text("old b")
    (tmp_path / "b").chmod(0o640)
    return tree(tmp_path)


def three(folder: Path) -> list[File]:
    return [File(path=folder / name, content=b"new") for name in ("a", "b", "below/of/c")]


@pytest.mark.usefixtures("old")
def test_all_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_all(three(tmp_path))

    assert {name: content for name, (_, content) in tree(tmp_path).items() if content} == dict.fromkeys(
        ("a", "b", "below/of/c"), b"new"
    )
    assert mode(tmp_path / "b") == 0o640


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("failing", list(product(("fsync", "replace"), (1, 2, 3))))
def test_whichever_of_three_fails_all_is_as_it_was(
    tmp_path: Path, old: Tree, monkeypatch: pytest.MonkeyPatch, failing: tuple[str, int], error: BaseException
) -> None:
    step, number = failing
    owner: object = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, fail_at(number, error, getattr(owner, step)))

    with pytest.raises((Unwritten, Interrupted)) as caught:
        write_all(three(tmp_path))

    assert tree(tmp_path) == old
    assert "None of 3 files was written." in str(caught.value)
    if isinstance(error, OSError):
        name = ("a", "b", "below/of/c")[number - 1]
        assert str(caught.value).startswith(f"{tmp_path / name} cannot be written: No space left on device.")


def test_on_a_disk_without_hard_links_all_is_as_it_was_too(
    tmp_path: Path, old: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", fail_at(1, OSError(95, "Operation not supported"), os.link))
    monkeypatch.setattr(Path, "replace", fail_at(2, OSError(5, "Input/output error"), Path.replace))

    with pytest.raises(Unwritten, match="Input/output error"):
        write_all(three(tmp_path))
    assert tree(tmp_path) == old


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "2026-12.yaml"
    path.write_text("mine")
    with pytest.raises(Unwritten, match=r"2026-12\.yaml is there already\. Nothing was written\."):
        write_whole(path, b"new", new=True)

    monkeypatch.setattr(disk, "_find", lambda _path: None)  # it comes in this very moment
    with pytest.raises(Unwritten, match="is there already"):
        write_whole(path, b"new", new=True)
    assert tree(tmp_path) == {"2026-12.yaml": (mode(path), b"mine")}


def test_a_folder_that_somebody_else_uses_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(_self: Path, _target: Path) -> None:
        (tmp_path / "out" / "theirs").touch()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(Unwritten):
        write_whole(tmp_path / "out" / "page.html", b"new")
    assert [*tree(tmp_path)] == ["out", "out/theirs"]


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    for name, words in (("pipe", "not a file"), ("folder", "a directory"), ("loop", "symbolic links")):
        with pytest.raises(Unwritten, match=words):
            write_all([File(path=tmp_path / "a", content=b"new"), File(path=tmp_path / name, content=b"new")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "loop", "pipe"]


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_name_as_long_as_the_disk_takes_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), b"new")

    assert (tmp_path / ("n" * 255)).read_bytes() == b"new"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_rights_are_given_whatever_the_umask_and_those_of_a_file_that_is_there_stay(tmp_path: Path, umask: int) -> None:
    (tmp_path / "shared").touch()
    (tmp_path / "shared").chmod(0o664)
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "out" / "private", b"new", rights=OWNER_ALONE)
        write_whole(tmp_path / "plain" / "usual", b"new")
        write_whole(tmp_path / "shared", b"new", rights=OWNER_ALONE)
        make_private_file(tmp_path / "empty")
    finally:
        os.umask(before)

    assert (mode(tmp_path / "out"), mode(tmp_path / "out" / "private")) == (0o700, 0o600)
    assert (mode(tmp_path / "plain"), mode(tmp_path / "plain" / "usual")) == (0o777 & ~umask, 0o666 & ~umask)
    assert mode(tmp_path / "shared") == 0o664
    assert mode(tmp_path / "empty") == 0o600


@pytest.mark.parametrize(
    ("folder", "file", "below"),
    [(0o700, 0o600, 0o700), (0o755, 0o600, 0o700), (0o2775, 0o660, 0o2770), (0o1777, 0o600, 0o700)],
)
def test_state_is_for_those_who_may_write_in_its_folder_but_never_for_everybody(
    tmp_path: Path, folder: int, file: int, below: int
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(folder)
    write_state(state, "planned/of", b"new")

    assert mode(state) == folder
    assert (mode(state / "planned"), mode(state / "planned" / "of")) == (below, file)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_in_your_state_is_yours(tmp_path: Path) -> None:
    state = tmp_path / "state"
    make_private_folder(state)
    os.chown(state, 12345, 12345)
    write_state(state, "setbacks/of", b"new")
    make_private_file(state / "lock", find_rights(state))

    assert {path.stat().st_uid for path in state.rglob("*")} == {12345}


def test_on_a_full_disk_words_say_so_and_nothing_is_left(tmp_path: Path, old: Tree) -> None:
    with full_disk(), pytest.raises(Unwritten, match=r"a cannot be written: File too large\. Nothing was written\."):
        write_whole(tmp_path / "a", b"new")
    with full_disk(), pytest.raises(Unwritten, match="File too large"):
        write_state(tmp_path / "state", "setbacks/of", b"new")
    assert tree(tmp_path) == {**old, "state": (0o700, None)}
