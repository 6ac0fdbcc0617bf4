"""The typographic rules on plain words: straight quotes, hyphens as dashes, three dots, no-break spaces. Pure.

One compiled pattern goes over a text once. It finds each character to change, and no word is changed. What is set is
set for good: doing it again changes nothing. Code and addresses stay as they are. `docs/typography.md` lists the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulletin.edition.typography.curling import Curler
from bulletin.edition.typography.no_break import MONTH, SPACE, ends_outward_code, find_spaces_in_numbers
from bulletin.settings.proof import DashStyle, QuoteStyle, RangeStyle, TimeStyle
from bulletin.settings.settings import Settings

NO_BREAK: Final = "\u00a0"
NOT_WORDS: Final = "\ufffc"
"""Takes the place of code and addresses while the words around them are set (U+FFFC, object replacement character)."""

_HYPHEN: Final = rf"""
    (?<=\S[ \u00a0]-)(?=[ ]\S)(?:
        (?<![0-9][ \u00a0]-) | (?![ ][0-9])
      | (?<=\b(?:19|20)[0-9]{{2}}[ \u00a0]-)(?=[ ][0-9]{{1,2}}(?:[:.][0-9]{{2}})?(?:[ap]m|[ \u00a0]{MONTH}))
    )
  | (?<!--)(?=-(?![->]))(?<!<-)(?P<two>
        (?<=\S[ \u00a0]-)(?=-[ ]\S) | (?<![^\n]-)(?=-[ ]\S)
      | (?P<close>(?<=[\w.,;:!?”’"')…]-)(?=-[ ]\S|-[\w“‘"'(])(?!(?<=[0-9]-)-[0-9]))
    )
"""
_CANDIDATE: Final = re.compile(
    rf"""[ "'“”‘’.-](?:
        (?<=["'“”‘’])
      | (?<=\.)(?<!\.\.)(?=\.\.(?!\.))
      | (?<=-)(?:{_HYPHEN})
      | (?<=[ ])(?:{SPACE})
    )""",
    re.VERBOSE,
)
_BLANK: Final = re.compile(r"[ \n]")
_ADDRESS: Final = re.compile(
    r"(?:https?://|(?<!\w)www\.|(?<![\w.+%-])\w[\w.+%'-]{0,63}@|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/)"
    r"[^\s\"“”<>]*[\w/=#&]",
    re.IGNORECASE,
)


_COLON = re.compile(r"\b(\d{1,2}):(\d\d)(?=[ap]m)")
_SHORT_RANGE = re.compile(r"(?<=\d) to (?=\d)|(?<=[ap]m) to (?=\d)|(?<=midday) to (?=\d)|(?<=[ap]m) to (?=mid)")


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeStyle:
    """What is set, by the house style: curly quotes, dashes in place of hyphens. Dots and spaces always are.

    Of fields: `points` in times (5.30pm), and `short_ranges` (9am–5pm).
    """

    quotes: bool = True
    dashes: bool = True
    points: bool = False
    short_ranges: bool = False


def read_type_style(settings: Settings) -> TypeStyle | None:
    """How a workspace sets its words; None if it has switched that off."""
    house = settings.proof.house
    if not settings.typography:
        return None
    return TypeStyle(
        quotes=house.quotes is not QuoteStyle.STRAIGHT,
        dashes=house.dashes is not DashStyle.HYPHEN,
        points=house.times is TimeStyle.POINT,
        short_ranges=house.ranges is RangeStyle.DASH,
    )


def set_field(words: str, style: TypeStyle | None) -> str:
    """The words for a date or time of a field, which authors write in any way, as the house writes them in texts."""
    if style and style.points:
        words = _COLON.sub(r"\1.\2", words)
    if style and style.short_ranges:
        words = _SHORT_RANGE.sub("–", words).replace(" to ", " – ")
    return words


def set_type(text: str, style: TypeStyle | None, *, no_break: bool = True) -> str:
    """`text` by the typographic rules of `style`; without one, as it is.

    Without `no_break`, all spaces stay ordinary ones: for a subject, which programs cut and search.
    """
    if style is None:
        return text
    (done,) = set_runs([text], style)
    return done if no_break else done.replace(NO_BREAK, " ")


def set_runs(runs: Sequence[str | None], style: TypeStyle | None) -> Sequence[str]:
    """Each of several runs of one paragraph, set as one text: a quote may open in one and close in another.

    None is what isn't words (code, an address), and comes back as "".
    """
    return _set_runs(tuple(runs), style) if style else [run or "" for run in runs]


# HTML and plain text have the same paragraphs, and a preview has most of them again after each save.
@lru_cache(maxsize=1_000)
def _set_runs(runs: tuple[str | None, ...], style: TypeStyle) -> tuple[str, ...]:
    words = [NOT_WORDS if run is None else run for run in runs]
    waiting = sorted(find_edits("".join(words), style).items(), reverse=True)
    done: list[str] = []
    end = 0
    for run, word in zip(runs, words, strict=True):
        end += len(word)
        pieces: list[str] = []
        at = 0
        while waiting and waiting[-1][0] < end:
            place, right = waiting.pop()
            pieces += (word[at : place - end], right)  # counted from the end
            at = place - end + len(word) + 1
        done.append("" if run is None else "".join((*pieces, word[at:])))
    return tuple(done)


def find_edits(text: str, style: TypeStyle) -> dict[int, str]:
    """Each character of `text` that the rules change, by its place, and what replaces it; "" where it goes."""
    edits: dict[int, str] = {}
    curler = Curler(text)
    numbers: frozenset[int] | None = None
    addresses = _find_addresses(text)
    for match in _CANDIDATE.finditer(text):
        at, char = match.start(), match[0]
        while addresses and addresses[-1][1] <= at:
            addresses.pop()
        if addresses and addresses[-1][0] <= at:
            continue
        if char == " ":
            if match["digits"] is not None:
                numbers = find_spaces_in_numbers(text) if numbers is None else numbers
            if _keeps(match, numbers or ()):
                edits[at] = NO_BREAK
        elif char == ".":
            edits |= {at: "…", at + 1: "", at + 2: ""}
        elif char == "-" and style.dashes:
            edits |= _dash(match)
        elif char != "-" and style.quotes and (right := curler.curl(at)) != char:
            edits[at] = right
    return edits


def _keeps(match: re.Match[str], numbers: frozenset[int] | tuple[()]) -> bool:
    """Whether a space keeps its words on one line, where the pattern alone can't tell."""
    if match["digits"] is not None:
        return match.start() in numbers
    return match["postcode"] is None or ends_outward_code(match.string, match.start())


def _dash(match: re.Match[str]) -> dict[int, str]:
    """The edits for one hyphen, or for two; spaces are added where the words on both sides touch two hyphens."""
    at, text = match.start(), match.string
    if match["two"] is None:
        return {at: "–"}
    if match["close"] is None:
        return {at: "–", at + 1: ""}
    return {at: f"{NO_BREAK}–" if text[at + 2] == " " else f"{NO_BREAK}– ", at + 1: ""}


def _find_addresses(text: str) -> list[tuple[int, int]]:
    """Where each address that is typed among the words begins and ends, the last first."""
    return sorted(
        (
            match.span()
            for begin, end in find_chunks(text, "@", "/", "www.", "WWW.", "Www.")
            for match in _ADDRESS.finditer(text, begin, end)
        ),
        reverse=True,
    )


def find_chunks(text: str, *signs: str) -> Iterator[tuple[int, int]]:
    """Where each stretch without a blank begins and ends that has one of `signs` in it.

    A search for the signs takes a tenth of the time of a pattern that tries each word.
    """
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            begin = 1 + max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
            end = _BLANK.search(text, at)
            yield begin, end.start() if end else len(text)
            at = text.find(sign, end.start()) if end else -1
