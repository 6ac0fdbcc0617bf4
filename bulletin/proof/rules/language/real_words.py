"""Language: slips that are words themselves, and small grammar. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.fixed_phrases import WrongWord, find_phrase_slips
from bulletin.proof.reading.grammar import FoundGrammar, find_grammar_slips
from bulletin.proof.reading.neighbours import FoundNeighbour, find_neighbour_slips
from bulletin.proof.reading.real_words import find_word_slips
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import Severity


@rule(
    "LANG15",
    "real-word-slip",
    severity=Severity.WARNING,
    reason="A spelling checker passes these slips, because each is a word. Readers remember them.",
    wrong=[
        Example(text="We work with the pubic sector.", at="pubic"),
        Example(text="Please ask your line manger for a form.", at="manger"),
        Example(text="The workshop is open between 9am to 5pm.", at="to"),
        Example(text="You could of called us.", at="of"),
    ],
    right=[
        Example(text="We heard from the school, and filled in a form there."),
        Example(text="Children in their own homes may be affected, and we know the effect on them."),
    ],
)
def real_word_slip(context: Context) -> Iterator[Violation]:
    """A word that was typed for another, such as “form” for “from”, or a small slip of grammar."""
    for passage in own_texts(context):
        for (start, end), meant in _find_slips(passage.prose.text).items():
            yield violation_at(passage, (start, end), *_explain(meant, passage.prose.text[start:end]))


def _find_slips(text: str) -> Mapping[tuple[int, int], str]:
    """The slips in a text with what was meant: of those that overlap, the one of the surest kind."""
    slips = {(found.start, found.end): found.slip.meant for found in find_word_slips(text)}
    others: list[FoundGrammar | WrongWord | FoundNeighbour] = [*find_grammar_slips(text), *find_phrase_slips(text)]
    others.extend(find_neighbour_slips(text))
    for wrong in others:
        if not any(start < wrong.end and wrong.start < end for start, end in slips):
            slips[wrong.start, wrong.end] = wrong.meant
    return slips


def _explain(meant: str, written: str) -> tuple[str, str]:
    if meant.startswith("!"):
        return f"Something is wrong near “{written}”.", meant[1:]
    return f"“{written}” looks like a slip here.", f"Did you mean “{meant}”?"


# A vowel that is spoken as a consonant: a European unit, a one-to-one, a UK-wide use.
_SPOKEN_YOU = r"eu|ew|uni(?:t|f|on|q|v|c|l|s)|us[aeu]|ut[eio]|ub[iq]|ur[aio][nt]|one\b|one-|once\b|uk[a-z]|o[nu]i"
_LETTERS_AN = "NHS|NSPCC|MP|HR|LSCP|LSCB|FGM|EHCP|EHC|ICB|ID|LGBT|LGBTQ|HIV|ECT|ADHD|HMRC|MHFA|A&E|SMS|RSE|RSHE"
_LETTERS_A = "UK|US|UN|UPN|USB|EU|DSL|GP|CIC|URL|PDF|DBS|CCG|TV|PC|CV|QR|UASC|DHR|DfE|CSC|CPD|CIN"
_ARTICLE = re.compile(
    rf"(?<![\w’'.&/-])(?:(?P<a>[Aa]) (?:(?!{_SPOKEN_YOU})[aeiou][a-z]{{2,}}\b"
    rf"|(?:{_LETTERS_AN})\b)"
    rf"|(?P<an>[Aa]n) (?:(?:{_SPOKEN_YOU})[a-z]"
    rf"|(?!ho(?:ur|nest|nou?r)|heir|hi?sto|hotel|habit|hallu|hilar|herb|hors|x|[a-z]-)"
    rf"[b-df-hj-np-tv-xz][a-z]{{2,}}|(?:{_LETTERS_A})\b))"
)
_AFTER_LETTER = re.compile(
    r"\b(?:plan|part|section|appendix|group|option|vitamin|hepatitis|grade|level|class|annex|and|or|route|list|type|"
    r"team|band|room|block|schedule) \Z",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset({"and", "are", "also", "all", "about", "after", "into", "under", "until"})


@rule(
    "LANG16",
    "a-or-an",
    severity=Severity.WARNING,
    reason="“A” before a vowel, or “an” before a consonant, looks like a slip and trips people who read aloud.",
    wrong=[
        Example(text="Please read a update from the team.", at="a"),
        Example(text="An child told us about it.", at="An"),
        Example(text="It is a NHS service.", at="a"),
    ],
    right=[Example(text="A European unit met for an hour, in a one-to-one talk with an MP and a UK charity.")],
)
def a_or_an(context: Context) -> Iterator[Violation]:
    """“A” where “an” is right, or the other way round."""
    for passage, match in context.matches(_ARTICLE, texts=own_texts(context)):
        name = "a" if match["a"] else "an"
        following = match[0].partition(" ")[2]
        if following in _SMALL_WORDS or _AFTER_LETTER.search(match.string[max(0, match.start() - 20) : match.start()]):
            continue
        right = "an" if name == "a" else "a"
        right = right.capitalize() if match[name][0].isupper() else right
        message = f"“{match[0]}” has the wrong form of “{name}”."
        yield violation_at(passage, match.span(name), message, f"Write “{right} {following}”.")


_CAPITALS = r"\b[A-Z]{2,6}"
_MANY = r"\b(?:all|many|most|several|both|these|those|few|two|three|four|five|six|our|local|some|\d+)"
_PEOPLE = (
    "parent|school|carer|practitioner|professional|partner|colleague|teacher|course|event|session|place|form|resource|"
    "leaflet|service|worker|governor|pupil|student|manager|nurse|volunteer|member|victim|booking|date|workshop|team|leader"
)
_PLURALS = re.compile(
    rf"{_CAPITALS}(?P<slip1>['’]s)(?= (?:are|were|have|who|should|can|must|may|attend\w*|across|from|working|need)\b)"
    rf"|{_MANY} {_CAPITALS}(?P<slip2>['’]s)"
    r"(?= (?:and|in|at|on|or|to|for|with)\b|[.,;])"
    rf"|\b(?:FAQ|CV|PDF|DVD)(?P<slip3>['’]s)\b"
    rf"|\b(?:the|early|late|mid)[ -](?:19|20)\d0(?P<slip4>['’]s)\b(?! \w+(?:est|ing)\b)"
    rf"|\b(?i:{_PEOPLE})(?P<slip5>['’]s)(?= (?:are|were|have|who|can|should|must|may|from|attending|wishing)\b)"
    rf"|\b(?i:photo|video|logo)(?P<slip6>['’]s)\b(?= (?:and|of|from|are|in|to)\b|[.,;])"
)


@rule(
    "LANG17",
    "apostrophe-in-plural",
    severity=Severity.WARNING,
    reason="An apostrophe in a plural is the slip that most readers notice.",
    wrong=[
        Example(text="All DSL's are invited.", at="'s"),
        Example(text="Read our FAQ’s.", at="’s"),
        Example(text="Parent's are welcome.", at="'s"),
    ],
    right=[Example(text="The DSL’s role is new, and so are parents’ evenings in all schools. GPs are invited.")],
)
def apostrophe_in_plural(context: Context) -> Iterator[Violation]:
    """An apostrophe in a plural: “all DSL’s are”."""
    for passage, match in context.matches(_PLURALS, texts=own_texts(context)):
        if name := match.lastgroup:
            start, end = match.span(name)
            word = re.split(r"\s", match.string[max(0, start - 20) : start])[-1]
            message = f"“{word}{match[name]}” is a plural here, so it needs no apostrophe."
            yield violation_at(passage, (start, end), message, f"Write “{word}s”.")


RULES: tuple[Rule, ...] = (real_word_slip, a_or_an, apostrophe_in_plural)
