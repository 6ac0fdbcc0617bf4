"""How long a mailing takes to begin, and whether claims slow down as the ledger grows. Run by `make bench`.

python benchmarks/databases.py [--people N] [--rows N] [--kinds sqlite postgresql] [--write docs/performance.md]

Each kind of database has two ledgers: one with a mailing to ten thousand people and nothing else, and one with so many
deliveries of earlier mailings. They take turns. The server is the tests' own: it need not survive a loss of power.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bulletin.database.dialects import is_on_server
from bulletin.database.schema import open_database
from bulletin.delivery.ledger.ledger import Ledger, Result
from bulletin.delivery.ledger.mailing import make_mailing_key
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.smtp.outcome import ACCEPTED, Outcome
from bulletin.edition.edition import Edition
from figures import Section, Target, write_table
from preparation import prepare
from report import write_section

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing

PEOPLE, ROWS, FEW = 1_000_000, 10_000_000, 10_000
AT_ONCE = 32  # claimed in a commit, as with so many connections
ROUNDS = 5
LONGEST = {"sqlite": 10, "postgresql": 20}  # seconds for a mailing to a million people to begin
RATIO = 0.9

_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most}) ",
    "postgresql": "WITH numbers AS (SELECT n FROM generate_series(1, {most}) AS n) ",
}
_HASH = {"sqlite": "randomblob(16)", "postgresql": "decode(md5(n::text), 'hex')"}
_ADDRESS = "'reader-' || n || '@place-' || (n / 1000) || '.example.org'"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """How long a mailing took to begin: by the clock, and the work of this process and the server's, in seconds."""

    seconds: float
    cpu: float


def fill(engine: Engine, number: int) -> None:
    """Put so many people on the list `everyone`, and the first ten thousand on `few`."""
    kind = engine.dialect.name
    make = (
        f"INSERT INTO subscribers (id, hash, address, name, added_at) {_NUMBERS[kind].format(most=number)}"  # noqa: S608
        f"SELECT n, {_HASH[kind]}, {_ADDRESS}, 'Reader ' || n, 0 FROM numbers"
    )
    join = (
        "INSERT INTO memberships (subscriber_id, list, source, basis, since, details) "
        "SELECT id, '{name}', 'file', 'consent', 0, '{{}}' FROM subscribers WHERE id <= {most}"
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(make)
        for name, most in (("everyone", number), ("few", FEW)):
            connection.exec_driver_sql(join.format(name=name, most=most))
    tidy(engine)


def grow(engine: Engine, mailing: Mailing, rows: int, people: int) -> None:
    """Add so many deliveries of earlier mailings, a hundred thousand people each."""
    each = min(100_000, people)
    for number in range(rows // each):
        with engine.begin() as connection:
            earlier = 1_000_000 + number
            connection.exec_driver_sql(
                "INSERT INTO mailings (id, key, issue, lists, began_at) "  # noqa: S608
                f"SELECT {earlier}, 'k{number}', '2001-01', lists, 0 FROM mailings WHERE id = {mailing.id}"
            )
            connection.exec_driver_sql(
                "INSERT INTO mailing_editions (mailing_id, n, digest, signature, items, readers) "  # noqa: S608
                f"SELECT {earlier}, n, digest, signature, items, readers FROM mailing_editions "
                f"WHERE mailing_id = {mailing.id}"
            )
            connection.exec_driver_sql(
                "INSERT INTO deliveries (mailing_id, subscriber_id, hash, address, name, edition, state, attempts, "  # noqa: S608
                f"claimed_at, ended_at, reply) SELECT {earlier}, id, hash, address, name, 1, 'accepted', 1, 1, 2, "
                f"'250 2.0.0 Ok: queued' FROM subscribers WHERE id <= {each}"
            )
    tidy(engine)


def tidy(engine: Engine) -> None:
    """What a server does by itself after so many changes; the tests' own leaves it out."""
    if is_on_server(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def begin(engine: Engine, edition: Edition, issue: str, name: str) -> tuple[Mailing, Begun]:
    """Begin a mailing of an issue of that name to a list."""
    from dataclasses import replace

    with engine.begin() as connection:  # the pool has one connection, so the server works by this one
        backend = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()) if is_on_server(engine) else 0
    before, begun = _spend(backend), time.perf_counter()
    mailing = start_mailing(
        engine, replace(edition, issue=issue), lists=[name], key=make_mailing_key(), now=time.time_ns() // 1_000_000
    )
    return mailing, Begun(seconds=time.perf_counter() - begun, cpu=_spend(backend) - before)


def _spend(backend: int) -> float:
    """Seconds of CPU so far: of this process, and of the server's that works for it."""
    own = sum(os.times()[:2])
    if not backend:
        return own
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def claim(engine: Engine, mailing: Mailing) -> float:
    """Claim everyone in a mailing and record each as accepted; how many a second."""
    begun, number, results = time.perf_counter(), 0, list[Result]()
    with Ledger(engine, mailing, run="measured", retries=()) as ledger:
        found = ledger.find_fresh()
        assert found, "everyone waits"
        after: int | None = found[0] - 1
        while after is not None:
            candidates, after = ledger.read_fresh(after=after, upto=found[1], most=1000, now=1)
            for start in range(0, len(candidates), AT_ONCE):
                some = candidates[start : start + AT_ONCE]
                claimed = ledger.commit(results, some, now=1)
                results = [Result(one, Outcome(ACCEPTED, "250 2.0.0 Ok: queued")) for one in some if one.id in claimed]
                number += len(claimed)
        ledger.commit(results, now=1)
    assert number == FEW, number
    return number / (time.perf_counter() - begun)


@contextmanager
def two_places(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/small.db", f"sqlite:///{folder}/large.db"
        return
    sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))
    import postgresql

    run: Any = postgresql.run_postgresql
    with run() as server:
        yield server.make_empty_database(), server.make_empty_database()


def measure(
    kind: str, folder: Path, edition: Edition, people: int, rows: int
) -> tuple[Begun, list[float], list[float]]:
    """How long a mailing to all takes to begin, and claims a second in a small and in a large ledger, in turn."""
    with two_places(kind, folder) as urls, ExitStack() as stack:
        small, large = (open_database(url) for url in urls)
        stack.callback(small.dispose)
        stack.callback(large.dispose)
        fill(small, FEW)
        fill(large, people)
        whole, begun = begin(large, edition, "2021-05", "everyone")
        grow(large, whole, rows - people, people)
        rates: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS):
            for engine, own in zip((small, large), rates, strict=True):
                own.append(claim(engine, begin(engine, edition, f"2022-{number + 1:02}", "few")[0]))
        return begun, *rates


def judge(kinds: Sequence[str], people: int, rows: int) -> Section:
    """All of it."""
    lines, targets = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edition = Edition.from_json(prepare(folder).edition.read_bytes())
        for kind in kinds:
            begun, few, many = measure(kind, folder, edition, people, rows)
            ratio = median(many) / median(few)
            figures = (f"{begun.seconds:.1f} s", f"{begun.cpu:.1f} s", f"{median(few):,.0f}", f"{median(many):,.0f}")
            lines.append((kind, *figures, f"{ratio:.2f}"))
            about = f"{kind}: a mailing to {people:,} people begins"
            targets.append(Target(about=about, bound=LONGEST[kind], measured=begun.seconds, unit=" s", at_most=True))
            targets.append(Target(about=f"{kind}: claims, large to small ledger", bound=RATIO, measured=ratio))
    heads = ("", f"{people:,} people frozen in", "CPU", f"claims/s at {FEW:,} rows", f"at {rows:,}", "ratio")
    return Section(
        name="databases", title="The two databases", tables=(write_table(heads, lines),), targets=tuple(targets)
    )


def main() -> None:
    """Measure, print, and write it down where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N", help="how many (%(default)s)")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="in the large ledger (%(default)s)")
    parser.add_argument("--kinds", nargs="+", default=list(LONGEST), choices=list(LONGEST))
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the figures into this page")
    options = parser.parse_args()
    section = judge(options.kinds, options.people, options.rows)
    print(f"### {section.title}\n\n{section}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
