"""Says what each state of a delivery means."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulletin.delivery.ledger.counts import Counts


def describe_counts(counts: Counts) -> list[str]:
    """A line for each state that a reader is in, with what it means."""
    meanings = {
        "accepted": "accepted: the mail server took the message",
        "refused": "refused: the mail server won't take it",
        "uncertain": "uncertain: the connection dropped while sending; it may have arrived",
        "deferred": "deferred: the server said “later”",
        "queued": "queued: not sent yet",
        "sending": "sending: being sent now",
        "withdrawn": "withdrawn: unsubscribed or paused, or the mailing was cancelled, before their turn",
        "bounced": "bounced: it came back",
    }
    numbers = asdict(counts)
    return [f"{numbers[state]:>9,}  {meaning}" for state, meaning in meanings.items() if numbers[state]]
