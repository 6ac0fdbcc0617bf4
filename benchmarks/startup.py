"""How long commands take as whole processes: start, work, end. Run by `make bench`.

The bounds are what the product promises on two slow cores: `bulletin --help` within 0.35 s, `bulletin check` of a full
issue within 0.8 s. Medians of ten runs after one that warms the disk's cache.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
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
    seconds = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own command
        seconds.append(time.perf_counter() - begun)
    return seconds[1:]


def main() -> None:
    """Print a table: medians, and whether each is within its bound."""
    print(f"{'command':<28}{'median':>9}{'fastest':>9}{'slowest':>9}{'bound':>9}")
    for arguments, bound in COMMANDS.items():
        seconds = measure(arguments)
        median = statistics.median(seconds)
        verdict = "" if median <= bound else "  over"
        figures = "".join(f"{figure:>8.3f}s" for figure in (median, min(seconds), max(seconds), bound))
        print(f"{'bulletin ' + ' '.join(arguments):<28}{figures}{verdict}")


if __name__ == "__main__":
    main()
