"""Run the checks: each family in a thread of its own, all of them within a time limit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from bulletin.doctor.case import Case
from bulletin.doctor.check import CheckResult, DoctorCheck, Family
from bulletin.doctor.judgement import Unknown

MOST_SECONDS: Final = 20.0
"""For all checks together. What has no answer by then is unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """All results, in the order of the checks, and how many seconds they took."""

    results: tuple[CheckResult, ...]
    seconds: float

    def count(self, outcome: str) -> int:
        """How many results are `passed`, `error`, `warning`, `note`, `unknown` or `not-applicable`."""
        return sum(result.outcome == outcome for result in self.results)

    def select(self, *outcomes: str) -> tuple[CheckResult, ...]:
        """The results with one of these outcomes, in order."""
        return tuple(result for result in self.results if result.outcome in outcomes)


def examine(case: Case, checks: Sequence[DoctorCheck], *, most_seconds: float = MOST_SECONDS) -> Examination:
    """Run the checks on a case. Raises what a check raises that it doesn't know: that is a fault of ours."""
    began = time.monotonic()
    queue: SimpleQueue[CheckResult | Exception] = SimpleQueue()
    for family in Family:
        own = [check for check in checks if check.family is family]
        if own:
            # Daemons: a server that never answers doesn't keep the program from ending.
            Thread(target=_run_family, args=(case, own, queue), name=f"doctor: {family}", daemon=True).start()
    results = _collect(queue, len(checks), until=began + most_seconds)
    ended = time.monotonic() - began
    slow = Unknown(why=f"It took longer than {most_seconds:g} seconds.")
    return Examination(
        results=tuple(results.get(check.id) or CheckResult(check=check, judgement=slow) for check in checks),
        seconds=ended,
    )


def _run_family(case: Case, checks: Iterable[DoctorCheck], queue: SimpleQueue[CheckResult | Exception]) -> None:
    for check in checks:
        try:
            queue.put(CheckResult(check=check, judgement=check(case)))
        except Exception as error:  # noqa: BLE001 -- raised again by who waits for it
            queue.put(error)
            return


def _collect(queue: SimpleQueue[CheckResult | Exception], number: int, *, until: float) -> dict[str, CheckResult]:
    results: dict[str, CheckResult] = {}
    while len(results) < number:
        try:
            came = queue.get(timeout=max(until - time.monotonic(), 0.001))
        except Empty:
            break
        if isinstance(came, Exception):
            raise came
        results[came.check.id] = came
    return results
