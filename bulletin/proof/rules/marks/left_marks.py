"""Marks of Markdown, HTML and other writing languages that aren't taken, so that readers see them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import NamedTuple

from bulletin.declaration.characters import name_character
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.typed_lines import find_line_starts
from bulletin.proof.reporting import report_anywhere, violation_at
from bulletin.proof.rule import Example, Rule, rule, takes_precedence
from bulletin.settings.proof import Severity

_DELETE = "Delete the marks."
_BESIDE = "with a space or a full stop outside the marks and none inside. To show a mark, put \\ before it."
_BOLD = f"Bold is **words**, {_BESIDE}"
_ITALIC = f"Italics are *words*, {_BESIDE}"
_NOT_HERE = "This line is shown as it is typed. Delete the marks, or use a field that takes them, such as `text`."
_SHOWN = "Readers see “{}” as it is typed."


class _Mark(NamedTuple):
    """A pattern of marks, in any text or only in plain ones, and what to do about it."""

    written: str
    remedy: str
    message: str = _SHOWN

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compile(self.written)


@cache
def _compile(written: str) -> re.Pattern[str]:
    """The pattern, once a text may have such a mark: compiling all of them takes longer than reading an issue."""
    return re.compile(written)


def _marks(*entries: tuple[str, str] | tuple[str, str, str]) -> tuple[_Mark, ...]:
    return tuple(_Mark(*entry) for entry in entries)


_ANYWHERE = _marks(
    (r"(?<![A-Za-z*])\*\*(?!\*)[^*\n]{1,200}?\*\*(?!\*)|(?<![a-z])\*{2,}|\*{2,}(?![a-z*])", _BOLD),
    (
        r"(?<![\w*])\*(?=[^\s*|])[^*\n]{1,200}?(?<=[^\s*])\*(?!\*)|(?<!\S)\* (?=\D)[^*\n]{1,100}?(?<=\D) \*(?!\S)",
        _ITALIC,
    ),
    (r"(?<!_)__(?![_\s])[^_\n]{1,200}?(?<!_)__(?!_)", _BOLD),
    (r"(?<![\w_])_(?=[^\s_])[^_\n]{1,200}?(?<=[^\s_])_(?!_)", _ITALIC),
    (
        r"~~(?:[^~\n]{1,200}?~~)?|(?<=\w)~\w{1,10}~",
        "Words can’t be struck out or lowered here. Delete the marks, or the words.",
    ),
    (
        r"(?<=[\w)])\^[\w+-]{1,10}\^|\^\[[^\]\n]{1,200}\]",
        "Nothing can be raised here. Write it out, or use a sign such as ².",
    ),
    (
        r"(?<![=!<>])==(?![=\s])[^=\n]{1,200}?(?<=\S)==(?!=)|={4,}",
        "Words can’t be highlighted here. Delete the marks, or use **bold**.",
    ),
    (r"\+\+(?=\S)[^+\n]{1,200}?(?<=\S)\+\+", "Words can’t be underlined here. Delete the marks, or use **bold**."),
    (r"'''[^'\n]{1,200}'''", "Bold is **words**, italics are *words*."),
    (r"\[\^[^\]\s]{1,40}\]:?", "Footnotes don’t work in an email. Put the note in the sentence, or link to it."),
    (
        r"\{:?[ ]?[.#][A-Za-z][^{}\n]{0,80}\}|\{:?[ ]?[a-z-]{2,20}=[^{}\n]{1,80}\}",
        "Delete it. A button has fields of its own (`ask:`, with `button` and `link`).",
    ),
    (r"\[/?(?:b|i|u|s|url|img|quote|list|size|color|colour|center|caption|button)(?:[= ][^\]\n]{0,80})?\]", _DELETE),
    (
        r"\[![A-Za-z]{2,20}\]|\[(?:TOC|toc)\]|\[\[_TOC_\]\]",
        "Delete it: an email has no such box, and its contents are listed by themselves.",
    ),
    (
        r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|&nbsp\b",
        "Type the character itself: & for &amp;, a space for &nbsp;.",
    ),
    (r"(?<![\w:/]):[a-z][a-z0-9]*(?:[_+-][a-z0-9]+){0,5}:(?![\w:/])", "Type the emoji itself, or leave it out."),
    (r"\"[^\"\n]{1,100}\":(?=https?://)", "A link is written as [words](https://…)."),
    (r"\\[nrt](?![a-z])", "Begin a new line by pressing Enter, in a text below a |."),
    (r"`+", "Put a ` before and behind words that are shown as typed. An apostrophe is ’, a quotation mark is ‘ or “."),
    (
        r"[\ue000-\uf8ff\ufffc\ufffd\U000f0000-\U0010fffd]",
        "Delete it, and type what belongs here.",
        "Readers see an empty box here: {}.",
    ),
)

_AT_LINE_START = _marks(
    (r"#{1,6}(?![\s#])[^\n]{1,80}|#{7,}[^\n]{0,80}", ""),
    (r"\[[ xX]?\](?=[ \t])", "No one can tick a box in an email. Delete the brackets, or link to a form."),
    (r"h[1-6]\. (?=\S)|bq\. (?=\S)", "A heading begins with ## and a space."),
    (r":{3,}[^\n]{0,80}", _DELETE),
)

_IN_ONE_LINE = _marks(
    (r"#{1,6} (?=\S)", _NOT_HERE),
    (r"[*+•·▪◦‣●○■□►\ue000-\uf8ff]\s*(?=\w)|- (?=[^\W\d])", "This is one line, not a list. Delete the bullet."),
)

_IN_PLAIN = _marks(
    (r"`+[^`\n]{1,200}`+", _NOT_HERE),
    (
        r"\[[^\[\]\n]{1,200}\]\([^()\n]{1,400}\)|<(?:https?://|mailto:)[^<>\s]{1,400}>",
        "A link can’t be here. Put it in the text below.",
    ),
    (r"\\(?=[*_`\[\]#~&<>])", "Nothing has to be escaped here. Delete the backslash."),
    (
        r"<!--[^\n]{0,200}|</?(?:a|b|big|br|center|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|s|small|span|strike|strong|sub|sup|table|t[dhr]|u|ul)(?:\s[^<>\n]{0,200})?/?>",
        _NOT_HERE,
    ),
)

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_TAGS = re.compile(r"#[A-Za-z]\w*(?:\s+#[A-Za-z]\w*)*[.!]?\Z")
_TAG = re.compile(r"#(?:[a-z]*[A-Z]\w*[a-z]\w*[A-Z]\w*|[a-z]+[A-Z]\w*|\w*\d\w*)(?!\S)")
_LONGEST_SHOWN = 40


@takes_precedence(2)
@rule(
    "MARK01",
    "marks-left",
    severity=Severity.ERROR,
    reason="Readers see the marks instead of what they were meant to do.",
    wrong=[
        Example(text="**Who can come?**Everyone is welcome.", at="**Who can come?**"),
        Example(text="The hall is ~~blue~~ green.", at="~~blue~~"),
        Example(text="We meet on Tuesday.[^1]", at="[^1]"),
        Example(text="#Training\nCome and learn with us in the hall.", at="#Training"),
        Example(header='subject: "Support &amp; advice"', at="&amp;"),
    ],
    right=[
        Example(text="**Who can come?** Everyone is *welcome*. Prices start at £5\\*."),
        Example(text="Tell us what you think: #BexleyTogether. Tickets cost £5* each.\n\n*Concessions apply."),
    ],
)
def marks_left(context: Context) -> Iterator[Violation]:
    """Marks that make nothing bold, no link and no heading: readers see them as they are typed."""
    yield from report_anywhere(context, _check)


def _check(passage: Passage) -> Iterator[Violation]:
    text = passage.prose.text
    done: list[tuple[int, int]] = []
    for mark, match in _find(passage, text):
        start, end = match.span()
        if any(start < other and begin < end for begin, other in done) or not _is_meant(passage, mark, match):
            continue
        done.append((start, end))
        yield _explain(passage, mark, match)
    for link in passage.prose.links:
        if link.text.startswith("^"):
            remedy = (
                "Footnotes don’t work in an email. Put the note in the sentence, or link words that say what it is."
            )
            yield violation_at(passage, (link.start, link.end), f"Readers see “{link.text}” here.", remedy)


def _find(passage: Passage, text: str) -> Iterator[tuple[_Mark, re.Match[str]]]:
    """Each match of a mark in a passage."""
    plain = passage.format is TextFormat.PLAIN
    if plain or passage.format is TextFormat.LINE:
        yield from (
            (mark, match) for mark in _IN_ONE_LINE if not text[:1].isalnum() and (match := mark.pattern.match(text))
        )
    for mark in _IN_PLAIN if plain and _MAY_BE_MARKED.search(text) else ():
        yield from ((mark, match) for match in mark.pattern.finditer(text))
    if _MAY_MARK.search(text):
        for mark in _ANYWHERE:
            yield from ((mark, match) for match in mark.pattern.finditer(text))
    if _MAY_LEAD.search(text):
        for start in find_line_starts(passage):
            yield from ((mark, match) for mark in _AT_LINE_START if (match := mark.pattern.match(text, start)))


# What any of the marks has in it: most texts have none, and are done.
_MAY_MARK = re.compile(
    r"[*_~^+={&`\\\ue000-\uf8ff\ufffc\ufffd\U000f0000-\U0010fffd]|\[[\^!/bisuqlTtc\[]|''|:[a-z][a-z0-9_+-]*:|\":http"
)
_MAY_BE_MARKED = re.compile(r"[`<\\\[]")
_MAY_LEAD = re.compile(r"#|\[[ xX]?\]|\b(?:h[1-6]|bq)\. |:::")


def _is_meant(passage: Passage, mark: _Mark, match: re.Match[str]) -> bool:
    """Whether a match is a mark: not escaped, not code, not part of an address, a hashtag or a word."""
    prose, start = passage.prose, match.start()
    if prose.is_code(start):
        return False
    if passage.format is not TextFormat.PLAIN and passage.written[prose.offsets[start]] == "\\" and match[0][0] != "\\":
        return False
    if _is_in_address(prose.text, match):
        return False
    if _PRIVATE.match(match[0]) and passage.format is TextFormat.TEXT:
        return start not in find_line_starts(passage)  # a bullet, which another rule reports
    if match[0][0] == "&":
        return match[0] == "&nbsp" or unescape(match[0]) != match[0]
    if mark is _AT_LINE_START[0]:
        if passage.format is TextFormat.PLAIN:
            return False  # a tag is fine there, and nothing can be escaped
        return not (_TAGS.match(match[0]) and " #" in match[0]) and not _TAG.match(match[0])
    return True


def _is_in_address(text: str, match: re.Match[str]) -> bool:
    """Whether the mark is inside an address, a path or a handle."""
    begin = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    before = text[begin : match.start()]
    return "://" in before or before.startswith(("www.", "@")) or ("@" in before and "." in match[0])


def _explain(passage: Passage, mark: _Mark, match: re.Match[str]) -> Violation:
    shown = match[0].strip()
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
    if mark.message is not _SHOWN:
        return violation_at(passage, match, mark.message.format(name_character(match[0])), mark.remedy)
    remedy = mark.remedy
    if mark is _AT_LINE_START[0]:
        remedy = "For a heading, type a space after the #. For a tag (#SafeguardingWeek), put \\ before it."
    return violation_at(passage, match, mark.message.format(shown), remedy)


RULES: tuple[Rule, ...] = (marks_left,)
