"""Structure: a kicker that says its title again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.prose import read_line
from bulletin.issue.section import NO_KICKER, BaseSection
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_LEAST = 4  # letters: shorter words, as “for” and “new”, come again without being noticed
_SMALL = frozenset({"from", "with", "this", "that", "your", "what", "when", "into", "over", "more", "have", "will"})
_ARTICLE = "- {{kind: article, title: One front door from January, kicker: {kicker}, text: One number replaces four.}}"


@rule(
    "STRU14",
    "kicker-repeats-title",
    severity=Severity.WARNING,
    reason="A kicker says what its title does not. The same word twice, one above the other, looks like a mistake.",
    wrong=[Example(sections=_ARTICLE.format(kicker="New from January"), at="January")],
    right=[Example(sections=_ARTICLE.format(kicker="How to refer")), Example(sections=_ARTICLE.format(kicker="no"))],
)
def kicker_repeats_title(context: Context) -> Iterator[Violation]:
    """A kicker that has a word of its title."""
    for passage in context.texts:
        section = passage.record
        if passage.field != "kicker" or not isinstance(section, BaseSection) or section.kicker == NO_KICKER:
            continue
        in_title = set(re.findall(r"\w+", read_line(section.title).text.lower()))
        for match in re.finditer(r"\w+", passage.prose.text):
            word = match[0].lower()
            if len(word) >= _LEAST and word in in_title - _SMALL:
                message = f"“{match[0]}” is in the title below, too."
                yield violation_at(passage, match, message, "Say something else, or write `kicker: no`.")
                break


RULES: tuple[Rule, ...] = (kicker_repeats_title,)
