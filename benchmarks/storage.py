"""How much room a delivery takes, and how long a back-up, a move and an archive take. Run by `make bench`.

python benchmarks/storage.py [--rows N] [--kinds sqlite postgresql] [--write docs/performance.md]

Some issues are sent to ten thousand people each, as far as the ledger knows. So rows have the room that they need once
they were claimed and recorded. Then there are so many deliveries of earlier mailings.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.backup import back_up
from bulletin.database.dialects import is_on_server
from bulletin.database.schema import open_database
from bulletin.database.transfer import transfer_database
from bulletin.delivery.ledger.archiving import archive_year, unarchive_year
from bulletin.edition.edition import Edition
from databases import FEW, begin, claim, fill, grow, tidy, two_places
from figures import Section, write_table
from preparation import prepare
from report import write_section

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROWS = 500_000
ROUNDS = 5
KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True, kw_only=True)
class Room:
    """Bytes: of the ledger for each delivery; written for each message; of the archive's file for each delivery.

    Seconds for a million deliveries: to back up, archive, put back, and move to the other kind of database.
    """

    kept: float
    written: float
    archived: float
    seconds: tuple[float, ...]


def measure(kind: str, folder: Path, edition: Edition, rows: int) -> Room:
    """All of it for one kind of database."""
    with ExitStack() as stack:
        url, _ = stack.enter_context(two_places(kind, folder))
        target, _ = stack.enter_context(two_places(next(one for one in KINDS if one != kind), folder / "moved"))
        engine = open_database(url)
        stack.callback(engine.dispose)
        fill(engine, max(FEW, rows // 5))
        kept, written = _send(engine, edition)
        mailing, _ = begin(engine, edition, "2021-05", "few")
        grow(engine, mailing, rows, rows // 5)
        now, file = time.time_ns() // 1_000_000, folder / f"{kind}.jsonl.gz"
        acts: tuple[Callable[[], object], ...] = (
            lambda: back_up(engine, folder / f"{kind}-copy.db", now=now),
            lambda: archive_year(engine, 1970, file, now=now),
            lambda: unarchive_year(engine, file, now=now),
            lambda: transfer_database(engine, target, now=now),
        )
        seconds = tuple(_time(act) * 1_000_000 / rows for act in acts)
    return Room(kept=kept, written=written, archived=file.stat().st_size / rows, seconds=seconds)


def _time(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _send(engine: Engine, edition: Edition) -> tuple[float, float]:
    """Bytes that a delivery takes, and bytes that are written for it from its freezing to its answer."""
    tidy(engine)
    size, wrote = _measure_size(engine), _count_written(engine)
    for number in range(ROUNDS):
        claim(engine, begin(engine, edition, f"2020-{number + 1:02}", "few")[0])
    written = (_count_written(engine) - wrote) / (ROUNDS * FEW)
    tidy(engine)
    return (_measure_size(engine) - size) / (ROUNDS * FEW), written


def _measure_size(engine: Engine) -> int:
    with engine.begin() as connection:
        if is_on_server(engine):
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        pages, each = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
        )
        return int(pages) * int(each)


def _count_written(engine: Engine) -> int:
    """Bytes so far: by this process to the disk, or by the server to its log."""
    if not is_on_server(engine):
        lines = Path("/proc/self/io").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])
    with engine.begin() as connection:
        return int(connection.exec_driver_sql("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").scalar_one())


def describe(kinds: Sequence[str], rows: int) -> Section:
    """The tables for these kinds of database."""
    sizes, times = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edition = Edition.from_json(prepare(folder).edition.read_bytes())
        for kind in kinds:
            room = measure(kind, folder, edition, rows)
            sizes.append((kind, *(f"{value:,.0f}" for value in (room.kept, room.written, room.archived))))
            times.append((kind, *(f"{value:,.0f} s" for value in room.seconds)))
    bytes_of = ("bytes a delivery", "in the ledger", "written while sending", "in an archive")
    seconds_of = ("a million deliveries", "backed up", "archived", "put back", "moved to the other kind")
    return Section(
        name="storage",
        title="The room that it takes",
        tables=(write_table(bytes_of, sizes), write_table(seconds_of, times)),
    )


def main() -> None:
    """Measure, print, and write it down where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="deliveries (%(default)s)")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the figures into this page")
    options = parser.parse_args()
    section = describe(options.kinds, options.rows)
    print(f"### {section.title}\n\n{section}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
