"""How long a sync and an import of very many people take, and in how much memory. Run by `make bench`.

python benchmarks/lists.py [--people N] [--write docs/performance.md]

A list file, or an export of Ghost, of so many people is written, with names and an organisation. Each command is a
process of its own; its memory is the most that it ever had.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Section, Target, write_table
from report import write_section

PEOPLE = 1_000_000
MOST_MEMORY = 300  # MB, for a million people
SETTINGS = """\
organisation: {name: Anytown, about: We work., address: 1 High Street, email: us@anytown.example.org}
bulletins:
  monthly: {title: News, sender: {name: Anytown, email: news@anytown.example.org}}
lists:
  partners: {title: Partners, basis: public-task}
"""


def write_people(path: Path, number: int, headings: str, row: str) -> None:
    """So many people, in an order of their own."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{headings}\n")
        for one in range(number):
            file.write(row.format(number=one * 7_919 % number, some=one % 5_000) + "\n")


def run(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """Seconds, those of them in which a processor was at work for it, and megabytes that a command takes."""
    command = [sys.executable, "-m", "bulletin", "subscribers", *arguments, "--workspace", str(folder)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def measure(number: int, folder: Path) -> Section:
    """All of it."""
    (folder / "bulletin.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "issues").mkdir()
    (folder / "subscribers").mkdir()
    listed = folder / "subscribers" / "partners.csv"
    row = "person.{number}@office-{some}.example.org,Person {number},Office {some}"
    write_people(listed, number, "email,name,organisation", row)
    results = {
        "sync, everyone is new": run(folder, "sync", "--yes"),
        "sync, nothing has changed": run(folder, "sync", "--yes"),
    }
    listed.write_text("email,name\n", encoding="utf-8")
    results["sync, everyone is gone"] = run(folder, "sync", "--yes")
    export = folder / "members.csv"
    ghost = "new.{number}@office-{some}.example.org,New {number},true,2024-01-02T03:04:05.000Z"
    write_people(export, number, "email,name,subscribed_to_emails,created_at", ghost)
    results["import, shown"] = run(folder, "import", str(export), "--list", "partners")
    results["import, done"] = run(folder, "import", str(export), "--list", "partners", "--yes")
    rows = [
        (name, f"{seconds:.1f} s", f"{busy:.1f} s", f"{memory:.0f} MB")
        for name, (seconds, busy, memory) in results.items()
    ]
    targets = tuple(
        Target(about=name, bound=MOST_MEMORY, measured=memory, unit=" MB", at_most=True)
        for name, (_, _, memory) in results.items()
    )
    table = write_table((f"{number:,} people", "time", "CPU", "memory"), rows)
    return Section(name="lists", title="Lists of very many people", tables=(table,), targets=targets)


def main() -> None:
    """Measure, print, and write it down where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N", help="how many (%(default)s)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the figures into this page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        section = measure(options.people, Path(folder))
    print(f"### {section.title}\n\n{section}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
