"""An email as Outlook for Windows shows it: without what Word's engine is known to leave out. Pure.

An approximation, to catch what breaks there: Word's fonts and line heights are its own. The properties are those of
Microsoft's “Word 2007 HTML and CSS rendering capabilities in Outlook 2007”, which still holds for classic Outlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FOR_WORD = re.compile(r"<!--\[if [^\]]*\bmso\b[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_FOR_OTHERS = re.compile(r"<!--\[if !mso\]>\s*(?:<!)?-->.*?<!--\s*<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_SETTINGS = re.compile(r"<xml\b.*?</xml>", re.DOTALL | re.IGNORECASE)
_SHEET = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<(\w+)\b([^>]*?)\sstyle=([\"'])(.*?)\3", re.IGNORECASE)

_IGNORED = frozenset(
    {
        *("max-width", "min-width", "max-height", "min-height", "overflow", "object-fit", "float", "clear"),
        *("position", "top", "right", "bottom", "left", "z-index", "flex", "gap", "grid"),
        *("border-radius", "box-shadow", "text-shadow", "opacity", "filter", "outline", "cursor", "content"),
        *("background-image", "background-size", "background-position", "transform", "transition", "animation"),
        *("word-break", "word-wrap", "overflow-wrap"),
    }
)
_WORD_ITSELF = "<style>ul,ol{padding:0}</style>"  # it indents a list by its margin, a browser by padding
_CELLS = frozenset({"td", "th"})
_SIZED = _CELLS | {"table", "img"}  # what keeps a width or a height of its own


def render_as_outlook(html: str) -> str:
    """`html` without style sheets (they are inlined), its `mso` comments opened, and each style as Word reads it."""
    bare = _SHEET.sub("", _FOR_OTHERS.sub("", _without_word_sheets(html)))
    opened = _SETTINGS.sub("", _FOR_WORD.sub(lambda comment: comment[1], bare))
    sheets = "".join([_WORD_ITSELF, *_word_sheets(html)])
    return _STYLE.sub(_restyle, opened).replace("</head>", f"{sheets}</head>", 1)


def _word_sheets(html: str) -> Iterator[str]:
    """The style sheets inside comments that only Word opens."""
    for comment in _FOR_WORD.finditer(html):
        yield from _SHEET.findall(comment[1])


def _without_word_sheets(html: str) -> str:
    return _FOR_WORD.sub(lambda comment: _SHEET.sub("", comment[0]), html)


def _restyle(match: re.Match[str]) -> str:
    tag, before, mark, style = match.groups()
    return f"<{tag}{before} style={mark}{';'.join(_read_as_word(tag.lower(), style))}{mark}"


def _read_as_word(tag: str, style: str) -> Iterator[str]:
    """The declarations that Word heeds on an element. Its own `mso-padding-alt` counts where padding would."""
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "mso-padding-alt" and tag in _CELLS:
            yield f"padding:{value}"
        elif value and _heeds(tag, name, value):
            yield f"{name}:{value}"


def _heeds(tag: str, name: str, value: str) -> bool:
    if name in _IGNORED:
        return False
    if name.startswith("padding"):
        return tag in _CELLS
    if name in ("width", "height"):
        return tag in _SIZED and value != "auto"
    return name != "display" or value == "none"
