"""Refuse an edition that has what is not for its readers. Pure but for the theme's files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulletin.edition.edition import Edition
from bulletin.edition.leaks.fingerprints import FingerprintMaker, Fingerprints
from bulletin.edition.leaks.fixed_words import list_fixed_runs
from bulletin.edition.leaks.leak_search import Leak, find_leaks
from bulletin.edition.leaks.output_words import read_html_words
from bulletin.edition.theme import Theme
from bulletin.errors import LeakFound
from bulletin.issue.audience import PUBLIC, find_widest
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings

_SHOWN: Final = 3
"""Leaks that one message tells. The others are alike."""
FOR_ALL: Final = ("the subject", "the preview text", "the introduction")
"""The outputs that every reader gets, as a leak names them."""


def open_leak_proof(whole: Issue, *, settings: Settings, theme: Theme) -> FingerprintMaker | None:
    """What makes the fingerprints for each audience of an issue; None, at no cost, if all of it is for everyone."""
    if find_widest(whole) == PUBLIC:
        return None
    records = (settings.organisation, *settings.bulletins.values(), *settings.lists.values())
    return FingerprintMaker(whole, settings=records, fixed=list_fixed_runs(theme.folders))


def require_no_leak(edition: Edition, pruned: Issue, fingerprints: Fingerprints) -> None:
    """Raise LeakFound if an email has what is not for its readers, with the items, the part of the email and the words.

    `pruned` is what of the issue they get.
    """
    require_none(list(find_edition_leaks(edition, pruned, fingerprints)))


def require_no_leak_in(
    words: str, whole: Issue, pruned: Issue, *, settings: Settings, theme: Theme, output: str
) -> None:
    """Raise LeakFound if `words`, a text a line, have what of the `whole` issue is not in `pruned`.

    `output` names what has them, as in “the PDF”.
    """
    if proof := open_leak_proof(whole, settings=settings, theme=theme):
        require_none(list(find_leaks(words, proof.make(pruned), output=output, by_line=True)))


def find_edition_leaks(edition: Edition, pruned: Issue, fingerprints: Fingerprints) -> Iterator[Leak]:
    """Each leak in an email: in what is the same for everyone, in its HTML, its plain text, its pictures' names."""
    if fingerprints:
        yield from find_common_leaks(pruned, fingerprints)
        yield from find_leaks(edition.subject, fingerprints, output="the subject")
        yield from find_leaks(read_html_words(edition.html), fingerprints, output="the HTML", by_line=True)
        yield from find_leaks(edition.text, fingerprints, output="the plain text")
        names = "\n".join(picture.file_name for picture in edition.pictures)
        yield from find_leaks(names, fingerprints, output="a picture’s name", by_line=True)


def find_common_leaks(issue: Issue, fingerprints: Fingerprints) -> Iterator[Leak]:
    """Each leak in a text that every reader gets: the subject, the preview text, the introduction."""
    for each in issue.in_each_language:
        for output, text in zip(FOR_ALL, (each.subject, each.preview_text, each.introduction or ""), strict=True):
            yield from find_leaks(text, fingerprints, output=output)


def require_none(leaks: list[Leak]) -> None:
    """Raise LeakFound if there is any leak."""
    if not leaks:
        return
    first = {(leak.item, leak.words): leak for leak in reversed(leaks)}
    told = [leak for leak in leaks if first[leak.item, leak.words] is leak]
    raise LeakFound(" ".join(map(describe_leak, told[:_SHOWN])), advise(told))


def describe_leak(leak: Leak) -> str:
    """In a sentence: which output has which words, of which item."""
    output = leak.output[:1].upper() + leak.output[1:]
    return f"{output} has “{leak.words}” for readers who may not see the item “{leak.item}”."


def advise(leaks: list[Leak]) -> str:
    """What to do about leaks, in a sentence or two."""
    more = f"There are {len(leaks) - _SHOWN} more such places. " if len(leaks) > _SHOWN else ""
    if any(leak.output in FOR_ALL for leak in leaks):
        return f"{more}Reword it: everyone reads it. Or remove `for:` or `marketing:` from the item."
    return f"{more}If another text has these words too, reword one. If not, a template of your theme shows them."
