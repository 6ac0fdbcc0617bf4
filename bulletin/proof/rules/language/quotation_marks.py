"""Typography: quotation marks and apostrophes, curly or straight, and in pairs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.prose import ProseBlock
from bulletin.issue.passages import Passage
from bulletin.issue.section import Quotation
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.spaces import is_code
from bulletin.proof.rules.language.typeset_marks import is_set
from bulletin.settings.proof import QuoteStyle, Severity

_STRAIGHT = re.compile(r"[\"']")
_CURLY = re.compile(r"[“”‘’]")
_AROUND = re.compile(r"[“\"‘'](?P<inner>[^“”\"]+)[”\"’']\Z")
_PAIRS = {"”": "“", ")": "("}
_LIST_MARK = re.compile(r"(?:\A|[\s(])\w{1,3}\Z")


@rule(
    "LANG11",
    "quotation-marks",
    severity=Severity.WARNING,
    reason="Mixed marks look careless, and without an end mark readers can’t tell who is speaking.",
    wrong=[
        Example(text='“I felt heard,” said one. Another said: "So did I."', settings="typography: no\n", at='"'),
        Example(text="She said: “I felt heard. Then she left.", at="“"),
        Example(text="The course (for schools is free.", at="("),
    ],
    right=[
        Example(text="“I felt ‘heard’,” said one (of 12). It’s the twins’ poem: a) for you, b) for me."),
        Example(text='“I felt heard,” said one. Another said: "So did I."'),
    ],
)
def quotation_marks(context: Context) -> Iterator[Violation]:
    """Straight marks beside curly ones, or a quotation mark or bracket without its partner."""
    yield from _find_other_kind(context)
    for passage in context.texts:
        for index, block in enumerate(passage.prose.blocks):
            following = passage.prose.blocks[index + 1] if index + 1 < len(passage.prose.blocks) else None
            continues = following is not None and passage.prose.text.startswith("“", following.start)
            yield from _find_unpaired(passage, block, continues=continues)


def _find_other_kind(context: Context) -> Iterator[Violation]:
    """The straight marks in an issue with curly ones, or the few curly ones among many straight ones.

    None that readers get right.
    """
    straight = [(passage, match.start()) for passage in context.texts for match in _find_marks(passage, _STRAIGHT)]
    curly = [(passage, match.start()) for passage in context.texts for match in _find_marks(passage, _CURLY)]
    if not straight or not curly:
        return
    keeps_straight = context.settings.proof.house.quotes is QuoteStyle.STRAIGHT
    are_straight = len(straight) <= 4 * len(curly) and not keeps_straight
    for passage, at in straight if are_straight else curly:
        if is_set(context, passage, at):
            continue
        mark = passage.prose.text[at]
        right = _curl(passage.prose.text, at) if are_straight else {"“": '"', "”": '"'}.get(mark, "'")
        message = f"This mark is {'straight' if are_straight else 'curly'}; others in this issue are not."
        yield violation_at(passage, (at, at + 1), message, f"Write {right} instead.", replacement=right)


def _find_marks(passage: Passage, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    text = passage.prose.text
    for match in pattern.finditer(text):
        measure = text[match.start() - 1 : match.start()].isdigit() and text[match.end() : match.end() + 1] in ("", " ")
        if not measure and not is_code(passage, match.start()):
            yield match


def _curl(text: str, at: int) -> str:
    """The curly mark for a straight one: it opens before a word, and is an apostrophe inside one."""
    opens = (at == 0 or text[at - 1] in " \n([–—“‘") and at + 1 < len(text) and not text[at + 1].isspace()
    if text[at] == '"':
        return "“" if opens else "”"
    return "‘" if opens and not text[at + 1].isdigit() else "’"


def _find_unpaired(passage: Passage, block: ProseBlock, *, continues: bool) -> Iterator[Violation]:
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
            yield _violation_at_unpaired(passage, at, mark, "begin")
    for mark, places in opened.items():
        for at in places:
            if mark == "(" or not (mixed or continues):
                yield _violation_at_unpaired(passage, at, mark, "end")


def _is_list_mark(text: str, start: int, at: int) -> bool:
    """Whether a bracket belongs to “a)” or “:)”."""
    before = text[max(start, at - 5) : at]
    return bool(_LIST_MARK.search(before)) or before.endswith((":", ";", ":-", ";-"))


def _violation_at_unpaired(passage: Passage, at: int, mark: str, missing: str) -> Violation:
    kind = "bracket" if mark in "()" else "quotation mark"
    other = {"“": "”", "”": "“", "(": ")", ")": "("}[mark]
    message = f"This {kind} has no partner."
    return violation_at(passage, (at, at + 1), message, f"Add {other} where the words {missing}.")


def _quote(text: str) -> str:
    return f"- {{kind: notice, title: Letters, text: They are shorter., quote: {{text: {text}, name: Danielle}}}}"


@rule(
    "LANG23",
    "quotation-in-marks",
    severity=Severity.WARNING,
    reason="The email puts quotation marks around a quotation, so readers would see them twice.",
    wrong=[Example(sections=_quote("“I could read it to my son.”"), at="“I could")],
    right=[Example(sections=_quote("I could read it to my son."))],
)
def quotation_in_marks(context: Context) -> Iterator[Violation]:
    """A quotation (`quote:`) that is written with its quotation marks."""
    for passage in context.texts:
        if isinstance(passage.record, Quotation) and passage.field == "text" and _AROUND.match(passage.prose.text):
            whole = (0, len(passage.prose.text))
            yield violation_at(passage, whole, "The email adds the quotation marks itself.", "Delete these.")


RULES: tuple[Rule, ...] = (quotation_marks, quotation_in_marks)
