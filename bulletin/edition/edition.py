"""The edition: an issue rendered for one audience, the same for everyone in it. Pure.

What differs from reader to reader (the greeting, the links that are theirs alone) is in it as a slot: a word of
letters and figures that occurs nowhere else, which `delivery.message` replaces by a join of bytes.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final

from bulletin.edition.first_names import find_first_name

_FIRST_NAME: Final = "{first_name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture that travels with the message. The HTML calls it `cid:` and its `cid`. Sizes in pixels as shown."""

    cid: str
    file_name: str
    media_type: str
    content: bytes = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Slots:
    """The placeholder words in `html` and `text` that are replaced for each reader.

    `preferences` is "" where there is no website to choose on, `second_greeting` for an issue in one language.
    """

    greeting: str
    unsubscribe: str
    preferences: str = ""
    second_greeting: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who it is from, and for which list: what a mail program shows and offers around the content."""

    sender_name: str
    sender_address: str
    reply_to: str
    list_id: str
    list_title: str
    owner: str  # the organisation's own address, for List-Owner and List-Help
    archive: str  # the web address of past issues; "" if there is no website
    website: str  # the web address that unsubscribe links begin with; "" if there is no website
    greeting: str  # has {name} or {first_name} in it once
    greeting_unnamed: str
    returns: str = ""  # the mailbox that bulletin reads, for emails that unsubscribe; "" if there is none
    language: str = ""  # of the issue; "" for English
    second_greeting: str = ""  # those of the second language of a bilingual issue
    second_greeting_unnamed: str = ""
    whole: str = ""  # SHA-256 of what its teasers lead to, so that a change there is one of the email; "" without any

    @property
    def unsubscribe_mailbox(self) -> str:
        """Where an email that unsubscribes goes: a mailbox that bulletin reads, or else where replies go."""
        return self.returns or self.reply_to

    def greet(self, name: str) -> str:
        """The greeting for a reader; without a name that it asks for, the one for readers whose name is not known."""
        return _greet(name, self.greeting, self.greeting_unnamed)

    def greet_again(self, name: str) -> str:
        """The same in the second language of a bilingual issue; "" for an issue in one language."""
        return _greet(name, self.second_greeting, self.second_greeting_unnamed)


def _greet(name: str, greeting: str, unnamed: str) -> str:
    if _FIRST_NAME in greeting:
        first_name = find_first_name(name)
        return greeting.replace(_FIRST_NAME, first_name) if first_name else unnamed
    return greeting.replace("{name}", name) if name else unnamed


_LATER: Final = (*("preferences", "returns", "language", "second_greeting", "second_greeting_unnamed", "whole"),)
"""Fields that the first editions did not have."""


def take_values(part: Slots | Letterhead) -> dict[str, str]:
    """Its values by their names, without later fields that are empty: so digests made before stay as they were."""
    return {name: value for name, value in asdict(part).items() if value or name not in _LATER}


@dataclass(frozen=True, kw_only=True)
class Edition:
    """HTML, plain text, pictures and letterhead of one issue for one audience."""

    issue: str
    subject: str
    html: str
    text: str
    pictures: tuple[Picture, ...] = ()
    slots: Slots
    letterhead: Letterhead

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of everything that readers would see."""
        return sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """All of it as JSON in UTF-8, the same bytes for the same edition."""
        content = asdict(self) | {"slots": take_values(self.slots), "letterhead": take_values(self.letterhead)}
        for picture in content["pictures"]:
            picture["content"] = base64.b64encode(picture["content"]).decode("ascii")
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Edition:
        """The edition that `to_json` wrote down."""
        values = json.loads(content)
        pictures = tuple(
            Picture(**{**picture, "content": base64.b64decode(picture["content"])})
            for picture in values.pop("pictures")
        )
        slots, letterhead = Slots(**values.pop("slots")), Letterhead(**values.pop("letterhead"))
        return cls(**values, pictures=pictures, slots=slots, letterhead=letterhead)
