from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path

import pytest

from anytown import NOON
from bulletin.delivery.ledger.file_lock import hold_mailing
from bulletin.errors import MailingError, MailingHeld
from conftest import full_disk

HOLDER = """
import sys
from pathlib import Path
from bulletin.delivery.ledger.file_lock import hold_mailing

with hold_mailing(Path(sys.argv[1]), "2021-05", now=1_620_126_000_000):
    print("held", flush=True)
    sys.stdin.read()
"""


def start_holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds 2021-05 until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_mailing_that_another_process_sends_is_refused_and_its_holder_named(tmp_path: Path) -> None:
    with start_holder(tmp_path) as holder:
        with pytest.raises(MailingHeld) as caught, hold_mailing(tmp_path, "2021-05", now=NOON):
            pass
        assert f"(process {holder.pid}, since " in caught.value.message
        assert " on 4 May 2021)" in caught.value.message
        holder.communicate("")
    with hold_mailing(tmp_path, "2021-05", now=NOON):
        pass


def test_a_mailing_whose_holder_was_killed_can_be_held_at_once(tmp_path: Path) -> None:
    with start_holder(tmp_path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
        with hold_mailing(tmp_path, "2021-05", now=NOON):
            pass


def test_a_hold_ends_with_its_block_however_that_ends(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold_mailing(tmp_path, "2021-05", now=NOON):
        raise ZeroDivisionError
    with (
        hold_mailing(tmp_path, "2021-05", now=NOON),
        pytest.raises(MailingHeld),
        hold_mailing(tmp_path, "2021-05", now=1),
    ):
        pass


def test_issues_are_held_one_by_one_also_those_of_another_bulletin(tmp_path: Path) -> None:
    with ExitStack() as holds:
        for issue in ("2021-05", "2021-06", "training/2021-05", "training-2021-05"):
            holds.enter_context(hold_mailing(tmp_path / "new" / "folder", issue, now=NOON))


def test_a_holder_that_left_no_readable_note_is_another_process(tmp_path: Path) -> None:
    with hold_mailing(tmp_path, "2021-05", now=NOON):
        (tmp_path / "2021-05.json").write_text("{")
        with pytest.raises(MailingHeld, match=r"already, by another process\. Wait .* \(bulletin pause "):
            hold_mailing(tmp_path, "2021-05", now=NOON).__enter__()


def test_whoever_comes_before_the_holder_has_left_a_note_is_told_who_it_is_all_the_same(tmp_path: Path) -> None:
    note = tmp_path / "2021-05.json"
    with hold_mailing(tmp_path, "2021-05", now=NOON):
        words = note.read_text(encoding="utf-8")
        note.unlink()
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(hold_mailing(tmp_path, "2021-05", now=NOON).__enter__)
            assert not wait([second], timeout=0.05).done
            note.write_text(words, encoding="utf-8")
            with pytest.raises(MailingHeld, match=rf"\(process {os.getpid()}, since "):
                second.result()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_mailing_is_held_also_where_no_note_can_be_written(tmp_path: Path) -> None:
    with full_disk(), hold_mailing(tmp_path, "2021-05", now=NOON), pytest.raises(MailingHeld):
        hold_mailing(tmp_path, "2021-05", now=NOON).__enter__()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(MailingError, match=r"file/2021-05\.lock: Not a directory") as caught,
        hold_mailing(tmp_path / "file", "2021-05", now=NOON),
    ):
        pass
    assert not isinstance(caught.value, MailingHeld)
