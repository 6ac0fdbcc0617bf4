"""Prepare the editions that a mailing would have: one for each audience that its readers belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.delivery.ledger.reader_signatures import Apart
from bulletin.delivery.ledger.start import Recipients, count_recipient_signatures
from bulletin.delivery.ledger.withholding import find_day
from bulletin.edition.build import make_audience_editions, make_edition
from bulletin.edition.edition_set import EditionSet, make_set
from bulletin.issue.audience import Audience, find_widest
from bulletin.subscribers.sync import compare_with_files, sync_lists

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Engine

    from bulletin.edition.edition import Edition
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedEditions:
    """The editions of a mailing, and how many readers each would have if it began now, by its number."""

    editions: EditionSet
    readers: Mapping[int, int]


def prepare_editions(
    workspace: Workspace,
    engine: Engine,
    issue: str,
    *,
    lists: Sequence[str],
    now: int,
    recipients: Recipients = Recipients.NEW,
    make_whole: Callable[[], Edition] | None = None,
) -> PreparedEditions:
    """The editions of a mailing of `issue` to `lists`, by the list files as they are at `now` (ms since 1970).

    Nothing changes. An issue of which nothing is restricted has one, for everyone: `make_whole` makes it, and no list
    is read. Readers who have paused have an edition too, since they may be back before it is sent. Raises FaultyFiles
    with every fault of the issue, BulletinError for more editions than bulletin.yaml allows, and DatabaseError.
    """
    apart = _find_apart(workspace, issue, lists)
    if apart == Apart():
        return PreparedEditions(editions=_make_alone(workspace, issue, make_whole), readers={})
    with database_errors(), engine.connect() as connection:
        sync_lists(connection, workspace, compare_with_files(connection, workspace), now=now)
        count = partial(_count_signatures, connection, issue, lists, apart, recipients=recipients)
        everyone, readers = count(today=None), count(today=find_day(now))
        connection.rollback()
    editions = _make_set(workspace, issue, lists, apart, everyone)
    numbers: Counter[int] = Counter()
    for signature, number in readers.items():
        numbers[editions.numbers[signature]] += number
    return PreparedEditions(editions=editions, readers=numbers)


def prepare_within(
    connection: Connection,
    workspace: Workspace,
    issue: str,
    *,
    lists: Sequence[str],
    make_whole: Callable[[], Edition],
) -> EditionSet:
    """As `prepare_editions`, with the lists as they are in the caller's transaction."""
    apart = _find_apart(workspace, issue, lists)
    if apart == Apart():
        return make_set(make_whole())
    everyone = _count_signatures(connection, issue, lists, apart, recipients=Recipients.NEW, today=None)
    return _make_set(workspace, issue, lists, apart, everyone)


def _find_apart(workspace: Workspace, issue: str, lists: Sequence[str]) -> Apart:
    """The lists of the mailing that its issue tells apart, whether it has marketing, and its readers' languages."""
    loaded = workspace.load_issue(issue)
    widest = find_widest(loaded)
    named = tuple(name for name in lists if name in widest.lists)
    return Apart(lists=named, by_consent=widest.consent, languages=loaded.readers_languages)


def _count_signatures(
    connection: Connection,
    issue: str,
    lists: Sequence[str],
    apart: Apart,
    *,
    recipients: Recipients,
    today: date | None,
) -> Counter[Audience]:
    return count_recipient_signatures(connection, issue, lists, apart=apart, recipients=recipients, today=today)


def _make_alone(workspace: Workspace, issue: str, make_whole: Callable[[], Edition] | None) -> EditionSet:
    return make_set(make_whole() if make_whole else make_edition(workspace, issue))


def _make_set(
    workspace: Workspace, issue: str, lists: Sequence[str], apart: Apart, readers: Counter[Audience]
) -> EditionSet:
    """The editions for these readers; for all that there can be, if there are none."""
    editions = make_audience_editions(workspace, issue, lists=lists, signatures=list(readers) or None)
    return EditionSet(
        editions=editions, lists=tuple(apart.lists), by_consent=apart.by_consent, languages=tuple(apart.languages)
    )
