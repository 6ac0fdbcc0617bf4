"""How the pages for readers do while a mailing is sent: one click, many times a second. Run by `make bench`.

`bulletin serve`, a mailing with a rate limit, the server that it sends to and those who click are processes of their
own, on one SQLite file. Each click is a reader's own link to unsubscribe, and is lost unless it is answered with 200
and remembered in the database. `--write docs/performance.md` puts the table into that page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from bulletin.database.schema import open_database
from bulletin.database.states import SuppressionOrigin
from bulletin.database.tables import deliveries, subscribers, suppression_events
from bulletin.subscribers.tokens import Purpose, read_token, sign_token
from clicks import OK, Click, click_all, open_all
from figures import Section, Target, write_table
from preparation import ROOT, Preparation, prepare
from report import check_places, write_section
from senders import LONGEST, SECRET, bulletin_command
from sinks import BUILD, check_programs, run_fast_sink

NAME = "readers"
CONNECTIONS = 32  # of those who click: mail services keep some open
SENDING_CONNECTIONS = 8
STARTING = 30.0  # seconds that the pages may take to be there
PAGES = 200  # how often one page is opened
TOKENS = 20_000
KEY = SECRET.encode()


@dataclass(frozen=True, kw_only=True)
class Load:
    """Clicks and messages a second, and for how many seconds."""

    clicks: int
    messages: int
    seconds: int

    @property
    def people(self) -> int:
        """How many get the mailing: enough to outlast the clicks, also if all who click are left out of it."""
        return (self.clicks + self.messages) * self.seconds + self.messages


@dataclass(frozen=True, kw_only=True)
class Pages:
    """`bulletin serve` at work."""

    port: int
    process_id: int

    def read_memory(self) -> float:
        """What it has in memory now, in MB."""
        words = Path(f"/proc/{self.process_id}/status").read_text(encoding="utf-8")
        match = re.search(r"^VmRSS:\s+(\d+) kB$", words, re.MULTILINE)
        return int(match[1]) / 1024 if match else 0


@contextmanager
def serve_pages(folder: Path, database: Path) -> Iterator[Pages]:
    """Run `bulletin serve` during the `with` block, in a workspace of its own on this database."""
    root = folder / "workspace"
    for name in ("issues", "subscribers"):
        shutil.copytree(ROOT / name, root / name)
    settings = (ROOT / "bulletin.yaml").read_text(encoding="utf-8")
    website = "\nwebsite:\n  url: http://127.0.0.1:8526\n"
    (root / "bulletin.yaml").write_text(re.sub(r"(?m)^website:\n(?: .*\n)+", "", settings) + website, encoding="utf-8")
    surroundings = {
        **os.environ,
        "BULLETIN_DATABASE_URL": f"sqlite:///{database}",
        "BULLETIN_SECRET_KEY": SECRET,
        "PYTHONUNBUFFERED": "1",
    }
    log = folder / "serve.log"
    command = [sys.executable, "-m", "bulletin", "serve", "--port", "0", "--workspace", str(root)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield Pages(port=_wait_for_port(log, process), process_id=process.pid)
    finally:
        process.terminate()
        process.wait(STARTING)


def _wait_for_port(log: Path, process: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        words = log.read_text(encoding="utf-8")
        if match := re.search(r"are at http://127\.0\.0\.1:(\d+)", words):
            return int(match[1])
        time.sleep(0.05)
    raise SystemExit(f"The pages for readers didn't start:\n{log.read_text(encoding='utf-8')}")


def list_links(database: Path, number: int) -> dict[str, bytes]:
    """The paths by which the last `number` people of the mailing unsubscribe, each with its person's hash."""
    query = (
        select(deliveries.c.id, deliveries.c.subscriber_id, subscribers.c.hash)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .order_by(deliveries.c.id.desc())
        .limit(number)
    )
    engine = open_database(f"sqlite:///{database}")
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    engine.dispose()
    return {f"/unsubscribe/{sign_token(Purpose.UNSUBSCRIBE, row[1], row[0], key=KEY)}": bytes(row[2]) for row in rows}


def count_lost(database: Path, links: Mapping[str, bytes], clicks: Sequence[Click]) -> int:
    """How many clicks were not answered with 200, or are not in the record of suppressions."""
    engine = open_database(f"sqlite:///{database}")
    query = select(suppression_events.c.hash).where(suppression_events.c.origin == SuppressionOrigin.ONE_CLICK)
    with engine.connect() as connection:
        remembered = {bytes(found) for found in connection.scalars(query)}
        twice = (connection.scalar(select(func.count()).select_from(query.subquery())) or 0) - len(remembered)
    engine.dispose()
    if twice:
        raise SystemExit(f"{twice} clicks were remembered twice.")
    kept = sum(click.status == OK and links[click.path] in remembered for click in clicks)
    return len(links) - kept


def measure_token() -> float:
    """Seconds to check one token, of many different ones: the least of some rounds."""
    tokens = [sign_token(Purpose.UNSUBSCRIBE, number, number * 7, key=KEY) for number in range(TOKENS)]
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for token in tokens:
            read_token(token, Purpose.UNSUBSCRIBE, [KEY])
        rounds.append(time.process_time() - begun)
    return min(rounds) / TOKENS


def find_percentile(figures: Sequence[float], share: float) -> float:
    """The least figure that this share of them doesn't exceed (nearest rank)."""
    ordered = sorted(figures)
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def measure(preparation: Preparation, load: Load) -> Section:
    """A page alone, then one click beside a mailing."""
    database = preparation.copy(preparation.plan(load.people))
    links = list_links(database, load.clicks * load.seconds)
    with serve_pages(preparation.folder, database) as pages:
        page = [click.latency for click in open_all(pages.port, [next(iter(links))] * PAGES)][
            10:
        ]  # the first ones warm
        with run_fast_sink() as sink:
            job = {"port": sink.port, "connections": SENDING_CONNECTIONS, "rate": load.messages}
            command = bulletin_command("send", database=database, **job)
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
                assert sender.stdout
                sender.stdout.readline()  # it says when it is ready
                clicks = click_all(pages.port, list(links), rate=load.clicks, connections=CONNECTIONS)
                words, _ = sender.communicate(timeout=LONGEST)
        memory = pages.read_memory()
    sent = json.loads(words.splitlines()[-1])
    if sink.messages != sent["accepted"]:
        raise SystemExit(f"Of {sent['accepted']:,} messages that were sent, {sink.messages:,} arrived.")
    lost = count_lost(database, links, clicks)
    latencies = [click.latency * 1000 for click in clicks]
    return describe(
        load,
        lost=lost,
        latencies=latencies,
        rate=sent["accepted"] / sent["seconds"],
        page=median(page) * 1000,
        memory=memory,
    )


def describe(load: Load, *, lost: int, latencies: Sequence[float], rate: float, page: float, memory: float) -> Section:
    """The tables and the targets. Times in ms, `rate` in messages a second, `memory` in MB."""
    middle, high, worst = (find_percentile(latencies, share) for share in (0.5, 0.99, 1))
    token = measure_token() * 1_000_000
    clicks = write_table(
        ("one click", "lost", "half within", "99 in 100 within", "slowest", "mailing"),
        [
            (
                f"{len(latencies):,}, {load.clicks} a second",
                f"{lost}",
                *(f"{figure:,.1f} ms" for figure in (middle, high, worst)),
                f"{rate:.1f} a second",
            )
        ],
    )
    rows = [("a token checked", f"{token:.1f} µs"), ("a page", f"{page:.1f} ms"), ("memory", f"{memory:.0f} MB")]
    targets = (
        Target(about="clicks lost", bound=0, measured=lost, at_most=True),
        Target(about="99 in 100 clicks within", bound=250, measured=high, unit=" ms", at_most=True),
        Target(about="the mailing keeps its rate", bound=0.99, measured=rate / load.messages),
        Target(about="a token checked", bound=10, measured=token, unit=" µs", at_most=True),
        Target(about="a page", bound=20, measured=page, unit=" ms", at_most=True),
        Target(about="memory of the pages", bound=50, measured=memory, unit=" MB", at_most=True),
    )
    tables = (clicks, write_table(("the pages for readers", ""), rows))
    return Section(name=NAME, title="One click beside a mailing", tables=tables, targets=targets)


def read_options() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="how long (%(default)s)")
    parser.add_argument("--clicks", type=int, default=100, metavar="N", help="clicks a second (%(default)s)")
    parser.add_argument("--messages", type=int, default=200, metavar="N", help="messages a second (%(default)s)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the table into its place in this page")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended
    check_programs(["cc"])
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), [NAME])
    load = Load(clicks=options.clicks, messages=options.messages, seconds=options.seconds)
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:  # on the disk that the project is on
        section = measure(prepare(Path(folder)), load)
    print(f"### {section.title}\n\n{section}")
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
