"""Read the earlier issues of a bulletin only when a rule asks: of twenty-four, most rules need one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import cached_property

from pydantic_core import PydanticCustomError

from bulletin.declaration.files import read_file
from bulletin.declaration.source import LARGEST_FILE
from bulletin.errors import BulletinError
from bulletin.issue.dates import Month, parse_day
from bulletin.proof.context import ParsedIssue
from bulletin.proof.reading.learned import ISSUES
from bulletin.workspace.workspace import Workspace


class EarlierIssueReader:
    """Reads the issues before `issue_id` in the same folder, the latest first. Leaves out those with faults.

    A second issue in a month counts only for its follow-ups: the next issue does not continue it.

    `bulletin check` reports the faults of an earlier issue when it checks that issue.
    """

    def __init__(self, workspace: Workspace, issue_id: str) -> None:
        self._workspace = workspace
        self._issue_id = issue_id
        self._read: dict[str, ParsedIssue | None] = {}

    def load(self) -> Iterator[ParsedIssue]:
        """The main issue of each month, one by one."""
        return (parsed for name in self._names if (parsed := self._load(name)))

    def load_promising(self, months: Collection[Month]) -> Iterator[ParsedIssue]:
        """The issues that may have a follow-up for one of `months`. Only these are parsed."""
        due = re.compile(_FOLLOW_UP.format("|".join(f"{month.id}|{_spell(month)}" for month in months)), re.IGNORECASE)
        for name in self._workspace.earlier_ids(self._issue_id, extras=True):
            if due.search(self._read_text(name)) and (parsed := self._load(name)):
                yield parsed

    def load_texts(self, *, today: date) -> Iterator[str]:
        """The files of the main issues of the last year that were published before `today`. None is parsed."""
        texts = (self._read_text(name) for name in self._names[:ISSUES])
        return (text for text in texts if (day := _find_published(text)) and day < today)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return self._workspace.earlier_ids(self._issue_id)

    def _load(self, name: str) -> ParsedIssue | None:
        if name not in self._read:
            try:
                issue, source = self._workspace.read_issue(name)
                self._read[name] = ParsedIssue(id=name, issue=issue, source=source)
            except BulletinError:
                self._read[name] = None
        return self._read[name]

    def _read_text(self, name: str) -> str:
        try:
            return read_file(self._workspace.issue_path(name), most=LARGEST_FILE).decode(errors="replace")
        except OSError:
            return ""


def _find_published(text: str) -> date | None:
    """The day on which an issue was published, by its file; None if that is not clear."""
    written = _PUBLISHED.search(text)
    try:
        return parse_day(written[1].strip("\"' ")) if written else None
    except PydanticCustomError:
        return None


_PUBLISHED = re.compile(r"^published[ \t]*:[ \t]*([^#\r\n]+)", re.MULTILINE)
_FOLLOW_UP = r"follow_up[\"']?\s*:\s*[\"']?\s*(?:{})\b"


def _spell(month: Month) -> str:
    """A pattern for the month in words, in full or abbreviated, as an issue may write it."""
    name, year = str(month).split()
    return rf"{name[:3]}[a-z]*\s+{year}"
