"""Several at once: each limit holds, and what is confirmed is confirmed once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bulletin.subscribers.joining.limits import AskingLimit, take_turn
from joining_site import JoiningSite, joining_site

MANY = 12


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[JoiningSite]:
    with joining_site(tmp_path, database_url) as site:
        yield site


def together(act: Callable[[int], Any], number: int = MANY) -> list[Any]:
    """The results of as many calls, which begin at the same time."""
    gate = threading.Barrier(number)

    def wait_and_act(which: int) -> Any:
        gate.wait(20)
        return act(which)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(wait_and_act, range(number)))


def test_of_many_requests_of_one_network_ten_are_kept(site: JoiningSite) -> None:
    answers = together(lambda number: site.subscribe(f"p{number}@example.net").status_code)
    assert sorted(answers) == [303] * 10 + [429] * 2
    assert len(site.rows("sign_ups")) == 10


def test_many_clicks_on_confirm_are_one_membership_one_piece_of_evidence_and_one_welcome(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    link = site.find_link()
    assert together(lambda _: site.confirm(link).status_code) == [303] * MANY
    site.send()
    assert len(site.rows("consents")) == len(site.rows("memberships")) == 1
    assert len(site.mail()) == 2


def test_many_senders_at_once_send_each_email_once(site: JoiningSite) -> None:
    for number in range(5):
        site.subscribe(f"p{number}@example.net")
    together(lambda _: site.send(), 4)
    site.send()
    assert sorted(str(one.rcpt_tos) for one in site.relay.inbox.envelopes) == [
        f"['p{number}@example.net']" for number in range(5)
    ]


@pytest.mark.parametrize(("most", "within"), [(1, 1000), (3, 1000), (2, 10)])
def test_a_limit_holds_in_any_stretch_of_time(site: JoiningSite, most: int, within: int) -> None:
    limit = AskingLimit(name="test", most=most, within=within)
    times = [0, 0, 1, within - 1, within, within + 1, 2 * within, 2 * within + 1, 5 * within]
    taken = []
    for number, at in enumerate(times):
        with site.engine.begin() as connection:
            if take_turn(connection, limit, "one", now=site.now + at):
                taken.append(at)
            assert take_turn(connection, limit, f"another {number}", now=site.now + at)
    for end in times:
        assert len([at for at in taken if end - within < at <= end]) <= most
    assert taken[-1] == 5 * within
