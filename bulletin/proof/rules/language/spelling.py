"""Spelling: words that are in no dictionary of British English.

These are left alone: words in the dictionary, in the lists for this field of work, in the workspace's settings or in a
field for names; words that earlier issues use; capitalised words inside a sentence, which are mostly names;
abbreviations, figures, addresses, Welsh words, words with foreign letters, and phrases in another language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, islice

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.corrections import MeantWord, find_correction, find_listed, find_near
from bulletin.proof.reading.languages import name_language
from bulletin.proof.reading.lexicon import is_common, is_place, is_welsh, is_word, read_words
from bulletin.proof.reading.sentences import Sentence, Word
from bulletin.proof.reading.titles import is_in_title
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.name_search import find_name_slips
from bulletin.proof.rules.language.term_search import find_near_misses
from bulletin.proof.vocabulary import house_words, is_name, is_quoted_title, plain_word
from bulletin.settings.proof import Severity

MOST_PLACES = 100  # findings in an issue: text with more is in another language, or in none
_MOST_NAMES = 3_000  # different capitalised words that are checked; a large issue has a few hundred
_LEAST_NAME = 6  # letters of a capitalised word that may be a slip
_STYLED = re.compile(r":[a-z]{3}")  # after a word, the rest of a name such as “thirtyone:eight”
_SHORT_VERBS = ("'ll", "'d", "'ve", "'re")
_ENDINGS = ("boat", "book", "box", "board", "room", "yard", "shed", "mate", "wide", "van")
"""Nouns that are written together with the one before them, more of them than any list has: “narrowboat”."""
_PHRASE = 3  # unknown words in a row that are a phrase in another language


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
        Example(text="Families in Crayford met Mrs Okafor at shield@shield.example.org. Diolch yn fawr!"),
        Example(text="Severely immunosuppressed children have a pre-birth assessment."),
        Example(text="The bexleyite spirit is strong.", settings="proof:\n  words: [bexleyite]\n"),
    ],
)
def spelling(context: Context) -> Iterator[Violation]:
    """A word that is in no dictionary, with the word that was meant if there can be only one."""
    speller = Speller(context)
    slips = list(islice(((text, word) for text in context.texts for word in speller.find_slips(text)), MOST_PLACES))
    number = Counter(plain_word(word.text) for _, word in slips)
    told: set[str] = set()
    for passage, word in slips:
        plain = plain_word(word.text)
        correction = speller.correct(word)
        if correction is None and plain in told:
            continue  # it is told once: what to do about it is the same everywhere
        told.add(plain)
        written = passage.prose.text[word.start : word.end]
        times = number[plain]
        repeated = f" It is here {times} times." if correction is None and times > 1 else ""
        yield violation_at(
            passage,
            (word.start, word.end),
            f"“{written}” isn’t in the dictionary of British English.{repeated}",
            _write_remedy(written, correction),
            replacement=correction.word
            if correction and correction.sure and not _is_of_others(passage, word)
            else None,
        )


def _is_of_others(passage: Passage, word: Word) -> bool:
    """Whether a word is in a title or a quotation of others, who may have meant it so."""
    return is_quoted_title(passage) or is_in_title(passage, word.start, word.end)


def _write_remedy(written: str, correction: MeantWord | None) -> str:
    known = f"If it’s right, accept it: bulletin check --accept {written}"
    return f"Did you mean “{correction.word}”? {known}" if correction else known


def _is_short_form(plain: str) -> bool:
    """Whether a word is a subject with a short verb, as “there'll” and “who'd”."""
    return any(plain.endswith(verb) and plain.removesuffix(verb) in read_words("subjects") for verb in _SHORT_VERBS)


def _is_joined_noun(plain: str) -> bool:
    """Whether a word is two nouns in one, as “narrowboats” and “campervan”."""
    whole = plain.removesuffix("es") if plain.endswith("boxes") else plain.removesuffix("s")
    ending = next((ending for ending in _ENDINGS if whole.endswith(ending)), "")
    first = whole.removesuffix(ending)
    return bool(ending) and len(first) > 3 and is_word(first) and not any(map(is_word, find_near(plain)))


@dataclass
class Speller:
    """Knows the words of one issue. `asked` are the corrections found so far."""

    context: Context
    asked: dict[str, MeantWord | None] = field(default_factory=dict)
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
        """The near misses of terms and names, by passage. Another rule reports them."""
        found: dict[int, list[tuple[int, int]]] = {}
        for miss in find_near_misses(self.context):
            found.setdefault(id(miss.passage), []).append((miss.start, miss.end))
        for slip in find_name_slips(self.context):
            found.setdefault(id(slip.use.passage), []).append((slip.use.start, slip.use.end))
        return found

    def find_slips(self, passage: Passage) -> Iterator[Word]:
        """The misspelled words of a passage. Names are spelled as their owners spell them, except for known slips."""
        if is_name(passage):
            yield from self._find_listed(passage)
            return
        for sentence in self.context.sentences_of(passage):
            words = [word for word in sentence.words if len(word.text) > 1]
            unknown = [word for word in words if not self._is_right(word, passage)]
            if unknown and name_language(sentence):
                continue
            foreign = _find_foreign(words, unknown) if len(unknown) > 1 else frozenset()
            for word in unknown:
                if (
                    word not in foreign
                    and not _STYLED.match(passage.prose.text, word.end)
                    and _is_english(word.text)
                    and self._is_slip(word, sentence)
                    and not self._is_told(word, passage)
                    and not self.context.learned.is_word(word.text)
                ):
                    yield word

    def _find_listed(self, passage: Passage) -> Iterator[Word]:
        """The words with small letters that are known slips, such as “practicioners”, and no one’s name."""
        for sentence in self.context.sentences_of(passage):
            for word in sentence.words:
                if word.text.islower() and find_listed(plain_word(word.text)) and not is_word(word.text):
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
        if is_word(text) or plain in self.vocabulary or bare in self.vocabulary:
            return True
        if find_listed(plain):
            return False
        if (bare != plain and is_word(bare)) or is_welsh(text) or is_place(text):
            return True
        if _is_short_form(plain) or _is_joined_noun(plain):
            return True
        prefix = next((prefix for prefix in read_words("prefixes") if plain.startswith(prefix)), "")
        compound = prefix and len(plain) > len(prefix) + 3 and is_word(plain.removeprefix(prefix))
        return bool(compound) and not any(is_word(near) for near in find_near(plain))

    def _is_part_of_known(self, word: Word, text: str) -> bool:
        """Whether a compound is known as a whole, like “co-ordinators”, or begins with a prefix, like “pre-birth”."""
        before, after = text[max(0, word.start - 12) : word.start], text[word.end : word.end + 20]
        if before.endswith("-"):
            head = before[:-1].split()[-1:] or [""]
            if self.knows(f"{head[0]}-{word.text}") or self.knows(f"{head[0]}{word.text}"):
                return True
        if after.startswith("-"):
            tail = after[1:].split()[:1] or [""]
            bare = tail[0].rstrip(".,;:!?)”’")
            begins = any(plain_word(word.text) in read_words(name) for name in ("prefixes", "beginnings"))
            return begins or self.knows(f"{word.text}-{bare}") or self.knows(f"{word.text}{bare}")
        return False

    def _is_slip(self, word: Word, sentence: Sentence) -> bool:
        """Whether an unknown word is a slip rather than a name. Names are capitalised, and no list has them all."""
        plain, first = plain_word(word.text), word.text[0].lower()
        if word.text[0].islower():
            return True
        if (meant := find_listed(plain)) and not is_word(meant.split()[0]):
            return True  # “Febuary”: the right word has a capital too
        if meant and word.leads and not _is_followed_by_name(word, sentence):
            return True
        if len(word.text) < _LEAST_NAME:
            return False
        if plain not in self.seen:
            if len(self.seen) >= _MOST_NAMES:
                return False
            near = (text for text in find_near(plain) if text[0] == first)
            self.seen[plain] = any(is_common(text) or self._used[text] > 1 for text in near)
        if self.seen[plain]:
            return True
        return (
            word.leads
            and len(word.text) > _LEAST_NAME
            and not _is_followed_by_name(word, sentence)
            and (
                self._used[plain] > 0
                or any(_is_typical(text, word.text) and is_word(text) for text in find_near(plain) if text[0] == first)
            )
        )

    def _is_in_use(self, text: str) -> bool:
        return is_word(text) or text in self.vocabulary

    def correct(self, word: Word) -> MeantWord | None:
        """The word that was meant, with the capitals and the ending of `word`; None if that is not clear."""
        plain = plain_word(word.text)
        bare = plain.removesuffix("'s")
        if plain not in self.asked:
            found = find_correction(bare, self._is_in_use, lambda text: is_common(text) or self._used[text] > 0)
            self.asked[plain] = found and found._replace(word=found.word + plain.removeprefix(bare))
        found = self.asked[plain]
        if found is None:
            return None
        meant = found.word if "'" in word.text else found.word.replace("'", "’")
        is_name = not is_word(meant.split()[0])  # “february” is a word only as “February”
        capital = word.text[0].isupper() or is_name
        sure = found.sure and (word.text[0].islower() or word.leads or is_name)
        return MeantWord(meant[0].upper() + meant[1:] if capital else meant, sure=sure)


def _find_foreign(words: Sequence[Word], unknown: Sequence[Word]) -> frozenset[Word]:
    """The unknown words of a sentence that are in another language: most of its words, or several in a row.

    Known slips alone are English, however many there are. Names may be in a row too.
    """
    strange = frozenset(word for word in unknown if not find_listed(plain_word(word.text)))
    small = [word for word in words if word.text[0].islower()]
    odd = [word for word in small if word in strange or _is_only_welsh(word.text)]
    if len(odd) > 1 and 2 * len(odd) > len(small):
        return frozenset(unknown)
    foreign: set[Word] = set()
    for is_run, run in groupby(words, key=lambda word: word in unknown or _is_only_welsh(word.text)):
        gathered = list(run)
        if is_run and sum(word in strange or _is_only_welsh(word.text) for word in gathered) >= _PHRASE:
            foreign.update(gathered)
    return frozenset(foreign)


def _is_only_welsh(text: str) -> bool:
    return is_welsh(text) and not is_word(text)


def _is_english(text: str) -> bool:
    return text.replace("’", "'").isascii() and text.lower() not in ("tbc", "tba")


def _is_followed_by_name(word: Word, sentence: Sentence) -> bool:
    after = next((other for other in sentence.words if other.start > word.start), None)
    return after is not None and after.text[0].isupper()


def _is_typical(meant: str, written: str) -> bool:
    """Whether a slip is a typing error, which swaps or doubles letters, rather than a name that resembles a word."""
    return sorted(meant) == sorted(written.lower()) or set(meant) == set(written.lower())


RULES: tuple[Rule, ...] = (spelling,)
