"""What a person approves: everything that readers and the website's visitors would see, for which lists. Pure.

Where readers get several editions, all of them are approved together, each for its audiences.

There are two records. The digest covers all of `Contents` and nothing else: a new note in a file, or one more
connection, leaves an approval valid. `Provenance` is what it was made of, kept so that a change can be put in words.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from bulletin.edition.edition import Edition, Slots, take_values
from bulletin.edition.edition_set import EditionSet, make_set, name_audience, sort_signatures
from bulletin.issue.audience import name_all

PDF_THEME: Final = "pdf/"
"""What the names of files begin with that PDFs are made by, among those of a theme."""

_PROVENANCE: Final = "making"  # as every ledger has it, from the first release on


@dataclass(frozen=True, kw_only=True)
class EditionContents:
    """What is approved of one of several editions. `audiences` are by `name_audience`; the rest is as in `Contents`.

    `letterhead` is its own, or empty where it is the same as that of `Contents`: one in another language differs.
    """

    audiences: tuple[str, ...]
    subject: str
    html: tuple[str, ...]
    text: tuple[str, ...]
    pictures: Mapping[str, str]
    letterhead: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> tuple[object, ...]:
        """What its readers see."""
        return self.subject, self.html, self.text, self.pictures


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is approved. `html` and `text` are in pieces: every second one names a slot, whose own word varies.

    `author` has the name of an author on each line, in order.
    `pictures` has the SHA-256 of each picture's bytes, by its file name in the email; `lists` are in order
    of their names, since readers cannot tell in which order they were written.

    `editions` has every edition in order, if a part of the issue is not for everyone. Then `subject`, `html`, `text`
    and `pictures` are those of the first. `published` has digests of what the website would show, as
    `public_files.digest_public_files` has them.
    """

    issue: str
    author: str
    lists: tuple[str, ...]
    subject: str
    html: tuple[str, ...]
    text: tuple[str, ...]
    letterhead: Mapping[str, str]
    pictures: Mapping[str, str]
    editions: tuple[EditionContents, ...] = ()
    published: Mapping[str, str] = field(default_factory=dict)

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it; () if the issue does not say."""
        return tuple(filter(None, self.author.split("\n")))

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal."""
        return sha256(_write_json(self.to_values())).hexdigest()

    @property
    def by_audience(self) -> Mapping[str, EditionContents]:
        """What each audience sees; one edition alone is for everyone, who are named ""."""
        return {audience: one for one in self.editions or (self._alone(),) for audience in one.audiences}

    @property
    def coverage(self) -> str:
        """What an approval covers, in words: “the email, the web page, the PDF and the calendar files”."""
        number = len(self.editions)
        emails = f"{number} editions of the email" if number > 1 else "the email"
        return name_all([emails, *(f"the {name}" for name in self.published)])

    @property
    def every_picture(self) -> Mapping[str, str]:
        """The pictures of all editions."""
        return {name: digest for one in self.by_audience.values() for name, digest in one.pictures.items()}

    def only(self, edition: EditionContents) -> Contents:
        """These contents with one of the editions alone."""
        return replace(
            self,
            subject=edition.subject,
            html=edition.html,
            text=edition.text,
            pictures=edition.pictures,
            letterhead=self.letterhead_of(edition),
            editions=(),
        )

    def covers(self, other: Contents) -> bool:
        """Whether an approval of these contents is one of `other`: the same, for no more lists and no more audiences.

        Its readers then see only what was approved for them. What is known of one of the two only, as is the website's
        part of what was approved with an earlier release, is not compared.
        """
        if not set(other.lists) <= set(self.lists):
            return False
        if (other.issue, other.author) != (self.issue, self.author):
            return False
        if self.published and other.published and self.published != other.published:
            return False
        approved = self.by_audience
        return all(
            audience in approved
            and approved[audience].seen == one.seen
            and self.letterhead_of(approved[audience]) == other.letterhead_of(one)
            for audience, one in other.by_audience.items()
        )

    @property
    def of_emails(self) -> Contents:
        """These contents without what the website would show: what earlier releases knew of them."""
        return replace(self, published={})

    def letterhead_of(self, edition: EditionContents) -> Mapping[str, str]:
        """The letterhead of one of the editions."""
        return edition.letterhead or self.letterhead

    def to_values(self) -> dict[str, Any]:
        """All of it as plain values; without newer fields where they are empty, so digests from before stay right."""
        values = asdict(self)
        for edition in values["editions"]:
            if not edition["letterhead"]:
                del edition["letterhead"]
        return {name: value for name, value in values.items() if value or name not in ("editions", "published")}

    def _alone(self) -> EditionContents:
        return EditionContents(
            audiences=("",), subject=self.subject, html=self.html, text=self.text, pictures=self.pictures
        )


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
        return zlib.compress(_write_json({"contents": self.contents.to_values(), _PROVENANCE: asdict(self.provenance)}))

    @classmethod
    def from_bytes(cls, kept: bytes) -> Snapshot:
        """What `to_bytes` wrote down."""
        values = json.loads(zlib.decompress(kept))
        editions = [EditionContents(**_read_tuples(one)) for one in values["contents"].pop("editions", ())]
        contents = Contents(**_read_tuples(values["contents"]), editions=tuple(editions))
        return cls(contents=contents, provenance=Provenance(**values[_PROVENANCE]))


def _read_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(it) if isinstance(it, list) else it for name, it in values.items()}


def take_contents(
    editions: Edition | EditionSet,
    *,
    lists: Iterable[str],
    authors: Iterable[str],
    published: Mapping[str, str] | None = None,
) -> Contents:
    """What there is to approve of editions that go to `lists`; `authors` are those that the issue names."""
    kept = make_set(editions)
    return Contents(
        issue=kept.issue,
        author="\n".join(sorted(authors)),
        lists=tuple(sorted(lists)),
        letterhead=take_values(kept.first.letterhead),
        **_take_seen(kept.first),
        editions=() if kept.is_alone else tuple(_take_editions(kept)),
        published=published or {},
    )


def _take_editions(kept: EditionSet) -> Iterator[EditionContents]:
    for one in kept.editions:
        audiences = tuple(name_audience(audience) for audience in sort_signatures(one.signatures))
        letterhead, first = (take_values(each.letterhead) for each in (one.edition, kept.first))
        yield EditionContents(
            audiences=audiences, **_take_seen(one.edition), letterhead=letterhead if letterhead != first else {}
        )


def _take_seen(edition: Edition) -> dict[str, Any]:
    """What its readers see."""
    return {
        "subject": edition.subject,
        "html": _cut_at_slots(edition.html, edition.slots),
        "text": _cut_at_slots(edition.text, edition.slots),
        "pictures": {picture.file_name: sha256(picture.content).hexdigest() for picture in edition.pictures},
    }


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
