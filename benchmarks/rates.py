"""How fast it sends: into a server that is the limit, into one that is not, and to one far away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from time import monotonic

from figures import Section, Target, compare_runs, count_rounds, find_ratio, run_in_turn, write_table
from preparation import Preparation
from senders import Run, Sender, bulletin_sender, loop_sender, nodemailer_sender, source_sender
from sinks import Sink, run_fast_sink, run_smtp_sink

SOURCE = "smtp-source"
KEPT_SOURCE = "smtp-source -d"
BULLETIN = "bulletin"
NODEMAILER = "nodemailer's pool"
LOOP = "EmailMessage and smtplib"

LOOPED = 200  # messages of the loop, which needs eight milliseconds for each
POOLED = 600  # messages of nodemailer: with fewer, Node's compiler has not got going
ROUND_TRIP = 0.020  # seconds
CPU_BOUND = 0.10  # ms a message
LONGEST = 50  # seconds after which a part begins no further round: all of them together take seven minutes


def measure_smtp_sink(preparation: Preparation, *, rounds: int, messages: int) -> Section:
    """Into Postfix's smtp-sink, which is the limit: how near to it do we come?"""
    senders = _line_up(preparation, messages=messages or 4_000, connections=8)
    with run_smtp_sink() as sink:
        runs = run_in_turn(rounds, _aim(senders, sink), seconds=LONGEST, clock=monotonic)
    targets = _judge(runs, of_source=0.90, of_nodemailer=8, of_loop=20)
    return _compare("smtp-sink", "Into smtp-sink, 8 connections", runs, targets)


def measure_fast_sink(preparation: Preparation, *, rounds: int, messages: int) -> Section:
    """Into a server that is no limit: how fast are we ourselves?"""
    senders = _line_up(preparation, messages=messages or 40_000, connections=64)
    with run_fast_sink() as sink:
        runs = run_in_turn(rounds, _aim(senders, sink), seconds=2 * LONGEST, clock=monotonic)
    _check_arrivals(sink, runs)
    targets = (*_judge(runs, of_source=0.85, of_nodemailer=40, of_loop=80), _judge_cpu(runs[BULLETIN]))
    return _compare("fast", "Into a server that is no limit, 64 connections", runs, targets)


def measure_delay(preparation: Preparation, *, rounds: int, messages: int) -> Section:
    """At a distance the rate is connections ÷ latency, if nothing else is in the way."""
    numbers = {connections: messages or usual for connections, usual in {1: 150, 32: 5_000, 128: 20_000}.items()}
    senders = {str(connections): _bulletin(preparation, number, connections) for connections, number in numbers.items()}
    with run_fast_sink(delay=ROUND_TRIP) as sink:
        runs = run_in_turn(rounds, _aim(senders, sink), seconds=LONGEST, clock=monotonic)
    _check_arrivals(sink, runs)
    rows, targets = [], []
    for connections in numbers:
        rates = [run.rate for run in runs[str(connections)]]
        possible = connections / ROUND_TRIP
        share = median(rates) / possible
        span = f"{min(rates):,.0f} to {max(rates):,.0f}"
        rows.append((str(connections), f"{possible:,.0f}", f"{median(rates):,.0f}", span, f"{share:.2f}"))
        targets.append(Target(about=f"share of connections ÷ latency, with {connections}", bound=0.8, measured=share))
    table = write_table(("connections", "connections ÷ latency", "messages/s", "least to most", "share"), rows)
    return Section(
        name="delay", title="At 20 ms round trip", tables=(table, count_rounds(runs)), targets=tuple(targets)
    )


def _line_up(preparation: Preparation, *, messages: int, connections: int) -> dict[str, Sender]:
    source = partial(source_sender, messages=messages, connections=connections, size=preparation.size)
    return {
        SOURCE: source(keep=False),
        KEPT_SOURCE: source(keep=True),
        BULLETIN: _bulletin(preparation, messages, connections),
        NODEMAILER: nodemailer_sender(preparation.edition, messages=min(messages, POOLED), connections=connections),
        LOOP: loop_sender(preparation.edition, messages=min(messages, LOOPED)),
    }


def _bulletin(preparation: Preparation, messages: int, connections: int) -> Sender:
    planned = preparation.plan(messages)
    return bulletin_sender(partial(preparation.copy, planned), messages=messages, connections=connections)


def _aim(senders: Mapping[str, Sender], sink: Sink) -> dict[str, Callable[[], Run]]:
    return {name: partial(send, sink.port) for name, send in senders.items()}


def _judge(
    runs: Mapping[str, Sequence[Run]], *, of_source: float, of_nodemailer: float, of_loop: float
) -> tuple[Target, ...]:
    ours = runs[BULLETIN]
    return (
        Target(about=f"of {SOURCE}", bound=of_source, measured=find_ratio(ours, runs[SOURCE])),
        Target(about=f"of {KEPT_SOURCE}", bound=of_source, measured=find_ratio(ours, runs[KEPT_SOURCE])),
        Target(about=f"times {NODEMAILER}", bound=of_nodemailer, measured=find_ratio(ours, runs[NODEMAILER])),
        Target(about=f"times {LOOP}", bound=of_loop, measured=find_ratio(ours, runs[LOOP])),
    )


def _judge_cpu(ours: Sequence[Run]) -> Target:
    """Where the server is the limit it is another question: a durable commit then serves one or two messages."""
    measured = median(run.cpu_each for run in ours)
    return Target(about="CPU a message", bound=CPU_BOUND, measured=measured, unit=" ms", at_most=True)


def _compare(name: str, title: str, runs: Mapping[str, Sequence[Run]], targets: tuple[Target, ...]) -> Section:
    tables = (compare_runs(runs, ceilings=(SOURCE, KEPT_SOURCE)), count_rounds(runs))
    return Section(name=name, title=title, tables=tables, targets=targets)


def _check_arrivals(sink: Sink, runs: Mapping[str, Sequence[Run]]) -> None:
    sent = sum(run.messages for own in runs.values() for run in own)
    if sink.messages != sent:
        raise SystemExit(f"Of {sent:,} messages that were sent, {sink.messages:,} arrived.")
