"""What a person approves: everything that readers would see, for which lists, and who wrote it. Pure.

There are two records. The digest covers all of `Contents` and nothing else: a new note in a file, or one more
connection, leaves an approval valid. `Provenance` is what it was made of, kept so that a change can be put in words.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from bulletin.edition.edition import Edition, Slots, take_values

_PROVENANCE: Final = "making"  # as every ledger has it, from the first release on


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is approved. `html` and `text` are in pieces: every second one names a slot, whose own word varies.

    `author` has the name of an author on each line, in order.
    `pictures` has the SHA-256 of each picture's bytes, by its file name in the email; `lists` are in order
    of their names, since readers cannot tell in which order they were written.
    """

    issue: str
    author: str
    lists: tuple[str, ...]
    subject: str
    html: tuple[str, ...]
    text: tuple[str, ...]
    letterhead: Mapping[str, str]
    pictures: Mapping[str, str]

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it; () if the issue does not say."""
        return tuple(filter(None, self.author.split("\n")))

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal."""
        return sha256(_write_json(asdict(self))).hexdigest()

    def covers(self, other: Contents) -> bool:
        """Whether an approval of these contents is one of `other`: the same but for lists, and for no more lists.

        Its readers then see only what was approved for them.
        """
        return set(other.lists) <= set(self.lists) and replace(other, lists=self.lists) == self


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """What contents were made of: the issue's file, the settings that readers see, the theme's files, the program.

    `settings` has each value by its place (`organisation › name`), `theme` the SHA-256 of each file by its name.
    """

    source: str
    settings: Mapping[str, str]
    theme: Mapping[str, str]
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """Contents, and what they were made of."""

    contents: Contents
    provenance: Provenance

    def to_bytes(self) -> bytes:
        """All of it, compressed, to be kept with an approval."""
        return zlib.compress(_write_json({"contents": asdict(self.contents), _PROVENANCE: asdict(self.provenance)}))

    @classmethod
    def from_bytes(cls, kept: bytes) -> Snapshot:
        """What `to_bytes` wrote down."""
        values = json.loads(zlib.decompress(kept))
        contents: dict[str, Any] = {
            name: tuple(it) if isinstance(it, list) else it for name, it in values["contents"].items()
        }
        return cls(contents=Contents(**contents), provenance=Provenance(**values[_PROVENANCE]))


def take_contents(edition: Edition, *, lists: Iterable[str], authors: Iterable[str]) -> Contents:
    """What there is to approve of an edition that goes to `lists`; `authors` are those that the issue names."""
    return Contents(
        issue=edition.issue,
        author="\n".join(sorted(authors)),
        lists=tuple(sorted(lists)),
        subject=edition.subject,
        html=_cut_at_slots(edition.html, edition.slots),
        text=_cut_at_slots(edition.text, edition.slots),
        letterhead=take_values(edition.letterhead),
        pictures={picture.file_name: sha256(picture.content).hexdigest() for picture in edition.pictures},
    )


def _cut_at_slots(text: str, slots: Slots) -> tuple[str, ...]:
    """`text` cut so that each slot is a piece of its own, under its name: its word varies with every setting."""
    names = {slots.greeting: "greeting", slots.unsubscribe: "unsubscribe"}
    if slots.preferences:
        names[slots.preferences] = "preferences"
    if slots.second_greeting:
        names[slots.second_greeting] = "second_greeting"
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", text)
    return tuple(names[piece] if at % 2 else piece for at, piece in enumerate(pieces))


def _write_json(value: object) -> bytes:
    """The same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
