"""Abbreviations: explain each one where readers first meet it, unless everyone knows it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.initials import find_initials, is_explained
from bulletin.proof.reading.lexicon import is_word, read_list, read_words
from bulletin.proof.reading.sentences import Chunk, bare_word
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
_MOST_LISTED = 20  # of the abbreviations that are never explained, with their lines
_MOST_ACCEPTED = 60  # of them in one command
_PARTS_OF_A_NAME = 2  # capitalised words beside an abbreviation that make it part of a name
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
    """Where an abbreviation is used, is part of a name, and is explained, each in the order of the file."""

    used: list[_Mention] = field(default_factory=list)
    named: list[_Mention] = field(default_factory=list)
    explained: list[_Mention] = field(default_factory=list)


@rule(
    "LANG04",
    "abbreviation",
    severity=Severity.WARNING,
    reason="Readers who don’t know an abbreviation can’t guess it, and won’t ask.",
    wrong=[
        Example(text="Ask the CRW first.", at="CRW"),
        Example(text="Ask your DSL. The Designated Safeguarding Lead (DSL) knows.", at="DSL"),
    ],
    right=[
        Example(text="The Designated Safeguarding Lead (DSL) has a deputy. Ask the DSL, the NHS or the BBC."),
        Example(text="The RDA (Riding for the Disabled Association) has a new centre."),
        Example(text="Every lead knows what a LADO is, and readers know the RSA Academy by its name."),
        Example(text="Ask the CRW first.", settings="proof:\n  abbreviations: [CRW]\n"),
    ],
)
def abbreviation(context: Context) -> Iterator[Violation]:
    """An abbreviation that is used before it is explained, or those that are never explained."""
    never: list[tuple[str, _Mention]] = []
    for short, met in _gather(context, _find_known(context)).items():
        explained = next(iter(met.explained), None)
        # Names are left alone, unless their abbreviation is explained: then it is explained too late.
        met_as = [*met.used, *met.named] if explained else met.used
        first = min(met_as, key=lambda mention: mention.order, default=None)
        if first is None or (explained and _is_in_time(first, explained)):
            continue
        if explained:
            message = f"“{short}” is used here, but not explained until line {explained.line}."
            remedy = f"Write it out here, with “({short})” after it."
            yield violation_at(first.passage, (first.start, first.end), message, remedy)
        elif short not in read_words("professional") and not context.learned.is_abbreviation(short):
            never.append((short, first))
    if never:
        yield _tell_unexplained(never)


def _tell_unexplained(never: list[tuple[str, _Mention]]) -> Violation:
    """One violation for all abbreviations that are never explained: one answer accepts them all."""
    (short, first), *others = never
    if others:
        listed = ", ".join(f"{other} (line {mention.line})" for other, mention in others[:_MOST_LISTED])
        listed += f" and {len(others) - _MOST_LISTED} more" if len(others) > _MOST_LISTED else ""
        message = f"“{short}” is not explained anywhere, and neither {_count_others(len(others))}: {listed}."
        remedy = (
            f"Write each out the first time, with “({short})” after it. If all your readers know them, accept them:"
        )
    else:
        message = f"“{short}” is not explained anywhere."
        remedy = f"Write it out the first time, with “({short})” after it. If all your readers know it, accept it:"
    command = f"bulletin check --accept {','.join(short for short, _ in never[:_MOST_ACCEPTED])}"
    return violation_at(first.passage, (first.start, first.end), message, f"{remedy} {command}")


def _count_others(number: int) -> str:
    return "is 1 other" if number == 1 else f"are {number} others"


def _is_in_time(first: _Mention, explained: _Mention) -> bool:
    """Whether readers are told in time: before its first use, or after the subject, which has no room for it."""
    return explained.order <= first.order or first.passage.field in _EARLY


def _find_known(context: Context) -> frozenset[str]:
    """Abbreviations that need no explanation here."""
    proof = context.settings.proof
    names = [*own_names(context), *proof.terms, *proof.words, *read_list("terms")]
    names += [name for name in find_names(context) if "." in name]
    parts = (part.strip(",;:()") for name in names for part in re.split(r"[\s-]", name))
    listed = (title.title for title in context.settings.lists.values())
    owners = (contributor.organisation for contributor in context.settings.contributors.values())
    initials = (short for name in (*own_names(context), *listed, *owners) for short in find_initials(name))
    return frozenset([*read_words("abbreviations"), *proof.abbreviations, *parts, *initials])


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
                    if is_explained(sentence, at, short):
                        met.explained.append(place)
                    elif not silent:
                        (met.named if _is_in_name(sentence.chunks, at) else met.used).append(place)
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


def _is_in_name(chunks: tuple[Chunk, ...], at: int) -> bool:
    """Whether an abbreviation is part of a longer name: “the RSA Academy”, “Anytown SEND Local Offer”."""
    around = [*_find_capitalised(chunks, at, -1), *_find_capitalised(chunks, at, 1)]
    return len(around) >= _PARTS_OF_A_NAME or not read_words("namers").isdisjoint(around)


def _find_capitalised(chunks: tuple[Chunk, ...], at: int, step: int) -> Iterator[str]:
    """The capitalised words directly before (`step` -1) or after (1) a chunk, as far as a name can go."""
    furthest = at + step * _PARTS_OF_A_NAME
    while 0 <= at + step < len(chunks) and at != furthest:
        left, right = (chunks[at + step], chunks[at]) if step < 0 else (chunks[at], chunks[at + step])
        word = bare_word(chunks[at + step].text)
        leads = at + step == 0 and is_word(word.lower())  # a capital that begins the sentence names nothing
        if (
            left.text[-1] in ".,;:!?)”"
            or right.text[0] in "(“"
            or leads
            or not (word[:1].isupper() and word[1:].islower())
        ):
            return
        yield word
        at += step


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


RULES: tuple[Rule, ...] = (abbreviation,)
