"""Files that belong to an issue's page: its PDF, its dates for calendars. Each maker is given to the build. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from bulletin.issue.model import Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanionFile:
    """A file beside the page: `monthly-2021-05.pdf`, `all.ics`, `conference.ics`.

    `words` are those of its link in the row of actions, "" for none; `anchor` is that of the item whose date it is, and
    `entry` the name of its entry in the calendar. A file in a `language` has `own_words` in that. A file whose name
    ends in .pdf is named by the feed's entry too.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str
    kind: str  # as the last sentence of a build counts it: PDF, calendar file
    words: str = ""
    anchor: str = ""
    entry: str = ""
    language: str = ""
    own_words: str = ""


class CompanionMaker(Protocol):
    """Makes files for an issue without what is not for the public."""

    def write_recipe(self, issue_id: str) -> str:
        """A digest of all that its files depend on besides the issue's own file, such as fonts or stored ids."""

    def make(self, issue: Issue, *, issue_id: str, page: str) -> Sequence[CompanionFile]:
        """The files. `page` is the whole address of the issue's page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesFile:
    """A file of a whole bulletin, such as its calendar: what it depends on, and what makes it."""

    path: str
    recipe: str
    kind: str
    make: Callable[[], bytes]


@runtime_checkable
class SeriesMaker(Protocol):
    """Makes files for whole bulletins too, from what it has kept of their issues."""

    def prepare(self, issue: Issue, *, issue_id: str) -> None:
        """Keep what an issue says. Each issue that has changed comes here, in order, before any file is made."""

    def list_series(self, *, today: date) -> Sequence[SeriesFile]:
        """The files of all bulletins, as they are on `today`."""
