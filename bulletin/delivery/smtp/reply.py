"""What the relay answers, cut out of the bytes that it sends (RFC 5321, 4.2). Pure.

Nothing that a server sends is trusted: a line that is no reply, or one without end, is a reply with the code NONSENSE,
after which the conversation cannot go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import category

from bulletin.delivery.message.headers import one_line

LONGEST_REPLY = 500  # characters that are kept of a reply
NONSENSE = -1  # the code of what is no reply at all

_LONGEST_LINE = 4096  # octets; RFC 5321 (4.5.3.1.5) allows 512
_MOST_LINES = 200  # of one reply: EHLO has some twenty

_CODES = {b"%d" % code: code for code in range(200, 600)}


class Reply(NamedTuple):
    """A code of three digits, or NONSENSE; and the lines' words, without their codes."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def words(self) -> str:
        """The words in one line that can be shown, whatever they are."""
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
    """What a server wrote, in one line, without control characters and without any that only turn or hide others."""
    text = octets.decode("utf-8", "replace")
    if not text.isascii():  # U+202E would have a terminal show the rest of its line from right to left
        text = "".join(char for char in text if category(char) != "Cf")
    return one_line(text)


@dataclass(slots=True)
class ReplyReader:
    """Cuts what comes in, however it is torn, into replies. After NONSENSE it must not be fed again."""

    rest: bytes = b""  # a line that has no end yet
    _code: int = 0  # of the reply whose lines are coming in
    _lines: list[bytes] = field(default_factory=list)

    @property
    def unfinished(self) -> bool:
        """Whether something has come in that is no whole reply yet."""
        return bool(self.rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """All replies that `data` completes."""
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
        """The reply that `line` ends, if it is the last of one."""
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
