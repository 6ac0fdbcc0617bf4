"""The signatures of contributed entries, and the entries that an issue has from a contributor. Pure.

A signature is a comment above an entry: `# from Health, health.yaml (1f3a9c2e)`. It ends in a code of the content as
it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from bulletin.collecting.contribution import Contribution, Record
from bulletin.collecting.entries import find_codes, find_leaves, make_code, name_of
from bulletin.collecting.memory import Collected, EntryRecord, make_key
from bulletin.declaration.source import Data, Place, Source
from bulletin.drafting.comments import Comment, end_line, find_comments, is_collection, read_data, tidy

_SIGNATURE = re.compile(r"# from (?P<organisation>.*), (?P<file>.+) \((?P<code>[0-9a-f]{8})\)")


def write_signature(contribution: Contribution, kind: str, entry: Data) -> str:
    """The comment above an entry that comes from this contribution."""
    return f"# from {tidy(contribution.organisation)}, {tidy(contribution.file)} ({make_code(kind, entry)})"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnEntry:
    """An entry that the issue has from the contributor: as it is now, and as it was sent, if that is known."""

    place: Place
    kind: str
    entry: Data
    code: str
    title: str
    file: str
    sent: Collected | None


@dataclass(slots=True)
class OwnEntries:
    """The entries that an issue has from the sender of a contribution.

    `codes` has the codes of all entries and signatures of the issue, from any sender. `keys` has the keys of this
    sender's entries, `sent` the codes of the contribution.
    """

    source: Source
    contribution: Contribution
    memory: EntryRecord
    codes: set[str] = field(default_factory=set)
    keys: set[tuple[str, str, str]] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    _entries: list[OwnEntry] = field(default_factory=list)
    _comments: tuple[Comment, ...] = ()

    def __post_init__(self) -> None:
        self._comments = find_comments(self.source)
        signatures = {comment.line: _SIGNATURE.fullmatch(comment.text) for comment in self._comments}
        self.codes |= {match["code"] for match in signatures.values() if match}
        self.sent |= {code for section in self.contribution.sections for code in find_codes(section)}
        for number, section in enumerate(cast("list[Record]", read_data(self.source, ("sections",)))):
            kind = str(section["kind"])
            self.codes |= find_codes(section)
            for inner, entry in find_leaves(section, ()):
                place: Place = ("sections", number, *inner)
                signature = signatures.get(self.source.values[place].line - 1)
                if own := self._recognise(place, kind, entry, signature):
                    self._entries.append(own)
                    self.keys.add(self.make_key(kind, own.title))

    def make_key(self, kind: str, title: str) -> tuple[str, str, str]:
        """The key of an entry of this sender."""
        return make_key(self.contribution.sender, kind, title)

    def _recognise(self, place: Place, kind: str, entry: Data, signature: re.Match[str] | None) -> OwnEntry | None:
        """The entry as this contributor's; None if it is from another one, or the officer's own.

        Its signature says so. If the officer has deleted that, its title and the memory do.
        """
        if signature:
            sent = self.memory.find(signature["code"])
            theirs = sent.sender == self.contribution.sender if sent else self._has_signed(signature)
        else:
            versions = self.memory.find_versions(self.make_key(kind, name_of(entry)))
            sent, theirs = (versions[-1] if versions else None), bool(versions)
        if not theirs:
            return None
        return OwnEntry(
            place=place,
            kind=kind,
            entry=entry,
            code=sent.code if sent else signature["code"] if signature else "",
            title=sent.title if sent else name_of(entry),
            file=sent.file if sent else signature["file"] if signature else "",
            sent=sent,
        )

    def _has_signed(self, signature: re.Match[str]) -> bool:
        return signature["organisation"] == tidy(self.contribution.organisation)

    def find(self, key: tuple[str, str, str]) -> OwnEntry | None:
        """The entry with this key that the contribution may correct; None if there is none.

        An entry that the contribution has as it is can't be corrected by anything else in it.
        """
        same = (own for own in self._entries if self.make_key(own.kind, own.title) == key)
        return next((own for own in same if not self._is_sent_again(own)), None)

    def remove(self, own: OwnEntry) -> None:
        """Remove an entry once a version of it is found, so that no other counts as one."""
        self._entries.remove(own)

    def _is_sent_again(self, own: OwnEntry) -> bool:
        return own.code in self.sent or make_code(own.kind, own.entry) in self.sent

    def goes_back(self, own: OwnEntry, earlier: Collected) -> bool:
        """Whether the contributor returns to a version before `own`. The old file alone doesn't count as that."""
        saved = own.sent.saved if own.sent else 0
        again = self.contribution.file != earlier.file and self.contribution.saved > saved
        return own.file == self.contribution.file or again

    def keep_comments(self, own: OwnEntry) -> Iterator[str]:
        """The officer's comments above an entry and inside it, which would go with its old version."""
        values = self.source.values
        first, margin = values[own.place].line, values[own.place].column - 1
        inside = [at for at in values if at[: len(own.place)] == own.place and not is_collection(self.source, at)]
        last = max(end_line(self.source, values[at]) for at in inside)
        alone = {comment.line: comment for comment in self._comments if comment.alone}
        while first - 1 in alone and alone[first - 1].column <= margin:
            first -= 1
        while last + 1 in alone and alone[last + 1].column >= margin:
            last += 1
        for comment in self._comments:
            if first <= comment.line <= last and not _SIGNATURE.fullmatch(comment.text):
                yield comment.text
