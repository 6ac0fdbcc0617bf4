"""Accessibility: text in another language than English. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.languages import find_other_languages
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "ACC08",
    "language-not-marked",
    severity=Severity.WARNING,
    reason="A screen reader reads the whole issue in an English voice, so other languages come out as noise.",
    wrong=[
        Example(text="Vous trouverez toutes les informations sur notre site.", at="Vous trouverez"),
        Example(text="ਜੇ ਤੁਹਾਨੂੰ ਆਪਣੇ ਬੱਚੇ ਲਈ ਮਦਦ ਚਾਹੀਦੀ ਹੈ ਤਾਂ ਸਾਨੂੰ ਫ਼ੋਨ ਕਰੋ।", at="ਜੇ ਤੁਹਾਨੂੰ"),
    ],
    right=[
        Example(text="Our leaflet is also in [French](https://www.example.org/fr) and in Punjabi (ਪੰਜਾਬੀ)."),
        Example(text="[fr: Vous trouverez toutes les informations sur notre site.]"),
        Example(text="Parents like the café, the crèche and the à la carte menu."),
    ],
)
def language_not_marked(context: Context) -> Iterator[Violation]:
    """Five words or more in another language than English."""
    for passage in context.texts:
        if passage.field != "author":
            for stretch in find_other_languages(passage.prose):
                yield violation_at(
                    passage,
                    (stretch.start, stretch.end),
                    f"These words are {stretch.written}, but a screen reader would read them as English.",
                    "Mark their language, as in [cy: Croeso i bawb]. Put a long text on a page of its own.",
                )


RULES: tuple[Rule, ...] = (language_not_marked,)
