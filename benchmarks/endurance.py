"""What the ledger costs and is worth: a million recipients planned, memory, and who is in doubt after a kill."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from statistics import median
from time import monotonic

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.mailing import find_mailings
from figures import Section, Target, write_table
from preparation import ISSUE, Preparation, fill_database
from senders import bulletin_command, run_bulletin
from sinks import run_fast_sink

FEW = 1_000
MILLION = 1_000_000
MB = 1024  # KiB
CONNECTIONS = 64
LONGEST = 40  # seconds after which nobody is killed any more
KILL_BETWEEN = (0.05, 0.6)  # seconds after sending began


def measure_planning(preparation: Preparation, *, rounds: int) -> Section:
    """Freezing a million recipients into the ledger."""
    filled = preparation.folder / "million.db"
    fill_database(filled, MILLION)
    figures = [
        run_bulletin("plan", database=preparation.copy(filled), edition=preparation.edition)
        for _ in range(min(rounds, 3))
    ]
    seconds = [each["seconds"] for each in figures]
    peak = max(each["peak"] for each in figures) / MB
    span = f"{min(seconds):.1f} to {max(seconds):.1f} s"
    row = (f"{MILLION:,}", f"{median(seconds):.1f} s", span, f"{peak:.0f} MB")
    table = write_table(("recipients", "planned in", "least to most", "memory at most"), [row])
    targets = (
        Target(about="time to plan 1,000,000 recipients", bound=10, measured=median(seconds), unit=" s", at_most=True),
        Target(about="memory while planning", bound=300, measured=peak, unit=" MB", at_most=True),
    )
    return Section(name="plan", title="A million recipients planned", tables=(table,), targets=targets)


def measure_memory(preparation: Preparation, *, many: int) -> Section:
    """How much more memory sending to `many` takes than sending to few."""
    rows, peaks = [], []
    with run_fast_sink() as sink:
        for number in (FEW, many):
            database = preparation.copy(preparation.plan(number))
            figures = run_bulletin("send", database=database, port=sink.port, connections=CONNECTIONS)
            peaks.append(figures["peak"] / MB)
            idle = figures["idle"] / MB
            rows.append((f"{number:,}", f"{figures['seconds']:,.1f} s", f"{idle:.0f} MB", f"{peaks[-1]:.0f} MB"))
    if sink.messages != FEW + many:
        raise SystemExit(f"Of {FEW + many:,} messages that were sent, {sink.messages:,} arrived.")
    table = write_table(("recipients", "sent in", "memory before", "memory at most"), rows)
    about = f"memory for {many:,} over that for {FEW:,}"
    target = Target(about=about, bound=40, measured=peaks[1] - peaks[0], unit=" MB", at_most=True)
    return Section(name="memory", title="Memory while sending", tables=(table,), targets=(target,))


def measure_kills(preparation: Preparation, *, rounds: int, messages: int) -> Section:
    """How many are in doubt when the sender is killed, and whether everybody else gets one message."""
    number = messages or 20_000
    chance = random.Random(20210504)  # noqa: S311 -- the same moments each time, as far as a machine allows
    rows, doubts = [], []
    until = monotonic() + LONGEST
    for kill in range(1, rounds + 1):
        database = preparation.copy(preparation.plan(number))
        with run_fast_sink() as sink:
            counts = _kill_one(database, sink.port, after=chance.uniform(*KILL_BETWEEN))
            if not counts.unfinished:
                raise SystemExit("The sender had ended before it could be killed: send more --messages.")
            resumed = run_bulletin("send", database=database, port=sink.port, connections=CONNECTIONS)
        _check(number, in_doubt=counts.sending, accepted=round(resumed["accepted"]), arrived=sink.messages)
        doubts.append(counts.sending)
        rows.append((str(kill), f"{counts.accepted:,}", str(counts.sending)))
        if monotonic() >= until:
            break
    table = write_table(("kill", "accepted by then", "in doubt"), rows)
    about = f"in doubt after kill -9, with {CONNECTIONS} connections"
    target = Target(about=about, bound=CONNECTIONS, measured=max(doubts), at_most=True)
    return Section(name="kill", title="Killed while sending", tables=(table,), targets=(target,))


def _kill_one(database: Path, port: int, *, after: float) -> Counts:
    """Begin to send, kill -9 the sender, and say how the ledger stands."""
    command = bulletin_command("send", database=database, port=port, connections=CONNECTIONS)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()  # it says when it is ready
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
    engine = open_database(f"sqlite:///{database}")
    counts = count_states(engine, find_mailings(engine, ISSUE))
    engine.dispose()
    return counts


def _check(number: int, *, in_doubt: int, accepted: int, arrived: int) -> None:
    """Nobody lost, nobody twice: as far as numbers can say; tests/delivery/dispatch/test_crash.py says it by name."""
    if accepted != number - in_doubt or not accepted <= arrived <= number:
        raise SystemExit(
            f"Of {number:,} people {in_doubt} were in doubt and {accepted:,} accepted; {arrived:,} messages arrived."
        )
