"""How samples were judged, against what is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from corpus import Sample

from bulletin.bounces.judgement import judge_email
from bulletin.bounces.verdict import ReturnClass, Verdict
from sent_deliveries import SentDeliveries

_SUPPRESSING = (ReturnClass.GONE, ReturnClass.COMPLAINED, ReturnClass.UNSUBSCRIBED)


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Samples, the first verdict on each, and what of them is counted."""

    samples: list[Sample]
    verdicts: list[Verdict]

    @property
    def counts(self) -> Counter[tuple[ReturnClass, ReturnClass]]:
        """How many there are of each right class and each class that was found."""
        return Counter((sample.expected, verdict.result) for sample, verdict in self._pairs())

    def precision(self, result: ReturnClass) -> float:
        found = [sample.expected is result for sample, verdict in self._pairs() if verdict.result is result]
        return sum(found) / len(found)

    def recall(self, result: ReturnClass) -> float:
        found = [verdict.result is result for sample, verdict in self._pairs() if sample.expected is result]
        return sum(found) / len(found)

    @property
    def accuracy(self) -> float:
        return sum(sample.expected is verdict.result for sample, verdict in self._pairs()) / len(self.samples)

    @property
    def wrongly_suppressed(self) -> list[tuple[str, str, str]]:
        return [
            (sample.kind, sample.maker, verdict.diagnostic)
            for sample, verdict in self._pairs()
            if verdict.result in _SUPPRESSING and verdict.result is not sample.expected
        ]

    @property
    def wrong_deliveries(self) -> list[tuple[str, str]]:
        """Those whose proof names somebody else, or is missing where there was one and something is done about it."""
        return [
            (sample.kind, sample.maker)
            for sample, verdict in self._pairs()
            if verdict.match and verdict.match.is_proof and verdict.match.ids.subscriber != sample.subscriber
        ]

    def _pairs(self) -> Iterable[tuple[Sample, Verdict]]:
        return zip(self.samples, self.verdicts, strict=True)

    def write_table(self) -> str:
        """The table: a row for each right class, a column for each that was found."""
        counts, classes = self.counts, [*ReturnClass]
        width = max(map(len, classes)) + 1
        lines = ["right \\ found".ljust(width + 2) + "".join(f"{name:>{width}}" for name in classes)]
        for row in classes:
            cells = (counts[row, column] for column in classes)
            lines.append(row.ljust(width + 2) + "".join(f"{cell or '·':>{width}}" for cell in cells))
        return "\n".join(lines)


def judge_samples(samples: list[Sample], sent: SentDeliveries) -> Confusion:
    """Judge each sample."""
    return Confusion(samples=samples, verdicts=[judge_email(sample.message, sent)[0] for sample in samples])
