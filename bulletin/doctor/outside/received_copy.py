"""A test copy as it was received (`--message`): what a real receiver judged beats any guess. Pure.

Only the first Authentication-Results (RFC 8601) counts: the receiver puts its own on top, and whatever is below may be
anyone's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bulletin.bounces.mime import MimePart, parse_mime
from bulletin.doctor.names.tag_list import parse_tags
from bulletin.errors import BulletinError

_COMMENT: Final = re.compile(r"\([^()]*\)")
_RESULT: Final = re.compile(r"\s*([a-z0-9_-]+)(?:/[0-9]+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\b([a-z]+)\.([a-z0-9_-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
_SIGNED: Final = ("list-unsubscribe", "list-unsubscribe-post")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedResult:
    """What the receiver found by one method: `spf`, `dkim`, `dmarc`; `pass` or another word; about which domain."""

    method: str
    result: str
    domain: str
    selector: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedCopy:
    """A received test copy: its sender's domain, what the receiver judged, and its signatures.

    `signatures` are the tags of each DKIM-Signature. `one_click`: it has both headers for one click (RFC 8058).
    """

    domain: str
    results: tuple[ReceivedResult, ...]
    signatures: tuple[dict[str, str], ...]
    one_click: bool

    def select(self, method: str, result: str = "") -> tuple[ReceivedResult, ...]:
        """What the receiver found by a method, perhaps only what had one result."""
        return tuple(one for one in self.results if one.method == method and result in ("", one.result))

    def find_selectors(self, domain: str) -> tuple[str, ...]:
        """The selectors with which the copy is signed for a domain."""
        return tuple(
            tags["s"].lower() for tags in self.signatures if tags.get("d", "").lower() == domain and "s" in tags
        )

    @property
    def signs_unsubscribing(self) -> bool:
        """Whether a signature covers both headers for one click."""
        return any(
            set(_SIGNED) <= {name.strip().lower() for name in tags.get("h", "").split(":")} for tags in self.signatures
        )


def read_received_copy(content: bytes) -> ReceivedCopy:
    """The copy in a .eml file. Raises BulletinError if it is no email that someone has received."""
    email = parse_mime(content)
    domain = _find_domain(email.get("from"))
    if not domain or not email.get("received"):
        raise BulletinError(
            "This file isn't an email that someone has received.",
            "Open the test copy in your mailbox, choose “Save as” or “Download message”, and name that file (.eml).",
        )
    return ReceivedCopy(
        domain=domain,
        results=tuple(_read_results(email)),
        signatures=tuple(parse_tags(text) for text in email.find_all("dkim-signature")),
        one_click=bool(email.get("list-unsubscribe") and email.get("list-unsubscribe-post")),
    )


def _find_domain(sender: str) -> str:
    found = re.search(r"@([\w.-]+)", sender.rpartition("<")[2])
    return found[1].rstrip(".").lower() if found else ""


def _read_results(email: MimePart) -> Iterator[ReceivedResult]:
    text = email.get("authentication-results")
    while (shorter := _COMMENT.sub(" ", text)) != text:  # comments may have comments in them
        text = shorter
    for part in text.split(";")[1:]:
        if match := _RESULT.match(part):
            properties = {f"{kind}.{name}".lower(): value.strip('"') for kind, name, value in _PROPERTY.findall(part)}
            yield ReceivedResult(
                method=match[1].lower(),
                result=match[2].lower(),
                domain=_find_about(match[1].lower(), properties),
                selector=properties.get("header.s", "").lower(),
            )


def _find_about(method: str, properties: dict[str, str]) -> str:
    names = {"spf": ("smtp.mailfrom", "smtp.helo"), "dkim": ("header.d", "header.i"), "dmarc": ("header.from",)}
    found = next((properties[name] for name in names.get(method, ()) if name in properties), "")
    return found.rpartition("@")[2].rstrip(".").lower()
