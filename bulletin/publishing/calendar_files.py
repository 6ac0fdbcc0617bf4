"""The archive's files for readers' calendars: one for each date and issue, and one for each bulletin to follow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletin.edition.calendar.addresses import find_feed
from bulletin.edition.calendar.entries import EntryKind, list_entries, list_withdrawn
from bulletin.edition.calendar.files import CONTENT_TYPE, PublishedEntry, write_entry, write_feed, write_issue
from bulletin.edition.typography.typesetting import read_type_style
from bulletin.publishing.calendar_register import (
    IssueDates,
    RegisteredDate,
    Registrar,
    read_feed_dates,
    read_issue_dates,
    read_states,
    register_issue,
)
from bulletin.publishing.companions import CompanionFile, SeriesFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from bulletin.issue.model import Issue
    from bulletin.settings.settings import Settings

_KIND = "calendar file"


@dataclass(kw_only=True)
class CalendarMaker:
    """Makes the files of issues and bulletins, and registers each date before it is public.

    `now` is in ms since 1970, `draw` gives so many random octets. A `rehearsal` leaves the register as it was.
    """

    engine: Engine
    settings: Settings
    now: int
    draw: Callable[[int], bytes]
    rehearsal: bool = False
    _names: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False)
    _states: dict[str, list[list[object]]] | None = field(default=None, init=False)

    def prepare(self, issue: Issue, *, issue_id: str) -> None:
        """Register the dates of an issue."""
        self._states = None
        if not self.rehearsal:
            with self.engine.begin() as connection:
                self._names[issue_id] = self._register(connection, issue, issue_id)

    def write_recipe(self, issue_id: str) -> str:
        """A digest of what the register has of an issue's dates."""
        if self._states is None:  # read once: there may be hundreds of issues
            with self.engine.connect() as connection:
                self._states = read_states(connection)
        return _digest(self._states.get(issue_id, []))

    def make(self, issue: Issue, *, issue_id: str, page: str) -> Sequence[CompanionFile]:
        """The file of each date and, if there is one, the file with all of them. Another page's address isn't used."""
        del page
        with self.engine.begin() as connection:
            names = self._names.get(issue_id) or self._register(connection, issue, issue_id)
            dates = read_issue_dates(connection, issue_id)
            if self.rehearsal:
                connection.rollback()
        entries = {actual: computed for computed, actual in names.items()}
        files = [self._make_file(each, entries.get(each.name, "")) for each in dates if each.entry.has_file]
        whole = [each for uid, each in {each.uid: each for each in dates}.items() if uid]
        return [*files, self._make_all(whole, issue_id)] if whole else files

    def list_series(self, *, today: date) -> Sequence[SeriesFile]:
        """The calendar of each bulletin: the past 12 months, and what is ahead."""
        found = []
        for bulletin, each in self.settings.bulletins.items():
            with self.engine.connect() as connection:
                dates = read_feed_dates(connection, bulletin, today=today)
            recipe = _digest([each.title, self._website, *(_tell(one) for one in dates)])
            make = partial(write_feed, [self._publish(one) for one in dates], title=each.title)
            found.append(SeriesFile(path=find_feed(bulletin), recipe=recipe, kind="calendar", make=make))
        return found

    @property
    def _website(self) -> str:
        return self.settings.website.url.rstrip("/") if self.settings.website else ""

    def _name_bulletin(self, issue_id: str) -> str:
        return issue_id.rpartition("/")[0] or next(iter(self.settings.bulletins))

    def _register(self, connection: Connection, issue: Issue, issue_id: str) -> Mapping[str, str]:
        registrar = Registrar(
            bulletin=self._name_bulletin(issue_id),
            host=urlsplit(self._website).hostname or "",
            now=self.now,
            draw=self.draw,
        )
        dates = IssueDates(
            issue=issue_id,
            published=issue.published,
            entries=list_entries(issue, style=read_type_style(self.settings)),
            withdrawn=list_withdrawn(issue),
        )
        return register_issue(connection, registrar, dates)

    def _publish(self, date_: RegisteredDate) -> PublishedEntry:
        bulletin = self._name_bulletin(date_.issue)
        return date_.publish(bulletin=bulletin, website=self._website, title=self.settings.bulletins[bulletin].title)

    def _make_file(self, date_: RegisteredDate, entry: str) -> CompanionFile:
        occasion = date_.entry.kind is EntryKind.OCCASION and not date_.entry.cancelled
        return CompanionFile(
            name=f"{date_.name}.ics",
            content=write_entry(self._publish(date_)),
            media_type=CONTENT_TYPE,
            kind=_KIND,
            anchor=date_.entry.anchor if occasion and entry == date_.entry.anchor else "",
            entry=entry,
        )

    def _make_all(self, dates: Sequence[RegisteredDate], issue_id: str) -> CompanionFile:
        title = self.settings.bulletins[self._name_bulletin(issue_id)].title
        return CompanionFile(
            name="all.ics",
            content=write_issue([self._publish(each) for each in dates], title=title),
            media_type=CONTENT_TYPE,
            kind=_KIND,
            words="All dates for your calendar",
        )


def _tell(each: RegisteredDate) -> list[object]:
    return [each.uid, each.sequence, each.modified_at, each.issue, each.name]


def _digest(parts: Sequence[object]) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
