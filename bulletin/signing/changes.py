"""What has changed since something was signed off, in the words of those who sign. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from bulletin.comparison.difference import Fate, IssueDifference, compare_issues
from bulletin.comparison.rewording import describe_rewording, quote_beginning
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.issue.model import Issue
from bulletin.signing.contents import Contents, Snapshot

MOST_SENTENCES = 12  # lines about words that a theme changed; whoever changed the whole of it need not read all twice


def describe_changes(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Lines that say what differs and where that was written; none only if the digests are equal.

    The issue is told section by section, a setting by its old and new value, a theme by the files that differ.
    """
    if before.contents.digest == after.contents.digest:
        return ()
    written = [
        *_head(f"The issue, issues/{after.contents.issue}.yaml:", _compare_issues(before, after)),
        *_head("Settings, in bulletin.yaml:", _compare_settings(before.making.settings, after.making.settings)),
        *_head("The lists that it goes to:", _compare_lists(before.contents.lists, after.contents.lists)),
        *_head("Pictures:", _compare_pictures(before.contents.pictures, after.contents.pictures)),
    ]
    theme = _head("The theme, in templates/:", _compare_files(before.making.theme, after.making.theme))
    return (*written, *theme, *([] if written else _compare_rendering(before, after, explained=bool(theme))))


def describe_fields(difference: IssueDifference) -> Iterator[str]:
    """What differs between two issues, without the sections that do not."""
    if difference.changes:
        yield "Changed header"
        yield from (f"  {line}" for change in difference.changes for line in change.split("\n"))
    for section in difference.sections:
        if section.fate != Fate.UNCHANGED:
            yield from section.describe()


def _head(heading: str, lines: Iterable[str]) -> list[str]:
    """`lines` under a heading; nothing where there is none."""
    found = [f"  {line}" for line in lines]
    return [heading, *found] if found else []


def _compare_issues(before: Snapshot, after: Snapshot) -> Iterator[str]:
    if before.making.source == after.making.source:
        return
    issues = [_read_again(snapshot) for snapshot in (before, after)]
    if issues[0] is None or issues[1] is None:
        yield "it was changed, and an older version of bulletin read it when it was signed: read it as if it were new"
    else:
        yield from describe_fields(compare_issues(issues[0], issues[1]))


def _read_again(snapshot: Snapshot) -> Issue | None:
    """The issue that was signed; None if this version of the program reads its file no more."""
    source = parse_source(snapshot.making.source, shown_as=f"issues/{snapshot.contents.issue}.yaml")
    try:
        return validate(source, Issue)
    except FaultyFiles:
        return None


def _compare_settings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if old is None and new is not None:
            yield f"{place} is new: {quote_beginning(new)}"
        elif new is None and old is not None:
            yield f"{place} is gone; it was {quote_beginning(old)}"
        elif old is not None and new is not None and old != new:
            yield from describe_rewording(place, old, new).split("\n")


def _compare_lists(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    old, new = set(before), set(after)
    yield from (f"{name} is new" for name in sorted(new - old))
    yield from (f"{name} is gone" for name in sorted(old - new))


def _compare_pictures(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = _sort_by_stem(before), _sort_by_stem(after)
    for stem in sorted({*old, *new}):
        if stem not in old:
            yield f"“{stem}” is new"
        elif stem not in new:
            yield f"“{stem}” is gone"
        elif old[stem] != new[stem]:
            yield f"“{stem}” is another picture now"


def _sort_by_stem(pictures: Mapping[str, str]) -> dict[str, set[str]]:
    """The digests of pictures by the part of their names that people gave them: `logo` of `logo-1a2b3c4d.png`."""
    found: dict[str, set[str]] = {}
    for name, digest in pictures.items():
        found.setdefault(name.rpartition("-")[0], set()).add(digest)
    return found


def _compare_files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"{name} is new"
        elif name not in after:
            yield f"{name} is gone"
        elif before[name] != after[name]:
            yield f"{name} has changed"


def _compare_rendering(before: Snapshot, after: Snapshot, *, explained: bool) -> Iterator[str]:
    """What differs in the mail itself, where nothing that was written does."""
    then, now = before.making.version, after.making.version
    if not explained:
        newer = f"bulletin was version {then}, and is {now}" if then != now else "bulletin is another build"
        yield f"What was written is the same, but it is rendered in another way: {newer}."
    words = list(_compare_words(before.contents, after.contents))
    if not words:
        yield "The words of the mail are the same; its look is not."
        return
    yield from _head("Words of the mail:", words[:MOST_SENTENCES])
    if len(words) > MOST_SENTENCES:
        yield f"  … and {len(words) - MOST_SENTENCES:,} more"


def _compare_words(before: Contents, after: Contents) -> Iterator[str]:
    """The lines of the plain text that differ: was, now."""
    old, new = ("".join(contents.text).splitlines() for contents in (before, after))
    for code, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code != "equal":
            yield from (f"was: “{line}”" for line in old[begin:end] if line.strip())
            yield from (f"now: “{line}”" for line in new[new_begin:new_end] if line.strip())
