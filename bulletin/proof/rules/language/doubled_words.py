"""Doubled words: the same word twice in a row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_MAY_DOUBLE = frozenset(["had", "that", "did", "her", "so", "no", "very", "bye", "ha"])

# Words of which one can always go. Others are right now and then: “hand it in in June”, “what it is is a start”.
_ONE_IS_ENOUGH = frozenset(["a", "an", "and", "but", "every", "my", "or", "our", "the", "their", "your"])


@rule(
    "LANG07",
    "doubled-word",
    severity=Severity.WARNING,
    reason="A word written twice is easy to type and hard to see, especially at the end of a line.",
    wrong=[
        Example(text="The panel met in the\nthe town hall.", at="the"),
        Example(text="He stayed for tea. He stayed for tea.", at="He stayed for tea."),
    ],
    right=[Example(text="Those who had had doubts said that that was over. “No, no,” said one.")],
)
def doubled_word(context: Context) -> Iterator[Violation]:
    """The same word twice in a row, or the same sentence."""
    for passage in context.texts:
        yield from _find_doubled_sentences(context, passage)
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
                        replacement=first.text if first.text.lower() in _ONE_IS_ENOUGH else None,
                    )


def _find_doubled_sentences(context: Context, passage: Passage) -> Iterator[Violation]:
    """Sentences that are twice in one text, word for word. In a list, as in a timetable, a line may be there again."""
    seen: set[str] = set()
    for sentence in context.sentences_of(passage):
        text = " ".join(chunk.text for chunk in sentence.chunks).lower()
        ends = text.endswith((".", "!", "?"))
        if ends and len(sentence.chunks) >= _LEAST_WORDS and text in seen:
            yield violation_at(passage, (sentence.start, sentence.end), _TWICE, "Delete one of them.")
        seen.add(text)


_TWICE = "This sentence is here twice."
_LEAST_WORDS = 4  # of a sentence: “Free. All welcome.” may well be there again


def _may_stand_twice(first: str, second: str) -> bool:
    return first.lower() in _MAY_DOUBLE or (first[0].isupper() and second[0].isupper()) or first.isupper()


RULES: tuple[Rule, ...] = (doubled_word,)
