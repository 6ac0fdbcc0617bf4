"""How far the ledger is, written beside it: it never goes back, whoever writes, and whatever is in the file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.database.mark import MARK_FILE, MOST_MAILINGS, MailingMark, Mark, MarkFile
from bulletin.errors import DatabaseError
from conftest import full_disk


def make_mark(commits: int, *, gone: int = 0, key: str = "a", ledger: str = "ours") -> Mark:
    mailing = MailingMark(key=key, issue="2021-05", lists=("partners",), began_at=1, gone=gone, accepted=gone)
    return Mark(ledger=ledger, commits=commits, at=commits, mailings=(mailing,))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[MarkFile, MarkFile]]:
    """Of two processes."""
    both = MarkFile(tmp_path), MarkFile(tmp_path)
    yield both
    for file in both:
        file.close()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 99), st.integers(0, 99), st.sampled_from("abc")), min_size=1))
def test_the_mark_is_the_furthest_that_was_written_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[bool, int, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("state")
    first, second = MarkFile(folder), MarkFile(folder)
    for by_first, commits, gone, key in writes:
        (first if by_first else second).raise_to(make_mark(commits, gone=gone, key=key))

    found = first.read()
    assert found
    assert found.commits == max(commits for _, commits, _, _ in writes)
    for one in found.mailings:
        assert one.gone == max(gone for _, _, gone, key in writes if key == one.key)
    assert len(found.mailings) == len({key for _, _, _, key in writes})
    first.close()
    second.close()


def test_many_who_write_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        file = MarkFile(tmp_path)
        for commits in range(number, 400, 4):
            file.raise_to(make_mark(commits, gone=commits, key=str(number)))
        file.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = MarkFile(tmp_path).read()
    assert found
    assert found.commits == 399
    assert sorted(one.gone for one in found.mailings) == [396, 397, 398, 399]


@pytest.mark.parametrize("text", ["", "\n", "{", "[]", "7", '{"ledger": 7}', '{"mailings": [{}]}', "\0" * 512, "é" * 9])
def test_what_is_no_mark_is_taken_for_none_and_replaced(files: tuple[MarkFile, MarkFile], text: str) -> None:
    file, _ = files
    file.raise_to(make_mark(7))
    file.path.write_text(text, encoding="utf-8")

    assert file.read() is None
    file.raise_to(make_mark(3))
    assert file.read() == make_mark(3)


def test_a_mark_that_is_deleted_while_it_is_in_use_is_written_anew(files: tuple[MarkFile, MarkFile]) -> None:
    file, _ = files
    file.raise_to(make_mark(7))
    file.path.unlink()
    file.raise_to(make_mark(8))

    assert file.read() == make_mark(8)


def test_the_mark_of_another_ledger_is_no_mark_of_this_one(files: tuple[MarkFile, MarkFile]) -> None:
    first, second = files
    first.raise_to(make_mark(900, ledger="theirs"))
    second.raise_to(make_mark(3))

    assert first.read() == make_mark(3)


def test_of_many_mailings_the_latest_are_kept(files: tuple[MarkFile, MarkFile]) -> None:
    file, _ = files
    for number in range(MOST_MAILINGS + 5):
        mailing = MailingMark(key=str(number), issue="2021-05", lists=(), began_at=number)
        file.raise_to(Mark(ledger="ours", commits=number, at=number, mailings=(mailing,)))

    found = file.read()
    assert found
    assert [one.began_at for one in found.mailings] == list(range(5, MOST_MAILINGS + 5))


def test_a_mark_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(DatabaseError, match=r"ledger\.mark cannot be written: .*how far the ledger is"):
        MarkFile(tmp_path).raise_to(make_mark(1))
    (tmp_path / MARK_FILE).unlink(missing_ok=True)
    (tmp_path / MARK_FILE).mkdir()
    with pytest.raises(DatabaseError, match="Is a directory"):
        MarkFile(tmp_path).raise_to(make_mark(1))
