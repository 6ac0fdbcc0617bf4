"""What only endurance shows of several workers: minutes of kills, and one rate for two mailings at once.

`make soak` runs it: WORKER_MINUTES=… says for how long workers are killed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bulletin.delivery.workers.roster import find_workers
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS, find_program
from forked import Program
from postgresql import PostgreSQL
from sink import Sink, run_sink
from worker_processes import Crew, count, opened, read_states, wait_for, working

MINUTES = float(os.environ.get("WORKER_MINUTES", "0"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(not MINUTES, reason="`make soak` runs it: it takes minutes"),
]

CONNECTIONS = 6
KEY = "one key for all computers, long enough"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def make_crew(
    make_workspace: Callable[..., Workspace], postgresql: PostgreSQL, sink: Sink, tmp_path: Path
) -> Iterator[Callable[..., Crew]]:
    with_crew = []
    url = postgresql.make_database()

    def make(rate: int, lists: dict[str, list[str]], issues: dict[str, str]) -> Crew:
        shared = {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": KEY}
        workspace = make_workspace(
            settings=f"{SETTINGS}sending: {{limits: [{rate}/second], connections: {CONNECTIONS}}}\n",
            lists={name: "\n".join(["email", *people]) for name, people in lists.items()},
            issues=issues,
            environ=shared,
        )
        context = working(workspace, sink.environ | shared, tmp_path / "logs")
        with_crew.append(context)
        return context.__enter__()

    yield make
    for context in with_crew:
        context.__exit__(None, None, None)
    postgresql.drop(url)


class Havoc:
    """Kills workers, or stops them for a while, at random moments; and restarts the database twice."""

    def __init__(self, crew: Crew, postgresql: PostgreSQL, chance: random.Random) -> None:
        self._crew = crew
        self._postgresql = postgresql
        self._chance = chance
        self._stopped: list[tuple[float, Program]] = []
        self.done: Counter[str] = Counter()

    def wreak(self, until: float) -> None:
        began = time.monotonic()
        restarts = {began + (until - began) * 0.35: "fast", began + (until - began) * 0.7: "immediate"}
        while time.monotonic() < until:
            time.sleep(self._chance.uniform(1, 4))
            self._wake()
            if restarts and time.monotonic() > min(restarts):
                mode = restarts.pop(min(restarts))
                self._postgresql.restart(mode)
                self.done[f"{mode} restart"] += 1
            self._hit()
        for _, process in self._stopped:
            process.send_signal(signal.SIGCONT)

    def _hit(self) -> None:
        stopped = [process for _, process in self._stopped]
        chosen = self._chance.choice([one for one in self._crew.living if one not in stopped] or self._crew.living)
        if len(self._stopped) < 1 and self._chance.random() < 0.25:
            chosen.send_signal(signal.SIGSTOP)
            self._stopped.append((time.monotonic() + self._chance.uniform(3, 40), chosen))
            self.done["stopped"] += 1
        else:
            chosen.kill()
            self._crew.start()
            self.done["killed"] += 1

    def _wake(self) -> None:
        for entry in [one for one in self._stopped if one[0] < time.monotonic()]:
            entry[1].send_signal(signal.SIGCONT)
            self._stopped.remove(entry)


def test_minutes_of_kills_lose_no_one_and_mail_no_one_twice(
    make_crew: Callable[..., Crew], postgresql: PostgreSQL, sink: Sink
) -> None:
    people = [f"reader-{number:05}@example.org" for number in range(round(10_000 * MINUTES))]
    crew = make_crew(150, {"partners": people, "schools": []}, {"2021-05": ISSUE})
    seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CRASH_SEED={seed}")  # noqa: T201 -- to repeat what failed
    havoc = Havoc(crew, postgresql, random.Random(seed))
    began = time.monotonic()
    send = crew.send()
    sink.wait_for(150, send)
    havoc.wreak(began + 60 * MINUTES)
    assert send.wait(400) in (0, 1), crew.read_log()

    with opened(crew.workspace) as engine:
        states, counts = read_states(engine), count(engine)
    received = sink.recipients()
    uncertain = {address for address, state in states.items() if state == "uncertain"}
    arrived = len(uncertain & set(received))
    print(f"{dict(havoc.done)}, {time.monotonic() - began:.0f} s, {counts}, {arrived} uncertain arrived")  # noqa: T201 -- figures
    assert {address: times for address, times in received.items() if times > 1} == {}
    assert sorted(states) == people
    assert set(states.values()) <= {"accepted", "uncertain"}, counts
    assert set(people) - set(received) <= uncertain
    assert len(uncertain) <= CONNECTIONS * havoc.done.total()


def test_two_mailings_share_one_rate_which_is_used_and_never_exceeded(
    make_crew: Callable[..., Crew], sink: Sink
) -> None:
    rate, seconds = 100, 40
    halves = {
        "partners": [f"partner-{number:05}@example.org" for number in range(rate * seconds // 2)],
        "schools": [f"school-{number:05}@example.net" for number in range(rate * seconds // 2)],
    }
    crew = make_crew(rate, halves, {"2021-05": ISSUE, "2021-06": ISSUE.replace("2021-05", "2021-06")})
    sends = [
        crew.send("--list", name, "--new-database", issue=issue)
        for name, issue in zip(halves, ("2021-05", "2021-06"), strict=True)
    ]
    assert [send.wait(200) for send in sends] == [0, 0], crew.read_log()

    arrivals = sorted((path.stat().st_mtime, path.read_text()) for path in sink.folder.iterdir())
    times = [at for at, _ in arrivals]
    both = _find_both(arrivals)
    first, last = both
    within = [at for at in times if first <= at <= last]
    used = len(within) / (last - first)
    most = max(bisect_left(times, at + 10) - place for place, at in enumerate(times))
    shares = Counter("partner-" in text for at, text in arrivals if first <= at <= last)
    share = shares[True] / shares.total()
    print(f"{used:.1f} a second while both were sent, {most} in 10 s at most, {share:.0%} of them of one")  # noqa: T201 -- figures
    assert sink.recipients() == Counter(halves["partners"] + halves["schools"])
    assert used >= 0.95 * rate
    assert most <= 10 * rate
    assert 0.35 <= share <= 0.65


def _find_both(arrivals: list[tuple[float, str]]) -> tuple[float, float]:
    """From when, and until when, both mailings were sent; without the first seconds, in which shifts begin."""
    of = {True: [], False: []}  # type: dict[bool, list[float]]
    for at, text in arrivals:
        of["partner-" in text].append(at)
    return max(min(times) for times in of.values()) + 3, min(max(times) for times in of.values())


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def machines() -> Iterator[list[str]]:
    """Three network namespaces, each with a cable to a switch that this computer is on: like three computers."""
    names = [f"bulletin{number}" for number in range(3)]
    if os.geteuid() or shutil.which("ip") is None:
        pytest.skip("Network namespaces need root, and Debian's package iproute2.")
    try:
        _ip("link", "add", "bulletinbr", "type", "bridge")
    except subprocess.CalledProcessError:
        pytest.skip("This computer gives no network namespaces.")
    try:
        _ip("addr", "add", "10.213.7.1/24", "dev", "bulletinbr")
        _ip("link", "set", "bulletinbr", "up")
        for number, name in enumerate(names):
            _ip("netns", "add", name)
            _ip("link", "add", f"veth{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", f"veth{name}", "master", "bulletinbr", "up")
            _ip("-n", name, "addr", "add", f"10.213.7.{number + 2}/24", "dev", "eth0")
            _ip("-n", name, "link", "set", "eth0", "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", "bulletinbr"], check=False, capture_output=True)


@contextmanager
def forwarded(folder: Path, port: int, *, to: str) -> Iterator[int]:
    """A port at the switch that leads to a socket or a port of this computer."""
    program = find_program("socat", package="socat")
    process = subprocess.Popen([program, f"TCP-LISTEN:{port},bind=10.213.7.1,fork,reuseaddr", to], cwd=folder)
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def test_machines_that_are_cut_off_and_rejoined_cost_no_one_and_mail_no_one_twice(
    machines: list[str],
    make_workspace: Callable[..., Workspace],
    postgresql: PostgreSQL,
    sink: Sink,
    tmp_path: Path,
) -> None:
    people = [f"reader-{number:05}@example.org" for number in range(6000)]
    url = postgresql.make_database()
    shared = {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": KEY}
    workspace = make_workspace(
        settings=f"{SETTINGS}sending: {{limits: [100/second], connections: {CONNECTIONS}, domain_limits: []}}\n",
        lists={"partners": "\n".join(["email", *people]), "schools": "email"},
        environ=shared,
    )
    there = {
        "BULLETIN_DATABASE_URL": f"postgresql+psycopg://postgres@10.213.7.1:15432/{make_url(url).database}",
        "BULLETIN_SMTP_URL": f"smtp://10.213.7.1:{sink.port}",
        "BULLETIN_SECRET_KEY": KEY,
    }
    crew = Crew(workspace, sink.environ | shared, tmp_path)
    with (
        forwarded(tmp_path, 15432, to=f"UNIX-CONNECT:{postgresql.folder}/.s.PGSQL.5432"),
        forwarded(tmp_path, sink.port, to=f"TCP:127.0.0.1:{sink.port}"),
        ended([_start_at(name, workspace, os.environ | there, tmp_path) for name in machines]),
        opened(workspace) as engine,
    ):
        wait_for(lambda: len(find_workers(engine, within=5)) == len(machines), crew.read_log)
        send = crew.send()
        sink.wait_for(300, send)
        for name in machines[:2]:
            _ip("link", "set", f"veth{name}", "down")
            time.sleep(25)
            _ip("link", "set", f"veth{name}", "up")
            time.sleep(5)
        assert send.wait(300) in (0, 1), crew.read_log()
        states, counts = read_states(engine), count(engine)
        print(crew.read_log(), counts)  # noqa: T201 -- figures
    received = sink.recipients()
    assert {address: times for address, times in received.items() if times > 1} == {}
    uncertain = {address for address, state in states.items() if state == "uncertain"}
    assert sorted(states) == people
    assert set(states.values()) <= {"accepted", "uncertain"}
    assert set(people) - set(received) <= uncertain
    assert len(uncertain) <= 2 * CONNECTIONS
    postgresql.drop(url)


def _start_at(name: str, workspace: Workspace, environ: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """A worker on such a machine, with a workspace folder of its own, as on another computer."""
    root = folder / name
    shutil.copytree(workspace.root, root, ignore=shutil.ignore_patterns(".bulletin"))
    command = [sys.executable, "-m", "bulletin", "worker", "--workspace", str(root)]
    with (folder / f"{name}.txt").open("ab") as log:
        return subprocess.Popen(["ip", "netns", "exec", name, *command], env=environ, stdout=log, stderr=log)


@contextmanager
def ended(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
