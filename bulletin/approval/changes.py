"""What has changed since a version was approved, in words for the person who approves the new one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from bulletin.approval.contents import PDF_THEME, Contents, Snapshot
from bulletin.approval.html_words import list_html_words, list_text_words
from bulletin.approval.public_files import FAULTY
from bulletin.comparison.difference import IssueDifference, PartChange, compare_issues
from bulletin.comparison.rewording import LONGEST_WHOLE
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.edition.edition_set import read_audience_name
from bulletin.errors import FaultyFiles
from bulletin.issue.audience import name_all
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.issue.sections import OwnKinds, with_kinds
from bulletin.languages.known import name_language

Stretch = tuple[tuple[str, ...], tuple[str, ...]]
"""Blocks of words that were there, and those that are there in their place; one of the two may be empty."""

_SAME_WORDS: Final = (
    "The words of the email are the same, but it looks different. Look at it in the preview: a look can hide words."
)


def describe_changes(before: Snapshot, after: Snapshot, *, own_kinds: OwnKinds = ()) -> tuple[str, ...]:
    """Lines that say what differs and where that was written; none only if the digests are equal.

    The issue is shown section by section and in short, a setting by its old and new value, a theme by the files that
    differ. Then come the words of the email itself, in full: the approver must see each word that is new or gone.
    `own_kinds` are the kinds of section that the workspace declares now.
    """
    if before.contents.digest == after.contents.digest:
        return ()
    written = [
        *_head(f"The issue, issues/{after.contents.issue}.yaml:", _compare_issues(before, after, own_kinds)),
        *_head("Settings, in bulletin.yaml:", _compare_settings(before.provenance.settings, after.provenance.settings)),
        *_head("The lists that it goes to:", _compare_lists(before.contents.lists, after.contents.lists)),
        *_head("Pictures:", _compare_pictures(before.contents.every_picture, after.contents.every_picture)),
    ]
    theme = _head("The theme, in templates/:", _compare_files(before.provenance.theme, after.provenance.theme))
    made_of = [*written, *theme]
    rendered = _compare_rendering(before, after, explained=bool(made_of))
    return (*made_of, *rendered, *_compare_published(before.contents.published, after.contents.published))


def describe_fields(difference: IssueDifference) -> Iterator[str]:
    """What differs between two issues, without the sections that do not."""
    if difference.changes:
        yield "Changed header"
        yield from (f"  {line}" for change in difference.changes for line in change.split("\n"))
    for section in difference.sections:
        if section.fate != PartChange.UNCHANGED:
            yield from section.describe()


def _head(heading: str, lines: Iterable[str]) -> list[str]:
    """`lines` under a heading; nothing where there is none."""
    found = [f"  {line}" for line in lines]
    return [heading, *found] if found else []


def _compare_issues(before: Snapshot, after: Snapshot, own_kinds: OwnKinds) -> Iterator[str]:
    if before.provenance.source == after.provenance.source:
        return
    issues = [_read_again(snapshot, own_kinds) for snapshot in (before, after)]
    if issues[0] is None or issues[1] is None:
        yield "it has changed, and was approved with an older version of bulletin: read it as if it were new"
    else:
        yield from describe_fields(compare_issues(issues[0], issues[1]))


def _read_again(snapshot: Snapshot, own_kinds: OwnKinds) -> Issue | None:
    """The issue that was approved; None if this version of the program cannot read its file."""
    source = parse_source(snapshot.provenance.source, shown_as=f"issues/{snapshot.contents.issue}.yaml")
    try:
        return validate(source, with_kinds(Issue, own_kinds), context=ValidationContext(own_kinds=own_kinds))
    except FaultyFiles:
        return None


def _compare_settings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if old is None:
            yield f"{place} is new: “{new}”"
        elif new is None:
            yield f"{place} is gone; it was “{old}”"
        elif old != new:
            brief = max(len(old), len(new)) <= LONGEST_WHOLE
            yield from [f"{place}: “{old}” → “{new}”"] if brief else [place, f"  was: “{old}”", f"  now: “{new}”"]


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
            yield f"“{stem}” is a different picture now"


def _sort_by_stem(pictures: Mapping[str, str]) -> dict[str, set[str]]:
    """The digests of pictures by the part of their names that people gave them: `logo` of `logo-1a2b3c4d.png`."""
    found: dict[str, set[str]] = {}
    for name, digest in pictures.items():
        found.setdefault(name.rpartition("-")[0], set()).add(digest)
    return found


def _compare_files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    if not any(name.startswith(PDF_THEME) for name in before):  # earlier releases didn't keep these
        after = {name: digest for name, digest in after.items() if not name.startswith(PDF_THEME)}
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"{name} is new"
        elif name not in after:
            yield f"{name} is gone"
        elif before[name] != after[name]:
            yield f"{name} has changed"


def _compare_published(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Which of the files that are published beside the email differ; nothing if an earlier release didn't know them."""
    if not (before and after):
        return
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            yield f"On the website, the {name} would be new."
        elif name not in after:
            yield f"On the website, the {name} would be gone."
        elif FAULTY in (after[name], before[name]) and before[name] != after[name]:
            yield f"On the website, the {name} {'can be made now' if before[name] == FAULTY else 'can’t be made now'}."
        elif before[name] != after[name]:
            yield f"On the website, the {name} would be different."


def _compare_rendering(before: Snapshot, after: Snapshot, *, explained: bool) -> Iterator[str]:
    """What differs in the email itself, in full. `explained`: what it was made of differs too.

    Where there are several editions, what differs is said of each by its audiences; what is the same for several is
    said once.
    """
    compared: dict[tuple[str, ...], list[str]] = {}
    then, now = _read_editions(before), _read_editions(after)
    if not explained and any(_is_new(then[audience], now[audience]) for audience in now if audience in then):
        yield _explain_rendering(before, after)
    for audience in sorted({*then, *now}, key=lambda name: (len(name.split()), name)):
        if audience in then and audience in now:
            lines = tuple(_compare_editions(then[audience], now[audience]))
        else:
            lines = ("is new" if audience in now else "is gone",)
        if lines:
            compared.setdefault(lines, []).append(audience)
    several = len({*then, *now}) > 1
    for lines, audiences in compared.items():
        if not several:
            yield from lines
        elif lines in (("is new",), ("is gone",)):
            yield from (f"The edition for {_describe(audience)} {lines[0]}." for audience in audiences)
        else:
            names = "; ".join(map(_describe, audiences))
            yield from _head(f"The edition{'s' if len(audiences) > 1 else ''} for {names}:", lines)


def _describe(audience: str) -> str:
    """An audience of `edition_set.name_audience`, in words."""
    read = read_audience_name(audience)
    lists = name_all(sorted(read.lists)) or "everyone else"
    consent = ", with consent to marketing" if read.consent else ""
    return f"{lists}{consent}, in {name_language(read.language)}" if read.language else f"{lists}{consent}"


def _read_editions(snapshot: Snapshot) -> dict[str, Contents]:
    contents = snapshot.contents
    return {audience: contents.only(edition) for audience, edition in contents.by_audience.items()}


def _is_new(old: Contents, new: Contents) -> bool:
    return (old.html, old.text, old.subject) != (new.html, new.text, new.subject)


def _explain_rendering(before: Snapshot, after: Snapshot) -> str:
    then, now = before.provenance.version, after.provenance.version
    newer = f"bulletin was version {then}, and is {now}" if then != now else "bulletin is another build"
    return f"Nothing you wrote has changed, but the email is rendered differently: {newer}."


def _compare_editions(old: Contents, new: Contents) -> Iterator[str]:
    """What differs between two versions of an edition, in full."""
    if not _is_new(old, new):
        return
    pages = list_html_words(old), list_html_words(new)
    stretches = _find_stretches(*pages)
    only_in_text = _leave_out(_find_stretches(list_text_words(old), list_text_words(new)), pages)
    words = [
        *_head("The words of the email that differ, in full:", _describe_stretches(stretches)),
        *_head("In its plain text only:", _describe_stretches(only_in_text)),
    ]
    yield from words or [_SAME_WORDS]


def _find_stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Where two lists of blocks differ."""
    for code, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code != "equal":
            yield tuple(old[begin:end]), tuple(new[new_begin:new_end])


def _describe_stretches(stretches: Iterable[Stretch]) -> Iterator[str]:
    for was, now in stretches:
        even = len(was) == len(now)  # then each block most likely takes the place of one
        pairs = zip(was, now, strict=True) if even else [(block, "") for block in was] + [("", block) for block in now]
        for old, new in pairs:
            if old:
                yield f"was: “{old}”"
            if new:
                yield f"now: “{new}”"


def _leave_out(stretches: Iterable[Stretch], pages: tuple[Sequence[str], Sequence[str]]) -> Iterator[Stretch]:
    """The stretches of the plain text but for those that came into the HTML, and went out of it, as well."""
    before, after = map(_spell, pages)
    for was, now in stretches:
        gone = all(_spell([block]) in before and _spell([block]) not in after for block in was)
        new = all(_spell([block]) in after and _spell([block]) not in before for block in now)
        if not (gone and new):
            yield was, now


def _spell(blocks: Iterable[str]) -> str:
    """The bare words of `blocks`, with a space around each: HTML and plain text mark and break them in other ways."""
    words = re.findall(r"\w+", " ".join(blocks).casefold())
    return f" {' '.join(words)} "
