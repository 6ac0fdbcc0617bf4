"""What became of a message after one attempt to hand it over. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from bulletin.delivery.smtp.reply import LONGEST_REPLY


class Fate(StrEnum):
    """What is known of a message after one attempt."""

    ACCEPTED = "accepted"  # 2xx after the dot: the relay has it
    DEFERRED = "deferred"  # 4xx: not now
    REFUSED = "refused"  # 5xx to this person's address, or to the message
    UNCERTAIN = "uncertain"  # the connection was lost, or the reply made no sense, once the message began to leave
    UNSENT = "unsent"  # it cannot have left: no connection, or one lost before the message's turn


# The same, to be asked for at every message: Python 3.11 looks the members of an enum up slowly.
ACCEPTED: Final = Fate.ACCEPTED
DEFERRED: Final = Fate.DEFERRED
REFUSED: Final = Fate.REFUSED
UNCERTAIN: Final = Fate.UNCERTAIN
UNSENT: Final = Fate.UNSENT


class Outcome(NamedTuple):
    """A message's fate, and why: the relay's reply with its code, or our words. One line, at most 500 characters."""

    fate: Fate
    reply: str


def make_outcome(fate: Fate, reply: str) -> Outcome:
    """An outcome whose words are cut to what is kept of them."""
    return Outcome(fate, reply[:LONGEST_REPLY])
