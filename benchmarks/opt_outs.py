"""What it costs to ask of each person whether they are suppressed, and whether they have paused. Run by `make bench`.

A mailing to so many people, with a journal that has a stop for every tenth of them and as many of strangers. The
figures are the CPU that the question adds to reading the same rows, the least of several rounds: for a claimed
delivery, and for the start of a mailing to a million people. What the disk costs is in the other tables. Pauses are
asked for where no one has any wish, and where every tenth person has two.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, subscribers, suppression_events, wishes
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.withholding import has_paused, is_withheld_from
from bulletin.subscribers.scope import FIRST_BULLETIN
from bulletin.subscribers.suppression import is_withheld
from bulletin.subscribers.wishes import is_paused
from figures import Section, Target, write_table
from preparation import ISSUE, prepare
from senders import LIST

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

ROUNDS = 7
MILLION = 1_000_000
TODAY = date(2026, 11, 30)
KINDS = ((1, "another-list"), (2, "training"), (3, ""))


def fill_journal(engine: Engine, number: int) -> None:
    """A stop for every tenth of the people, of a third of whom it withholds this mailing; and as many of strangers."""
    chance = random.Random(1)  # noqa: S311 -- the same people each time
    with engine.begin() as connection:
        hashes = list(connection.scalars(select(subscribers.c.hash)))
        stopped = [*chance.sample(hashes, number // 10), *(chance.randbytes(16) for _ in range(number // 10))]
        chance.shuffle(stopped)
        common = {"event": "stop", "reason": "opted out", "at": 1, "origin": "page"}
        rows = [
            {"hash": one, "scope": scope, "target": target, **common}
            for one in stopped
            for scope, target in (chance.choice(KINDS),)
        ]
        connection.execute(insert(suppression_events), rows)


def fill_wishes(engine: Engine, number: int) -> None:
    """Plain text and a pause for every tenth of the people."""
    chance = random.Random(1)  # noqa: S311 -- the same people each time
    chosen = (("format", "text"), ("pause", "2999-01-01"))
    with engine.begin() as connection:
        ids = chance.sample(list(connection.scalars(select(subscribers.c.id))), number // 10)
        common = {"since": 1, "origin": "page"}
        rows = [{"subscriber_id": one, "kind": kind, "value": value, **common} for one in ids for kind, value in chosen]
        connection.execute(insert(wishes), rows)


def measure_pause(engine: Engine, number: int) -> tuple[float, float]:
    """Seconds of CPU for a claimed delivery, and for a person at the start."""
    with engine.connect() as connection:
        claim = measure_question(connection, deliveries, ~has_paused(TODAY)) / number
        start = measure_question(connection, subscribers, ~is_paused(subscribers.c.id, TODAY)) / number
    return claim, start


def measure_question(connection: Connection, table: Any, question: Any) -> float:
    """Seconds of CPU that the question adds to counting the rows of a table: the least of some rounds."""
    counting = select(func.count()).select_from(table)
    plain, asking = (
        min(_time(connection, query) for _ in range(ROUNDS)) for query in (counting, counting.where(question))
    )
    return asking - plain


def _time(connection: Connection, query: Any) -> float:
    begun = time.process_time()
    connection.execute(query).scalar_one()
    return time.process_time() - begun


def measure(number: int, folder: Path) -> Section:
    """All of it, for a mailing to `number` people."""
    engine = open_database(f"sqlite:///{prepare(folder).plan(number)}")
    fill_journal(engine, number)
    with engine.connect() as connection:
        (mailing,) = find_mailings(connection, ISSUE)
        claim = measure_question(connection, deliveries, ~is_withheld_from(mailing)) / number
        person = is_withheld(subscribers.c.hash, subscribers.c.id, [LIST], FIRST_BULLETIN)
        start = measure_question(connection, subscribers, ~person) / number
    without = measure_pause(engine, number)
    fill_wishes(engine, number)
    paused = measure_pause(engine, number)
    engine.dispose()
    rows = [("a claimed delivery", f"{claim * MILLION:.2f} µs"), ("the start, a person", f"{start * MILLION:.2f} µs")]
    targets = (
        Target(about="asking before a claim", bound=2, measured=claim * MILLION, unit=" µs", at_most=True),
        Target(
            about="asking at the start, a million people", bound=1, measured=start * MILLION, unit=" s", at_most=True
        ),
        Target(about="asking for a pause", bound=2, measured=without[0] * MILLION, unit=" µs", at_most=True),
    )
    tables = (
        write_table(("is this person suppressed?", "CPU"), rows),
        write_table(
            ("has this person paused?", "no one has", "one in ten has"),
            [
                (what, *(f"{seconds * MILLION:.2f} µs" for seconds in pair))
                for what, pair in zip(
                    ("a claimed delivery", "the start, a person"), zip(without, paused, strict=True), strict=True
                )
            ],
        ),
    )
    return Section(
        name="opt-outs", title="Asking who is suppressed, and who has paused", tables=tables, targets=targets
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--people", type=int, default=200_000, metavar="N", help="how many get the mailing (%(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        section = measure(options.people, Path(folder))
    print(f"### {section.title}\n\n{section}")


if __name__ == "__main__":
    main()
