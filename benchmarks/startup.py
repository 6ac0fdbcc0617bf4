"""How long commands take as whole processes: start, work, end. Run by `make bench`.

The bounds are what the product promises on two slow cores: `bulletin --help` within 0.35 s, `bulletin check` of a full
issue within 0.8 s. Medians of ten runs after one that warms the disk's cache and lets Python keep the bytecode, as pip
does where it installs. `--write docs/performance.md` puts the
table into that page.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from figures import Section, Target, write_table
from report import check_places, write_section

ROOT = Path(__file__).parent.parent
NAME = "start-up"
RUNS = 10
COMMANDS = {
    ("--help",): 0.35,
    ("check", "2021-05"): 0.80,
    ("check",): 0.80,
    ("status",): 1.00,
}


def measure(arguments: tuple[str, ...]) -> list[float]:
    """Seconds of each run."""
    command = [sys.executable, "-m", "bulletin", *arguments]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=surroundings, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - begun)
    return seconds[1:]


def measure_commands() -> Section:
    """All of them: medians, and whether each is within its bound."""
    rows, targets = [], []
    for arguments, bound in COMMANDS.items():
        seconds = measure(arguments)
        command, median = f"`bulletin {' '.join(arguments)}`", statistics.median(seconds)
        rows.append((command, *(f"{figure:.3f} s" for figure in (median, min(seconds), max(seconds)))))
        targets.append(Target(about=command, bound=bound, measured=median, unit=" s", at_most=True))
    table = write_table(("command", "median", "fastest", "slowest"), rows)
    return Section(name=NAME, title="Commands, from start to end", tables=(table,), targets=tuple(targets))


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the table into its place in this page")
    options = parser.parse_args()
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), [NAME])
    section = measure_commands()
    print(f"### {section.title}\n\n{section}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
