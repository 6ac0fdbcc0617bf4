"""Terms: one word that is written in two ways. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_word, read_words
from bulletin.proof.reading.sentences import Chunk
from bulletin.proof.reading.titles import is_in_title
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.term_comparison import Term, drop_possessive, fold_letters, plain_text
from bulletin.proof.rules.language.term_search import Terms, find_bounds
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import Severity


@dataclass(frozen=True, slots=True)
class _Use:
    passage: Passage
    start: int
    end: int
    text: str

    @property
    def line(self) -> int:
        return self.passage.locate(self.start, self.end).line


@rule(
    "LANG03",
    "two-names",
    severity=Severity.WARNING,
    reason="Readers who see two names for one thing wonder whether there are two things.",
    wrong=[
        Example(
            text="Our e-newsletter is out. The enewsletter has news, and an e-newsletter is short.", at="enewsletter"
        ),
    ],
    right=[Example(text="To follow up, we send a follow-up email; each email is short.")],
)
def two_names(context: Context) -> Iterator[Violation]:
    """One word that is written in two ways: with and without a hyphen, or with other capitals."""
    terms = context.gather(Terms)
    for key, written in context.gather(gather_forms).items():
        forms = _leave_titles(written) if is_one_thing(written, terms.by_key.get(key)) else {}
        if len(forms) > 1:
            ranked = sorted(forms.items(), key=lambda entry: -len(entry[1]))
            usual, first = ranked[0][0], ranked[0][1][0]
            for form, uses in ranked[1:]:
                more = len(forms[usual]) > len(forms[form])
                yield violation_at(
                    uses[0].passage,
                    (uses[0].start, uses[0].end),
                    f"“{uses[0].text}” is “{first.text}” on line {first.line}.",
                    f"Write “{first.text}” here too." if more else "Choose one form, and use it throughout.",
                )


def _leave_titles(forms: dict[str, list[_Use]]) -> dict[str, list[_Use]]:
    """The forms without those of a name or a title, which others have chosen."""
    return {form: uses for form, uses in forms.items() if not is_in_title(uses[0].passage, uses[0].start, uses[0].end)}


def is_one_thing(forms: dict[str, list[_Use]], term: Term | None) -> bool:
    """Whether the forms of a word mean one thing. Another rule reports slips of a term, unless both are in use."""
    if len(forms) < 2 or _is_two_words(forms):
        return False
    return term is None or any(
        len(uses) > 1 and plain_text(uses[0].text).lower() == term.core.lower() for uses in forms.values()
    )


def gather_forms(context: Context) -> dict[str, dict[str, list[_Use]]]:
    """Each word that could be written in two ways, by its letters: its forms, and where each is used."""
    found: dict[str, dict[str, list[_Use]]] = {}
    apart: dict[str, dict[str, list[_Use]]] = {}
    determiners = read_words("determiners")
    for passage in own_texts(context):
        for sentence in context.sentences_of(passage):
            for index, chunk in enumerate(sentence.chunks):
                first, last = find_bounds(chunk.text)
                if chunk.quiet or first < 0 or last - first < 3:
                    continue
                bare = drop_possessive(chunk.text[first:last])
                if last - first > 3 and (form := _name_form(bare, sentence.chunks, index)):
                    forms = found.setdefault(fold_letters(bare), {})
                    if uses := forms.get(form):
                        uses.append(uses[0])  # findings need only the first place and the number
                    else:
                        start = chunk.start + first
                        forms[form] = [_Use(passage, start, start + len(bare), bare)]
                after = index > 0 and sentence.chunks[index - 1].text.lower() in determiners
                if after and first == 0 and (pair := _read_pair(sentence.chunks, index, passage)):
                    apart.setdefault(fold_letters(pair.text), {}).setdefault(pair.text.lower(), []).append(pair)
    for key, pairs in apart.items():
        if key in found and all(_is_split(form, next(iter(pairs))) for form in found[key]):
            found[key] |= pairs
    for forms in found.values():
        _merge_capitals(forms)
    return found


def _merge_capitals(forms: dict[str, list[_Use]]) -> None:
    """Count a capitalised word as its lower-case form if that is used too: it may just begin a sentence."""
    for form in [form for form in forms if form != form.lower() and form[1:].islower() and form.lower() in forms]:
        forms[form.lower()] += forms.pop(form)


_PARTICLES = frozenset(["in", "up", "out", "on", "off", "down", "over", "by", "back", "through"])


def _read_pair(chunks: tuple[Chunk, ...], index: int, passage: Passage) -> _Use | None:
    """Two words after “the” or “a” that may form one noun: “the drop in”, “a help line”."""
    if index >= len(chunks) - 1:
        return None
    one, other = chunks[index], chunks[index + 1]
    bare = other.text.rstrip(".,;:!?)”’")
    if not (one.text.isalpha() and one.text.islower() and bare.isalpha() and bare.islower()) or other.quiet:
        return None
    return _Use(passage, one.start, other.start + len(bare), passage.prose.text[one.start : other.start + len(bare)])


def _is_split(form: str, pair: str) -> bool:
    """Whether two words are another form of a noun such as “drop-in”, and not of an adjective such as “long-term”."""
    return (
        pair.rsplit(maxsplit=1)[-1] in _PARTICLES if "-" in form else form not in read_words("apart") and form.islower()
    )


@lru_cache(maxsize=1 << 16)
def _plain_form(text: str) -> str | None:
    """The form of a word in any position; None if its form depends on its position."""
    parts = text.split("-")
    if len(parts) > 2 or not all(part.isalnum() for part in parts):
        return ""
    if len(parts) > 1 or text.isupper() or any(char.isupper() for char in text[1:]):
        return None
    return text.lower() if is_word(text.lower()) else text


def _name_form(text: str, chunks: tuple[Chunk, ...], index: int) -> str:
    """The form of a word for comparison: its hyphens and its own capitals; "" if it can't be compared."""
    if (plain := _plain_form(text)) is not None:
        return plain
    parts = text.split("-")
    leads = index == 0
    named = any(_is_capitalised(chunks[at]) for at in (index - 1, index + 1) if 0 <= at < len(chunks))
    if text.isupper() or any(char.isupper() for char in parts[0][1:]):
        # COVID-19 and Covid-19 are one word, but SEND and send are two; and a heading may be all in capitals.
        shouted = named and any(chunks[at].text.isupper() for at in (index - 1, index + 1) if 0 <= at < len(chunks))
        return "" if shouted or is_word(parts[0].lower()) else text
    return text.lower() if leads or named else text


def _is_capitalised(chunk: Chunk) -> bool:
    return chunk.text.lstrip("(“‘\"'")[:1].isupper()


def _is_two_words(forms: dict[str, list[_Use]]) -> bool:
    """Whether the forms are two words, as “re-form” and “reform”, or differ only in the capital of a name."""
    hyphened = [form for form in forms if "-" in form]
    if any(form.lower().startswith("re-") for form in hyphened):
        return True
    if len({form.lower() for form in forms}) == 1:
        if not hyphened and any(form.islower() for form in forms):
            return True  # “.html” and “HTML” are two things
        return not any(form.isupper() or any(char.isupper() for char in form[1:]) for form in forms)
    return False


RULES: tuple[Rule, ...] = (two_names,)
