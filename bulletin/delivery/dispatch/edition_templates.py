"""The message templates of a mailing's editions: each is made when it is first needed, and kept while there is room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bulletin.delivery.ledger.mailing_editions import load_edition, load_template

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.message.template import MessageTemplate

ROOM: Final = 32_000_000
"""Bytes of templates that are kept. Deliveries are claimed by edition, so even one at a time would do, but for
retries: those come in the order of their time. An issue with pictures has about 1 MB."""


class EditionTemplates:
    """The templates of one mailing, from what the ledger keeps: nothing is rendered."""

    def __init__(self, engine: Engine, mailing: Mailing, numbers: Iterable[int] = (1,), *, room: int = ROOM) -> None:
        """Check the editions with these `numbers`. Raises DatabaseError if one is not what the mailing began with."""
        self._engine = engine
        self._mailing = mailing
        self._room = room
        self._kept: dict[tuple[int, bool], MessageTemplate] = {}  # the one that was needed last is the last
        self._size = 0
        self._latest: MessageTemplate | None = None
        self._latest_key = (0, False)
        self.mailing_key = mailing.key
        self.letterhead, *_ = [load_edition(engine, mailing, number).letterhead for number in numbers]

    def take(self, number: int, *, text_only: bool = False) -> MessageTemplate:
        """The template of the edition with this number. Raises DatabaseError if it was altered meanwhile.

        `text_only`: for readers who want plain text alone.
        """
        if self._latest is not None and self._latest_key == (number, text_only):
            return self._latest
        key = number, text_only
        template = self._kept.pop(key, None) or self._make(number, text_only=text_only)
        self._kept[key] = self._latest = template
        self._latest_key = key
        return template

    def _make(self, number: int, *, text_only: bool) -> MessageTemplate:
        template = load_template(self._engine, self._mailing, number, text_only=text_only)
        self._size += template.size
        while self._kept and self._size > self._room:
            self._size -= self._kept.pop(next(iter(self._kept))).size
        return template
