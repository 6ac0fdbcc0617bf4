"""Judges ten thousand emails that come back, and prints how they were judged, how long it took and in what memory.

python benchmarks/returns.py [--number N] [--seed N]
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bounces"), str(ROOT / "tests" / "support")]


def main() -> None:
    """Print the confusion table, precision and recall of what suppresses, seconds and megabytes."""
    from confusion import judge_samples
    from corpus import make_samples

    from bulletin.bounces.judgement import judge_email
    from bulletin.bounces.verdict import ReturnClass

    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    samples, sent = make_samples(options.number, options.seed)
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    for sample in samples:
        judge_email(sample.message, sent)
    seconds, grown = perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    table = judge_samples(samples, sent)
    print(table.write_table())
    kinds, makers = ({getattr(sample, name) for sample in samples} for name in ("kind", "maker"))
    print(f"\n{len(samples):,} emails of {len(kinds)} kinds, in the forms of {len(makers)} servers and programs.")
    for result in (ReturnClass.GONE, ReturnClass.COMPLAINED, ReturnClass.UNSUBSCRIBED):
        print(f"{result}: precision {table.precision(result):.2%}, recall {table.recall(result):.2%}")
    print(f"wrongly suppressed: {len(table.wrongly_suppressed)}; right in all: {table.accuracy:.2%}")
    size = sum(len(sample.message) for sample in samples) / 1e6
    print(f"{seconds:.1f} s for {size:.0f} MB; {grown / 1024:.0f} MB of memory while judging")


main()
