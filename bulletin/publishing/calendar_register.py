"""Keep each published date one and the same in readers' calendars: its UID for ever, and what has changed of it.

Times are in ms since 1970, UTC. The clock and the source of chance are handed in.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from bulletin.database.dialects import insert_into
from bulletin.database.tables import calendar_entries, calendar_mentions
from bulletin.edition.calendar.addresses import find_page
from bulletin.edition.calendar.entries import CalendarEntry, EntryKind
from bulletin.edition.calendar.files import PublishedEntry
from bulletin.edition.calendar.stored import changes_plans, digest_entry, dump_entry, load_entry
from bulletin.edition.calendar.zone import ZONE
from bulletin.publishing.calendar_matching import KnownDate, match_elsewhere, match_in_issue
from bulletin.times import read_local

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

KEPT_FOR: Final = timedelta(days=366)
"""For so long after its day a date stays in the calendar that readers subscribe to, and can be the same in an issue."""

REMOVED: Final = "A date that was removed"
"""The title of a date that was taken away."""

_UID_LETTERS: Final = 26
_UID_BYTES: Final = 17  # give 28 letters of base 32


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueDates:
    """The dates of one issue as the public gets it. `withdrawn` are the keys of those that were taken away."""

    issue: str
    published: date
    entries: tuple[CalendarEntry, ...]
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Registrar:
    """What registers the dates of a bulletin: whose they are, when it is, and what UIDs are made of.

    `host` is that of the website. `draw` gives so many random octets, as `secrets.token_bytes` does.
    """

    bulletin: str
    host: str
    now: int
    draw: Callable[[int], bytes]

    def make_uid(self) -> str:
        """A new UID, which no one can guess (RFC 7986, 5.3): 26 letters and figures, and the website's host."""
        return f"{b32encode(self.draw(_UID_BYTES)).decode().lower()[:_UID_LETTERS]}@{self.host}"

    @property
    def today(self) -> date:
        """The day in London."""
        return read_local(self.now, ZoneInfo(ZONE)).date()


def register_issue(connection: Connection, registrar: Registrar, dates: IssueDates) -> Mapping[str, str]:
    """Record the dates of an issue, and say what has changed. Issues are registered in the order of their days.

    Returns the name of each entry's file, by the name that the entry has now. The two differ only if the issue gave
    that name to another date before. A date that the issue no longer has is cancelled, unless another issue has it or
    its day is past.
    """
    own = _read_own(connection, dates.issue)
    found = match_in_issue(dates.entries, own)
    left = [entry for entry in dates.entries if entry.name not in found]
    used = {one.uid for one in own} | set(found.values())
    others = [one for one in _read_others(connection, registrar, dates) if one.uid not in used]
    found |= match_elsewhere(left, others)
    for entry in dates.entries:
        if entry.name in found:
            _update(connection, registrar, dates, entry, found[entry.name])
        else:
            found[entry.name] = _add(connection, registrar, dates, entry)
    names = _name_files(connection, dates, found)
    _mark_gone(connection, registrar, dates, gone={one.uid for one in own} - set(found.values()))
    return names


def _read_own(connection: Connection, issue: str) -> list[KnownDate]:
    """The dates that an issue has had so far."""
    query = _with_names().where(calendar_mentions.c.issue == issue).order_by(calendar_mentions.c.name)
    known: dict[str, KnownDate] = {}
    for row in connection.execute(query):
        before = known.get(row.uid)
        names = (before.names if before else frozenset()) | {row.name}
        known[row.uid] = KnownDate(uid=row.uid, entry=load_entry(row.content), names=names)
    return list(known.values())


def _read_others(connection: Connection, registrar: Registrar, dates: IssueDates) -> list[KnownDate]:
    """The dates of other issues, of 12 months before or after, that are still ahead when this issue comes out.

    What is over then was another date, even if its title comes again: a meeting that there is each month.
    """
    first, last = dates.published - KEPT_FOR, dates.published + KEPT_FOR
    query = (
        select(calendar_entries.c.uid, calendar_entries.c.content)
        .join(calendar_mentions, calendar_mentions.c.uid == calendar_entries.c.uid)
        .where(
            calendar_entries.c.bulletin == registrar.bulletin,
            calendar_entries.c.last_on >= dates.published.isoformat(),
            calendar_entries.c.item_key.in_({entry.key for entry in dates.entries}),
            calendar_mentions.c.issue != dates.issue,
            calendar_mentions.c.published_on.between(first.isoformat(), last.isoformat()),
        )
        .order_by(calendar_entries.c.uid)
    )
    rows = {row.uid: row.content for row in connection.execute(query)}
    return [KnownDate(uid=uid, entry=load_entry(content)) for uid, content in rows.items()]


def _add(connection: Connection, registrar: Registrar, dates: IssueDates, entry: CalendarEntry) -> str:
    uid = registrar.make_uid()
    row = {
        "uid": uid,
        "bulletin": registrar.bulletin,
        "sequence": 0,
        "modified_at": registrar.now,
        "cancelled_at": registrar.now if entry.cancelled else None,
        **_write(dates.issue, entry),
    }
    connection.execute(insert_into(connection, calendar_entries).values(row))
    return uid


def _write(issue: str, entry: CalendarEntry) -> dict[str, object]:
    return {
        "item_key": entry.key,
        "issue": issue,
        "digest": digest_entry(entry, issue=issue),
        "content": dump_entry(entry),
        "last_on": entry.last.isoformat(),
    }


def _update(connection: Connection, registrar: Registrar, dates: IssueDates, entry: CalendarEntry, uid: str) -> None:
    """Take over an entry's words, if no newer issue has it, and count the change if it matters to a plan."""
    others = select(func.max(calendar_mentions.c.published_on)).where(
        calendar_mentions.c.uid == uid, calendar_mentions.c.gone_at.is_(None), calendar_mentions.c.issue != dates.issue
    )
    newest = connection.scalar(others)
    if newest and newest > dates.published.isoformat():
        return
    row = connection.execute(select(calendar_entries).where(calendar_entries.c.uid == uid)).one()
    if row.digest == digest_entry(entry, issue=dates.issue):
        return
    counts = changes_plans(load_entry(row.content), entry)
    _save(connection, registrar, row, _write(dates.issue, entry), counts=counts, cancelled=entry.cancelled)


def _save(
    connection: Connection,
    registrar: Registrar,
    row: Row[tuple[object, ...]],
    values: dict[str, object],
    *,
    counts: bool,
    cancelled: bool,
) -> None:
    since = (row.cancelled_at or registrar.now) if cancelled else None
    more = {"sequence": row.sequence + counts, "modified_at": registrar.now, "cancelled_at": since}
    connection.execute(update(calendar_entries).where(calendar_entries.c.uid == row.uid).values(**values, **more))


def _name_files(connection: Connection, dates: IssueDates, found: Mapping[str, str]) -> dict[str, str]:
    """Give each entry a name in its issue, and keep those that it had: an email may lead there."""
    rows = connection.execute(select(calendar_mentions).where(calendar_mentions.c.issue == dates.issue))
    had = {row.name: row.uid for row in rows}
    names = {}
    for entry in dates.entries:
        uid = found[entry.name]
        kept = sorted(name for name, owner in had.items() if owner == uid)
        name = entry.name if had.get(entry.name, uid) == uid else kept[0] if kept else _find_free(entry, had)
        if name not in had:
            row = {"issue": dates.issue, "name": name, "uid": uid, "published_on": dates.published.isoformat()}
            connection.execute(insert_into(connection, calendar_mentions).values(row))
            had[name] = uid
        names[entry.name] = name
    live = calendar_mentions.c.uid.in_(set(found.values()))
    connection.execute(
        update(calendar_mentions)
        .where(calendar_mentions.c.issue == dates.issue, live)
        .values(gone_at=None, published_on=dates.published.isoformat())
    )
    return names


def _find_free(entry: CalendarEntry, taken: Mapping[str, str]) -> str:
    """A name that the issue has given to no other date."""
    number, name = 1, f"{entry.name}__{entry.first.isoformat()}"
    while name in taken:
        number += 1
        name = f"{entry.name}__{entry.first.isoformat()}-{number}"
    return name


def _mark_gone(connection: Connection, registrar: Registrar, dates: IssueDates, *, gone: set[str]) -> None:
    """Record that an issue lost these dates, and cancel those that no issue has any more.

    What was taken away loses its words, too.
    """
    for uid in sorted(gone):
        mentions = calendar_mentions.c.uid == uid
        connection.execute(
            update(calendar_mentions)
            .where(mentions, calendar_mentions.c.issue == dates.issue, calendar_mentions.c.gone_at.is_(None))
            .values(gone_at=registrar.now)
        )
        live = connection.scalar(
            select(func.count()).select_from(calendar_mentions).where(mentions, calendar_mentions.c.gone_at.is_(None))
        )
        row = connection.execute(select(calendar_entries).where(calendar_entries.c.uid == uid)).one()
        entry = load_entry(row.content)
        if entry.key in dates.withdrawn and entry.title != REMOVED:
            bare = replace(entry, title=REMOVED, text="", place="", cancelled=True)
            _save(connection, registrar, row, _write(row.issue, bare), counts=True, cancelled=True)
        elif not live and not entry.cancelled and entry.last >= registrar.today:
            written = _write(row.issue, replace(entry, cancelled=True))
            _save(connection, registrar, row, written, counts=True, cancelled=True)


# --- what is read


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredDate:
    """A published date, as the register has it. `name` is that of its file in the issue that was asked for."""

    uid: str
    entry: CalendarEntry
    sequence: int
    modified_at: int
    issue: str
    name: str = ""

    def publish(self, *, bulletin: str, website: str, title: str) -> PublishedEntry:
        """The date with the address of its item on the website, which has no slash at its end."""
        return PublishedEntry(
            entry=self.entry,
            uid=self.uid,
            sequence=self.sequence,
            changed=datetime.fromtimestamp(self.modified_at // 1000, tz=UTC),
            page=f"{website}/{find_page(bulletin, self.issue)}#{self.entry.anchor}",
            category=title,
        )


def read_issue_dates(connection: Connection, issue: str) -> tuple[RegisteredDate, ...]:
    """Every date that an issue has or had, once for each name of its file."""
    query = _with_names().where(calendar_mentions.c.issue == issue).order_by(calendar_mentions.c.name)
    return tuple(_read(row, name=row.name) for row in connection.execute(query) if _is_told(row))


def read_states(connection: Connection) -> dict[str, list[list[object]]]:
    """What the register has of each issue's dates, as data that differs where a file of the issue does."""
    query = (
        select(
            calendar_mentions.c.issue.label("mentioned_in"),
            calendar_mentions.c.name,
            calendar_entries.c.uid,
            calendar_entries.c.sequence,
            calendar_entries.c.digest,
        )
        .join(calendar_entries, calendar_mentions.c.uid == calendar_entries.c.uid)
        .order_by(calendar_mentions.c.issue, calendar_mentions.c.name)
    )
    states: dict[str, list[list[object]]] = {}
    for row in connection.execute(query):
        states.setdefault(row.mentioned_in, []).append([row.name, row.uid, row.sequence, row.digest])
    return states


def read_feed_dates(connection: Connection, bulletin: str, *, today: date) -> tuple[RegisteredDate, ...]:
    """The dates of a bulletin's calendar: of the past 12 months, and all that are ahead."""
    since = (today - KEPT_FOR).isoformat()
    query = (
        select(calendar_entries)
        .where(calendar_entries.c.bulletin == bulletin, calendar_entries.c.last_on >= since)
        .order_by(calendar_entries.c.uid)
    )
    return tuple(_read(row) for row in connection.execute(query) if _is_told(row))


def _with_names() -> Select[tuple[object, ...]]:
    return select(calendar_entries, calendar_mentions.c.name).join(
        calendar_mentions, calendar_mentions.c.uid == calendar_entries.c.uid
    )


def _is_told(row: Row[tuple[object, ...]]) -> bool:
    """Whether files have it. A step that has been done or left out since is no date to cancel: it just goes."""
    return not (row.cancelled_at and row.content["kind"] == EntryKind.STEP)


def _read(row: Row[tuple[object, ...]], *, name: str = "") -> RegisteredDate:
    return RegisteredDate(
        uid=row.uid,
        entry=load_entry(row.content),
        sequence=row.sequence,
        modified_at=row.modified_at,
        issue=row.issue,
        name=name,
    )
