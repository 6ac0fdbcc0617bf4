"""`bulletin subscribers requests`: what an officer sees of those who ask to join, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from command_call import call
from conftest import on_sqlite
from joining_site import JO, JoiningSite, joining_site

pytestmark = on_sqlite


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[JoiningSite]:
    with joining_site(tmp_path, database_url) as site:
        yield site


def run(site: JoiningSite, *arguments: str, code: int = 0) -> str:
    done = call("subscribers", "requests", *arguments, folder=site.workspace.root, environ=site.workspace.environ)
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


@pytest.fixture
def waiting(site: JoiningSite) -> JoiningSite:
    site.subscribe(JO, "schools", name="Jo Bloggs")
    site.send()
    site.confirm(site.find_link())
    site.join("sam@office.example.net", "schools")
    return site


def test_without_requests_it_says_so(site: JoiningSite) -> None:
    assert run(site) == "No one is waiting to join a list."


def test_who_waits_is_listed_with_what_was_promised(waiting: JoiningSite) -> None:
    said = run(waiting)
    assert f"1 {JO}, Jo Bloggs asks for Schools & colleges etc., since 4 May 2021" in said
    assert "We said we’d answer by Tuesday 11 May 2021." in said
    assert "--approve 1" in said


@pytest.mark.parametrize("who", ["1", JO, JO.upper()])
def test_a_request_is_approved_by_number_or_address(waiting: JoiningSite, who: str) -> None:
    assert f"{JO} is on the list now." in run(waiting, "--approve", who)
    assert waiting.states() == ["joined", "waiting"]
    assert "No request" in run(waiting, "--approve", who, code=1)


def test_several_are_answered_at_once(waiting: JoiningSite) -> None:
    said = run(waiting, "--approve", "1", "--refuse", "2", "--reason", "For  schools only ")
    assert "sam@office.example.net is refused, and their details are deleted." in said
    assert waiting.states() == ["joined", "refused"]
    assert [row.reason for row in waiting.rows("sign_ups")] == ["", "For schools only"]


FAULTY = [
    (("--approve", "99"), 1, "No request of “99” is waiting"),
    (("--approve", "nobody@example.net"), 1, "No request of"),
    (("--approve", "jo"), 1, "jo"),
    (("--reason", "So"), 2, "belongs to --refuse"),
    (("--approve", "1", "--refuse", JO), 2, "approved and refused"),
    (("--refuse", "1", "--reason", "ask x@example.org"), 1, "has an @ in it"),
    (("--approve", "1", "--approve", "99"), 1, "No request of “99” is waiting"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), FAULTY)
def test_what_can_not_be_done_changes_nothing(
    waiting: JoiningSite, arguments: tuple[str, ...], code: int, words: str
) -> None:
    before = waiting.dump()
    assert words in run(waiting, *arguments, code=code)
    assert waiting.dump() == before


def test_someone_who_asked_twice_is_answered_by_number(waiting: JoiningSite) -> None:
    waiting.now += 2 * 24 * 3_600_000
    waiting.join(JO, "schools")
    assert "Give a number: 1, 3" in run(waiting, "--approve", JO, code=1)
