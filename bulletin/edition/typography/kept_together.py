"""Words as HTML whose short compounds do not wrap; headings and quotations whose last word is never alone. Pure.

An element keeps a compound together, since many fonts lack the no-break hyphen (U+2011) and show a box in its place.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from bulletin.edition.typography.typesetting import NO_BREAK, TypeStyle, find_chunks, set_type

_LONGEST: Final = 18
"""Characters that are kept on one line: more could be wider than a heading on a small phone (280 px)."""

_SHORT_SIDE: Final = 3
_COMPOUND: Final = re.compile(r"(?<![\w–-])\w[\w:.’]{0,14}(?:[–-]\w[\w:.’]{0,14}){1,6}(?![\w–-])")
_KEPT: Final = '<span class="nb">{}</span>'
_AT: Final = re.compile(r"(?<=[\w-])@(?=\w)")

_HEADING_END: Final = re.compile(r"</h([1-6])>")
_LONGEST_HEADING: Final = 1_000  # characters of its HTML
_QUOTATION: Final = re.compile(r'(<p class="quote">)(.{1,1000}?)(?=</p>)', re.DOTALL)
_FEWEST_WORDS: Final = 4
_TAG: Final = re.compile(r"<[^<>]*>")
_LAST_GAP: Final = re.compile(r"[ \n]+(?=((?:<[^<>]*>|[^<>\s])+(?:\s|</?(?!br)[^<>]*>)*)\Z)")


def show_plain(text: str, style: TypeStyle | None) -> str:
    """A text without Markdown as HTML, set by the typographic rules of `style`."""
    return show_words(set_type(text, style), style)


def show_words(words: str, style: TypeStyle | None) -> str:
    """Words that are set already as HTML in which short compounds and ranges do not wrap.

    A hyphen keeps if the word on one side of it has at most three characters ("e-bulletin", "Covid-19"), a dash if
    there are figures at both. An email address may break after its "@".
    """
    if style is None:
        return escape(words)
    return _break_addresses(_keep_compounds(escape(words)))


def show_address_words(address: str, style: TypeStyle | None) -> str:
    """An address that is shown as HTML: it may break after its "@"."""
    return _break_addresses(escape(address)) if style else escape(address)


def _break_addresses(html: str) -> str:
    return _AT.sub("@<wbr>", html) if "@" in html else html


def _keep_compounds(html: str) -> str:
    pieces: list[str] = []
    done = 0
    for begin, end in sorted(set(find_chunks(html, "-", "–"))):
        pieces += (html[done:begin], _COMPOUND.sub(_keep, html[begin:end]))
        done = end
    return "".join((*pieces, html[done:]))


def _keep(match: re.Match[str]) -> str:
    return _KEPT.format(match[0]) if _is_kept(match[0]) else match[0]


def _is_kept(compound: str) -> bool:
    if len(compound) > _LONGEST:
        return False
    sides = re.split("([–-])", compound.rstrip(".:’"))
    pairs = zip(sides[::2], sides[1::2], sides[2::2], strict=False)
    return any(
        (before[0].isdigit() and after[0].isdigit()) or (mark == "-" and min(len(before), len(after)) <= _SHORT_SIDE)
        for before, mark, after in pairs
    )


def join_heading_ends(html: str) -> str:
    """A document in which the last two words of each heading or quotation of four words or more are on one line.

    Longer words than fit on a phone are left alone.
    """
    pieces: list[str] = []
    done = 0
    for match in _HEADING_END.finditer(html):
        begin = html.rfind("<h" + match[1], max(done, match.start() - _LONGEST_HEADING), match.start())
        start = html.find(">", begin, match.start()) + 1 if begin >= 0 else 0
        if start > done:
            pieces += (html[done:start], _join_end(html[start : match.start()]))
            done = match.start()
    return _QUOTATION.sub(lambda match: match[1] + _join_end(match[2]), "".join((*pieces, html[done:])))


def _join_end(heading: str) -> str:
    line = heading[heading.rfind("<br") :] if "<br" in heading else heading
    words = _TAG.sub("", line).split()
    gap = _LAST_GAP.search(heading)
    if gap is None or len(words) < _FEWEST_WORDS or len(" ".join(words[-2:])) > _LONGEST:
        return heading
    return heading[: gap.start()] + NO_BREAK + heading[gap.end() :]
