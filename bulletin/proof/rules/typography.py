"""Typography: spaces, quotation marks, dashes, times of day. Pure.

The house style is that of GOV.UK and of the fields of an issue: “9:30am”, “5pm”, dashes with spaces, “curly” marks.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from bulletin.declaration.prose import Block
from bulletin.issue.dates import TimeOfDay
from bulletin.issue.item import Session
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import read_words
from bulletin.proof.reading.sentences import cut_chunks, is_address
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_LONGEST_GAP = 40  # spaces that a violation covers

_SPACES = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_WIDE = re.compile(r"(?<=\S) {3,}(?=\S)")
_SPACE_BEFORE = re.compile(r"(?<=[\w)”’%]) ([,;:!?]|\.(?!\.))(?=[\s”’)]|\Z|(?<=\.)[A-Z][a-z])")
_INSIDE = re.compile(r"(?<=\() (?=\w)|(?<=[\w.]) (?=\))")
_NO_SPACE = re.compile(r"(?<=[^\W\d_])([.!?,;:])(?=[^\W\d_])")
_TWO_STOPS = re.compile(r"(?<![.,])(?:\.\.(?!\.)|,,+(?!,))(?=[\s”’)]|\Z)")
_FILE_ENDS = frozenset(["net", "js", "io", "ai", "tv", "org", "com", "uk", "co"])


@rule(
    "LANG10",
    "spaces",
    severity=Severity.WARNING,
    reason="A space too many or too few makes readers stop, and breaks lines in the wrong place.",
    wrong=[
        Example(text="The panel  met.", at="  "),
        Example(text="We met parents , carers and pupils.", at=" ,"),
        Example(text="We met in school.The head spoke.", at="school.The"),
    ],
    right=[Example(text="We print 2,500 copies … at £1.20 each. See thebigask.uk, or ask S.H.I.E.L.D. at 9.30am.")],
)
def spaces(context: Context) -> Iterator[Violation]:
    """Two spaces, a space before a comma, none after a full stop."""
    for passage in context.texts:
        text = passage.prose.text
        drawn = len(_WIDE.findall(text)) > 1  # a table, which is another rule's
        for match in _SPACES.finditer(text):
            if _is_written(passage, match.start(), match.end()) and not (drawn and len(match[0]) > 2):
                end = min(match.end(), match.start() + _LONGEST_GAP)
                number = "Two" if len(match[0]) == 2 else str(len(match[0]))
                replacement = " " if end == match.end() else None
                message = f"{number} spaces stand here."
                yield violation_at(passage, (match.start(), end), message, "Leave one.", replacement=replacement)
        for match in _INSIDE.finditer(text):
            if _is_written(passage, match.start(), match.end()):
                message = "A space stands inside a bracket."
                yield violation_at(passage, match, message, "Take it out.", replacement="")
        for match in _SPACE_BEFORE.finditer(text):
            if _is_written(passage, match.start(), match.end()):
                yield violation_at(
                    passage, match, f"A space stands before “{match[1]}”.", "Take it out.", replacement=match[1]
                )
        for match in _TWO_STOPS.finditer(text):
            mark = match[0][0]
            message, remedy = f"“{mark}” stands here {len(match[0])} times.", "Leave one."
            yield violation_at(passage, match, message, remedy, replacement=mark)
        yield from _find_missing_spaces(passage)


def _is_written(passage: Passage, start: int, end: int) -> bool:
    """Whether spaces are the author's own, and not what is left where a mark or the end of a line was taken out."""
    offsets = passage.prose.offsets
    return offsets[end - 1] - offsets[start] == end - 1 - start and not _is_code(passage, start)


def _is_code(passage: Passage, at: int) -> bool:
    """Whether a character is shown as it was typed."""
    codes = passage.prose.codes
    index = bisect(codes, (at, len(passage.prose.text) + 1)) - 1
    return index >= 0 and codes[index][0] <= at < codes[index][1]


def _find_missing_spaces(passage: Passage) -> Iterator[Violation]:
    for block in passage.prose.blocks:
        for chunk in cut_chunks(passage.prose, block):
            for match in _NO_SPACE.finditer(chunk.text) if not chunk.quiet else ():
                at, mark = match.start(), match[1]
                before = re.split(r"[^\w]", chunk.text[:at])[-1]
                after = re.split(r"[^\w]", chunk.text[at + 1 :])[0]
                if _needs_space(before, mark, after):
                    start, end = chunk.start + at - len(before), chunk.start + at + 1 + len(after)
                    yield violation_at(
                        passage,
                        (start, end),
                        f"A space is missing after “{mark}”.",
                        f"Write “{before}{mark} {after}”.",
                        replacement=f"{before}{mark} {after}",
                    )


def _needs_space(before: str, mark: str, after: str) -> bool:
    if mark in ",;":
        return len(before) > 1 and len(after) > 1
    if mark == ":":
        return len(before) > 2 and len(after) > 2 and before.islower() and not is_address(f"{before}:{after}")
    if len(before) < 2 or len(after) < 1 or after.lower() in _FILE_ENDS:
        return False
    return before[-1].islower() and after[0].isupper() and (len(after) == 1 or not after.isupper())


_STRAIGHT = re.compile(r"[\"']")
_CURLY = re.compile(r"[“”‘’]")
_PAIRS = {"”": "“", ")": "("}
_LIST_MARK = re.compile(r"(?:\A|[\s(])\w{1,3}\Z")


@rule(
    "LANG11",
    "quotation-marks",
    severity=Severity.WARNING,
    reason="Marks of two kinds look careless, and a quotation without an end leaves open who is speaking.",
    wrong=[
        Example(text='“I felt heard,” said one. Another said: "So did I."', at='"'),
        Example(text="She said: “I felt heard. Then she left.", at="“"),
        Example(text="The course (for schools is free.", at="("),
    ],
    right=[Example(text="“I felt ‘heard’,” said one (of 12). It’s the twins’ poem: a) for you, b) for me.")],
)
def quotation_marks(context: Context) -> Iterator[Violation]:
    """Straight marks beside curly ones; quotation marks and brackets that open and do not close."""
    yield from _find_other_kind(context)
    for passage in context.texts:
        for index, block in enumerate(passage.prose.blocks):
            following = passage.prose.blocks[index + 1] if index + 1 < len(passage.prose.blocks) else None
            goes_on = following is not None and passage.prose.text.startswith("“", following.start)
            yield from _find_unpaired(passage, block, goes_on=goes_on)


def _find_other_kind(context: Context) -> Iterator[Violation]:
    """The straight marks of an issue that has curly ones; or the few curly ones among many straight ones."""
    straight = [(passage, match.start()) for passage in context.texts for match in _find_marks(passage, _STRAIGHT)]
    curly = [(passage, match.start()) for passage in context.texts for match in _find_marks(passage, _CURLY)]
    if not straight or not curly:
        return
    odd = straight if len(straight) <= 4 * len(curly) else curly
    for passage, at in odd:
        mark = passage.prose.text[at]
        right = _curl(passage.prose.text, at) if odd is straight else {"“": '"', "”": '"'}.get(mark, "'")
        message = f"This mark is {'straight' if odd is straight else 'curly'}, and most in this issue are not."
        yield violation_at(passage, (at, at + 1), message, f"Write {right} instead.", replacement=right)


def _find_marks(passage: Passage, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    text = passage.prose.text
    for match in pattern.finditer(text):
        measure = text[match.start() - 1 : match.start()].isdigit() and text[match.end() : match.end() + 1] in ("", " ")
        if not measure and not _is_code(passage, match.start()):
            yield match


def _curl(text: str, at: int) -> str:
    """The curly mark for a straight one: it opens at the beginning of a word, and is an apostrophe inside one."""
    opens = (at == 0 or text[at - 1] in " \n([–—“‘") and at + 1 < len(text) and not text[at + 1].isspace()
    if text[at] == '"':
        return "“" if opens else "”"
    return "‘" if opens and not text[at + 1].isdigit() else "’"


def _find_unpaired(passage: Passage, block: Block, *, goes_on: bool) -> Iterator[Violation]:
    text = passage.prose.text
    opened: dict[str, list[int]] = {"“": [], "(": []}
    mixed = '"' in text[block.start : block.end]
    for match in re.finditer(r"[“”()]", text[block.start : block.end]):
        at, mark = block.start + match.start(), match[0]
        if mark in opened:
            opened[mark].append(at)
        elif opened[_PAIRS[mark]]:
            opened[_PAIRS[mark]].pop()
        elif (mark == ")" and not _is_list_mark(text, block.start, at)) or (mark == "”" and not mixed):
            yield _remark_unpaired(passage, at, mark, "begin")
    for mark, places in opened.items():
        for at in places:
            if mark == "(" or not (mixed or goes_on):
                yield _remark_unpaired(passage, at, mark, "end")


def _is_list_mark(text: str, start: int, at: int) -> bool:
    """Whether a bracket is that of “a)” or of “:)”."""
    before = text[max(start, at - 5) : at]
    return bool(_LIST_MARK.search(before)) or before.endswith((":", ";", ":-", ";-"))


def _remark_unpaired(passage: Passage, at: int, mark: str, missing: str) -> Violation:
    kind = "bracket" if mark in "()" else "quotation mark"
    other = {"“": "”", "”": "“", "(": ")", ")": "("}[mark]
    message = f"This {kind} has no partner: nothing shows where it {missing}s."
    return violation_at(passage, (at, at + 1), message, f"Write {other} where the words {missing}.")


_SPACED_HYPHEN = re.compile(r"(?<=[\w.,;!?”’)%]) - (?=[\w“‘(£])|(?<=[^\W\d_]{2}) -(?=[^\W\d_]{2})")
_TWO_HYPHENS = re.compile(r"(?<![-<!]) ?--(?![->]) ?(?=\S)")


@rule(
    "LANG12",
    "dash",
    severity=Severity.WARNING,
    reason="A hyphen joins words; one that stands for a dash is read out wrongly, and looks like a slip.",
    wrong=[
        Example(text="The course - free for all - takes two hours.", at="-"),
        Example(text="The course--it is free--takes two hours.", at="--"),
    ],
    right=[Example(text="The well-known course – free for all – is for 16- to 18-year-olds, on pages 12–15.")],
)
def dash(context: Context) -> Iterator[Violation]:
    """A hyphen, or two, where a dash is meant."""
    for passage in context.texts:
        text = passage.prose.text
        for pattern in (_SPACED_HYPHEN, _TWO_HYPHENS):
            for match in pattern.finditer(text):
                if _is_written(passage, match.start(), match.end()) and not _is_in_address(text, match):
                    spaced = text[match.start() - 1 : match.start()].isdigit() and text[match.end()].isdigit()
                    right = "–" if spaced else " – "
                    message, remedy = f"“{match[0].strip()}” stands here for a dash.", "Write – instead."
                    yield violation_at(passage, match, message, remedy, replacement=right)


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] == " " or text[match.end() - 1] == " ":
        return False
    around = text[max(0, match.start() - 60) : match.end() + 60]
    at = match.start() - max(0, match.start() - 60)
    start = around.rfind(" ", 0, at) + 1
    end = around.find(" ", at)
    return is_address(around[start : end if end >= 0 else len(around)])


_TIME = re.compile(
    r"(?<![\w.:£/-])(\d{1,2})(?:([.:])(\d{2}))?[ \u00a0]?([AaPp])(\.?)[Mm](\.?)(?![\w])",
)
_FULL_CLOCK = re.compile(r"(?<![\w.:£/-])([01]\d|2[0-3]):([0-5]\d)(?![\w:]|\.\d|[ \u00a0]?[AaPp]\.?[Mm]\b)")


@rule(
    "LANG13",
    "time-style",
    severity=Severity.WARNING,
    reason="Times are found at a glance if all of them look alike, those in lists of sessions too.",
    wrong=[
        Example(text="The forum starts at 9.30 am.", at="9.30 am"),
        Example(text="The forum starts at 9:30 a.m. in the hall.", at="9:30 a.m"),
        Example(text="The forum lasts from 9am to 14:00 that day.", at="14:00"),
    ],
    right=[Example(text="The forum lasts from 9:30am to 2pm. The ratio is 1:8, or 12:30 by another count.")],
)
def time_style(context: Context) -> Iterator[Violation]:
    """A time of day that is not written as in 9:30am."""
    halves = any(isinstance(record.value, Session) and record.value.starts for record in context.records)
    for passage in context.texts:
        for match in _TIME.finditer(passage.prose.text):
            halves = True
            yield from _check_time(passage, match)
    if halves:
        for passage in context.texts:
            yield from _find_full_clock(passage)


def _check_time(passage: Passage, match: re.Match[str]) -> Iterator[Violation]:
    hour, minute = int(match[1]), int(match[3] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return
    written, text = match[0], passage.prose.text
    right = f"{hour}{f':{match[3]}' if match[3] else ''}{match[4].lower()}m"
    end = match.end()
    if match[6] and not match[5]:  # “9:30am.” ends a sentence
        written, end = written[:-1], end - 1
    if written == right:
        return
    followed = text[end : end + 2]
    if match[6] and match[5] and (not followed.strip() or followed.startswith("\n")):
        written, end = written[:-1], end - 1  # its last full stop is the sentence's too
    yield violation_at(
        passage,
        (match.start(), end),
        f"“{written}” is not how times are written here.",
        f"Write {right}.",
        replacement=right,
    )


def _find_full_clock(passage: Passage) -> Iterator[Violation]:
    text = passage.prose.text
    for match in _FULL_CLOCK.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()].split()
        if (match.start() < 2 or (before and before[-1].lower().strip("(") in read_words("clock"))) or text[
            match.start() - 1
        ] in "–(":
            right = str(TimeOfDay(int(match[1]), int(match[2])))
            yield violation_at(
                passage,
                match,
                f"“{match[0]}” stands beside times with am and pm.",
                f"Write {right}.",
                replacement=right,
            )


RULES: tuple[Rule, ...] = (spaces, quotation_marks, dash, time_style)
