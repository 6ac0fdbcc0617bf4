"""Doubled words: the same word twice in a row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

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
                        replacement=first.text if first.text.lower() in _ONE_IS_ENOUGH else None,
                    )


def _may_stand_twice(first: str, second: str) -> bool:
    return first.lower() in _MAY_DOUBLE or (first[0].isupper() and second[0].isupper()) or first.isupper()


RULES: tuple[Rule, ...] = (doubled_word,)
