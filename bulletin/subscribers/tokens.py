"""Tokens in links and addresses: each names a subscriber and a delivery, for one purpose, and can't be forged. Pure.

`PURPOSE SUBSCRIBER g DELIVERY g TAG`, such as `u3039g181cdg` and 32 more figures and letters. Numbers are hexadecimal.
The purpose and the `g` between the parts are letters that hexadecimal doesn't have, so a token of emails sent before
(`NUMBER TAG`) never reads as one of these. The tag is a keyed BLAKE2b (RFC 7693) of all that is before it. There are
small letters and figures only: a mail program may leave a “-” or “_” at the end of a link out of it, and may make
capitals of the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from bulletin.errors import InvalidToken

LONGEST: Final = 67
"""Letters: no token is longer."""


class Purpose(StrEnum):
    """What the holder of a token may do. A token of one purpose is worthless for every other."""

    UNSUBSCRIBE = "u"  # leave, by the page or with one click; and undo that for a day
    PREFERENCES = "p"  # choose lists, name, language, format and pauses
    CONFIRM = "y"  # confirm a sign-up; its number is in place of both others
    MAIL = "m"  # leave, by an email with the token in its subject
    # See how far an issue is, pause it, and let it continue. It names a mailing, and the second until which it works.
    WATCH = "w"
    RETURN = "v"  # say which delivery a report of a mail server is about


class LinkToken(NamedTuple):
    """What a token names. `delivery_id` is None in emails sent before tokens had it: then it leaves everything."""

    subscriber_id: int
    delivery_id: int | None


class MessageTokens(NamedTuple):
    """All tokens of one message. Those for pages are "" where there is no website, the tag where it isn't signed."""

    unsubscribe: str
    mail: str
    preferences: str
    returning: str
    tag: str


def sign_token(purpose: Purpose, subscriber_id: int, delivery_id: int, *, key: bytes) -> str:
    """The token for a delivery to a subscriber (numbers from 0 to 2⁶⁴ - 1). The same each time; it never expires."""
    return _sign(f"{purpose.value}{subscriber_id:x}g{delivery_id:x}g", key, _SIZES[purpose])


def sign_confirmation(number: int, *, key: bytes) -> str:
    """The token that confirms the sign-up with this number (from 0 to 2¹²⁸ - 1)."""
    return _sign(f"{Purpose.CONFIRM.value}{number:x}g", key, _SIZES[Purpose.CONFIRM])


def sign_old_token(subscriber_id: int, *, key: bytes) -> str:
    """A token as emails had it before: it names a subscriber alone. Kept to read those."""
    number = f"{subscriber_id:x}"
    return number + _tag(number, key, _OLD_PURPOSE, _WHOLE)


def read_token(text: str, purpose: Purpose, keys: Sequence[bytes]) -> LinkToken:
    """What a token of this purpose names, if it was signed with any of `keys` (the present one and older ones).

    Capitals are as good as small letters. For unsubscribing, tokens of emails sent before are read as well. It takes
    the same time whichever key fits. Raises InvalidToken if it was signed with none, or for another purpose.
    """
    text = _fold(text)
    if (form := _TOKENS.get(purpose)) and (match := form.fullmatch(text)):
        subscriber_id, delivery_id = int(match[1], 16), int(match[2], 16)
        if _is_any(text, [sign_token(purpose, subscriber_id, delivery_id, key=key) for key in keys]):
            return LinkToken(subscriber_id, delivery_id)
    elif purpose in _ALSO_OLD and (match := _OLD.fullmatch(text)):
        subscriber_id = int(match[1], 16)
        if _is_any(text, [sign_old_token(subscriber_id, key=key) for key in keys]):
            return LinkToken(subscriber_id, None)
    raise _refuse()


def read_confirmation(text: str, keys: Sequence[bytes]) -> int:
    """The number of the sign-up that a token confirms. As `read_token`."""
    text = _fold(text)
    if match := _CONFIRMATION.fullmatch(text):
        number = int(match[1], 16)
        if _is_any(text, [sign_confirmation(number, key=key) for key in keys]):
            return number
    raise _refuse()


def sign_message(mailing_key: str, subscriber_id: int, *, key: bytes) -> str:
    """The tag in the Message-ID of one subscriber's message, `<MAILING.SUBSCRIBER.TAG@domain>`.

    Without it a Message-ID would prove nothing: all readers of a mailing know its key, and numbers can be guessed.
    """
    return _tag(f"{mailing_key}.{subscriber_id}", key, _MESSAGE_PURPOSE, _HALF)


def prepare_signing(key: bytes, *, pages: bool, mailing_key: str = "") -> Callable[[int, int], MessageTokens]:
    """What signs all tokens of a message by its subscriber and delivery, as `sign_token` and `sign_message` do.

    In half the time, because a mailing signs millions. `pages`: there is a website. Without `mailing_key`, Message-IDs
    are not signed.
    """
    begin_whole, begin_half = (_begin_signing(key, _PURPOSE, size).copy for size in (_WHOLE, _HALF))
    begin_message = _begin_signing(key, _MESSAGE_PURPOSE, _HALF).copy

    def finish(named: str, signing: hashlib.blake2b) -> str:
        signing.update(named.encode())
        return named + signing.hexdigest()

    def sign(subscriber_id: int, delivery_id: int) -> MessageTokens:
        ids, tag = f"{subscriber_id:x}g{delivery_id:x}g", ""
        if mailing_key:
            message = begin_message()
            message.update(f"{mailing_key}.{subscriber_id}".encode())
            tag = message.hexdigest()
        return MessageTokens(
            finish(f"u{ids}", begin_whole()) if pages else "",
            finish(f"m{ids}", begin_whole()),
            finish(f"p{ids}", begin_whole()) if pages else "",
            finish(f"v{ids}", begin_half()),
            tag,
        )

    return sign


def read_message(local_part: str, keys: Sequence[bytes]) -> tuple[str, int]:
    """The mailing's key and the subscriber that a Message-ID names, from what is before its @. As `read_token`."""
    if match := _MESSAGE.fullmatch(_fold(local_part)):
        mailing_key, subscriber_id = match[1], int(match[2])
        if _is_any(match[3], [sign_message(mailing_key, subscriber_id, key=key) for key in keys]):
            return mailing_key, subscriber_id
    raise _refuse()


def unsubscribe_url(website: str, token: str) -> str:
    """Where the reader with `token` unsubscribes, on the public pages at `website`."""
    return f"{website.rstrip('/')}/unsubscribe/{token}"


PROOF_HEADER: Final = "Bulletin-Proof"
"""The header field in which a website proves that it is the one for our links."""

METHOD_HEADER: Final = "Bulletin-Method"
"""The header field in which a website says to a probe with which method it was asked: a proxy may have changed that."""

NO_ONE: Final = 0
"""The number that no subscriber has."""


def sign_probe(number: int, *, key: bytes) -> str:
    """The token with which a sender asks whether the website is there, made for no one; `number` is random, below 2⁶⁴.

    The page for it answers as always, and adds a proof (`prove`): a keyed hash of the token and of the database's id.
    Only a website with the same key and the same database can make it, so a parked domain, another installation or an
    old copy can't. A token of its own for each probe keeps caches from answering.
    """
    return sign_token(Purpose.UNSUBSCRIBE, NO_ONE, number, key=key)


def is_probe(token: LinkToken) -> bool:
    """Whether a token that was read is that of a probe."""
    return token.subscriber_id == NO_ONE and token.delivery_id is not None


def prove(text: str, keys: Sequence[bytes], database_id: str) -> str:
    """The proof for the token of a probe, by the key that signed it. Raises InvalidToken if none of `keys` did."""
    for key in keys:
        with suppress(InvalidToken):
            read_token(text, Purpose.UNSUBSCRIBE, [key])
            return _sign_proof(text, key, database_id)
    raise _refuse()


def is_proof(proof: str, text: str, *, key: bytes, database_id: str) -> bool:
    """Whether this proves that a website has our key and our database."""
    return hmac.compare_digest(proof.encode(), _sign_proof(text, key, database_id).encode())


_WHOLE: Final = 16  # octets of a tag
_HALF: Final = 8  # what returns is in an address, which has little room, and can at most do what leaving can
_SIZES: Final = {purpose: _HALF if purpose is Purpose.RETURN else _WHOLE for purpose in Purpose}
_PURPOSE: Final = b"link 2"  # so that nothing else signed with the same key passes for a token
_OLD_PURPOSE: Final = b"unsubscribe 1"
_MESSAGE_PURPOSE: Final = b"message 1"
_PROOF_PURPOSE: Final = b"probe 1"
_ALSO_OLD: Final = frozenset({Purpose.UNSUBSCRIBE, Purpose.MAIL})

_NUMBER: Final = "(0|[1-9a-f][0-9a-f]{0,15})"
_TOKENS: Final[Mapping[Purpose, re.Pattern[str]]] = {
    purpose: re.compile(f"{purpose.value}{_NUMBER}g{_NUMBER}g[0-9a-f]{{{2 * _SIZES[purpose]}}}")
    for purpose in Purpose
    if purpose is not Purpose.CONFIRM
}
_CONFIRMATION: Final = re.compile(f"y(0|[1-9a-f][0-9a-f]{{0,31}})g[0-9a-f]{{{2 * _WHOLE}}}")
_MESSAGE: Final = re.compile(f"([0-9a-z]{{1,16}})\\.(0|[1-9][0-9]{{0,19}})\\.([0-9a-f]{{{2 * _HALF}}})")
_OLD: Final = re.compile(f"([0-9a-f]{{1,16}})[0-9a-f]{{{2 * _WHOLE}}}")


def _sign(named: str, key: bytes, size: int) -> str:
    return named + _tag(named, key, _PURPOSE, size)


def _sign_proof(text: str, key: bytes, database_id: str) -> str:
    return _tag(f"{database_id}\n{text.lower()}", key, _PROOF_PURPOSE, 2 * _WHOLE)


def _tag(named: str, key: bytes, purpose: bytes, size: int) -> str:
    signing = _begin_signing(key, purpose, size).copy()
    signing.update(named.encode())
    return signing.hexdigest()


@lru_cache(maxsize=64)
def _begin_signing(key: bytes, purpose: bytes, size: int) -> hashlib.blake2b:
    """What all tokens of a key have in common. A key may have any length; BLAKE2b takes 64 bytes at most."""
    return hashlib.blake2b(key=hashlib.sha512(key).digest(), person=purpose, digest_size=size)


def _fold(text: str) -> str:
    return text.lower() if text.isascii() and len(text) <= LONGEST else ""


def _is_any(text: str, signed: Sequence[str]) -> bool:
    """Whether it is one of these, in the same time whichever it is: each is compared."""
    return sum(hmac.compare_digest(text, one) for one in signed) > 0


def _refuse() -> InvalidToken:
    return InvalidToken(
        "This link doesn't work. Part of it may be missing.", "Select it again in the email, or copy all of it."
    )
