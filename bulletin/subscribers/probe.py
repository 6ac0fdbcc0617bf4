"""The probe: how a sender makes sure that the website at an address is the one for its own links.

Before a mailing, the sender opens the page where readers unsubscribe, with a token that was made for no one. The page
answers as always, and adds a proof: a keyed hash of the token and of the database's id. Only a website with the same
key and the same database can make it, so a parked domain, another installation or an old copy can't. Each probe has a
token of its own, so that an answer from a cache proves nothing. Nothing is changed by any of it. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from bulletin.errors import InvalidToken
from bulletin.subscribers.tokens import LinkToken, Purpose, read_token, sign_token

PROOF_HEADER: Final = "Bulletin-Proof"
"""The header field with the proof."""

NO_ONE: Final = 0
"""The number that no subscriber has."""

_PURPOSE: Final = b"probe 1"  # never that of a token
_SIZE: Final = 32  # octets


def make_probe(number: int, *, key: bytes) -> str:
    """The token of a probe; `number` is random, below 2⁶⁴."""
    return sign_token(Purpose.UNSUBSCRIBE, NO_ONE, number, key=key)


def is_probe(token: LinkToken) -> bool:
    """Whether a token that was read is that of a probe."""
    return token.subscriber_id == NO_ONE and token.delivery_id is not None


def prove(text: str, keys: Sequence[bytes], database_id: str) -> str:
    """The proof for the token of a probe, by the key that signed it. Raises InvalidToken if none of `keys` did."""
    for key in keys:
        try:
            read_token(text, Purpose.UNSUBSCRIBE, [key])
        except InvalidToken:
            continue
        return _sign(text, key, database_id)
    raise InvalidToken("This token was signed with another key.")


def is_proof(proof: str, text: str, *, key: bytes, database_id: str) -> bool:
    """Whether this proves that a website has our key and our database."""
    return hmac.compare_digest(proof.encode(), _sign(text, key, database_id).encode())


def _sign(text: str, key: bytes, database_id: str) -> str:
    seed = hashlib.sha512(key).digest()  # a key may have any length; BLAKE2b takes 64 bytes at most
    named = f"{database_id}\n{text.lower()}".encode()
    return hashlib.blake2b(named, key=seed, person=_PURPOSE, digest_size=_SIZE).hexdigest()
