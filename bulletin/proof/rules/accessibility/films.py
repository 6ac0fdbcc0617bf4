"""Accessibility: films without captions. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.kinds.video import Video
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_FILM = '- {{kind: video, title: Asking the second question, link: "https://www.example.org/film"{captions}}}'


@rule(
    "ACC15",
    "film-without-captions",
    severity=Severity.WARNING,
    reason="Readers who can’t hear the film, or can’t use sound at work, need captions (WCAG 2.2, 1.2.2).",
    wrong=[Example(sections=_FILM.format(captions=""), at="Asking the second question")],
    right=[Example(sections=_FILM.format(captions=", captions: yes"))],
)
def film_without_captions(context: Context) -> Iterator[Violation]:
    """A film that isn’t said to have captions."""
    for record in context.records:
        if isinstance(record.value, Video) and not record.value.captions:
            yield Violation(
                span=context.span(*record.place, "title"),
                message="Nothing says that this film has captions.",
                remedy="If it has, write `captions: yes`. If not, ask for them, or give its words as a text.",
            )


RULES: tuple[Rule, ...] = (film_without_captions,)
