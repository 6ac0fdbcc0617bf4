"""Abbreviations: explain each one where readers first meet it, unless everyone knows it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_word, read_list, read_words
from bulletin.proof.reading.sentences import Chunk, Sentence, bare_word
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.term_comparison import fold_letters
from bulletin.proof.vocabulary import find_names, is_name, is_quoted_title, own_names
from bulletin.settings.proof import Severity

# DSL, DSLs, CAMHS; DfE, MoJ; S.H.I.E.L.D. Two letters with full stops are mostly a person's initials.
_SHORT = re.compile(r"(?:[A-Z]{2,8}|[A-Z][a-z][A-Z]|[A-Z][A-Z][a-z][A-Z])s?\Z|(?:[A-Z]\.){3,12}\Z")
_ROMAN = re.compile(r"[IVX]+\Z")
_MOST_DOTTED = 50  # names with full stops to compare a slip with
_MOST_BEFORE = 12  # words of the name before an abbreviation in brackets
_EARLY = frozenset({"subject", "preview_text"})


@dataclass(frozen=True, slots=True)
class _Mention:
    passage: Passage
    start: int
    end: int
    order: tuple[int, int]

    @property
    def line(self) -> int:
        return self.passage.locate(self.start, self.end).line


@dataclass(slots=True)
class _Met:
    """Where an abbreviation is used, and where it is explained, in the order of the file."""

    used: list[_Mention] = field(default_factory=list)
    explained: list[_Mention] = field(default_factory=list)


@rule(
    "LANG04",
    "abbreviation",
    severity=Severity.WARNING,
    reason="Readers who don’t know an abbreviation can’t guess it, and won’t ask.",
    wrong=[
        Example(text="Ask the LADO first.", at="LADO"),
        Example(text="Ask your DSL. The Designated Safeguarding Lead (DSL) knows.", at="DSL"),
    ],
    right=[
        Example(text="The Designated Safeguarding Lead (DSL) has a deputy. Ask the DSL, the NHS or the BBC."),
        Example(text="The DfE (Department for Education) has new guidance."),
        Example(text="Ask the LADO first.", settings="proof:\n  abbreviations: [LADO]\n"),
    ],
)
def abbreviation(context: Context) -> Iterator[Violation]:
    """An abbreviation that is used before it is explained, or that is never explained."""
    known = _find_known(context)
    for short, met in _gather(context, known).items():
        first = next(iter(met.used), None)
        explained = next(iter(met.explained), None)
        if first is None or (explained and _is_in_time(first, explained)):
            continue
        if explained:
            message = f"“{short}” is used here, but not explained until line {explained.line}."
            remedy = f"Write it out here, with “({short})” after it."
        else:
            message = f"“{short}” is not explained anywhere."
            remedy = (
                f"Write it out the first time, with “({short})” after it. "
                "If all your readers know it, add it under `proof: abbreviations:` in bulletin.yaml."
            )
        yield violation_at(first.passage, (first.start, first.end), message, remedy)


def _is_in_time(first: _Mention, explained: _Mention) -> bool:
    """Whether readers are told in time: before its first use, or after the subject, which has no room for it."""
    return explained.order <= first.order or first.passage.field in _EARLY


def _find_known(context: Context) -> frozenset[str]:
    """Abbreviations that need no explanation here."""
    proof = context.settings.proof
    names = [*own_names(context), *proof.terms, *proof.words, *read_list("terms")]
    names += [name for name in find_names(context) if "." in name]
    parts = (part.strip(",;:()") for name in names for part in re.split(r"[\s-]", name))
    return frozenset([*read_words("abbreviations"), *proof.abbreviations, *parts])


def _gather(context: Context, known: frozenset[str]) -> dict[str, _Met]:
    found: dict[str, _Met] = {}
    dotted = [fold_letters(name) for name in known if name.count(".") > 1][:_MOST_DOTTED]
    for number, passage in enumerate(context.texts):
        silent = (is_name(passage) and passage.field != "led_by") or is_quoted_title(passage)
        for sentence in context.sentences_of(passage):
            for at, chunk in enumerate(sentence.chunks):
                for short, start, end in _find_short(chunk):
                    if short in known or _is_shouted(sentence.chunks, at, short) or _is_near(short, dotted):
                        continue
                    place = _Mention(passage, start, end, (number, start))
                    met = found.setdefault(short, _Met())
                    if _is_explained(sentence, at, short):
                        met.explained.append(place)
                    elif not silent:
                        met.used.append(place)
    return found


def _is_near(short: str, dotted: list[str]) -> bool:
    """Whether it is a slip of a name with full stops, which another rule reports."""
    return "." in short and any(is_one_off(fold_letters(short), name) for name in dotted)


def _find_short(chunk: Chunk) -> Iterator[tuple[str, int, int]]:
    """The abbreviations in a chunk, without a plural s, with their places in the prose."""
    if chunk.quiet or chunk.text.islower():
        return
    at = 0
    parts = re.split(r"[-–—/&+]", chunk.text)
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        bare = bare_word(part)
        bare = re.sub(r"['’]s?\Z", "", bare).strip("()")
        dotless = f"{bare}." if re.match(r"(?:[A-Z]\.){2}[A-Z]\Z|(?:[A-Z]\.){3}", bare) and f"{bare}." in part else bare
        if _SHORT.match(dotless) and not _ROMAN.match(dotless) and not following[:1].isdigit():
            start = chunk.start + at + part.index(dotless)
            short = dotless[:-1] if dotless.endswith("s") and dotless[:-1].isupper() else dotless
            yield short, start, start + len(short)
        at += len(part) + 1


def _is_shouted(chunks: tuple[Chunk, ...], at: int, short: str) -> bool:
    """Whether it is a word in capitals, or part of a heading in capitals or of a code like “SE2 8AB”."""
    around = [bare_word(chunks[index].text) for index in (at - 1, at + 1) if 0 <= index < len(chunks)]
    if any(text.isupper() and (len(text) > 3 and is_word(text.lower())) for text in around):
        return True
    if any(any(char.isdigit() for char in text) and text.isupper() for text in around):
        return True
    if len(short) == 2 and at + 1 < len(chunks) and chunks[at + 1].text[0].isdigit():
        return True
    ordinary = short in read_words("shouts") or (len(short) > 3 and "." not in short and is_word(short.lower()))
    return ordinary and short not in read_words("acronyms")


def _is_explained(sentence: Sentence, at: int, short: str) -> bool:
    """“Long Form (SHORT)”, “SHORT (Long Form)” or “a SHORT, a long form,”."""
    chunks = sentence.chunks
    initial = short[0].lower()
    if chunks[at].text.startswith("(") and at > 0:
        words = [bare_word(chunk.text).lower() for chunk in chunks[max(0, at - _MOST_BEFORE) : at]]
        return any(part.startswith(initial) for word in words for part in word.split("-"))
    if at and chunks[at - 1].text.startswith("(") and chunks[at].text.rstrip(".,;:").endswith(")"):
        return True  # “(the LADO)”, “(or LADO)”
    after = [chunk.text for chunk in chunks[at + 1 : at + 1 + _MOST_BEFORE]]
    if after and after[0].startswith("(") and len(after[0]) > 1:
        return _stands_for(after, short)
    if chunks[at].text.endswith((",", ":")) or (after and after[0] in ("–", "—", "is", "means")):
        return _stands_for(after, short)
    return " ".join(after[:2]).lower() in ("stands for", "is short", "is the")


def _stands_for(words: list[str], short: str) -> bool:
    """Whether the words that follow have the letters of an abbreviation as their initials, in this order."""
    letters = [char.lower() for char in short if char.isalpha()]
    for word in words:
        for part in bare_word(word).split("-"):
            if letters and part[:1].lower() == letters[0]:
                letters.pop(0)
    return not letters


RULES: tuple[Rule, ...] = (abbreviation,)
