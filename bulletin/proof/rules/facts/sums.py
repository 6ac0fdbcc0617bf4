"""Facts: numbers that don't add up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import Severity

_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_IN_WORDS = {word: number for number, word in enumerate(_WORDS, 1)}
_UNIT = (
    r"(?:%|(?: |-)(?:per cent|percent|years?|months?|weeks?|days?|hours?|minutes?|miles?|metres?|am|pm|degrees|times|"
    r"year-olds?|January|February|March|April|May|June|July|August|September|October|November|December)\b|"
    r"[ap]m\b|st\b|nd\b|rd\b|th\b)"
)
_NUMBER = (
    r"(?<![\w.,:£/–-])(?:(?P<figures>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d:/]|[.,]\d|[–-]\d)|"
    rf"(?P<word>\b(?:{'|'.join(_WORDS)})\b))(?!{_UNIT})"
)
_PERCENT = r"(?<![\w.,–-])(\d{1,2}(?:\.\d)?)(?:%| per cent\b)"
_REST = r"\b(?:remaining|rest|others?)\b"
_OF_THEM = r"\b(?:of (?:them|these|those|who[m]|which)|remaining|rest|others?)\b"
_SHARE = r"(?<![\w.,:£/–-])(?P<part>\d{1,5}) (?:out )?of (?:the|our|these|all|its) (?P<whole>\d{1,5})\b(?![.,:/%]\d|%)"
_STEP = (
    r"\bfrom £?(?P<old>\d[\d,]{0,8})\b[^.;:!?\d£]{0,40}\bto £?(?P<new>\d[\d,]{0,8})\b[^.;:!?\d£]{0,40}\b(?:rise|"
    r"increase|growth|drop|fall|cut|decrease|reduction) of £?(?P<step>\d[\d,]{0,8})\b(?!%| per cent)"
)
_AMOUNT = r"£?(?P<{}>\d[\d,]{{0,8}})(?!\d|\.\d|[-–/:]\d|(?:am|pm|st|nd|rd|th)\b)"
_BETWEEN = r"[^.;:!?\d£]{0,40}"
_UP = "rise|rises|rose|risen|rising|increase|increases|increased|growth|grew|grown|up"
_DOWN = "fall|falls|fell|fallen|falling|drop|drops|dropped|decrease|decreased|cut|reduction|down"
_MOVE = (
    rf"\b(?P<before>{_UP}|{_DOWN}) {_BETWEEN}\bfrom {_AMOUNT.format('one')}\b{_BETWEEN}\bto {_AMOUNT.format('two')}\b"
    rf"|\bfrom {_AMOUNT.format('old')}\b{_BETWEEN}\bto {_AMOUNT.format('new')}\b{_BETWEEN}"
    rf"(?:[.,;:–-]|\n) *(?:this|that|which|it)?(?:[’']s| is| was)? *an? (?P<after>{_UP}|{_DOWN})\b"
)
_SPLIT = (
    rf"{_AMOUNT.format('whole')} [a-z][^.;:!?\d\n]{{0,50}}[:(–] ?{_AMOUNT.format('one')} [a-z]+ ?(?:[a-z]+ )?and "
    rf"{_AMOUNT.format('two')} [a-z]+ ?[a-z]*[.;,)\n]"
)
_BEFORE = (
    rf"{_AMOUNT.format('new')} [^.:;\d\n]{{0,80}}[.;] (?:the|a|last) (?:year|month|week|term|quarter)(?: before)?,?"
    rf"[^.;:\d]{{0,30}} {_AMOUNT.format('old')}[^.;:\d]{{0,20}}[.;] (?:that|this|it) "
    rf"(?:is|was) an? (?P<after>{_UP}|{_DOWN})\b"
)
_OTHERS = (
    r"\b(?P<one>\d{1,5}) (?:out )?of (?:the|our|these|all|its) (?P<whole>\d{1,5})\b[^\d\n]{0,80}"
    rf"\b(?:the )?(?:other|remaining) (?P<other>\d{{1,5}}|{'|'.join(_WORDS)})\b"
)
_FROM_NUMBER = re.compile(r"from £?\d", re.IGNORECASE)
_PART_AHEAD = re.compile(r"[:(–] ?£?\d")
_NEARLY = 0.07  # how far from the whole a sum of its parts may be, as a share of it, to be meant as the whole
_PARTLY = 0.25  # the same for two parts after a colon, which are hardly ever anything else
_FEWEST = 10  # a whole below this is too small to tell a slip from other numbers
_YEAR = range(1900, 2100)
_WHOLE = 100
_ROUNDING = 1.5  # percent by which rounded shares may miss 100
_PARTS = 3  # shares at least that are told of 100


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """A pattern, only once a text may have what it is for: most issues have few numbers."""
    return re.compile(pattern, re.IGNORECASE)


@rule(
    "FACT15",
    "does-not-add-up",
    severity=Severity.WARNING,
    reason="Readers who add up your numbers, as journalists and councillors do, find that one of them is wrong.",
    wrong=[
        Example(text="We visited 486 homes. In 391 of them we found damp, and in 85 we didn’t.", at="85"),
        Example(
            text="We had 38 calls. Cooking caused 19 and faults nine. The remaining eight are unexplained.", at="38"
        ),
        Example(text="Of those who replied, 52% said yes, 31% said no and 27% didn’t know.", at="27%"),
        Example(text="The alarm worked in 41 of the 38 homes.", at="41"),
        Example(text="Visits went from 40 to 52, a rise of 11.", at="11"),
        Example(text="Visits went from 52 to 40. That is a rise of 23%.", at="rise"),
        Example(text="We fed 297 people: 184 adults and 103 children.", at="103"),
    ],
    right=[
        Example(text="We visited 486 homes. In 391 of them we found damp, and in 95 we didn’t."),
        Example(text="We had 38 calls. Cooking caused 19 and faults 11. The remaining eight are unexplained."),
        Example(text="Of those who replied, 52% said yes, 31% said no and 17% didn’t know."),
        Example(text="We met 120 carers in 2020. In 40 of them we saw stress, and 30 had help."),
    ],
)
def does_not_add_up(context: Context) -> Iterator[Violation]:
    """Parts that don't make the whole, shares that don't make 100%, a part above its whole, a rise that isn't one."""
    leads: dict[int | None, list[int]] = {}
    for passage in own_texts(context):
        if passage.field in ("lead", "introduction"):
            leads.setdefault(passage.section, []).extend(number for number, _ in _find_numbers(passage, 0, None))
        yield from _check_shares(passage)
        yield from _check_moves(passage)
        yield from _check_split(passage)
        yield from _check_others(passage)
        yield from _check_rest(passage, leads.get(passage.section, ()))
        yield from _check_halves(context, passage)


def _check_shares(passage: Passage) -> Iterator[Violation]:
    text = passage.prose.text
    for match in _compile(_SHARE).finditer(text) if " of " in text else ():
        if int(match["part"]) > int(match["whole"]):
            message = f"{match['part']} can’t be a part of {match['whole']}."
            yield violation_at(passage, match.span("part"), message, "Correct one of the two numbers.")
    for match in _compile(_STEP).finditer(text) if _has_move(text) and " of " in text else ():
        old, new, step = (int(match[name].replace(",", "")) for name in ("old", "new", "step"))
        if abs(new - old) != step:
            message = (
                f"From {match['old']} to {match['new']} is a change of {abs(new - old):,}, not of {match['step']}."
            )
            yield violation_at(passage, match.span("step"), message, "Correct one of the three numbers.")
    if "%" in text or "per cent" in text:
        yield from _check_percent(passage)


def _has_move(text: str) -> bool:
    """Whether a text may say from which number something moved."""
    return "from " in text and _FROM_NUMBER.search(text) is not None


def _check_moves(passage: Passage) -> Iterator[Violation]:
    """“From 53 to 41. That is a rise”, “fell from 41 to 53”: the word and the two numbers disagree."""
    text = passage.prose.text
    for match in _compile(_MOVE).finditer(text) if _has_move(text) and " to " in text else ():
        names = ("before", "one", "two") if match["before"] else ("after", "old", "new")
        yield from _compare_move(passage, match, *names)
    for match in _compile(_BEFORE).finditer(text) if " before" in text or "last " in text or "Last " in text else ():
        yield from _compare_move(passage, match, "after", "old", "new")


def _compare_move(passage: Passage, match: re.Match[str], word: str, first: str, second: str) -> Iterator[Violation]:
    """What is wrong if the word for a move is one for the other direction."""
    old, new = _read_amount(match[first]), _read_amount(match[second])
    rises = match[word].lower() in _UP.split("|")
    if old != new and rises is (new < old) and not {old, new} & set(_YEAR):
        message = f"From {match[first]} to {match[second]} is no “{match[word]}”."
        yield violation_at(passage, match.span(word), message, "Correct the word, or one of the two numbers.")


def _check_others(passage: Passage) -> Iterator[Violation]:
    """“52 of our 61 schools. The other nine”: what is left of a whole."""
    text = passage.prose.text
    for match in _compile(_OTHERS).finditer(text) if " of " in text else ():
        told = match["other"].lower()
        left, other = int(match["whole"]) - int(match["one"]), int(told) if told.isdigit() else _IN_WORDS[told]
        if left > 0 and 0 < abs(left - other) <= max(2, _PARTLY * left):
            message = f"{match['whole']} less {match['one']} is {left}, not {told}."
            yield violation_at(passage, match.span("other"), message, "Correct one of the three numbers.")


def _read_amount(figures: str) -> int:
    return int(figures.replace(",", "") or 0)


def _check_split(passage: Passage) -> Iterator[Violation]:
    """“2,973 people: 1,846 adults and 1,127 children”: two parts behind their whole."""
    text = passage.prose.text
    for match in _compile(_SPLIT).finditer(text) if _PART_AHEAD.search(text) else ():
        whole, one, two = (_read_amount(match[name]) for name in ("whole", "one", "two"))
        parts = one + two
        if whole >= _FEWEST and 0 < abs(whole - parts) <= _PARTLY * whole and whole not in _YEAR:
            message = f"{one:,} and {two:,} are {parts:,}, not {whole:,}."
            yield violation_at(passage, match.span("two"), message, "Correct the whole, or one of its parts.")


def _check_percent(passage: Passage) -> Iterator[Violation]:
    """The shares of one sentence: three or more that nearly make 100, the last one after “and”."""
    for sentence in re.finditer(r"[^.!?\n]+(?:\.\d[^.!?\n]*)*", passage.prose.text):
        found = list(_compile(_PERCENT).finditer(passage.prose.text, sentence.start(), sentence.end()))
        total = sum(float(match[1]) for match in found)
        joined = found and re.search(r"\band\b[^,]*\Z", passage.prose.text[sentence.start() : found[-1].start()])
        if len(found) >= _PARTS and joined and _ROUNDING < abs(total - _WHOLE) <= _WHOLE * 0.12:
            message = f"These shares add up to {total:g}%, not to 100%."
            yield violation_at(passage, found[-1].span(), message, "Correct the one that is wrong.")


def _find_numbers(passage: Passage, start: int, end: int | None) -> list[tuple[int, re.Match[str]]]:
    """The numbers of things in a part of a text, without years, dates, times, shares, sums of money and durations."""
    text = passage.prose.text
    found = []
    for match in _compile(_NUMBER).finditer(text, start, len(text) if end is None else end):
        number = int(match["figures"].replace(",", "")) if match["figures"] else _IN_WORDS[match["word"].lower()]
        if number not in _YEAR or "," in match[0]:
            found.append((number, match))
    return found


def _check_rest(passage: Passage, leads: Sequence[int]) -> Iterator[Violation]:
    """“The remaining four”: the numbers before it and this one should make a whole that the text or its head gives."""
    for rest in _compile(_REST).finditer(passage.prose.text):
        block = next(block for block in passage.prose.blocks if block.start <= rest.start() <= block.end)
        numbers = _find_numbers(passage, block.start, rest.end() + _BESIDE)
        told = [one for one in numbers if one[1].start() < rest.end()]
        after = [one for one in numbers if 0 <= one[1].start() - rest.end() <= 1]
        parts = [number for number, _ in (*told, *after)]
        if after and len(parts) >= _PARTS:
            yield from _compare_parts(passage, [*told, *after], leads)


_BESIDE = 12  # characters after “the remaining” in which its number ends


def _compare_parts(
    passage: Passage, told: Sequence[tuple[int, re.Match[str]]], leads: Sequence[int]
) -> Iterator[Violation]:
    """The whole may be the first number of the text, or one in the head of its section."""
    numbers = [number for number, _ in told]
    sums = {whole: sum(numbers) for whole in leads} | {numbers[0]: sum(numbers[1:])}
    if any(whole == parts for whole, parts in sums.items()):
        return
    near = [(abs(whole - parts), whole, parts) for whole, parts in sums.items() if _is_nearly(whole, parts)]
    if near:
        _, whole, parts = min(near)
        at = told[0][1] if whole == numbers[0] else told[-1][1]
        message = f"The parts add up to {parts:,}, not to {whole:,}."
        yield violation_at(passage, at, message, "Correct the whole, or one of its parts.")


def _is_nearly(whole: int, parts: int) -> bool:
    return whole >= _FEWEST and 0 < abs(whole - parts) <= max(2, _NEARLY * whole)


def _check_halves(context: Context, passage: Passage) -> Iterator[Violation]:
    """“We visited 486 homes. In 391 of them …, and in 85 we didn’t”: two parts in the sentence after their whole."""
    sentences = context.sentences_of(passage) if _compile(_OF_THEM).search(passage.prose.text) else ()
    for before, sentence in pairwise(sentences):
        wholes = [number for number, _ in _find_numbers(passage, before.start, before.end)]
        told = _find_numbers(passage, sentence.start, sentence.end)
        of_them = _compile(_OF_THEM).search(passage.prose.text, sentence.start, sentence.end)
        if len(told) != 2 or not of_them or len(wholes) != 1 or before.block is not sentence.block:
            continue
        (one, first), (other, second) = told
        between = passage.prose.text[first.end() : second.start()]
        if _is_nearly(wholes[0], one + other) and re.search(r"\band (?:in |on |for |the )*\Z", between):
            message = f"{one:,} and {other:,} are {one + other:,}, not {wholes[0]:,}."
            yield violation_at(passage, second, message, "Correct the whole, or one of its parts.")


RULES: tuple[Rule, ...] = (does_not_add_up,)
