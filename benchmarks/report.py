"""Where figures go: to the terminal, and into their places in docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import resource
import sqlite3
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from figures import Section, write_table


@dataclass(frozen=True, kw_only=True)
class Work:
    """How much the processor has done so far: for everybody, and for us and what we started. Seconds of one core."""

    at: float
    everybody: float
    ours: float


def read_work() -> Work:
    """How much has been done by now. A process of ours counts when it has ended."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, interrupts, soft_interrupts, stolen = map(int, fields[:8])
    ticks = user + nice + system + interrupts + soft_interrupts + stolen
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Work(
        at=time.monotonic(),
        everybody=ticks / os.sysconf("SC_CLK_TCK"),
        ours=sum(usage.ru_utime + usage.ru_stime for usage in usages),
    )


def describe_machine(folder: Path, before: Work) -> Section:
    """What the figures were measured on since `before`, and how long its disk takes for a commit that is durable."""
    after = read_work()
    others = (after.everybody - before.everybody - after.ours + before.ours) / (after.at - before.at)
    rows = [
        ("processor", f"{_read_processor()}, {os.cpu_count()} cores"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python, SQLite", f"{platform.python_version()}, {sqlite3.sqlite_version}"),
        ("the disk makes a write durable in", f"{_measure_disk(folder):.2f} ms"),
        ("cores that other programs kept busy meanwhile", f"{max(0, others):.1f}"),
        ("date", f"{datetime.now(UTC):%-d %B %Y}"),
    ]
    return Section(name="machine", title="Measured on", tables=(write_table(("", ""), rows),))


def check_places(page: str, names: Iterable[str]) -> None:
    """Raise ValueError unless `page` has one place for each section, between markers of its name."""
    for name in names:
        if len(_place_of(name).findall(page)) != 1:
            raise ValueError(
                f"The page has no place for “{name}”, or several: <!-- {name} --> … <!-- end of {name} -->"
            )


def write_section(path: Path, section: Section) -> None:
    """Put a section into its place in the page at `path`, instead of what stands there."""
    page = path.read_text(encoding="utf-8")
    place = _place_of(section.name).search(page)
    assert place, f"check_places has found the place of {section.name}"
    path.write_text(f"{page[: place.start(1)]}\n{section}\n{page[place.end(1) :]}", encoding="utf-8")


def _place_of(name: str) -> re.Pattern[str]:
    return re.compile(f"<!-- {re.escape(name)} -->(.*?)<!-- end of {re.escape(name)} -->", re.DOTALL)


def _read_processor() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _measure_disk(folder: Path) -> float:
    """How many ms 4 KiB and an fdatasync take: the least that a durable commit costs here."""
    path = folder / "disk"
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    path.unlink()
    return statistics.median(times)
