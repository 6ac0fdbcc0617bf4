"""Spelling: words that are in no dictionary of British English, and words that are written twice.

These are left alone: words in the dictionary, in the list for this field of work, in the workspace's settings or in a
field for names; capitalised words inside a sentence, which are mostly names; abbreviations, figures, addresses, words
with foreign letters, and sentences in another language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_common, is_word, open_dictionary, read_words
from bulletin.proof.reading.sentences import Sentence, Word
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.term_search import find_near_misses
from bulletin.proof.vocabulary import house_words, is_name, plain_word
from bulletin.settings.proof import Severity

MOST_PLACES = 100  # findings in an issue: text with more is in another language, or in none
_SLOW_SUGGESTIONS = 5  # words that the dictionary is asked about, at a tenth of a second each
_MOST_NAMES = 3_000  # different capitalised words that are checked; a large issue has a few hundred
_LEAST_NAME = 6  # letters of a capitalised word that may be a slip
_ALPHABET = "esianrtolcdugmphbyfvkwzxjq"


@rule(
    "LANG01",
    "spelling",
    severity=Severity.WARNING,
    reason="A misspelled word makes a careful text look careless, and searches don’t find it.",
    wrong=[
        Example(text="We recieved twelve answers.", at="recieved"),
        Example(text="Thank you for your patience with the color of the leaflet.", at="color"),
    ],
    right=[
        Example(text="We received twelve answers on how to organise the centre’s programme."),
        Example(text="Families in Crayford met Mrs Okafor at shield@shield.example.org."),
        Example(text="The bexleyite spirit is strong.", settings="proof:\n  words: [bexleyite]\n"),
    ],
)
def spelling(context: Context) -> Iterator[Violation]:
    """A word that is in no dictionary, with the word that was probably meant."""
    speller = Speller(context)
    told = 0
    for passage in context.texts:
        if is_name(passage):
            continue
        for word in speller.find_slips(passage):
            told += 1
            if told > MOST_PLACES:
                return
            meant = speller.suggest(word)
            written = passage.prose.text[word.start : word.end]
            yield violation_at(
                passage,
                (word.start, word.end),
                f"“{written}” isn’t in the dictionary of British English.",
                _write_remedy(meant),
                replacement=meant[0] if len(meant) == 1 and written[0].islower() else None,
            )


def _write_remedy(meant: tuple[str, ...]) -> str:
    known = "If it’s right, add it under `proof: words:` in bulletin.yaml."
    return f"Did you mean {' or '.join(f'“{word}”' for word in meant)}? {known}" if meant else known


@dataclass
class Speller:
    """Knows the words of one issue. `asked` are the suggestions found so far."""

    context: Context
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slow: int = 0
    known: dict[str, bool] = field(default_factory=dict)
    seen: dict[str, bool] = field(default_factory=dict)  # capitalised words, and whether each is close to a common word

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the workspace and of the names in the issue."""
        return house_words(self.context)

    @cached_property
    def _used(self) -> Counter[str]:
        """How often the issue uses each lower-case word."""
        sentences = (sentence for passage in self.context.texts for sentence in self.context.sentences_of(passage))
        return Counter(word.text for sentence in sentences for word in sentence.words if word.text.islower())

    @cached_property
    def _near_misses(self) -> dict[int, list[tuple[int, int]]]:
        """The near misses of terms, by passage. Another rule reports them."""
        found: dict[int, list[tuple[int, int]]] = {}
        for miss in find_near_misses(self.context):
            found.setdefault(id(miss.passage), []).append((miss.start, miss.end))
        return found

    def find_slips(self, passage: Passage) -> Iterator[Word]:
        """The misspelled words of a passage."""
        for sentence in self.context.sentences_of(passage):
            words = [word for word in sentence.words if len(word.text) > 1]
            unknown = [word for word in words if not self._is_right(word, passage)]
            if len(unknown) > 3 and 2 * len(unknown) > len(words):
                continue  # another language
            for word in unknown:
                if _is_english(word.text) and self._is_slip(word, sentence) and not self._is_told(word, passage):
                    yield word

    def _is_told(self, word: Word, passage: Passage) -> bool:
        places = self._near_misses.get(id(passage), ())
        return any(start < word.end and word.start < end for start, end in places)

    def _is_right(self, word: Word, passage: Passage) -> bool:
        if not word.text[1:].replace("’", "").replace("'", "").islower():
            return True  # an abbreviation, a brand
        return self.knows(word.text) or self._is_part_of_known(word, passage.prose.text)

    def knows(self, text: str) -> bool:
        """Whether a word is right, with or without its possessive ending."""
        if text not in self.known:
            self.known[text] = self._find_out(text)
        return self.known[text]

    def _find_out(self, text: str) -> bool:
        plain = plain_word(text)
        bare = plain.removesuffix("'s")
        if is_word(text) or plain in self.vocabulary or bare in self.vocabulary or (bare != plain and is_word(bare)):
            return True
        prefix = next((prefix for prefix in read_words("prefixes") if plain.startswith(prefix)), "")
        compound = prefix and len(plain) > len(prefix) + 3 and is_word(plain.removeprefix(prefix))
        return bool(compound) and not any(is_word(near) for near in _edit(plain))

    def _is_part_of_known(self, word: Word, text: str) -> bool:
        """Whether a compound is known as a whole, like “co-ordinators”."""
        before, after = text[max(0, word.start - 12) : word.start], text[word.end : word.end + 20]
        if before.endswith("-"):
            head = before[:-1].split()[-1:] or [""]
            return self.knows(f"{head[0]}-{word.text}") or self.knows(f"{head[0]}{word.text}")
        if after.startswith("-"):
            tail = after[1:].split()[:1] or [""]
            bare = tail[0].rstrip(".,;:!?)”’")
            return self.knows(f"{word.text}-{bare}") or self.knows(f"{word.text}{bare}")
        return False

    def _is_slip(self, word: Word, sentence: Sentence) -> bool:
        """Whether an unknown word is a slip rather than a name. Names are capitalised, and no list has them all."""
        if word.text[0].islower():
            return True
        if len(word.text) < _LEAST_NAME:
            return False
        plain, first = plain_word(word.text), word.text[0].lower()
        if plain not in self.seen:
            if len(self.seen) >= _MOST_NAMES:
                return False
            self.seen[plain] = any(is_common(text) or self._used[text] > 1 for text in _edit(plain) if text[0] == first)
        if self.seen[plain]:
            return True
        return (
            word.leads
            and len(word.text) > _LEAST_NAME
            and not _is_followed_by_name(word, sentence)
            and (
                self._used[plain] > 0
                or any(_is_typical(text, word.text) and is_word(text) for text in _edit(plain) if text[0] == first)
            )
        )

    def suggest(self, word: Word) -> tuple[str, ...]:
        """The words that were probably meant, at most two, with the capitals of `word`."""
        plain = plain_word(word.text)
        if plain not in self.asked:
            self.asked[plain] = self._find_meant(plain)
        curly = "’" if "'" not in word.text else "'"
        meant = [text.replace("'", curly) for text in self.asked[plain]]
        return tuple(text[0].upper() + text[1:] if word.text[0].isupper() else text for text in meant)

    def _find_meant(self, plain: str) -> tuple[str, ...]:
        near = list(dict.fromkeys(text for text in _edit(plain) if is_word(text) or text in self.vocabulary))
        likely = [text for text in near if is_common(text) or self._used[text] > 1]
        if near:
            return tuple((likely or near)[:2])
        if self.slow >= _SLOW_SUGGESTIONS:
            return ()
        self.slow += 1
        return tuple(open_dictionary().suggest(plain)[:2])


def _is_english(text: str) -> bool:
    return text.replace("’", "'").isascii() and text.lower() not in ("tbc", "tba")


def _is_followed_by_name(word: Word, sentence: Sentence) -> bool:
    after = next((other for other in sentence.words if other.start > word.start), None)
    return after is not None and after.text[0].isupper()


def _is_typical(meant: str, written: str) -> bool:
    """Whether a slip is a typing error, which swaps or doubles letters, rather than a name that resembles a word."""
    return sorted(meant) == sorted(written.lower()) or set(meant) == set(written.lower())


def _edit(word: str) -> Iterator[str]:
    """Every text one slip away from a word: two letters swapped, one left out, one wrong, one too many."""
    if len(word) > 30:
        return
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    yield from (head + letter + tail for head, tail in splits for letter in _ALPHABET + "'")
    yield from (head + letter + tail[1:] for head, tail in splits if tail for letter in _ALPHABET)
    yield from (head + tail[1:] for head, tail in splits if tail and len(word) > 2)


_MAY_DOUBLE = frozenset(["had", "that", "did", "her", "so", "no", "very", "bye", "ha"])


@rule(
    "LANG07",
    "doubled-word",
    severity=Severity.WARNING,
    reason="A word written twice is easy to type and hard to see, especially at the end of a line.",
    wrong=[Example(text="The panel met in the\nthe town hall.", at="the")],
    right=[Example(text="Those who had had doubts said that that was over. “No, no,” said one.")],
)
def doubled_word(context: Context) -> Iterator[Violation]:
    """The same word twice in a row."""
    for passage in context.texts:
        for sentence in context.sentences_of(passage):
            for first, second in zip(sentence.chunks, sentence.chunks[1:], strict=False):
                bare = second.text.rstrip(".,;:!?”’)")
                same = first.text.lower() == bare.lower() and first.text.isalpha()
                if same and not _may_stand_twice(first.text, bare):
                    yield violation_at(
                        passage,
                        (first.start, second.start + len(bare)),
                        f"“{first.text}” is here twice.",
                        "Delete one of them.",
                        replacement=first.text,
                    )


def _may_stand_twice(first: str, second: str) -> bool:
    return first.lower() in _MAY_DOUBLE or (first[0].isupper() and second[0].isupper()) or first.isupper()


RULES: tuple[Rule, ...] = (spelling, doubled_word)
