"""Says what each state of a delivery means, and how many readers get which edition."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bulletin.approval.reference import format_reference
from bulletin.cli.terminal import count, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.sending.preparation import PreparedEditions
    from bulletin.settings.organisation import ListSettings


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


def print_editions(prepared: PreparedEditions) -> None:
    """Print how many readers there are for each edition; nothing if there is only one, for everyone.

    An edition without readers is not told of: it is for those who withdraw their consent before their turn.
    """
    if prepared.editions.is_alone or not prepared.readers:
        return
    readers = sum(prepared.readers.values())
    say(f"{count(readers, 'reader')}, {count(len(prepared.readers), 'edition')}:")
    for one in prepared.editions.editions:
        if number := prepared.readers.get(one.number, 0):
            say(f"{number:>9,}  {one.words}")


def print_kept_editions(engine: Engine, mailing: Mailing, lists: Mapping[str, ListSettings]) -> None:
    """Print a line for each edition of a mailing: who it is for, and for how many it was accepted.

    Nothing for one edition alone.
    """
    from bulletin.delivery.ledger.mailing_editions import EditionCounts, count_by_edition, find_numbers, read_editions
    from bulletin.edition.audiences import describe_signatures

    if len(find_numbers(engine, mailing)) == 1:
        return
    titles = {name: settings.title for name, settings in lists.items()}
    counts = count_by_edition(engine, mailing)
    for one in read_editions(engine, mailing):
        words = describe_signatures(one.signatures, mailing.lists, titles, alone=False)
        readers, accepted = counts.get(one.number, EditionCounts())
        numbers = f"{count(readers, 'reader')}, {accepted:,} accepted"
        say(f"    Edition {one.number}, {words}: {numbers} ({format_reference(one.digest)})")


def list_editions(
    engine: Engine, mailings: Sequence[Mailing], lists: Mapping[str, ListSettings]
) -> list[dict[str, object]]:
    """For `status --json`: each edition of each mailing, its readers, and how many of them are in each state.

    `lists` are those that its readers may be on, of those that the issue tells apart. `recipients` is for how many it
    was when its mailing began. The states count each person once, by their latest delivery.
    """
    from bulletin.delivery.ledger.counts import Counts, count_states_by_edition
    from bulletin.delivery.ledger.mailing_editions import read_editions
    from bulletin.edition.audiences import describe_signatures

    titles = {name: settings.title for name, settings in lists.items()}
    counts = count_states_by_edition(engine, mailings)
    found: list[dict[str, object]] = []
    for mailing in mailings:
        kept = read_editions(engine, mailing)
        for one in kept:
            named = frozenset[str]().union(*(signature.lists for signature in one.signatures))
            found.append(
                {
                    "mailing": mailing.id,
                    "edition": one.number,
                    "name": describe_signatures(one.signatures, mailing.lists, titles, alone=len(kept) == 1),
                    "lists": [name for name in mailing.lists if name in named],
                    "digest": one.digest,
                    "recipients": one.readers,
                    **asdict(counts.get((mailing.id, one.number), Counts())),
                }
            )
    return found
