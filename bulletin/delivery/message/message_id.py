"""The Message-ID of a message: `<MAILING.SUBSCRIBER.TAG@DOMAIN>`. The same at each attempt. Pure.

The tag is signed (`subscribers.tokens.sign_message`), so that a report about a Message-ID that was made up names no
one. Mailings that began with an earlier release have none. The form of a mailing's key says which it is, so that
anyone can tell who has only the key: a record, a mark, a restored mailing.
"""

from __future__ import annotations

import re
from typing import Final

from bulletin.delivery.message.headers import one_line
from bulletin.edition.edition import Letterhead

_SIGNED: Final = re.compile(r"s[0-9a-f]{12}")
_LEFT_OUT: Final = "…"  # what isn't known here


def make_signed_key(digits: str) -> str:
    """The key of a mailing with signed Message-IDs, of 12 random hexadecimal digits."""
    return f"s{digits}"


def has_signed_ids(mailing_key: str) -> bool:
    """Whether the mailing's Message-IDs have a tag."""
    return _SIGNED.fullmatch(mailing_key) is not None


def write_message_id(mailing_key: str, personal: str, letterhead: Letterhead) -> str:
    """The Message-ID; `personal` is the subscriber's number, with a dot and the tag if it has one."""
    return f"<{mailing_key}.{personal}@{one_line(letterhead.sender_address).rpartition('@')[2]}>"


def show_message_id(mailing_key: str, subscriber_id: int, letterhead: Letterhead | None) -> str:
    """The Message-ID for a person who looks it up in a server's log, with “…” for what isn't known here.

    That is the tag, which takes the secret key, and the domain if there is no letterhead. What is before the tag is
    enough to find it: no other message has the same.
    """
    personal = f"{subscriber_id}.{_LEFT_OUT}" if has_signed_ids(mailing_key) else f"{subscriber_id}"
    return write_message_id(mailing_key, personal, letterhead) if letterhead else f"<{mailing_key}.{personal}@…>"
