"""Tell what the matches of a regular expression begin or end with, without compiling it. Pure.

To compile a pattern takes far longer than to see that none of the texts that it may begin with is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias, Union

# What is matched at one place: a text, one of several parts, or (None) something that isn't followed any further.
Piece: TypeAlias = Union[str, "Choice", None]
Choice: TypeAlias = Sequence[Sequence[Piece]]
FindGroup: TypeAlias = Callable[[str], Choice]
"""What is behind a @name."""

_MOST = 150  # texts
_ENOUGH = 12  # letters of a text
_SYNTAX = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # escapes and sets
    r"|\(\?(?:<?[=!]|(?:-?i)?:)|[()|]"  # brackets and bars
    r"|[?*+]|\{[^}]*\}"  # how often
    r"|@[a-z]+"  # a group that has a name
    r"|[^\\\[\]()|?*+{}@.^$«»]+(?![?*+{])|[^\\]",  # letters, and one with a word behind it on how often it is there
    re.DOTALL,
)
_RANGE = re.compile(r"\[\^|\\[a-z]|[^\[]-[^\]]")  # in a set: it has more than the characters that it names
_NOWHERE = frozenset({r"\b", r"\a", r"\z", "^", "$", "«", "»"})  # match no character


def fold(text: str) -> str:
    """A text in small letters and with straight apostrophes, each character in its place."""
    plain = text.lower()
    if len(plain) != len(text):  # a few capitals, such as İ, have a small letter of two characters
        plain = "".join(char.lower()[0] for char in text)
    return plain.replace("’", "'")


def split_pattern(pattern: str) -> list[list[str]]:
    """The alternatives of a pattern that aren't in brackets, each cut into its signs and texts."""
    parts: list[list[str]] = [[]]
    depth = 0
    for sign in _SYNTAX.findall(pattern):
        depth += (sign[0] == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append([])
        else:
            parts[-1].append(sign)
    return parts


def list_beginnings(signs: Sequence[str], find_group: FindGroup) -> tuple[str, ...]:
    """The texts of which each match of a pattern, or of the rest of one, begins with one; ("",) if there is no telling.

    They are as `fold` returns them. The rest of a pattern may close brackets that were opened before it.
    """
    return _finish(*_list_texts(_read(signs, find_group)[0], backwards=False))


def list_endings(signs: Sequence[str], find_group: FindGroup) -> tuple[str, ...]:
    """The texts of which each match of the first part of a pattern ends with one.

    It may open brackets that are closed behind it.
    """
    last = [piece for choice in _read(signs, find_group) for piece in choice[-1]]
    return _finish(*_list_texts([last], backwards=True))


def read_group(pattern: str, find_group: FindGroup) -> Choice:
    """What a pattern matches at one place."""
    return _read(_SYNTAX.findall(pattern), find_group)[0]


def _finish(begun: list[str], whole: list[str]) -> tuple[str, ...]:
    texts = {*begun, *whole}
    return ("",) if "" in texts else tuple(texts)


def _read(signs: Sequence[str], find_group: FindGroup) -> list[list[list[Piece]]]:
    """The alternatives of a pattern, and those of each bracket that it leaves open."""
    opened: list[list[list[Piece]]] = [[[]]]
    kinds: list[str] = []
    for sign in signs:
        first = sign[0]
        if first == "(":
            opened.append([[]])
            kinds.append(sign)
        elif first == "|":
            opened[-1].append([])
        elif first == ")":
            if kinds:
                choice = opened.pop()
                opened[-1][-1] += _close(choice, kinds.pop())
        elif first in "?*+{":
            part = opened[-1][-1]
            part[-1:] = [[part[-1:], []] if first == "?" else None]
        else:
            opened[-1][-1] += _read_sign(sign, find_group)
    return opened


def _close(choice: Choice, kind: str) -> Sequence[Piece]:
    """What a bracket says of the text. What must be there without being matched is followed no further."""
    if kind in ("(?!", "(?<!"):
        return ()
    if kind in ("(?=", "(?<="):
        return (choice, None) if kind == "(?=" else (None, choice)
    return (choice,)


def _read_sign(sign: str, find_group: FindGroup) -> Sequence[Piece]:
    if sign[0] == "@":
        return (find_group(sign[1:]),)
    plain = fold(sign)
    if plain in _NOWHERE:
        return ()
    if sign[0] == "[":
        return (None if _RANGE.search(plain) else [[char] for char in plain[1:-1].replace("\\", "")],)
    if sign[0] == "\\":
        return (None if sign[1].isalnum() else sign[1],)
    return (None if sign == "." else plain,)


def _list_texts(choice: Choice, *, backwards: bool) -> tuple[list[str], list[str]]:
    """The texts that matches of a choice begin with, as far as they can be told, and those that are whole matches."""
    begun: list[str] = []
    whole: list[str] = []
    for part in choice:
        if len(part) == 1 and isinstance(part[0], str):
            whole.append(part[0])
        else:
            known, ended = _follow(part, backwards=backwards)
            begun += known
            whole += ended
    return begun, whole


def _follow(part: Sequence[Piece], *, backwards: bool) -> tuple[list[str], list[str]]:
    begun: list[str] = []
    whole = [""]
    for piece in reversed(part) if backwards else part:
        if piece is None or len(whole[0]) >= _ENOUGH:
            return begun + whole, []
        if isinstance(piece, str):
            whole = [piece + text for text in whole] if backwards else [text + piece for text in whole]
            continue
        known, ended = _list_texts(piece, backwards=backwards)
        if len(whole) * (len(known) + len(ended)) + len(begun) > _MOST:
            return begun + whole, []
        begun += [more + text if backwards else text + more for text in whole for more in known]
        whole = [more + text if backwards else text + more for text in whole for more in ended]
        if not whole:
            break
    return begun, whole
