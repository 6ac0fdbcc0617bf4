"""How long the web archive takes: from nothing, with nothing changed, with one issue changed. Run by `make bench`.

The bounds are what the product promises on two slow cores: 200 issues in under 5 s after one changed, and in under 1 s,
without a file touched, after none did. Each issue is that of May 2021 with its PDF and calendar files, put into another
month; five drafts that aren't public are beside them. The figures are those that the command says, so starting Python
is not in them. Medians of the runs.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bulletin.database.schema import open_database
from bulletin.database.tables import mailings
from bulletin.issue.dates import MONTHS, Month
from bulletin.workspace.workspace import open_workspace
from figures import Section, Target, write_table
from report import check_places, describe_machine, read_work, write_section
from sinks import BUILD

ROOT = Path(__file__).parent.parent
NAME = "archive"
PUBLIC, DRAFTS, RUNS = 200, 5, 5
FIRST = Month(2004, 1)
BOUNDS = {"one issue changed": 5.0, "nothing changed": 1.0}
FROM_NOTHING = 30.0  # seconds
DATES = """
  - kind: events
    title: Dates for your diary
    items:
""" + "".join(
    f"      - {{title: Meeting {day}, date: {day} May 2021, starts: 9:30am,\n"
    f"         do: Come to meeting {day}, by: {day} May 2021}}\n"
    for day in range(20, 25)
)


def write_workspace(root: Path) -> None:
    """200 issues that are public, because they are older than the first mailing, and five drafts after it."""
    (root / "issues").mkdir(parents=True)
    for name in ("issues/images", "subscribers"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "bulletin.yaml", root)
    may = (ROOT / "issues" / "2021-05.yaml").read_text(encoding="utf-8")
    may = re.sub(r"^ +follow_up: .*\n", "", may, flags=re.MULTILINE).rstrip() + DATES
    for number in range(PUBLIC + DRAFTS):
        month = FIRST + number
        published = f"published: 4 {MONTHS[month.month - 1]} {month.year}"
        text = re.sub("^month: .*$", f"month: {month.id}", may.replace("2021", str(month.year)), flags=re.MULTILINE)
        text = re.sub("^published: .*$", published, text, flags=re.MULTILINE)
        (root / "issues" / f"{month.id}.yaml").write_text(text, encoding="utf-8")
    engine = open_database(open_workspace(root, environ={}))
    month = FIRST + PUBLIC
    began = datetime(month.year, month.month, 1, tzinfo=UTC).timestamp() * 1000
    with engine.begin() as connection:
        values = {"key": "benchmark", "issue": "training/2019-01", "lists": [], "began_at": int(began)}
        connection.execute(insert(mailings).values(values))
    engine.dispose()


def build(root: Path) -> float:
    """Build the archive, and return how many seconds it took. Raises CalledProcessError."""
    command = [sys.executable, "-m", "bulletin", "archive", "--out", str(root / "site"), "--workspace", str(root)]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, env=surroundings, check=True, capture_output=True, text=True)
    return float(re.findall(r"\(([0-9.]+) s\)\.$", done.stdout, re.MULTILINE)[0])


def change_one(root: Path, run: int) -> None:
    """Change the words of an issue, with the correction that this needs."""
    path = root / "issues" / "2015-03.yaml"
    text = path.read_text(encoding="utf-8").replace("the Hub’s work is going", "the Hub’s work is getting on", 1)
    text = re.sub(r"getting on( \d+)?", f"getting on {run}", text)
    correction = f"corrections: [{{on: {run + 1} April 2015, text: The Hub’s work was told wrongly.}}]\n"
    text = re.sub("^corrections: .*\n", "", text, flags=re.MULTILINE).replace("\nsections:", f"\n{correction}sections:")
    path.write_text(text, encoding="utf-8")


def measure(root: Path) -> Section:
    """All three."""
    write_workspace(root)
    changes: dict[str, Callable[[Path, int], object]] = {
        "one issue changed": change_one,
        "nothing changed": lambda *_: None,
    }
    figures = {"from nothing": [build(root)]}
    for name, change in changes.items():
        figures[name] = []
        for run in range(RUNS):
            change(root, run)
            figures[name].append(build(root))
    rows = [
        (name, *(f"{figure:.2f} s" for figure in (statistics.median(its), min(its), max(its))))
        for name, its in figures.items()
    ]
    bounds = {"from nothing": FROM_NOTHING, **BOUNDS}
    targets = tuple(
        Target(about=name, bound=bound, measured=statistics.median(figures[name]), unit=" s", at_most=True)
        for name, bound in bounds.items()
    )
    files = sum(path.is_file() for path in (root / "site").rglob("*"))
    table = write_table((f"{PUBLIC + DRAFTS} issues, {files:,} files", "median", "fastest", "slowest"), rows)
    return Section(name=NAME, title="The web archive", tables=(table,), targets=targets)


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the table into its place in this page")
    options = parser.parse_args()
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), [NAME])
    BUILD.mkdir(exist_ok=True)
    before = read_work()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        section = measure(Path(folder) / "workspace")
        print(f"### {section.title}\n\n{section}\n\n{describe_machine(Path(folder), before)}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
