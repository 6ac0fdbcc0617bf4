"""Where the website has the files of a calendar, and what they lead to. An address is for ever. Pure.

Each is a path without a slash at its beginning. `page` is the path of an issue's page: `monthly/2026-11/`.
"""

from __future__ import annotations

from typing import Final

ALL_DATES: Final = "all-dates"
"""The anchor of the list of all dates on the page of an issue."""


def find_page(bulletin: str, issue_id: str) -> str:
    """The path of an issue's page: `monthly/2026-11/`, `training/2026-11-extra/`."""
    return f"{bulletin}/{issue_id.rpartition('/')[2]}/"


def find_entry_file(page: str, name: str) -> str:
    """The path of the file that has one entry: `monthly/2026-11/neglect-conference.ics`."""
    return f"{page}{name}.ics"


def find_feed(bulletin: str) -> str:
    """The path of the calendar that readers can subscribe to."""
    return f"{bulletin}/calendar.ics"
