"""The key in a DKIM record (RFC 6376, 3.6.1; RFC 8301): is it there, of which kind, and how long."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import Final

from bulletin.doctor.names.resolver import Resolver
from bulletin.doctor.names.tag_list import parse_tags
from bulletin.parts import Part, require_part

GOOD_BITS: Final = 2048
LEAST_BITS: Final = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimKey:
    """A key: its kind (`rsa`, `ed25519`) and length in bits. 0 bits: it was revoked, or can't be read.

    `testing`: the record tells receivers not to rely on it (`t=y`).
    """

    kind: str
    bits: int
    revoked: bool = False
    testing: bool = False


def name_dkim_record(selector: str, domain: str) -> str:
    """The name in the DNS where a selector's key is."""
    return f"{selector}._domainkey.{domain}"


def find_dkim_key(selector: str, domain: str, resolver: Resolver) -> DkimKey | None:
    """The key of a selector; None if there is no record. Raises CannotTellError."""
    for text in resolver.look_up(name_dkim_record(selector, domain), "TXT"):
        tags = parse_tags(text)
        if "p" in tags and tags.get("v", "DKIM1") == "DKIM1":
            return read_dkim_key(tags)
    return None


def read_dkim_key(tags: dict[str, str]) -> DkimKey:
    """The key of a record's tags: one that can't be read has 0 bits. Raises MissingPart without what reads keys."""
    kind = tags.get("k", "rsa").lower()
    encoded = "".join(tags["p"].split())
    testing = "y" in tags.get("t", "").split(":")
    if not encoded:
        return DkimKey(kind=kind, bits=0, revoked=True, testing=testing)
    try:
        key = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return DkimKey(kind=kind, bits=0, testing=testing)
    return DkimKey(kind=kind, bits=_count_bits(kind, key), testing=testing)


def _count_bits(kind: str, key: bytes) -> int:
    if kind == "ed25519":
        return 256 if len(key) == 32 else 0
    require_part(Part.DKIM)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        read = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return read.key_size if isinstance(read, RSAPublicKey) else 0
