"""How fast one, two and three workers send from one PostgreSQL server. Run by `make bench`; see docs/performance.md.

Everything is on this machine: workers, database and the server that takes the messages share its cores. The database
is as Debian makes it: each commit is on the disk before it counts. The databases lie in TMPDIR: `TMPDIR=/dev/shm`
leaves out the disk. Needs Debian's package postgresql.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, select

from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, memberships, subscribers
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.workers.handing_over import prepare_to_hand_over
from bulletin.delivery.workers.roster import find_workers
from bulletin.edition.edition import Edition
from bulletin.subscribers.address_hash import read_hasher
from bulletin.subscribers.link_key import take_link_key
from bulletin.workspace.workspace import Workspace, open_workspace
from figures import Section, Target, write_table
from preparation import Preparation, prepare
from report import check_places, write_section
from senders import LIST, LONGEST, SECRET, bulletin_sender
from sinks import check_programs, run_fast_sink

FEW = "few"  # the list of readers that each worker sends to before it is measured
AFTERWARDS = 6  # seconds for what comes at the end of a mailing
WARMING = 300  # how many they are
CONNECTIONS = 16  # of each worker, and of the sender with SQLite
BOUND = 0.6  # of what one sender reaches with SQLite
CPU_BOUND = 0.25  # ms a message, PostgreSQL's included
SETTINGS = f"""
organisation: {{name: Anytown Partnership, about: Children., address: 1 High Street, email: hello@example.org}}
bulletins: {{monthly: {{title: Anytown news, sender: {{name: Anytown, email: news@example.org}}}}}}
lists:
  {LIST}: {{title: Everyone, basis: public-task}}
  {FEW}: {{title: A few, basis: public-task}}
sending: {{domain_share: 100%}}
"""


@dataclass(frozen=True, kw_only=True)
class WorkerRun:
    """What one number of workers reached. CPU in ms a message: of all workers, and of PostgreSQL."""

    workers: int
    rate: float
    cpu: float
    database_cpu: float


@contextmanager
def run_postgresql() -> Iterator[tuple[str, int]]:
    """A server of our own during the `with` block: the address of an empty database, and the server's process."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        raise SystemExit("Missing: PostgreSQL. Type: sudo apt-get install --no-install-recommends postgresql")
    folder = Path(tempfile.mkdtemp(prefix="measured-"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    control = [*user, str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c shared_buffers=256MB"

    def do(*command: str) -> None:
        with (folder / "log.txt").open("ab") as log:
            subprocess.run(command, check=True, cwd=folder, stdout=log, stderr=log)

    try:
        do(*user, str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")
        do(*control, "-o", options, "start")
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}", server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=folder, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)


def fill(engine: Engine, number: int) -> None:
    """So many people on the list, at a thousand domains; one in five at the same one. A few are on another list too."""
    with engine.begin() as connection:
        hasher = read_hasher(connection)
        addresses = [f"reader-{n}@{'large' if n % 5 == 0 else f'place-{n % 1000}'}.example.org" for n in range(number)]
        people = [
            {"id": n, "hash": hasher(address), "address": address, "name": f"Reader {n}", "added_at": 0}
            for n, address in enumerate(addresses, 1)
        ]
        connection.execute(insert(subscribers), people)
        on_list: dict[str, Any] = {"list": LIST, "source": "file", "basis": "public-task", "since": 0, "details": {}}
        connection.execute(insert(memberships), [{"subscriber_id": one["id"], **on_list} for one in people])
        few = [{"subscriber_id": one["id"], **on_list, "list": FEW} for one in people[:WARMING]]
        connection.execute(insert(memberships), few)


@contextmanager
def run_workers(
    number: int, workspace: Workspace, environ: Mapping[str, str]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many workers during the `with` block."""
    command = [sys.executable, "-m", "bulletin", "worker", "--connections", str(CONNECTIONS)]
    command += ["--workspace", str(workspace.root)]
    processes = [subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.DEVNULL) for _ in range(number)]
    try:
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def measure_workers(preparation: Preparation, *, messages: int) -> Section:
    """One sender with SQLite, and then one, two and three workers; each sends as many messages."""
    with run_fast_sink() as sink:
        planned = preparation.plan(messages)
        alone = bulletin_sender(lambda: preparation.copy(planned), messages=messages, connections=CONNECTIONS)(
            sink.port
        )
        with run_postgresql() as (url, server):
            environ = {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": SECRET}
            environ |= {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{sink.port}"}
            root = preparation.folder / "workspace"
            root.mkdir()
            (root / "bulletin.yaml").write_text(SETTINGS)
            workspace = open_workspace(root, environ=environ)
            engine = open_database(workspace)
            fill(engine, messages)
            take_link_key(workspace, engine, now=now_ms(), new=False)
            edition = Edition.from_json(preparation.edition.read_bytes())
            place = Place(workspace, engine, environ, server)
            runs = [
                place.measure(number, replace(edition, issue=f"2021-0{number}"), messages=messages)
                for number in (1, 2, 3)
            ]
            engine.dispose()
    rows = [("one sender, SQLite", f"{alone.rate:,.0f}", f"{alone.cpu_each:.3f}", "–")]
    rows += [
        (
            f"{run.workers} worker{'s' * (run.workers > 1)}",
            f"{run.rate:,.0f}",
            f"{run.cpu:.3f}",
            f"{run.database_cpu:.3f}",
        )
        for run in runs
    ]
    headings = ("", "messages/s", "CPU of the senders, ms a message", "CPU of PostgreSQL, ms a message")
    targets = (
        Target(about="one worker ÷ one sender with SQLite", bound=BOUND, measured=runs[0].rate / alone.rate),
        Target(
            about="CPU a message, PostgreSQL's included",
            bound=CPU_BOUND,
            measured=runs[0].cpu + runs[0].database_cpu,
            unit=" ms",
            at_most=True,
        ),
    )
    title = f"Several workers, {CONNECTIONS} connections each, {messages:,} messages"
    return Section(name="workers", title=title, tables=(write_table(headings, rows),), targets=targets)


@dataclass(frozen=True)
class Place:
    """Where it is measured. `server` is the process of PostgreSQL."""

    workspace: Workspace
    engine: Engine
    environ: Mapping[str, str]
    server: int

    def measure(self, number: int, edition: Edition, *, messages: int) -> WorkerRun:
        """Let so many workers send the edition to everyone."""
        with run_workers(number, self.workspace, self.environ) as processes:
            _wait(lambda: len(find_workers(self.engine, within=5)) == number)
            # What a worker reads when it begins its first shift is no part of what a message costs.
            self._wait_for(self._begin(replace(edition, issue=f"2020-0{number}"), FEW))
            time.sleep(AFTERWARDS)
            before = sum(read_cpu(one.pid) for one in processes)
            mailing = self._begin(edition, LIST)
            database_before = read_family_cpu(self.server)  # a mailing's beginning has a table of its own
            self._wait_for(mailing)
            cpu = sum(read_cpu(one.pid) for one in processes) - before
            database_cpu = read_family_cpu(self.server) - database_before
            span = select(func.min(deliveries.c.claimed_at), func.max(deliveries.c.ended_at))
            with self.engine.connect() as connection:
                first, last = connection.execute(span.where(deliveries.c.mailing_id == mailing.id)).one()
        each = 1000 / messages
        return WorkerRun(
            workers=number, rate=messages * 1000 / (last - first), cpu=cpu * each, database_cpu=database_cpu * each
        )

    def _begin(self, edition: Edition, name: str) -> Mailing:
        return start_mailing(
            self.engine,
            edition,
            lists=[name],
            key=f"s{edition.issue}{name}00000000"[:13].replace("-", "0"),
            now=now_ms(),
            within=prepare_to_hand_over(self.engine),
        )

    def _wait_for(self, mailing: Mailing) -> None:
        left = select(deliveries.c.id).where(deliveries.c.mailing_id == mailing.id, deliveries.c.ended_at.is_(None))
        _wait(lambda: not _ask(self.engine, select(func.count()).select_from(left.limit(1).subquery())))


def _ask(engine: Engine, query: Any) -> int:
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def _wait(is_so: Any) -> None:
    until = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > until:
            raise SystemExit("The workers did not finish.")
        time.sleep(0.5)


def read_cpu(process: int, *, with_children: bool = False) -> float:
    """Seconds of CPU that a process has used; `with_children`: and those of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if with_children else 13]) / os.sysconf("SC_CLK_TCK")


def read_family_cpu(server: int) -> float:
    """Seconds of CPU of PostgreSQL, with all its processes."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return read_cpu(server, with_children=True) + sum(read_cpu(int(child)) for child in children)


def now_ms() -> int:
    """The time now, in ms since 1970."""
    return time.time_ns() // 1_000_000


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000, help="that each number of workers sends (20,000)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also put the table into its place in this page")
    options = parser.parse_args()
    check_programs(("cc",))
    if options.write:
        check_places(options.write.read_text(encoding="utf-8"), ["workers"])
    with tempfile.TemporaryDirectory() as folder:
        section = measure_workers(prepare(Path(folder)), messages=options.messages)
    print(f"\n### {section.title}\n\n{section}", flush=True)
    if options.write:
        write_section(options.write, section)


if __name__ == "__main__":
    main()
