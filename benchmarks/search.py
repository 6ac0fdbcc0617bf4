"""What searching past issues costs: to index 200 issues, to build their archive with it, and to search on the server.

python benchmarks/search.py [--issues N] [--items N]

Run by `make bench`. CPU is that of this process and of Pagefind, so that a busy machine counts less than by the clock.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bulletin.database.schema import open_database
from bulletin.edition.web.search_page import SearchForm
from bulletin.edition.web.search_records import SearchRecord
from bulletin.issue.dates import MONTHS
from bulletin.publishing.archive import build_archive
from bulletin.publishing.search.pagefind_service import index_records
from bulletin.publishing.search.record_matching import find_in_records
from bulletin.publishing.search.record_store import load_records, name_store, select_records
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.workspace.workspace import Workspace, open_workspace
from figures import Section, Target, write_table

MOST_SECONDS = 5.0
NOW = 1_900_000_000_000  # March 2030
SETTINGS = """\
organisation: {name: Anytown, about: We work., address: 1 High Street, email: us@anytown.example.org}
bulletins:
  monthly: {title: News, sender: {name: Anytown, email: news@anytown.example.org}}
lists:
  partners: {title: Partners, basis: public-task}
website: {url: https://news.anytown.example.org}
"""
WORDS = [
    "neglect", "screening", "health", "visitors", "training", "families", "schools", "conference", "carers", "forum",
    "guidance", "threshold", "referral", "exploitation", "online", "safety", "infant", "sleep", "crying", "early",
    "help", "police", "council", "partners", "review", "learning", "practice", "audit", "board", "chair", "members",
    "report", "children", "young", "people", "parents", "worries", "listening", "change", "month", "course",
    "places", "booking",
]  # fmt: skip


def write_issues(root: Path, issues: int, items: int) -> Workspace:
    """So many issues with so many items each, no two of which say the same."""
    (root / "bulletin.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "issues").mkdir()
    for number in range(issues):
        month, year = number % 12, 2004 + number // 12
        lines = [f"month: {year}-{month + 1:02}", f"published: 4 {MONTHS[month]} {year}", f"subject: News {number}"]
        lines += ["preview_text: What we did", "sections:", "  - kind: in_brief", "    title: In brief", "    items:"]
        for item in range(items):
            seed = number * items + item
            words = [WORDS[(seed * 7 + step * (3 + seed % 11)) % len(WORDS)] for step in range(36)]
            lines += [f"      - title: {' '.join(words[:5]).capitalize()} {seed}", f"        text: {' '.join(words)}."]
        (root / f"issues/{year}-{month + 1:02}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_workspace(root, environ={})


@contextmanager
def measured(results: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Keep the seconds and the CPU that the `with` block takes, with the processes that it ends."""
    began, busy = time.perf_counter(), _read_cpu()
    yield
    results[name] = (time.perf_counter() - began, _read_cpu() - busy)


def _read_cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measure(issues: int, items: int, folder: Path) -> Section:
    """All of it."""
    workspace, out = write_issues(folder, issues, items), folder / "site"
    engine = open_database(workspace)
    results: dict[str, tuple[float, float]] = {}

    def build() -> None:
        build_archive(workspace, engine, out, now=NOW, typo=True, companions=[SearchMaker(workspace=workspace)])

    _pretend_sent(workspace)
    with measured(results, "archive built from nothing"):
        build()
    records = list(select_records(load_records(workspace.state_folder, out).values()))
    with measured(results, "index made of all records"):
        files = index_records(records)
    with measured(results, "archive built again, nothing changed"):
        build()
    changed = next((folder / "issues").glob("2012-03.yaml"))
    changed.write_text(changed.read_text(encoding="utf-8").replace("neglect", "abuse", 1), encoding="utf-8")
    with measured(results, "archive built again, one issue changed"):
        build()
    search = _measure_searches(workspace.state_folder / name_store(out))
    results["search on the server (median of 20)"] = (search, search)
    engine.dispose()
    return _report(results, records, files)


def _pretend_sent(workspace: Workspace) -> None:
    """Each issue is older than the first mailing, which is of one more."""
    from sqlalchemy import insert

    from bulletin.database.tables import mailings

    engine = open_database(workspace)
    with engine.begin() as connection:
        sent = {"key": "none", "issue": "2029-12", "lists": [], "began_at": NOW - 1}
        connection.execute(insert(mailings).values(sent))
    engine.dispose()


def _measure_searches(store: Path) -> float:
    return median(_search(store, word) for word in WORDS[:20])


def _search(store: Path, words: str) -> float:
    began = time.perf_counter()
    assert find_in_records(store, SearchForm(words=words), shown=10).total
    return time.perf_counter() - began


def _report(results: dict[str, tuple[float, float]], records: list[SearchRecord], files: dict[str, bytes]) -> Section:
    rows = [(name, f"{seconds:.2f} s", f"{busy:.2f} s") for name, (seconds, busy) in results.items()]
    about = "CPU for the index of all records"
    busy = results["index made of all records"][1]
    targets = (Target(about=about, bound=MOST_SECONDS, measured=busy, unit=" s", at_most=True),)
    size = sum(map(len, files.values())) / 1_000_000
    table = write_table((f"{len(records):,} records, {len(files):,} files, {size:.1f} MB", "time", "CPU"), rows)
    return Section(name="search", title="Search of past issues", tables=(table,), targets=targets)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=200, help="how many issues (%(default)s)")
    parser.add_argument("--items", type=int, default=40, help="items of each (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        section = measure(options.issues, options.items, Path(folder))
    print(f"### {section.title}\n\n{section}")


if __name__ == "__main__":
    main()
