"""How fast mail leaves, what it costs, and who is in doubt after a crash. Run by `make bench`; see docs/performance.md.

Every sender is a process of its own, and all take turns, round after round. Takes some minutes; `--only` measures one
part, `--million` sends a million messages, `--write docs/performance.md` puts the tables into that page.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from endurance import MILLION, measure_kills, measure_memory, measure_planning
from figures import Section
from preparation import Preparation, prepare
from rates import measure_delay, measure_fast_sink, measure_smtp_sink
from report import check_places, describe_machine, read_work, write_section
from sinks import BUILD, check_programs

PARTS = ("smtp-sink", "fast", "delay", "plan", "memory", "kill")


def read_options() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part (may be given several times)")
    parser.add_argument("--rounds", type=int, default=5, help="how often all take their turn (5)")
    parser.add_argument(
        "--messages", type=int, default=0, help="messages of one run, instead of each part's own number"
    )
    parser.add_argument("--million", action="store_true", help="measure memory with a million messages, not a tenth")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the tables into their places in this page")
    return parser.parse_args()


def list_parts(options: argparse.Namespace) -> dict[str, Callable[[Preparation], Section]]:
    """What measures each part."""
    much = {"rounds": options.rounds, "messages": options.messages}
    return {
        "smtp-sink": partial(measure_smtp_sink, **much),
        "fast": partial(measure_fast_sink, **much),
        "delay": partial(measure_delay, **much),
        "plan": partial(measure_planning, rounds=options.rounds),
        "memory": partial(measure_memory, many=MILLION if options.million else MILLION // 10),
        "kill": partial(measure_kills, **much),
    }


def measure(options: argparse.Namespace, folder: Path) -> Iterator[Section]:
    """One part after the other, and at last what the machine was like."""
    before = read_work()
    preparation = prepare(folder)
    for name, part in list_parts(options).items():
        if name in (options.only or PARTS):
            print(f"Measuring {name} …", file=sys.stderr, flush=True)
            yield part(preparation)
    yield describe_machine(folder, before)


def main() -> None:
    """Measure, print, and write."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended
    check_programs()
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), ["machine", *(options.only or PARTS)])
    BUILD.mkdir(exist_ok=True)
    sections = []
    # On the disk that the project is on: a folder for temporary files may be in memory, where nothing is durable.
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        for section in measure(options, Path(folder)):
            sections.append(section)
            print(f"\n### {section.title}\n\n{section}", flush=True)
            if options.write:
                write_section(options.write, section)
    missed = [
        f"{section.name}: {target.about}" for section in sections for target in section.targets if not target.is_met
    ]
    print(f"\nMissed: {'; '.join(missed)}." if missed else "\nEvery target is met.")


if __name__ == "__main__":
    main()
