"""What the relay answered (RFC 5321, 4.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.delivery.headers import one_line

LONGEST_REPLY = 500  # characters that are kept of a reply


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A code of three digits, or -1 if it was no reply at all; and the words, in one line."""

    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}".rstrip()[:LONGEST_REPLY]

    @property
    def accepts(self) -> bool:
        """2xx: done."""
        return 200 <= self.code <= 299

    @property
    def defers(self) -> bool:
        """4xx: not now."""
        return 400 <= self.code <= 499

    @property
    def refuses(self) -> bool:
        """5xx: no, and asking again will not help."""
        return 500 <= self.code <= 599


def read_reply(code: int, words: bytes | str) -> Reply:
    """A reply as smtplib hands it out; whatever its words are, they can be shown."""
    return Reply(code=code, words=one_line(words if isinstance(words, str) else words.decode("utf-8", "replace")))
