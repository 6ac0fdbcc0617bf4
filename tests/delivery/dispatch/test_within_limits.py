"""The dispatch, a real pace and a real judge together, at a real SMTP server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, select, update

from anytown import begin_mailing
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.declaration.rates import parse_rate
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.limits.pace import MeasuredPace, load_domains
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.limits.provider_limits import Allowance
from bulletin.delivery.limits.stop_rule import RefusalRule
from bulletin.delivery.smtp.relay import parse_relay

pytestmark = pytest.mark.slow

PEOPLE = [f"name-{index:03}" for index in range(40)]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        yield catcher


def load_pace(engine: Engine, catcher: MailCatcher, *limits: str) -> MeasuredPace:
    allowance = Allowance(limits=tuple(map(parse_rate, limits)), connections=6, domain_limit=6)
    return MeasuredPace.load(engine, parse_relay(f"smtp://127.0.0.1:{catcher.port}"), allowance, now=now_ms())


def send(engine: Engine, mailing: Mailing, catcher: MailCatcher, pace: MeasuredPace) -> Counts:
    return send_mailing(
        engine,
        mailing,
        routes=[Route(relay=parse_relay(f"smtp://127.0.0.1:{catcher.port}"), pace=pace)],
        stop_rule=RefusalRule(stop_at=0.05, stop_after=20),
        options=SendOptions(secret=b"a secret of this test", run="run"),
        control=Control(clock=now_ms, stop=Event()),
        observer=Callbacks(),
    )


def claims(engine: Engine) -> list[int]:
    """When each message was let go."""
    query = (
        select(deliveries.c.claimed_at).where(deliveries.c.claimed_at.is_not(None)).order_by(deliveries.c.claimed_at)
    )
    with engine.begin() as connection:
        return list(connection.scalars(query))


def test_a_mailing_keeps_to_the_rate_and_goes_on_by_itself(engine: Engine, catcher: MailCatcher) -> None:
    mailing = begin_mailing(engine, *PEOPLE)

    counts = send(engine, mailing, catcher, load_pace(engine, catcher, "15/second"))

    assert counts == Counts(accepted=40)
    assert len(catcher.caught) == 40
    times = claims(engine)
    assert max(sum(begin <= at < begin + 1_000 for at in times) for begin in times) <= 15
    assert max(times) - min(times) >= 2_000


def test_a_mailing_ends_for_the_day_when_the_quota_is_used_and_a_new_run_knows_it(
    engine: Engine, catcher: MailCatcher
) -> None:
    mailing = begin_mailing(engine, *PEOPLE)

    for _ in range(2):
        assert send(engine, mailing, catcher, load_pace(engine, catcher, "25/day")) == Counts(accepted=25, queued=15)
    assert len(catcher.caught) == 25


def test_what_another_process_has_let_go_meanwhile_is_waited_for(engine: Engine, catcher: MailCatcher) -> None:
    mailing = begin_mailing(engine, *PEOPLE[:5])
    ours, theirs = (load_pace(engine, catcher, "10/second") for _ in range(2))
    with engine.begin() as connection:
        used_up_at = now_ms()
        theirs.record(connection, 10, now=used_up_at)
    assert ours.room(now=used_up_at) == 10  # what it knows by itself

    assert send(engine, mailing, catcher, ours) == Counts(accepted=5)
    assert claims(engine)[0] >= used_up_at + 1_000
    assert len(catcher.caught) == 5


def test_a_mailing_keeps_to_the_rate_of_a_domain_and_a_new_run_knows_what_has_left(
    engine: Engine, catcher: MailCatcher
) -> None:
    mailing = begin_mailing(engine, *PEOPLE[:25])
    rates = [parse_rate("10/second")]
    with engine.begin() as connection:  # as a run that was killed just now has left it
        before = deliveries.c.name.in_(PEOPLE[:8])
        connection.execute(update(deliveries).where(before).values(state="accepted", claimed_at=now_ms()))
    allowance = Allowance(connections=6, domain_limit=6)
    domains = load_domains(engine, rates, now=now_ms())
    pace = MeasuredPace(f"127.0.0.1:{catcher.port}", allowance, domains)

    assert send(engine, mailing, catcher, pace) == Counts(accepted=25)
    assert len(catcher.caught) == 17
    times = claims(engine)
    assert max(sum(begin <= at < begin + 1_000 for at in times) for begin in times) <= 10
