"""What was measured, as tables: medians, ratios round by round, and whether the targets are met. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from senders import Run


@dataclass(frozen=True, kw_only=True)
class Target:
    """One promise: what it is about, its bound, and what was measured. Ratios and counts, seconds or MB."""

    about: str
    bound: float
    measured: float
    unit: str = ""
    at_most: bool = False  # otherwise: at least

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.bound if self.at_most else self.measured >= self.bound

    def row(self) -> tuple[str, ...]:
        """Its row in the table of targets."""
        bound = f"{'≤' if self.at_most else '≥'} {_number(self.bound)}{self.unit}"
        return self.about, bound, f"{_number(self.measured)}{self.unit}", "met" if self.is_met else "**missed**"


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one measurement found. `name` is that of its place in docs/performance.md."""

    name: str
    title: str
    tables: tuple[str, ...]
    targets: tuple[Target, ...] = ()

    def __str__(self) -> str:
        """Markdown, without the heading."""
        targets = write_table(("target", "bound", "measured", ""), [target.row() for target in self.targets])
        return "\n\n".join([*self.tables, *([targets] if self.targets else [])])


def compare_runs(runs: Mapping[str, Sequence[Run]], *, ceilings: Sequence[str]) -> str:
    """A table of senders: messages a second (median, least to most), CPU, and the ratio to each of `ceilings`."""
    rows = []
    for name, own in runs.items():
        rates = [run.rate for run in own]
        rows.append(
            (
                name,
                f"{median(rates):,.0f}",
                f"{min(rates):,.0f} to {max(rates):,.0f}",
                f"{median(run.cpu_each for run in own):.3f}",
                *(f"{find_ratio(own, runs[ceiling]):.2f}" for ceiling in ceilings),
            )
        )
    return write_table(
        ("sender", "messages/s", "least to most", "CPU, ms a message", *(f"of {ceiling}" for ceiling in ceilings)), rows
    )


def find_ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """How many times as fast: the median over rounds, as what disturbs one round disturbs both in it."""
    return median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: text to the left, everything after the first column to the right."""
    lines = [headings, ["---", *["--:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def run_in_turn(
    rounds: int, senders: Mapping[str, Callable[[], Run]], *, seconds: float, clock: Callable[[], float]
) -> dict[str, list[Run]]:
    """Let all run once, then all again: what changes on the machine meanwhile meets each of them.

    Once `seconds` are over no further round begins, however few there were.
    """
    runs: dict[str, list[Run]] = {name: [] for name in senders}
    until = clock() + seconds
    for _ in range(rounds):
        for name, send in senders.items():
            runs[name].append(send())
        if clock() >= until:
            break
    return runs


def count_rounds(runs: Mapping[str, Sequence[Run]]) -> str:
    """Of how many rounds the figures are medians, in words."""
    rounds = len(next(iter(runs.values())))
    return f"Medians of {rounds} rounds." if rounds > 1 else "One round only."


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:.3g}"
