"""Typography: extra spaces and missing spaces. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bulletin.declaration.characters import describe_odd, find_strays
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_word
from bulletin.proof.reading.sentences import cut_chunks, is_address
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.typeset_marks import is_set
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
    reason="An extra or missing space makes readers stop, and breaks lines in the wrong place.",
    wrong=[
        Example(text="The panel  met.", at="  "),
        Example(text="We met parents , carers and pupils.", at=" ,"),
        Example(text="We met in school.The head spoke.", at="school.The"),
    ],
    right=[Example(text="We print 2,500 copies … at £1.20 each. See thebigask.uk, or ask S.H.I.E.L.D. at 9.30am.")],
)
def spaces(context: Context) -> Iterator[Violation]:
    """Two spaces in a row, a space before a comma, or no space after a full stop."""
    for passage in context.texts:
        text = passage.prose.text
        drawn = len(_WIDE.findall(text)) > 1  # a table, which another rule reports
        for match in _SPACES.finditer(text):
            if is_written(passage, match.start(), match.end()) and not (drawn and len(match[0]) > 2):
                end = min(match.end(), match.start() + _LONGEST_GAP)
                number = "two" if len(match[0]) == 2 else str(len(match[0]))
                replacement = " " if end == match.end() else None
                message = f"There are {number} spaces here."
                yield violation_at(passage, (match.start(), end), message, "Keep one.", replacement=replacement)
        for match in _INSIDE.finditer(text):
            if is_written(passage, match.start(), match.end()):
                message = "There is a space inside a bracket."
                yield violation_at(passage, match, message, "Delete it.", replacement="")
        for match in _SPACE_BEFORE.finditer(text):
            if is_written(passage, match.start(), match.end()):
                yield violation_at(
                    passage, match, f"There is a space before “{match[1]}”.", "Delete it.", replacement=match[1]
                )
        for match in _TWO_STOPS.finditer(text):
            mark = match[0][0]
            message, remedy = f"“{mark}” is here {len(match[0])} times.", "Keep one."
            yield violation_at(passage, match, message, remedy, replacement=mark)
        yield from _find_strays(context, passage)
        yield from _find_missing_spaces(passage)


def _find_strays(context: Context, passage: Passage) -> Iterator[Violation]:
    """Soft hyphens, and blanks that look like a space. Readers don't get them, so it is only a note.

    None where readers get a no-break space anyway.
    """
    text, offsets = passage.prose.text, passage.prose.offsets
    for at, char in find_strays(text):
        if passage.written[offsets[at]] == char and not (is_code(passage, at) or is_set(context, passage, at)):
            gets, right = ("nothing", "") if char == "\u00ad" else ("an ordinary space", " ")
            violation = violation_at(
                passage, (at, at + 1), describe_odd(char), f"Readers get {gets} here.", replacement=right
            )
            yield replace(violation, severity=Severity.NOTE)


def is_written(passage: Passage, start: int, end: int) -> bool:
    """Whether the author typed these spaces, rather than mark-up or a line end that was removed between them."""
    offsets = passage.prose.offsets
    return offsets[end - 1] - offsets[start] == end - 1 - start and not is_code(passage, start)


def is_code(passage: Passage, at: int) -> bool:
    """Whether a character is part of code, which is shown as typed."""
    return passage.prose.is_code(at)


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
                        f"There is no space after “{mark}”.",
                        f"Write “{before}{mark} {after}”.",
                        replacement=f"{before}{mark} {after}" if _are_two_words(before, mark, after) else None,
                    )


def _are_two_words(before: str, mark: str, after: str) -> bool:
    """Whether these are surely two words, and no brand like “Access.Able”."""
    return is_word(before) and is_word(after) and (mark in ",;" or before.islower())


def _needs_space(before: str, mark: str, after: str) -> bool:
    if mark in ",;":
        return len(before) > 1 and len(after) > 1
    if mark == ":":
        return (
            len(before) > 2
            and len(after) > 2
            and is_word(before)
            and before.islower()
            and not is_address(f"{before}:{after}")
        )
    if len(before) < 2 or len(after) < 1 or after.lower() in _FILE_ENDS:
        return False
    return before[-1].islower() and after[0].isupper() and (len(after) == 1 or not after.isupper())


RULES: tuple[Rule, ...] = (spaces,)
