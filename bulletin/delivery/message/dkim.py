"""DKIM: a domain's signature on a message (RFC 6376; RFC 8301 for the kinds of key). Pure.

Those who receive it can tell that the domain answers for it, and that nothing in it was changed. The parts of an
edition that are the same for everyone are made comparable once, and hashed once as far as the first word that is a
reader's own. What is left for each message is a hash of the rest and one operation with the key: half a millisecond.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from textwrap import wrap
from typing import Final

from bulletin.delivery.message.relaxed import end_body, relax_fields, relax_lines
from bulletin.delivery.message.template import MessageTemplate

_CLOSED: Final = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
"""Signed once more than they are there, so that no one can add a second one (RFC 6376, 8.15).

RFC 8058 (section 4) asks for both fields of one click.
"""

_SIGNED: Final = (*_CLOSED, b"list-id", b"list-help", b"list-owner", b"list-post", b"list-archive", b"auto-submitted")
_HEAD_END: Final = b"\r\n\r\n"
_LINE: Final = 72  # octets of a line of base64


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimSigner:
    """Signs in the name of `domain` (in A-labels), by its key with the name `selector`.

    `sign` makes the signature of some bytes with that key: RSA with SHA-256, by PKCS #1 v1.5.
    """

    domain: str
    selector: str
    sign: Callable[[bytes], bytes] = field(repr=False)

    def sign_message(self, message: bytes, *, at: int) -> bytes:
        """The message with its signature before it; `at` is when, in seconds since 1970."""
        head, _, body = message.partition(_HEAD_END)
        digest = sha256(end_body(relax_lines(body))).digest()
        return self.write_field(relax_fields(head), digest, at=at) + message

    def write_field(self, fields: Mapping[bytes, bytes], body_hash: bytes, *, at: int) -> bytes:
        """The field DKIM-Signature, with its CRLF, for these relaxed fields and a relaxed body of this SHA-256."""
        present = [name for name in _SIGNED if name in fields]
        names = b":".join((*present, *_CLOSED)).decode()
        start = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain};",
            f"s={self.selector}; t={at};",
            *wrap(f"h={names};".replace(":", ": "), _LINE, break_on_hyphens=False, break_long_words=False),
            f"bh={b64encode(body_hash).decode()};",
            "b=",
        )
        signed = [*(fields[name] for name in present), b"dkim-signature:" + " ".join(start).encode()]
        signature = wrap(b64encode(self.sign(b"\r\n".join(signed))).decode(), _LINE)
        return ("DKIM-Signature: " + "\r\n ".join((*start, *signature)) + "\r\n").encode()


class TemplateSigner:
    """Signs the messages of one template, much faster than each by itself."""

    def __init__(self, signer: DkimSigner, template: MessageTemplate) -> None:
        chunks = template.common_chunks
        self._signer = signer
        self._ends = next(place for place, chunk in enumerate(chunks) if _HEAD_END in chunk)
        head, _, body = chunks[self._ends].partition(_HEAD_END)
        self._fields = relax_fields(head)
        common = [relax_lines(part) for part in (body, *chunks[self._ends + 1 :])]
        common[-1] = end_body(common[-1])  # the last one is the same for everyone
        self._start = sha256(common[0])
        self._rest = [part if chunk else None for part, chunk in zip(common, chunks[self._ends :], strict=True)][1:]

    def write_field(self, chunks: Sequence[bytes], *, at: int) -> bytes:
        """The field DKIM-Signature for a message in these chunks of the template; `at` in seconds since 1970."""
        body = self._start.copy()
        for common, chunk in zip(self._rest, chunks[self._ends + 1 :], strict=True):
            body.update(relax_lines(chunk) if common is None else common)
        own = relax_fields(b"".join(chunks[: self._ends]))
        return self._signer.write_field(own | self._fields, body.digest(), at=at)
