"""Structure: the same title twice in an issue. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.resources import Resource
from bulletin.issue.passages import Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "STRU07",
    "title-twice",
    severity=Severity.WARNING,
    reason="When a title appears twice with two dates or texts, readers can’t tell which is right.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Coffee morning, date: 12 June 2021}
                - {title: Coffee morning, date: 14 June 2021}
            """,
            at="Coffee morning",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Coffee morning at the library, date: 12 June 2021}
                - {title: Coffee morning at the park, date: 14 June 2021}
            """
        )
    ],
)
def title_twice(context: Context) -> Iterator[Violation]:
    """Two entries of a section with the same title, or two sections with the same title."""
    first: dict[tuple[object, ...], Record] = {}
    for record in context.records:
        title = getattr(record.value, "title", None)
        if not isinstance(title, str) or not isinstance(record.place[-1], int):
            continue
        kind = None if len(record.place) == len(("sections", 0)) else type(record.value)
        key = (record.place[:-1], kind, fold_title(title))
        twin = first.setdefault(key, record)
        if twin is not record and _have_a_reader_in_common(twin, record) and not _is_told_elsewhere(twin, record):
            yield Violation(
                span=context.span(*record.place, "title"),
                message=f"“{title}” is here twice: see also line {context.span(*twin.place, 'title').line}.",
                remedy="If one corrects the other, delete the old one. If not, say in the titles how they differ.",
            )


def _have_a_reader_in_common(one: Record, other: Record) -> bool:
    lists = [set(getattr(record.value, "for_", ())) for record in (one, other)]
    return not all(lists) or bool(lists[0] & lists[1])


def _is_told_elsewhere(one: Record, other: Record) -> bool:
    """Whether `repeated-entry` reports it, or the two entries say how they differ."""
    match one.value, other.value:
        case (Event(), Event()):
            return one.value.date == other.value.date
        case (Resource(), Resource()) | (Article(), Article()):
            return True
    return False


RULES: tuple[Rule, ...] = (title_twice,)
