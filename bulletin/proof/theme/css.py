"""Parse style sheets and templates into declarations and elements with their places. Pure.

Templates are read as source, so that a finding points to the author's own line. Jinja is first covered, character by
character. The time is in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COVERED = (("{{", "}}", "x"), ("{%", "%}", " "), ("{#", "#}", " "))
_PART = re.compile(r"[{};]")
_SIGNS = re.compile(r"[^\n]")
_DEEPEST = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """`name: value` in a style sheet or a style attribute; `start` and `end` are its place in the text.

    Declarations with the same `block` are in one block. `within` are the at-rules around it; `selector` is its own.
    """

    name: str
    value: str
    start: int
    end: int
    block: int
    selector: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prelude:
    """A selector or an at-rule, with the at-rules around it."""

    text: str
    start: int
    end: int
    within: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """The opening tag of an element: its name, and its attributes with the places of their values."""

    name: str
    start: int
    end: int
    attributes: tuple[tuple[str, str, int], ...]


def cover_jinja(text: str) -> str:
    """`text` in the same length, with x for each character that Jinja prints from, and spaces for its statements."""
    pieces: list[str] = []
    at = 0
    while (begin := text.find("{", at)) >= 0:
        kind = next((kind for kind in _COVERED if text.startswith(kind[0], begin)), None)
        end = text.find(kind[1], begin + 2) if kind else -1
        if kind is None or end < 0:
            pieces.append(text[at : begin + 1])
            at = begin + 1
            if kind is not None:
                break  # not closed, so nothing after it is closed either
            continue
        pieces += [text[at:begin], _SIGNS.sub(kind[2], text[begin : end + 2])]
        at = end + 2
    return "".join([*pieces, text[at:]])


def cover_between(text: str, opening: str, closing: str) -> str:
    """`text` in the same length, with spaces from each `opening` to the next `closing`."""
    pieces: list[str] = []
    at = 0
    while (begin := text.find(opening, at)) >= 0:
        end = text.find(closing, begin + len(opening))
        end = len(text) if end < 0 else end + len(closing)
        pieces += [text[at:begin], _SIGNS.sub(" ", text[begin:end])]
        at = end
    return "".join([*pieces, text[at:]])


def read_styles(text: str, *, offset: int = 0, inside: bool = False) -> Iterator[Declaration | Prelude]:
    """The declarations and preludes of a style sheet; `inside` if the text is the inside of a block."""
    text = cover_between(text, "/*", "*/")
    opened: list[Prelude] = []
    block = offset
    at = 0
    for match in [*_PART.finditer(text), None]:
        end = match.start() if match else len(text)
        sign = match[0] if match else ";"
        start = at + len(text[at:end]) - len(text[at:end].lstrip())
        words = text[start:end].rstrip()
        place = {"start": start + offset, "end": start + len(words) + offset}
        within = _find_within(opened[-1]) if opened else ()
        if sign == "{":
            prelude = Prelude(text=words, within=within, **place)
            if words:
                yield prelude
            opened.append(prelude)
            block = end + 1 + offset
        else:
            if words.startswith("@"):
                yield Prelude(text=words, within=within, **place)
            elif ":" in words and (opened or inside):
                name, _, value = words.partition(":")
                selector = opened[-1].text if opened else ""
                yield Declaration(
                    name=name.strip().lower(),
                    value=value.strip(),
                    block=block,
                    selector=selector,
                    within=within,
                    **place,
                )
            if sign == "}":
                del opened[-1:]
                block = end + 1 + offset
        at = end + 1


def _find_within(prelude: Prelude) -> tuple[str, ...]:
    """The at-rules around the block that `prelude` opens, at most ten."""
    inner = (prelude.text,) if prelude.text.startswith("@") and len(prelude.within) < _DEEPEST else ()
    return (*prelude.within, *inner)


_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]{0,30})(?=[\s/>])")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,60})(?:\s{0,9}=\s{0,9}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=]+)))?""")


def read_tags(text: str) -> Iterator[Tag]:
    """The opening tags of a template after `cover_jinja`."""
    for match in _TAG.finditer(text):
        after = text.find("<", match.end())
        end = text.find(">", match.end(), after if after >= 0 else len(text))
        if end >= 0:
            yield Tag(
                name=match[1].lower(),
                start=match.start(),
                end=end + 1,
                attributes=tuple(_read_attributes(text, match.end(), end)),
            )


def _read_attributes(text: str, start: int, end: int) -> Iterator[tuple[str, str, int]]:
    for match in _ATTRIBUTE.finditer(text, start, end):
        group = next((number for number in (2, 3, 4) if match[number] is not None), 0)
        yield match[1].lower(), match[group] if group else "", match.start(group) if group else match.end()


def read_style_elements(text: str) -> Iterator[tuple[int, str]]:
    """The style elements of a template, each with its place."""
    at = 0
    lower = text.lower()
    while (begin := lower.find("<style", at)) >= 0:
        start = lower.find(">", begin) + 1
        end = lower.find("</style", start)
        if not start or end < 0:
            return
        yield start, text[start:end]
        at = end


def read_theme_styles(text: str, *, is_style: bool) -> Iterator[Declaration | Prelude]:
    """All styles in a template or style sheet: the sheet itself, style elements, style attributes."""
    covered = cover_between(cover_jinja(text), "<!--[if ", "<![endif]-->")
    if is_style:
        yield from read_styles(covered)
        return
    for start, sheet in read_style_elements(covered):
        yield from read_styles(sheet, offset=start)
    for tag in read_tags(covered):
        for name, value, start in tag.attributes:
            if name == "style":
                yield from read_styles(value, offset=start, inside=True)
