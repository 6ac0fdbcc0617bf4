"""Whether workers claim more slowly as the ledger grows. Run by `make bench`; see docs/performance.md.

Two databases on one PostgreSQL server: one with a mailing to ten thousand people and nothing else, and one that has so
many deliveries of earlier mailings too. A shift of a worker claims and records a mailing in each, in turn. The
databases lie in TMPDIR: `TMPDIR=/dev/shm` leaves out the disk. Needs Debian's package postgresql.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.fence import begin_shift
from bulletin.delivery.ledger.ledger import Result
from bulletin.delivery.ledger.mailing import Mailing, make_mailing_key
from bulletin.delivery.ledger.shared_ledger import DEALT, SharedLedger
from bulletin.delivery.ledger.shared_mailings import share_mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.smtp.outcome import ACCEPTED, Outcome
from bulletin.delivery.workers.roster import register_worker
from bulletin.edition.edition import Edition
from figures import Section, Target, write_table
from preparation import prepare
from report import check_places, write_section
from senders import LIST
from workers import fill, now_ms, run_postgresql

FEW, MANY = 10_000, 10_000_000
EARLIER = 1_000_000  # from which id on mailings are earlier ones
AT_ONCE = 16  # claimed in a commit, as with so many connections
ROUNDS = 5
RATIO = 0.9

_MAILINGS = """
INSERT INTO mailings (id, key, issue, lists, began_at)
SELECT {earlier} + g, 'earlier' || g, '2001-01', lists, 0 FROM mailings, generate_series(1, {number}) AS g
WHERE id = {id}
"""
_EDITIONS = """
INSERT INTO mailing_editions (mailing_id, n, digest, signature, items, readers)
SELECT {earlier} + g, e.n, digest, signature, items, readers FROM mailing_editions e, generate_series(1, {number}) AS g
WHERE mailing_id = {id}
"""
_DELIVERIES = """
INSERT INTO deliveries (mailing_id, subscriber_id, hash, address, name, edition, state, attempts, claimed_at, ended_at,
    reply)
SELECT {earlier} + g, d.subscriber_id, d.hash, d.address, d.name, edition, 'accepted', 1, 1, 2, '250 2.0.0 Ok: queued'
FROM deliveries d, generate_series(1, {number}) AS g WHERE mailing_id = {id}
"""


def begin(engine: Engine, edition: Edition, issue: str) -> Mailing:
    """Begin a mailing of an issue of that name to everyone, for the workers."""
    return start_mailing(
        engine, replace(edition, issue=issue), lists=[LIST], key=make_mailing_key(), now=now_ms(), within=share_mailing
    )


def grow(engine: Engine, mailing: Mailing, rows: int) -> None:
    """Add so many deliveries, of earlier mailings to the same people; then do what a server does by itself later."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # copies need no look at each key
        for statement in (_MAILINGS, _EDITIONS, _DELIVERIES):
            connection.exec_driver_sql(statement.format(earlier=EARLIER, number=rows // FEW, id=mailing.id))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def claim(engine: Engine, mailing: Mailing, worker: int) -> Iterator[float]:
    """Claim everyone in a mailing and record each as accepted, as a shift does; seconds for each deal of readers."""
    shift = begin_shift(engine, worker=worker, mailing=mailing.id, session=0)
    number, results, left = 0, list[Result](), True
    with SharedLedger(engine, mailing, shift=shift, retries=()) as ledger:
        while left:
            begun = time.perf_counter()
            waiting, more = ledger.read_fresh(after=0, upto=0, most=DEALT, now=now_ms())
            left = more is not None
            for start in range(0, len(waiting), AT_ONCE):
                some = waiting[start : start + AT_ONCE]
                claimed = ledger.commit(results, some, now=now_ms())
                results = [Result(one, Outcome(ACCEPTED, "250 2.0.0 Ok: queued")) for one in some if one.id in claimed]
                number += len(claimed)
            if left:
                yield time.perf_counter() - begun
        ledger.settle(results, now=now_ms(), within=0, ran_dry=True)
    if number != FEW:
        raise SystemExit(f"Of {FEW:,} deliveries, {number:,} could be claimed.")


def compare(edition: Edition, *, rows: int) -> Iterator[tuple[float, float]]:
    """Seconds for each deal in a small and in a large ledger, in turn: so both suffer alike from other programs."""
    with run_postgresql() as (url, _), ExitStack() as stack:
        engines = [open_database(one) for one in make_databases(url)]
        workers = []
        for engine in engines:
            stack.callback(engine.dispose)
            fill(engine, FEW)
            workers.append(register_worker(engine))
        grow(engines[1], begin(engines[1], edition, "2021-01"), rows)
        for round_ in range(ROUNDS):
            mailings = [begin(engine, edition, f"2022-{round_ + 1:02}") for engine in engines]
            yield from zip(*map(claim, engines, mailings, workers), strict=True)


def measure_claims(edition: Edition, *, rows: int) -> Section:
    """Claims a second in a small and in a large ledger, by the median of all deals."""
    few, many = (DEALT / median(own) for own in zip(*compare(edition, rows=rows), strict=True))
    heads = ("deliveries in the ledger", "claims/s")
    lines = [(f"{FEW:,}", f"{few:,.0f}"), (f"{rows:,}", f"{many:,.0f}")]
    about = f"By the median time for {DEALT} readers, {ROUNDS * FEW // DEALT:,} times, {AT_ONCE} in a commit."
    return Section(
        name="shared-claims",
        title="Claims of a worker as the ledger grows",
        tables=(write_table(heads, lines), about),
        targets=(Target(about="claims a second, large to small ledger", bound=RATIO, measured=many / few),),
    )


def make_databases(url: str) -> tuple[str, str]:
    """Two empty databases on the server; their addresses."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("small", "large"):
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.replace("/postgres?", "/small?"), url.replace("/postgres?", "/large?")


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=MANY, help="deliveries in the large ledger (10,000,000)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the table into its place in this page")
    options = parser.parse_args()
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), ["shared-claims"])
    with tempfile.TemporaryDirectory() as folder:
        edition = Edition.from_json(prepare(Path(folder)).edition.read_bytes())
    section = measure_claims(edition, rows=options.rows)
    print(f"\n### {section.title}\n\n{section}", flush=True)
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
