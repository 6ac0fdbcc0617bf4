"""What each state of a delivery means, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulletin.delivery.ledger.counts import Counts


def describe_counts(counts: Counts) -> list[str]:
    """A line for each state that somebody is in, with what it means."""
    meanings = {
        "accepted": "accepted: the server took the message",
        "refused": "refused: the server will not take it",
        "uncertain": "uncertain: the connection broke while it left; it may have arrived",
        "deferred": "deferred: the server said “later”",
        "queued": "queued: not yet sent",
        "sending": "sending: in flight now",
        "withdrawn": "withdrawn: opted out, or the mailing was cancelled, before their turn",
        "bounced": "bounced: it came back",
    }
    numbers = asdict(counts)
    return [f"{numbers[state]:>9,}  {meaning}" for state, meaning in meanings.items() if numbers[state]]
