"""Detect text in other languages than English, by its script or by its small words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bulletin.declaration.prose import Prose, ProseBlock
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.sentences import Sentence, cut_sentences

_ENGLISH = frozenset(
    {"the", "of", "and", "to", "in", "for", "is", "are", "was", "were", "with", "our", "we", "you", "on", "at", "by"}
    | {"from", "that", "this", "it", "they", "have", "has", "be", "will", "can", "not", "their", "your", "or", "as"}
    | {"he", "she", "his", "her", "who", "which", "when", "what"}
)
_ALSO_ENGLISH = frozenset(
    {"a", "i", "o", "u", "am", "an", "as", "do", "in", "is", "me", "ne", "no", "on", "so", "we", "was", "con", "come"}
    | {"del", "die", "met", "per", "pour", "sue", "sur", "van", "plus", "sans", "mine", "most"}
)
FEWEST_WORDS = 5
_FEWEST_LETTERS = 8  # in a script without spaces between words
_SHARE = 0.25  # of the words of a sentence that must be small words of the language

# Letters of other scripts: from Greek to Mongolian, polytonic Greek, Coptic and Georgian, Kana to Hangul, and the
# forms of Arabic and Hebrew. What lies between is Latin, signs and punctuation.
_LETTERS = r"\u0370-\u1cff\u1f00-\u1fff\u2c80-\u2dff\u3041-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc"
_STRETCH = LazyPattern(rf"[{_LETTERS}]+(?:[^A-Za-z{_LETTERS}\n]{{1,12}}[{_LETTERS}]+)*")
_WORD = LazyPattern(rf"[{_LETTERS}]+")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    (0x0370, 0x03FF, "Greek letters"),
    (0x0400, 0x052F, "Cyrillic letters"),
    (0x0590, 0x05FF, "Hebrew letters"),
    (0x0600, 0x077F, "Arabic letters"),
    (0x0900, 0x097F, "Devanagari letters"),
    (0x0980, 0x09FF, "Bengali letters"),
    (0x0A00, 0x0A7F, "Gurmukhi letters"),
    (0x0A80, 0x0AFF, "Gujarati letters"),
    (0x0B80, 0x0BFF, "Tamil letters"),
    (0x3041, 0x30FF, "Japanese characters"),
    (0x4E00, 0x9FFF, "Chinese characters"),
    (0xAC00, 0xD7AF, "Korean letters"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Words in another language, `start` to `end` in the prose. `written` says which: “in French”."""

    start: int
    end: int
    written: str


def find_other_languages(prose: Prose) -> Iterator[Stretch]:
    """Runs of five words or more that are not in English, each as long as possible within its block."""
    for match in _STRETCH.finditer(prose.text) if _may_hold_letters(prose.text) else ():
        words = _WORD.compiled.findall(match[0])
        script = _name_script(match[0][0])
        dense = script in ("Chinese characters", "Japanese characters") and sum(map(len, words)) >= _FEWEST_LETTERS
        if dense or len(words) >= FEWEST_WORDS:
            yield Stretch(start=match.start(), end=match.end(), written=f"in {script}")
    yield from _find_by_words(prose)


def _may_hold_letters(text: str) -> bool:
    """Whether a text may have one of _LETTERS: most have none, and the patterns of them take long to compile."""
    return not text.isascii() and any("\u0370" <= char <= "\u1fff" or char >= "\u2c80" for char in set(text))


def _name_script(letter: str) -> str:
    found = (name for first, last, name in _SCRIPTS if first <= ord(letter) <= last)
    return next(found, "another script")


def _may_hold_others(text: str) -> bool:
    """Whether a text has enough small words of one other language to be worth splitting. Most texts have not."""
    words = set(_ANY_WORD.findall(text.lower()))
    return any(len(words & small) >= 3 for small in _load_words().values())


def _find_by_words(prose: Prose) -> Iterator[Stretch]:
    if not _may_hold_others(prose.text):
        return
    last: tuple[ProseBlock, str] | None = None
    start = end = 0
    for sentence in cut_sentences(prose):
        language = name_language(sentence)
        if last and last == (sentence.block, language):
            end = sentence.end
            continue
        if last:
            yield Stretch(start=start, end=end, written=f"in {last[1]}")
        last = (sentence.block, language) if language else None
        start, end = sentence.start, sentence.end
    if last:
        yield Stretch(start=start, end=end, written=f"in {last[1]}")


def name_language(sentence: Sentence) -> str:
    """The language of a sentence by its small words; "" if it is English, or too short to tell."""
    words = [word.text.lower() for word in sentence.words]
    if len(words) < FEWEST_WORDS:
        return ""
    english = sum(word in _ENGLISH for word in words)
    scores = {language: [word for word in words if word in small] for language, small in _load_words().items()}
    language, hits = max(scores.items(), key=lambda entry: (len(set(entry[1])), len(entry[1])))
    sure = len(set(hits)) >= 3 and len(hits) >= _SHARE * len(words) and len(hits) > 2 * english
    return language if sure else ""


@cache
def _load_words() -> dict[str, frozenset[str]]:
    """The small words of each language, without those that are also English."""
    lines = (line.partition(": ") for line in read_list("languages"))
    return {name: frozenset(words.split()) - _ALSO_ENGLISH for name, _, words in lines}
