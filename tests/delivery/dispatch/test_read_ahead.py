"""Who comes next, whatever comes back and in whichever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from anytown import NOON, begin_mailing
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.delivery.dispatch.read_ahead import ReadAhead
from bulletin.delivery.ledger.ledger import Candidate, Ledger

NAMES = [f"nhs-{number}" for number in range(9)] + [f"council-{number}" for number in range(3)]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A mailing of which nothing is ever claimed: windows only read it."""
    folder: Path = tmp_path_factory.mktemp("window")
    engine = open_database(f"sqlite:///{folder / 'ledger.db'}")
    mailing = begin_mailing(engine, *NAMES)
    with engine.begin() as connection:
        for domain in ("nhs", "council"):
            of_domain = deliveries.c.name.startswith(f"{domain}-")
            connection.execute(update(deliveries).where(of_domain).values(address=f"somebody@{domain}.example.org"))
    with Ledger(engine, mailing, run="run", retries=()) as ledger:
        yield ledger
    engine.dispose()


class Sender:
    """Takes from a window as connections do, and knows by itself how many places each domain has in use."""

    def __init__(self, window: ReadAhead, limit: int) -> None:
        self.window = window
        self.limit = limit
        self.under_way: dict[int, Candidate] = {}
        self.behind: dict[int, int] = {}  # who was the first to follow whom to the same domain
        self.ended: list[str] = []

    @property
    def waiting(self) -> set[str]:
        return set(NAMES) - set(self.ended) - {candidate.name for candidate in self.under_way.values()}

    def places(self) -> Counter[str]:
        """How many can be at the server at the same time: who follows another to the same domain is not yet one."""
        return Counter(
            candidate.domain for candidate in self.under_way.values() if candidate.id not in self.behind.values()
        )

    def take(self, behind: Candidate | None = None) -> None:
        candidate = self.window.take(limit=self.limit, now=NOON, behind=behind)
        if candidate:
            assert candidate.name in self.waiting
            self.under_way[candidate.id] = candidate
            if behind and behind.domain == candidate.domain:
                self.behind.setdefault(behind.id, candidate.id)
        elif behind is None:  # it says that there is nobody
            full = {domain for domain, number in self.places().items() if number >= self.limit}
            assert {f"{name.partition('-')[0]}.example.org" for name in self.waiting} <= full

    def leave(self, candidate: Candidate) -> None:
        del self.under_way[candidate.id]
        self.behind = {ahead: behind for ahead, behind in self.behind.items() if candidate.id not in (ahead, behind)}

    def end(self, candidate: Candidate) -> None:
        self.leave(candidate)
        self.ended.append(candidate.name)
        self.window.end(candidate)

    def put_back(self, candidate: Candidate, *, first: bool) -> None:
        self.leave(candidate)
        self.window.put_back(candidate, first=first)


@given(data=st.data(), limit=st.integers(1, 4))
def test_a_domain_is_never_over_its_limit_nobody_waits_for_nothing_and_each_comes_once(
    ledger: Ledger, data: st.DataObject, limit: int
) -> None:
    sender = Sender(ReadAhead(ledger), limit)
    for _ in range(data.draw(st.integers(0, 60))):
        under_way = list(sender.under_way.values())
        leaving = [one for one in under_way if one.id not in sender.behind.values()]
        deed = data.draw(st.sampled_from(["take", "follow", "end", "put back"]))
        if deed == "take" or not under_way:
            sender.take()
        elif deed == "follow":  # more than once where a letter could not be written
            sender.take(behind=data.draw(st.sampled_from(leaving)))
        elif deed == "end":
            sender.end(data.draw(st.sampled_from(under_way)))
        else:
            sender.put_back(data.draw(st.sampled_from(under_way)), first=data.draw(st.booleans()))
        assert max(sender.places().values(), default=0) <= limit

    while sender.waiting or sender.under_way:
        sender.take()
        sender.end(next(iter(sender.under_way.values())))
    assert sorted(sender.ended) == sorted(NAMES)
    assert not sender.window._known  # nor does it remember anyone that it has finished with
