"""The points that SpamAssassin gives an email, here on this computer: what a spam filter would hold against it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from bulletin.errors import BulletinError

THRESHOLD: Final = 5.0
"""Points from which SpamAssassin, as it is set up, calls an email spam."""

PATIENCE: Final = 120
"""Seconds that it may take: its first run on a computer compiles its rules."""

_SUMMARY = re.compile(r"^X-Spam-Status: \w+, score=(-?[\d.]+)", re.MULTILINE)
_HIT = re.compile(r"^\s*(-?\d+\.\d+)\s+([A-Z][A-Z0-9_]{2,})\s+(.*(?:\n\s{20,}\S.*)*)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpamHit:
    """One test that the email has not passed, or passed well: its points, below 0 if they speak for the email."""

    points: float
    test: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SpamReport:
    """The sum, and what it is made of, the worst first."""

    points: float
    hits: tuple[SpamHit, ...]


def score_message(message: bytes) -> SpamReport:
    """Let SpamAssassin judge a message, without the network. Raises BulletinError if it is missing, or fails.

    `message` has no Received fields and no SPF result yet, so tests of the sender's server have no say.
    """
    program = shutil.which("spamassassin")
    if program is None:
        raise BulletinError(
            "SpamAssassin isn't on this computer, so there is no spam score.",
            "On Debian or Ubuntu type: sudo apt-get install spamassassin. Everything else is checked without it.",
        )
    try:
        done = subprocess.run(  # noqa: S603 -- the system's own program
            [program, "--local", "--test-mode"],
            input=message.replace(b"\r\n", b"\n"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_score(
            "it took too long" if isinstance(error, subprocess.TimeoutExpired) else "it can't run"
        ) from None
    return read_report(done.stdout.decode("utf-8", "replace"))


def read_report(said: str) -> SpamReport:
    """What SpamAssassin wrote: the marked message, and the details behind it. Raises BulletinError."""
    summary = _SUMMARY.search(said)
    if summary is None:
        raise _no_score("its answer can't be read")
    details = said.rpartition("Content analysis details:")[2]
    hits = (
        SpamHit(points=float(points), test=test, words=" ".join(words.split()))
        for points, test, words in _HIT.findall(details)
    )
    return SpamReport(points=float(summary[1]), hits=tuple(sorted(hits, key=lambda hit: -hit.points)))


def _no_score(problem: str) -> BulletinError:
    return BulletinError(f"SpamAssassin gave no score: {problem}.", "Run it yourself: spamassassin --lint")
