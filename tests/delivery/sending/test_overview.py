"""What is read of an issue's mailings for whoever asks how they stand, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Thread

import pytest
from sqlalchemy import Engine

from anytown import NOON, make_edition, opt_out
from bulletin.database.reading import Source
from bulletin.database.schema import open_database
from bulletin.database.shortfall import read_mark
from bulletin.delivery.ledger.control import cancel_mailings
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import Recipients, count_people, start_mailing
from bulletin.delivery.sending import overview
from bulletin.delivery.sending.overview import Remaining, find_next_step, read_overview
from bulletin.workspace.workspace import Workspace
from mailed import ACCEPTED, LATER, QUEUED, UNCERTAIN, UNKNOWN, mail

MakeWorkspace = Callable[..., Workspace]

MINUTE = 60_000


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_whom_a_person_may_let_it_go_to_after_all_are_counted_and_nobody_who_opted_out(engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", UNKNOWN)])
    opt_out(engine, "cleo")
    assert read_overview(engine, "2021-05").remaining == Remaining(refused=1, left_out=0)


def test_of_a_cancelled_mailing_nobody_is_sent_it_again_but_those_whom_it_did_not_get_to(engine: Engine) -> None:
    mail(engine, [("anna", UNKNOWN), ("ben", QUEUED), ("cleo", LATER), ("dora", QUEUED)])
    cancel_mailings(engine, "2021-05", now=NOON, note="")
    opt_out(engine, "dora")
    assert read_overview(engine, "2021-05").remaining == Remaining(refused=0, left_out=2, refused_before=1)

    start_mailing(engine, make_edition(), lists=["list-2021-05"], key="again", now=NOON, recipients=Recipients.LEFT_OUT)
    assert read_overview(engine, "2021-05").remaining == Remaining(refused=0, left_out=0, refused_before=1)


def test_of_those_who_were_sent_it_before_the_refused_and_the_uncertain_are_told_apart(engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", UNCERTAIN), ("dora", QUEUED)])
    with engine.connect() as connection:
        plan = count_people(connection, "2021-05", ["list-2021-05"])
    assert (plan.already, plan.refused, plan.uncertain, plan.recipients) == (4, 1, 1, 0)


def test_an_overview_agrees_with_itself_though_a_mailing_is_cancelled_while_it_is_read(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", QUEUED)])
    writers: list[Thread] = []

    def cancel() -> None:
        other = open_database(database_url)
        cancel_mailings(other, "2021-05", now=NOON, note="")
        other.dispose()

    def count_then_let_another_write(source: Source, mailings: Iterable[Mailing]) -> Counts:
        counts = count_states(source, mailings)
        if not writers:
            writers.append(Thread(target=cancel))
            writers[0].start()
            writers[0].join(2)  # a server lets it commit at once; a file makes it wait until the reading is done
        return counts

    monkeypatch.setattr(overview, "count_states", count_then_let_another_write)
    seen = read_overview(engine, "2021-05")
    writers[0].join()

    (mailing,) = seen.mailings
    assert (mailing.counts.queued, seen.counts.queued, seen.open_counts.queued) == (1, 1, 1)
    assert not mailing.is_cancelled
    assert seen.remaining == Remaining(refused=0, left_out=0)
    after = read_overview(engine, "2021-05")
    assert after.mailings[0].is_cancelled
    assert after.remaining == Remaining(refused=0, left_out=1)


def test_reading_an_overview_counts_as_no_commit(engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED)])
    with engine.connect() as connection:
        before = read_mark(connection).commits
    read_overview(engine, "2021-05")
    with engine.connect() as connection:
        assert read_mark(connection).commits == before


@pytest.mark.parametrize(
    ("fates", "ahead", "at_once"),
    [
        ([QUEUED, LATER | {"due_at": NOON + 30 * MINUTE}], 0, True),
        ([LATER | {"due_at": NOON + 30 * MINUTE}, LATER | {"due_at": NOON + 20 * MINUTE}], 20 * MINUTE, False),
        ([LATER | {"due_at": NOON + 10 * MINUTE}], 10 * MINUTE, True),
        ([LATER | {"due_at": NOON - MINUTE}], 0, True),
    ],
)
def test_a_mailing_goes_on_with_the_first_whose_turn_comes(
    engine: Engine, make_workspace: MakeWorkspace, fates: list[dict[str, object]], ahead: int, *, at_once: bool
) -> None:
    mail(engine, [(f"reader-{number}", fate) for number, fate in enumerate(fates)])
    step = find_next_step(make_workspace(), engine, read_overview(engine, "2021-05"), now=NOON)

    assert (step.at - NOON, step.at_once, step.shortage) == (ahead, at_once, None)
