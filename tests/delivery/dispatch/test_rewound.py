"""A sender that is killed, and a ledger that something happens to before the next one starts.

The real command, a real server (Postfix's smtp-sink), kill -9, and what back-up programs, sync programs and people do
to files. CRASH_SEED=… repeats an earlier run, REWOUND_KILLS=… says how many kills there are (`make soak`: 50).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bulletin.database.mark import MARK_FILE
from bulletin.database.schema import open_database
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call
from command_process import start
from conftest import SETTINGS, on_postgresql
from forked import Program
from older_copy import OlderCopy
from postgresql import PostgreSQL
from sink import Sink, run_sink

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("REWOUND_KILLS", "0"))  # 0: one for each of the worst mishaps
APART = 40  # messages between two kills
PEOPLE = [f"reader-{number:05}@example.org" for number in range(APART * (max(KILLS, 3) + 1))]
PACED = "sending: {limits: [100/second]}\n"  # slow enough to be killed in the middle
KEY = "a key that all computers of this test know"
REFUSED = "is older than it was"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@dataclass
class Officer:
    """Whoever types `bulletin send` after each mishap, and does what it says."""

    workspace: Workspace
    sink: Sink
    log: Path
    server: PostgreSQL | None = None
    refusals: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.workspace.state_folder

    @property
    def environ(self) -> dict[str, str]:
        return self.sink.environ | dict(self.workspace.environ)

    def start(self, *arguments: str) -> Program:
        """A command in a process of its own, which can be killed."""
        return start(self.workspace, self.environ, self.log, *arguments)

    def do(self, *arguments: str) -> int:
        """A command that nothing happens to, and the code that it ends with."""
        done = call(*arguments, "--workspace", str(self.workspace.root), environ=self.environ)
        with self.log.open("a") as log:
            log.write(done.stdout + done.stderr)
        return done.returncode

    def send_and_be_killed(self, chance: random.Random, folder: Path) -> OlderCopy:
        """Send, and be killed after some messages more. A copy that was made on the way there, into `folder`.

        If sending is refused, decide first.
        """
        process = self.start("send", "2021-05", "--yes")
        before = self.sink.count()
        self.sink.wait_for(before + APART // 4, process)
        if process.poll() is not None:
            self.decide()
            return self.send_and_be_killed(chance, folder)
        folder.mkdir()
        copy = OlderCopy(self.workspace.database_url, folder, self.server)
        self.sink.wait_for(before + APART // 2 + chance.randrange(APART // 4), process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.02))
        process.kill()
        assert process.wait() == -signal.SIGKILL, self.log.read_text()
        return copy

    def send(self) -> int:
        """Send to the end, or until it says why it does not."""
        return self.do("send", "2021-05", "--yes")

    def decide(self) -> None:
        """Make uncertain all who may have had it, and decide by the server's own record."""
        words = self.log.read_text()
        assert REFUSED in words, words
        self.log.write_text("")
        self.refusals.append(words)
        assert self.do("resolve", "2021-05", "--unknown", "--yes") == 0, self.log.read_text()
        self.decide_uncertain()

    def decide_uncertain(self) -> None:
        received = self.sink.recipients()
        uncertain = self.find("uncertain")
        for option, there in (("--delivered", True), ("--resend", False)):
            if addresses := [address for address in uncertain if (address in received) is there]:
                assert self.do("resolve", "2021-05", *addresses, option) == 0, self.log.read_text()

    def find(self, state: str) -> list[str]:
        engine = open_database(self.workspace)
        found = list_deliveries(engine, find_mailings(engine, "2021-05"))
        engine.dispose()
        return [one.address for one in found if one.state == state]


def lose_wal(officer: Officer, _copy: OlderCopy) -> None:
    """A back-up or sync program takes `*.db` only."""
    (officer.state / "ledger.db-wal").unlink()


def lose_shm(officer: Officer, _copy: OlderCopy) -> None:
    (officer.state / "ledger.db-shm").unlink()


def put_older_copy_back(_officer: Officer, copy: OlderCopy) -> None:
    copy.put_back()


def lose_mark(officer: Officer, _copy: OlderCopy) -> None:
    (officer.state / MARK_FILE).unlink()


def move_folder(officer: Officer, _copy: OlderCopy) -> None:
    root = officer.workspace.root
    moved = root.with_name("moved" if root.name == "workspace" else "workspace")
    root.rename(moved)
    officer.workspace = open_workspace(moved, environ=officer.workspace.environ)


Mishap = Callable[[Officer, OlderCopy], None]
WORST: tuple[Mishap, ...] = (lose_wal, put_older_copy_back, lose_mark)
ON_FILE: tuple[Mishap, ...] = (*WORST, lose_shm, move_folder) if KILLS else WORST
ON_SERVER: tuple[Mishap, ...] = (put_older_copy_back, lose_mark) if KILLS else (put_older_copy_back,)


def tempt_fate(officer: Officer, mishaps: Sequence[Mishap], folder: Path) -> None:
    """A mailing with a kill and a mishap, again and again, and what has to be true at its end."""
    seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CRASH_SEED={seed}")  # noqa: T201 -- to repeat what failed
    chance = random.Random(seed)
    kills = KILLS or len(mishaps)
    kinds = [mishap for _ in range(0, kills, len(mishaps)) for mishap in chance.sample(mishaps, len(mishaps))][:kills]
    for number, mishap in enumerate(kinds):
        copy = officer.send_and_be_killed(chance, folder / f"copy-{number}")
        mishap(officer, copy)
    while officer.send() and REFUSED in officer.log.read_text():
        officer.decide()
    officer.decide_uncertain()
    officer.send()

    print(f"refused {len(officer.refusals)} of {kills} times; {officer.refusals[:1]}")  # noqa: T201 -- to be read
    received = officer.sink.recipients()
    assert {address: times for address, times in received.items() if times > 1} == {}
    assert sorted(received) == PEOPLE
    assert sorted(officer.find("accepted")) == PEOPLE
    assert len(officer.refusals) >= kinds.count(put_older_copy_back)


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    lists = {"partners": "\n".join(["email", *PEOPLE]), "schools": "email"}
    return make_workspace(settings=SETTINGS + PACED, lists=lists)


def test_whatever_happens_to_the_ledger_after_a_kill_nobody_is_mailed_twice_and_nobody_is_lost(
    workspace: Workspace, sink: Sink, tmp_path: Path
) -> None:
    tempt_fate(Officer(workspace, sink, tmp_path / "log.txt"), ON_FILE, tmp_path)


@on_postgresql
def test_neither_are_they_where_a_server_has_the_ledger_and_an_older_dump_is_restored(
    workspace: Workspace, sink: Sink, tmp_path: Path, postgresql: PostgreSQL, database_url: str
) -> None:
    there = open_workspace(workspace.root, environ={"BULLETIN_DATABASE_URL": database_url, "BULLETIN_SECRET_KEY": KEY})
    tempt_fate(Officer(there, sink, tmp_path / "log.txt", postgresql), ON_SERVER, tmp_path)
