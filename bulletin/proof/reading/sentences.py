"""Split texts into sentences and words, each with its place, for the language rules. Pure.

A full stop doesn't always end a sentence: see “e.g.”, “Dr”, “No. 6”, “S.H.I.E.L.D.”, “3.5”, “9.30am” and addresses.
Addresses, handles and code contain no words. The time is in proportion to the length of any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bulletin.declaration.prose import Prose, ProseBlock
from bulletin.proof.reading.lexicon import read_words

LONGEST_CHUNK = 80  # characters without a space; anything longer is not a word
_PUNCTUATION = "()[]“”‘’\"'.,;:!?…"


class Word(NamedTuple):
    """A word as written, with its place in the prose. `leads` if it is the first of its sentence."""

    text: str
    start: int
    end: int
    leads: bool = False


class Chunk(NamedTuple):
    """The text between two spaces, with punctuation. `quiet` if it is not language: an address, code."""

    text: str
    start: int
    end: int
    quiet: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence: its chunks, and its place in the prose."""

    chunks: tuple[Chunk, ...]
    block: ProseBlock

    @property
    def start(self) -> int:
        return self.chunks[0].start

    @property
    def end(self) -> int:
        return self.chunks[-1].end

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words, with the parts of a compound one by one, and without anything that contains figures."""
        return tuple(self._find_words())

    def _find_words(self) -> Iterator[Word]:
        leads = True
        for chunk in self.chunks:
            words, is_word = _read_words(chunk.text)
            for word, start, end in () if chunk.quiet else words:
                if word:
                    yield Word(word, chunk.start + start, chunk.start + end, leads)
                leads = False
            leads = leads and not is_word


@lru_cache(maxsize=1 << 16)
def _read_words(chunk: str) -> tuple[tuple[tuple[str, int, int], ...], bool]:
    """The words of a chunk and their places ("" beside a figure), and whether readers count it as a word."""
    found = [(match[0], match.start(), match.end()) for match in _WORD.finditer(chunk)]
    words = tuple(("" if _beside_figure(chunk, start, end) else word, start, end) for word, start, end in found)
    return words, any(map(str.isalnum, chunk))


_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DOMAIN = re.compile(
    r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.(?:uk|com|org|net|gov|edu|info|io|eu|co|london|scot|wales|pdf|docx?|xlsx?|pptx?|html?|png|jpe?g|gif|yaml|csv)"
    r"(?:[/?#].*)?\Z"
)
_FILE_END = re.compile(r"[(“‘]?\.[a-z]")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_BEGINS = re.compile(r"[\"'“‘(\[]*[A-Z0-9£À-Þ]")
_DOTTED = re.compile(r"[(\"'“‘]*(?:[^\W\d_]\.){1,12}\Z")


def cut_chunks(prose: Prose, block: ProseBlock) -> Iterator[Chunk]:
    """The chunks of a block, between its spaces."""
    codes = iter([*prose.codes, (len(prose.text) + 1, len(prose.text) + 1)])
    code = next(codes)
    for match in _CHUNK.finditer(prose.text, block.start, block.end):
        while code[1] <= match.start() and code[0] <= len(prose.text):
            code = next(codes)
        quiet = code[0] < match.end() or is_address(match[0])
        yield Chunk(match[0], match.start(), match.end(), quiet)


@lru_cache(maxsize=1 << 16)
def is_address(chunk: str) -> bool:
    """Whether a chunk is an address, a handle, a tag, a path, or anything else with a fixed spelling."""
    if len(chunk) > LONGEST_CHUNK or "@" in chunk or "://" in chunk or "\\" in chunk:
        return True
    if _FILE_END.match(chunk):
        return True
    bare = bare_word(chunk)
    return bare.startswith(("#", "www.", "mailto:", "tel:")) or "_" in bare or bool(_DOMAIN.match(bare.lower()))


def bare_word(chunk: str) -> str:
    """A chunk without the punctuation around it."""
    return chunk.strip(_PUNCTUATION)


def cut_sentences(prose: Prose) -> Iterator[Sentence]:
    """The sentences of a text. The end of a block ends its sentence."""
    for block in prose.blocks:
        gathered: list[Chunk] = []
        for chunk in cut_chunks(prose, block):
            if gathered and _parts(gathered, chunk):
                yield Sentence(tuple(gathered), block)
                gathered = []
            gathered.append(chunk)
        if gathered:
            yield Sentence(tuple(gathered), block)


def count_words(sentence: Sentence) -> int:
    """The number of words as readers count them: figures count, a compound is one, dashes don't count."""
    return sum(1 for chunk in sentence.chunks if any(char.isalnum() for char in chunk.text))


def _parts(before: list[Chunk], after: Chunk) -> bool:
    """Whether a new sentence begins with `after`."""
    last = before[-1].text[-LONGEST_CHUNK:]
    if not _ENDS.search(last) or not _BEGINS.match(after.text):
        return False
    bare = last.lstrip("(\"'“‘[").lower()
    if bare in read_words("stops"):
        return False
    if _DOTTED.match(last):
        # After initials and names with a full stop, only a word that rarely follows a name begins a sentence.
        return len(before) > 1 and after.text.lstrip("“‘\"'(") in read_words("openers") and len(bare) > len("j.")
    return True


def _beside_figure(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()
