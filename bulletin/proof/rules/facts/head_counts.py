"""Find numbers in titles, the subject and the preview text that don't fit what is below them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bulletin.declaration.prose import BlockKind
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.reading.lazy_pattern import LazyPattern

WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
_NUMBERS = {word: number for number, word in enumerate(WORDS, 2)}
NUMBER = rf"(?P<number>{'|'.join(WORDS)}|[2-9]|1\d)"

_LISTED = (
    "ways|tips|things|reasons|steps|ideas|questions|answers|facts|dates|courses|events|workshops|webinars|sessions|"
    "briefings|priorities|places|stories|lessons|messages|points|actions|rules|myths|resources|guides|links|films|"
    "books|websites|updates|opportunities|changes|activities|campaigns|projects|winners|recipes|walks"
)
"""What a title announces if it begins with a number: “Five ways to join in”."""

_TITLE = re.compile(rf"\A{NUMBER} (?:(?!more |new |other |of |out )[a-z-]+ ){{0,2}}?(?:{_LISTED})\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<![\w.,:£/–-])(?i:{NUMBER}) (?!(?:years?|months?|weeks?|days?|hours?|minutes?|people|children|more|new|of|out|"
    r"times|per|am|pm|in|or|to|and)\b)(?P<what>[a-z][a-z’'-]+(?: [a-z][a-z’'-]+)?)"
)
_HEADS = (("subject",), ("preview_text",), ("introduction",))


class WrongNumber(NamedTuple):
    """A number in a passage, from `start` to `end`; how many there are, and of what."""

    passage: Passage
    start: int
    end: int
    found: int
    where: str


def read_number(written: str) -> int:
    """A number in figures or in words. Raises KeyError for one over thirteen in words."""
    return int(written) if written.isdigit() else _NUMBERS[written.lower()]


def find_wrong_numbers(context: Context) -> Iterator[WrongNumber]:
    """Each number in a title, the subject, the preview text or the introduction that isn’t that of the rest."""
    titles = [passage for passage in context.texts if passage.field == "title"]
    for passage in titles:
        yield from _check_title(context, passage)
    told = [(passage, match) for passage in titles for match in _COUNTED.finditer(passage.prose.text)]
    for passage in context.texts:
        yield from _check_spoken(passage)
        if passage.place in _HEADS:
            for match in _COUNTED.finditer(passage.prose.text):
                yield from _check_head(passage, match, told)
                yield from _check_series(passage, match, titles)


_ANNOUNCED = LazyPattern(
    rf"(?<![\w.,:£/–-])(?i:{NUMBER}) (?P<what>[a-z][a-z’'-]+(?: [a-z’'-]+){{0,2}}): "
    r"(?P<series>[^.:;?!()\n]{1,300})[.?!\n]",
    needs=(": ",),
)
_TAKEN_UP = LazyPattern(
    rf"(?P<series>[^.:;?!()\n]{{1,300}})\. (?:All|These) (?i:{NUMBER}) (?:of (?:them|these)\b|"
    rf"(?:{_LISTED}|posts|jobs|roles|vacancies|items|venues|services|documents|forms|leaflets)\b)",
    needs=(". All ", ". These "),
)
_ARTICLE = re.compile(r"(?:an?|one|our|the|your|his|her|their)\b", re.IGNORECASE)
_LONGEST_ENTRY = 6  # words of one thing in a series: longer ones are clauses
_NO_THINGS = "years?|months?|weeks?|days?|hours?|minutes?|people|children|of|are|were|will|have"


def _check_spoken(passage: Passage) -> Iterator[WrongNumber]:
    """A number beside things that the same or the last sentence names: “two posts: a nurse, a cook and a driver”."""
    text = passage.prose.text
    for match in _ANNOUNCED.finditer(text):
        if not re.fullmatch(_NO_THINGS, match["what"].split()[0]):
            yield from _compare_series(passage, match, _count_series(match["series"], short=True))
    for match in _TAKEN_UP.finditer(text):
        yield from _compare_series(passage, match, _count_series(match["series"], short=False))


def _compare_series(passage: Passage, match: re.Match[str], count: int) -> Iterator[WrongNumber]:
    if count > 1 and count != read_number(match["number"]):
        yield WrongNumber(passage, *match.span("number"), count, "are named beside it")


def _count_series(text: str, *, short: bool) -> int:
    """How many things “a nurse, a cook and a driver” names; 0 if that isn’t clear.

    Each begins with an article. If `short`, the text is nothing else, and things of up to three words may have none.
    """
    parts = re.split(r", (?:and )?| and ", text.strip())
    if re.search(rf"\b{NUMBER}\b", text, re.IGNORECASE):
        return 0  # “our clerk and two helpers”
    if len(parts) != text.count(",") + 2 - len(re.findall(r", and ", text)) or len(parts) < 3 or " and " not in text:
        return 0
    told = parts if short else parts[1:]
    plain = short and all(len(part.split()) <= 3 and not _ARTICLE.match(part) for part in parts)
    articles = all(_ARTICLE.match(part) and len(part.split()) <= _LONGEST_ENTRY for part in told)
    leads = short or re.search(r"\b(?:an?|our|the|your) (?:[a-z-]+ ){0,2}[a-z-]+\Z", parts[0])
    return len(parts) if plain or (articles and leads) else 0


def _check_title(context: Context, passage: Passage) -> Iterator[WrongNumber]:
    """A title that begins with the number of its entries, or of the entries of the list in its text."""
    match = _TITLE.match(passage.prose.text)
    if not match:
        return
    number, record = read_number(match["number"]), passage.record
    items = getattr(record, "items", None)
    groups = getattr(record, "groups", None)
    if groups:
        counts = {len(groups), sum(len(group.items) for group in groups)}
    elif items:
        counts = {len(items)}
    else:
        counts = set(_count_lists(context, passage))
    if counts and number not in counts:
        yield WrongNumber(passage, *match.span("number"), max(counts), "are below this title")


def _count_lists(context: Context, title: Passage) -> Iterator[int]:
    """The number of entries of each list in the texts of the title's entry."""
    for passage in context.texts:
        if passage.record is title.record and passage.field != "title":
            kinds = [block.kind is BlockKind.ENTRY for block in passage.prose.blocks]
            shape = "".join("x" if entry else " " for entry in kinds)
            yield from (len(run) for run in shape.split() if len(run) > 1)


def _check_head(
    passage: Passage, match: re.Match[str], told: list[tuple[Passage, re.Match[str]]]
) -> Iterator[WrongNumber]:
    """A number beside the same words as in a title, where it is another."""
    what = match["what"].lower()
    # One word isn't enough: “we trained forty people in two courses” doesn't announce “Three courses”.
    same = [(other, found) for other, found in told if " " in what and found["what"].lower() == what]
    numbers = {read_number(found["number"]) for _, found in same}
    if numbers and read_number(match["number"]) not in numbers:
        other, found = same[0]
        line = other.locate(*found.span("number")).line
        yield WrongNumber(passage, *match.span("number"), min(numbers), f"are in the title on line {line}")


def _check_series(passage: Passage, match: re.Match[str], titles: list[Passage]) -> Iterator[WrongNumber]:
    """A number of things that entries are called: “three lunchtime briefings” and “Lunchtime briefing: neglect”."""
    what = match["what"].lower()
    if " " not in what or not what.endswith("s"):
        return
    count = sum(1 for title in titles if title.prose.text.lower().startswith((what[:-1] + ":", what[:-1] + " –")))
    if count > 1 and count != read_number(match["number"]):
        yield WrongNumber(passage, *match.span("number"), count, "are in this issue")
