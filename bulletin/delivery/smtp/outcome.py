"""The outcome of one attempt to send a message. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from bulletin.delivery.smtp.reply import LONGEST_REPLY


class Fate(StrEnum):
    """What is known about a message after one attempt."""

    ACCEPTED = "accepted"  # 2xx after the final dot
    DEFERRED = "deferred"  # 4xx: try again later
    REFUSED = "refused"  # 5xx to this address, or to the message
    UNCERTAIN = "uncertain"  # the connection was lost, or the reply was unreadable, after the message began to leave
    UNSENT = "unsent"  # it cannot have left: the connection was lost before it was sent, or there was none


# Shortcuts for use at every message: Python 3.11 looks up enum members slowly.
ACCEPTED: Final = Fate.ACCEPTED
DEFERRED: Final = Fate.DEFERRED
REFUSED: Final = Fate.REFUSED
UNCERTAIN: Final = Fate.UNCERTAIN
UNSENT: Final = Fate.UNSENT


class Outcome(NamedTuple):
    """A message's fate and its reason: the relay's reply, or a sentence of ours. One line, at most 500 characters."""

    fate: Fate
    reply: str


def make_outcome(fate: Fate, reply: str) -> Outcome:
    """Make an outcome, and cut its reply to the length that is kept."""
    return Outcome(fate, reply[:LONGEST_REPLY])
