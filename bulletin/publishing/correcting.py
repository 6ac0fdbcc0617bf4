"""What became of an issue since it was last public: is it new, the same, corrected, or changed without a word? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bulletin.edition.web.anchored import find_anchored
from bulletin.errors import BulletinError
from bulletin.issue.model import Issue
from bulletin.publishing.kept_anchors import keep_anchors
from bulletin.publishing.public_model import digest_model, find_differences, write_model
from bulletin.publishing.publications import Publication


@dataclass(frozen=True, kw_only=True, slots=True)
class UnexplainedChange:
    """An issue whose public words differ from what was published, without a correction that says so."""

    issue: str
    label: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        number = len(self.places)
        places = "1 place" if number == 1 else f"{number} places"
        return f"{self.label} differs from what was published in {places}"


class UnexplainedChanges(BulletinError):
    """Published issues have changed without a correction. `changes` has each."""

    def __init__(self, changes: tuple[UnexplainedChange, ...]) -> None:
        self.changes = changes
        words = ". ".join(map(str, changes))
        more = "" if len(changes) > 1 else f" ({', '.join(changes[0].places[:5])})"
        super().__init__(
            f"{words}{more}.",
            "Add a correction to the issue's file, as in corrections: [{on: 30 November 2026, text: …}], "
            "or record a typing error with --typo.",
        )


def update_publication(
    issue: Issue, before: Publication | None, *, fresh: Publication, now: int, today: date, typo: bool
) -> Publication | UnexplainedChange:
    """What is public from now on. `issue` has been made for the public; `fresh` has its ids, if it is new.

    A typing error leaves the time of the last change; a correction moves it to `now` (ms since 1970).
    """
    model = write_model(issue)
    lines = tuple(sorted(f"{each.on.isoformat()} {each.text}" for each in issue.corrections))
    base = before or fresh
    published = replace(
        base,
        digest=digest_model(model),
        model=model,
        corrections=lines,
        removed=_note_removed(issue, base.removed, today),
        anchors=keep_anchors(base.anchors, list_places(issue)),
    )
    if before is None:
        return published
    is_corrected = bool(set(lines) - set(before.corrections))
    places = () if before.digest == published.digest else tuple(find_differences(before.model, model))
    if places and not (is_corrected or typo):
        return UnexplainedChange(issue=before.issue, label=str(issue.month), places=places)
    return replace(published, updated_at=max(before.updated_at, now)) if is_corrected else published


def list_places(issue: Issue) -> Mapping[str, str]:
    """The place of each anchor in the whole issue."""
    return {each.anchor: each.place for each in find_anchored(issue)}


def _note_removed(issue: Issue, before: Mapping[str, str], today: date) -> dict[str, str]:
    """The day on which each item was taken away: what its file says, or when that was first seen."""
    marked = {each.anchor: each.record.withdrawn for each in find_anchored(issue) if each.record.withdrawn}
    if issue.withdrawn:
        marked[""] = issue.withdrawn
    return {
        anchor: since.day.isoformat() if since.day else before.get(anchor, today.isoformat())
        for anchor, since in marked.items()
    }
