"""Plain text in lines of at most 76 characters, with each web address on a line of its own, unbroken. Pure."""

from __future__ import annotations

import re
from textwrap import wrap

WIDTH = 76

# A word that is a web address, perhaps in brackets. Punctuation after it is left out: the line's end does the
# work of a full stop, and many mail programs would take it for a part of the address.
_ADDRESS = re.compile(r"(?<!\S)(?:\((https?://\S+?)\)|(https?://\S+?))[.,;:!?]*(?!\S)")
_BLANK_LINES = re.compile(r"\n{4,}")


def wrap_text(text: str, *, width: int = WIDTH) -> str:
    """`text` in lines of at most `width`; its own line ends stay, and no word is ever broken."""
    return "\n".join(line for part in text.split("\n") for line in _wrap_line(part, width))


def _wrap_line(text: str, width: int) -> list[str]:
    lines: list[str] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        lines += [*_fold(text[done : match.start()], width), match[1] or match[2]]
        done = match.end()
    return lines + _fold(text[done:], width)


def _fold(text: str, width: int) -> list[str]:
    return wrap(
        text.strip(" \t\u00a0"), width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False
    )


def prefix_lines(text: str, first: str, rest: str | None = None) -> str:
    """`text` with `first` before its first line and `rest` (as many spaces, if not given) before the others."""
    rest = " " * len(first) if rest is None else rest
    lines = text.split("\n")
    return "\n".join(((first if number == 0 else rest) + line).rstrip() for number, line in enumerate(lines))


def underline(text: str, stroke: str) -> str:
    """`text`, wrapped, and below it a line of strokes as long as its longest line."""
    lines = wrap_text(text).split("\n")
    return "\n".join([*lines, stroke * max(map(len, lines))])


def tidy_text(text: str) -> str:
    """No space at a line's end, at most two blank lines together, none at either end, and one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n\n", lines).strip("\n") + "\n"
