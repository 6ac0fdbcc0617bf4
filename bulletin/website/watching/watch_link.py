"""The link to watch an issue being sent: signed, so that it can't be guessed, and good for three days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from bulletin.subscribers.tokens import Purpose, read_token, sign_token

WORKS_FOR: Final = 3 * 24 * 60 * 60 * 1000
"""ms."""


class WatchedMailing(NamedTuple):
    """What a link names: a mailing (id), and until when it works (ms since 1970)."""

    mailing_id: int
    until: int

    def is_over(self, now: int) -> bool:
        """Whether it works no more at `now` (ms since 1970)."""
        return now >= self.until


def write_watch_link(website: str, mailing_id: int, *, key: bytes, now: int) -> str:
    """The link for the issue that a mailing is of, on the public pages at `website`; `now` in ms since 1970."""
    return f"{website.rstrip('/')}/watch/{sign_token(Purpose.WATCH, mailing_id, (now + WORKS_FOR) // 1000, key=key)}"


def read_watch_token(text: str, keys: Sequence[bytes]) -> WatchedMailing:
    """What the end of such a link names. Raises InvalidToken if it wasn't signed with one of `keys`."""
    token = read_token(text, Purpose.WATCH, keys)
    return WatchedMailing(token.subscriber_id, (token.delivery_id or 0) * 1000)
