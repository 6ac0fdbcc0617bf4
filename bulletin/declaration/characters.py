"""Invisible characters: which of them no text may have, what each is called, how a terminal shows them. Pure.

Some make text look like what it is not (direction overrides), some control a terminal (escape sequences), some hide
words from people or from programs (zero-width characters). They may stay if writing needs them: a joiner in
Persian or Hindi, in an emoji of several parts or between two Welsh letters that are not one; a direction mark in a text
with Arabic or Hebrew letters; a zero-width space between Thai words; the tags in the flag of Wales.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property

# Controls, line and paragraph separators, direction embeddings and isolates, operators, Hangul fillers, a byte-order
# mark in mid-text, annotation anchors, halves of characters. Tabs and line ends are part of a text.
_NEVER = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\ud800-\udfff"
)
_AT_TIMES = r"\u034f\u061c\u200b-\u200f\U000e0000-\U000e0fff"
_SUSPECT = re.compile(f"[{_NEVER}{_AT_TIMES}]")
_NEVER_NEEDED = re.compile(f"[{_NEVER}]")

_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
# Arabic to Sinhala, Tibetan, Myanmar, Khmer, Mongolian, and Arabic's other blocks: letters that join, or are stacked.
_JOINING = ("\u0600\u0dff", "\u0f00\u109f", "\u1780\u18af", "\ufb1d\ufdff", "\ufe70\ufefc")
_UNSPACED = ("\u0e00\u0fff", "\u1000\u109f", "\u1780\u17ff")  # Thai, Lao, Tibetan, Myanmar, Khmer
_IDEOGRAPHS = ("\u3400\u9fff", "\uf900\ufaff", "\U00020000\U0003ffff")
_WELSH = frozenset({"ch", "dd", "ff", "ng", "ll", "ph", "rh", "th"})  # each one letter, unless something parts them

_NAMES = {
    0x00: "null",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x0D: "carriage return",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
    0x9B: "control sequence introducer",
}


def find_hidden(text: str) -> Iterator[tuple[int, str]]:
    """Each character that no text may have, with its index."""
    surroundings = _Surroundings(text)
    for match in _SUSPECT.finditer(text):
        if not surroundings.need(match[0], match.start()):
            yield match.start(), match[0]


def remove_hidden(text: str) -> str:
    """The text without the characters that no text may have."""
    return _replace_hidden(text, "")


def mark_hidden(text: str) -> str:
    """The text with � for each character that no text may have."""
    return _replace_hidden(text, "�")


def _replace_hidden(text: str, other: str) -> str:
    hidden = {index for index, _ in find_hidden(text)}
    return "".join(other if index in hidden else char for index, char in enumerate(text)) if hidden else text


# Blanks that look like a space, but are another character: programs don't part words or fields at them. And the soft
# hyphen, which parts a word for programs, but not for people.
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SOFT_HYPHEN = "\u00ad"
_ODD = re.compile(f"[{_BLANKS}{_SOFT_HYPHEN}]")
# Beside a figure a no-break blank is meant: “10 km”, “page 3”, “5 %”.
_STRAY = re.compile(f"(?<![0-9])[{_BLANKS}](?![0-9])|{_SOFT_HYPHEN}")


def is_odd(char: str) -> bool:
    """Whether a character is a soft hyphen, or a blank that isn't a space: a no-break, thin or ideographic one."""
    return bool(_ODD.match(char))


def find_strays(text: str) -> Iterator[tuple[int, str]]:
    """Each soft hyphen, and each odd blank that isn't beside a figure, with its index."""
    return ((match.start(), match[0]) for match in _STRAY.finditer(text) if not text.isascii())


def remove_strays(text: str) -> str:
    """The text without soft hyphens, and with a space for each odd blank that isn't beside a figure."""
    return text if text.isascii() else _STRAY.sub(lambda match: "" if match[0] == _SOFT_HYPHEN else " ", text)


def describe_odd(char: str) -> str:
    """What is wrong with an odd character: `This blank looks like a space, but is another character: …`."""
    what = "There is an invisible character here" if char == _SOFT_HYPHEN else _LOOKS_LIKE_A_SPACE
    return f"{what}: {name_character(char)}."


_LOOKS_LIKE_A_SPACE = "This blank looks like a space, but is another character"


def name_character(char: str) -> str:
    """`U+202E right-to-left override`."""
    name = unicodedata.name(char, "").lower() or _NAMES.get(ord(char), "")
    if not name and unicodedata.category(char) == "Cc":
        name = "control character"
    return f"U+{ord(char):04X} {name}".rstrip()


class _Surroundings:
    """What is around the invisible characters of a text. What is true of the whole text is worked out once."""

    def __init__(self, text: str) -> None:
        self._text = text

    def need(self, char: str, index: int) -> bool:
        """Whether they need the character at `index`."""
        if _NEVER_NEEDED.match(char):
            return False
        before, after = self._text[index - 1 : index], self._text[index + 1 : index + 2]
        if char in "\u200c\u200d\u034f":
            return _join(char, before, after)
        if char == "\u200b":
            return _is_among(before, _UNSPACED) or _is_among(after, _UNSPACED)
        if char in "\u061c\u200e\u200f":
            return self._runs_to_the_left
        if char >= "\U000e0100":  # chooses the form of an ideograph
            return _is_among(before, _IDEOGRAPHS)
        return index in self._flags

    @cached_property
    def _runs_to_the_left(self) -> bool:
        return any(unicodedata.bidirectional(char) in ("R", "AL") for char in self._text)

    @cached_property
    def _flags(self) -> frozenset[int]:
        return frozenset(index for flag in _FLAG.finditer(self._text) for index in range(*flag.span()))


def _is_among(char: str, ranges: Iterable[str]) -> bool:
    """Whether a character is in one of the ranges, each given by its first and last. No character is in none."""
    return any(both[0] <= char <= both[1] for both in ranges)


def _join(char: str, before: str, after: str) -> bool:
    """Whether a joiner, or a non-joiner, is needed between these two."""
    if (before + after).lower() in _WELSH:
        return True
    if char == "\u200d" and before and after and _is_emoji(before) and _is_emoji(after):
        return True
    return char != "\u034f" and _is_among(before, _JOINING) and unicodedata.category(before)[0] in "LM"


def _is_emoji(char: str) -> bool:
    return char in "\ufe0e\ufe0f" or "\U0001f000" <= char <= "\U0001faff" or unicodedata.category(char) in ("So", "Sm")


# What a terminal acts upon, or turns around. A line end of Windows is none of it.
_ACTED_UPON = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)")


def show_hidden(text: str) -> str:
    r"""The text as a terminal can show it: a character that a terminal would act upon is written as `\x1b`, `\u202e`.

    JSON stays JSON: it never has a character below U+0020 as such, and knows the other form.
    """
    return _ACTED_UPON.sub(_write_escape, text)


def _write_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x20 else f"\\u{code:04x}"
