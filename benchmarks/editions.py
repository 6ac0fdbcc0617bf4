"""What several editions cost: to plan a mailing, and to send it. Run by `make bench`; see docs/performance.md.

Three lists are marked, so that eight editions are made: one for each combination of them. The same people get one
edition, and then their own of the eight, from one ledger each, into a server that is no limit. They take turns.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import monotonic

from figures import Section, Target, compare_runs, count_rounds, find_ratio, run_in_turn, write_table
from preparation import Preparation, fill_database, prepare
from report import check_places, describe_machine, read_work, write_section
from senders import bulletin_sender, run_bulletin
from sinks import BUILD, check_programs, run_fast_sink

LISTS = ("schools", "champions", "early-years")
ONE, SEVERAL = "one edition", "eight editions"
MEASURED = ("seconds", "cpu")
CONNECTIONS = 64
LONGEST = 300  # seconds after which no further round begins


def measure_sending(preparation: Preparation, *, rounds: int, messages: int) -> tuple[tuple[str, ...], Target]:
    """How fast each leaves."""
    planned = {ONE: preparation.plan(messages), SEVERAL: preparation.plan(messages, lists=LISTS)}
    senders = {
        name: bulletin_sender(partial(preparation.copy, path), messages=messages, connections=CONNECTIONS)
        for name, path in planned.items()
    }
    with run_fast_sink() as sink:
        turns = {name: partial(send, sink.port) for name, send in senders.items()}
        runs = run_in_turn(rounds, turns, seconds=LONGEST, clock=monotonic)
    ratio = find_ratio(runs[SEVERAL], runs[ONE])
    tables = compare_runs(runs, ceilings=(ONE,)), count_rounds(runs)
    return tables, Target(about="sending eight editions, of the speed with one", bound=0.9, measured=ratio)


def measure_planning(folder: Path, edition: Path, *, rounds: int, people: int) -> tuple[str, Target]:
    """How long it takes to fix who gets which edition."""
    filled = folder / "filled.db"
    fill_database(filled, people, lists=LISTS)
    figures: dict[str, list[dict[str, float]]] = {ONE: [], SEVERAL: []}
    for _ in range(rounds):
        for name, lists in ((ONE, ()), (SEVERAL, LISTS)):
            figures[name].append(_plan(folder, filled, edition, lists))
    seconds, cpu = ({name: median(one[what] for one in own) for name, own in figures.items()} for what in MEASURED)
    rows = [(f"{people:,}", name, f"{seconds[name]:.1f} s", f"{cpu[name]:.1f} s") for name in figures]
    ratio = cpu[SEVERAL] / cpu[ONE]
    target = Target(about="CPU for planning eight, times that for one", bound=2.5, measured=ratio, at_most=True)
    return write_table(("recipients", "editions", "planned in", "CPU"), rows), target


def _plan(folder: Path, filled: Path, edition: Path, lists: Sequence[str]) -> dict[str, float]:
    database = folder / "planning.db"
    for leftover in folder.glob(f"{database.name}*"):
        leftover.unlink()
    shutil.copyfile(filled, database)
    return run_bulletin("plan", database=database, edition=edition, lists=list(lists))


def measure(options: argparse.Namespace, folder: Path) -> Section:
    """Both."""
    preparation = prepare(folder)
    tables, speed = measure_sending(preparation, rounds=options.rounds, messages=options.messages)
    planned, planning = measure_planning(folder, preparation.edition, rounds=3, people=options.people)
    return Section(
        name="editions", title="Several editions in one mailing", tables=(*tables, planned), targets=(speed, planning)
    )


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often both take their turn (5)")
    parser.add_argument("--messages", type=int, default=40_000, help="messages of one run (%(default)s)")
    parser.add_argument("--people", type=int, default=1_000_000, help="how many are planned (%(default)s)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the tables into their place in this page")
    options = parser.parse_args()
    check_programs(["cc"])
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), ["editions"])
    BUILD.mkdir(exist_ok=True)
    before = read_work()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        section = measure(options, Path(folder))
        print(f"### {section.title}\n\n{section}\n\n{describe_machine(Path(folder), before)}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
