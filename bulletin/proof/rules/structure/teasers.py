"""Structure: teasers without a page, and dates that are behind one. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.declaration.prose import read_text
from bulletin.edition.mail.teasers import begin_text
from bulletin.issue.item import YES, Feature
from bulletin.issue.passages import Passage
from bulletin.issue.teasers import find_teasers, find_text_field
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_SITE = "website: {url: 'https://news.anytown.example.org'}"
_LONG = " ".join(["We listened to what families told us."] * 8)


@rule(
    "STRU16",
    "teaser-without-page",
    severity=Severity.ERROR,
    reason="A teaser leads to a page of your website. Without a website, there is none.",
    wrong=[Example(sections="- {kind: article, title: Forum, teaser: yes, text: We met.}", at="teaser")],
    right=[
        Example(
            sections="- {kind: article, title: Forum, teaser: yes, text: We met.}",
            settings="website: {url: 'https://news.anytown.example.org'}",
        )
    ],
)
def teaser_without_page(context: Context) -> Iterator[Violation]:
    """A teaser in a workspace that has no website: its email has all of it."""
    if context.settings.website is not None:
        return
    for record in context.records:
        if isinstance(record.value, Feature) and record.value.teaser:
            yield Violation(
                span=context.key(*record.place, "teaser"),
                message="This is a teaser, and there is no website for its page.",
                remedy="Take out `teaser:`, or add the website to bulletin.yaml: website: {url: https://…}",
            )


@rule(
    "STRU17",
    "date-behind-teaser",
    severity=Severity.WARNING,
    reason="Emails have the beginning of a teaser alone. Readers who don’t open its page miss a date behind it.",
    wrong=[
        Example(
            sections=f"- {{kind: article, title: Forum, teaser: yes, text: {_LONG} We meet on 9 June 2021.}}",
            settings=_SITE,
            at="9 June 2021",
        ),
        Example(
            sections="- {kind: article, title: Forum, teaser: Come and see., text: We meet on 9 June 2021.}",
            settings=_SITE,
            at="9 June 2021",
        ),
    ],
    right=[
        Example(
            sections=f"- {{kind: article, title: Forum, teaser: yes, text: We meet on 9 June 2021. {_LONG}}}",
            settings=_SITE,
        ),
        Example(
            sections=f"- {{kind: article, title: Forum, teaser: yes, text: {_LONG} We met on 9 April 2021.}}",
            settings=_SITE,
        ),
    ],
)
def date_behind_teaser(context: Context) -> Iterator[Violation]:
    """A day still to come, in the part of a teaser that emails don’t have. Tables and lists count too."""
    teasers = dict(find_teasers(context.issue.sections))
    if not teasers or context.settings.website is None:
        return
    for passage, dates in context.dates:
        for place, record in teasers.items():
            if passage.place[: len(place)] == place:
                seen = _count_seen(passage, record)
                for date in dates:
                    if date.start >= seen and _is_ahead(context, date):
                        yield violation_at(
                            passage,
                            (date.start, date.end),
                            "This day is behind a teaser, so emails don’t have it.",
                            "Put it into the first sentences, or into words of your own after `teaser:`.",
                        )


def _count_seen(passage: Passage, record: Feature) -> int:
    """The characters of a text that emails have, from its beginning."""
    if passage.record is record and passage.field in ("title", "name", "kicker", "teaser"):
        return len(passage.prose.text)
    if passage.record is record and passage.field == find_text_field(record) and record.teaser == YES:
        return len(read_text(begin_text(record)).text)
    return 0


def _is_ahead(context: Context, date: WrittenDate) -> bool:
    published = context.issue.published
    return any(day and day >= published for day in date.find_days(date.known_year or published.year))


RULES: tuple[Rule, ...] = (teaser_without_page, date_behind_teaser)
