"""What keeps an issue from being signed off or sent, whoever wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.errors import FaultyFiles

if TYPE_CHECKING:
    from bulletin.workspace import Workspace


def refuse_unfit(place: Workspace, issue_id: str) -> None:
    """Raise FaultyFiles for every fault of the issue, and wherever it still says that something is to be written."""
    from bulletin.drafting.placeholders import find_placeholders

    place.load_issue(issue_id)
    if unwritten := find_placeholders(place.read_issue_source(issue_id)):
        raise FaultyFiles(unwritten)
