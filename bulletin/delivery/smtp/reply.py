"""The relay's replies, parsed from the bytes that it sends (RFC 5321, 4.2). Pure.

The server is not trusted: a line that is not a reply, or that never ends, becomes a reply with the code NONSENSE. It
ends the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import category

from bulletin.delivery.message.headers import one_line

LONGEST_REPLY = 500  # characters of a reply that are kept
NONSENSE = -1  # the code of a line that is not a reply

_LONGEST_LINE = 4096  # octets; RFC 5321 (4.5.3.1.5) allows 512
_MOST_LINES = 200  # of one reply: EHLO's has about twenty

_CODES = {b"%d" % code: code for code in range(200, 600)}


class Reply(NamedTuple):
    """A code of three digits, or NONSENSE; and the text of each line without its code."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def words(self) -> str:
        """The text in one line, safe to show."""
        return read_words(b" ".join(self.lines))

    def __str__(self) -> str:
        words = self.words if self.code == NONSENSE else f"{self.code} {self.words}".rstrip()
        return words[:LONGEST_REPLY]

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


def read_words(octets: bytes) -> str:
    """Decode a server's text to one line, without control characters and invisible ones."""
    text = octets.decode("utf-8", "replace")
    if not text.isascii():  # U+202E would make a terminal show the rest of the line from right to left
        text = "".join(char for char in text if category(char) != "Cf")
    return one_line(text)


@dataclass(slots=True)
class ReplyReader:
    """Splits incoming bytes into replies, wherever they are cut. Do not feed it again after NONSENSE."""

    rest: bytes = b""  # the start of a line that has not ended
    _code: int = 0  # of the reply that is being read
    _lines: list[bytes] = field(default_factory=list)

    @property
    def unfinished(self) -> bool:
        """Whether part of a reply has arrived."""
        return bool(self.rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that `data` completes."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        replies = []
        for line in lines:
            if reply := self._take(line.removesuffix(b"\r")):
                replies.append(reply)
                if reply.code == NONSENSE:
                    return replies
        if len(self.rest) > _LONGEST_LINE:
            replies.append(_nonsense(self.rest))
        return replies

    def _take(self, line: bytes) -> Reply | None:
        """Return the reply that `line` completes, None if it continues."""
        code, mark, words = _CODES.get(line[:3]), line[3:4], line[4:]
        if code is None or mark not in (b" ", b"-", b"") or len(line) > _LONGEST_LINE:
            return _nonsense(line)
        if not self._lines and mark != b"-":
            return Reply(code, (words,))
        if self._lines and (code != self._code or len(self._lines) >= _MOST_LINES):
            return _nonsense(line)
        self._code = code
        self._lines.append(words)
        if mark == b"-":
            return None
        lines, self._lines = tuple(self._lines), []
        return Reply(code, lines)


def _nonsense(line: bytes) -> Reply:
    return Reply(NONSENSE, (line[:LONGEST_REPLY],))
