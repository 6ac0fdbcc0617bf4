"""The review of a year: what its issues said of each priority, course and campaign, month by month. Pure.

The review is itself an issue, so every renderer can show it. What continues from one issue to the next is found as for
`bulletin diff` (`pairing`), so a title may change on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar, cast

from bulletin.comparison.pairing import pair_up
from bulletin.declaration.markup import escape_marks
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.item import Item, Session
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.figures import Figures, Statistic
from bulletin.issue.kinds.priorities import Milestone, Priorities, Priority
from bulletin.issue.kinds.training import Course, Training
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import Section

E = TypeVar("E", bound=Item)  # an entry

_FEWEST_FIGURES, _MOST_FIGURES = 2, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How many people the email of an issue was accepted for, and how many of its readers were on each list.

    A person on several lists counts on each, and once in `people`.
    """

    people: int
    by_list: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Thread(Generic[E]):
    """One subject through the year: what each issue that had it said, the earliest first."""

    said: tuple[tuple[Month, E], ...]

    @property
    def latest(self) -> E:
        """What the last issue said."""
        return self.said[-1][1]


def review_year(
    issues: Sequence[Issue],
    *,
    reach: Sequence[Reach | None],
    lists: Mapping[str, str],
    published: date,
) -> Issue:
    """The review of `issues`, which are one bulletin's of one year, the earliest first. There is at least one.

    `reach` is that of each, None for one that was not sent; `lists` are the titles of lists by their names. What was
    still to come on the day `published` is shown so.
    """
    year = issues[0].month.year
    sent = [(issue, found) for issue, found in zip(issues, reach, strict=True) if found]
    sections = [section for section in _write_sections(issues, sent, lists, published) if section is not None]
    return Issue.model_construct(
        month=issues[-1].month,
        published=published,
        subject=f"The year {year}",
        preview_text=f"What our issues said in {year}.",
        introduction=f"This is what {_count(len(issues), 'issue', 'issues')} of {year} told our readers.",
        sections=tuple(sections),
    )


def follow(entries: Iterable[tuple[Month, Sequence[E]]]) -> tuple[Thread[E], ...]:
    """The subjects of a year in the order in which they came up, from what each month's issue had."""
    threads: list[Thread[E]] = []
    for month, items in entries:
        placed, _ = pair_up([thread.latest for thread in threads], items)
        places = {id(thread.latest): at for at, thread in enumerate(threads)}
        for one in placed:
            entry = (month, cast("E", one.item))
            if one.earlier is None:
                threads.append(Thread((entry,)))
            else:
                at = places[id(one.earlier)]
                threads[at] = replace(threads[at], said=(*threads[at].said, entry))
    return tuple(threads)


def _write_sections(
    issues: Sequence[Issue], sent: Sequence[tuple[Issue, Reach]], lists: Mapping[str, str], published: date
) -> Iterator[Section | None]:
    priorities = follow((issue.month, _items_of(issue, Priorities, Priority)) for issue in issues)
    courses = follow((issue.month, _items_of(issue, Training, Course)) for issue in issues)
    campaigns = follow((issue.month, _sections_of(issue, Campaign)) for issue in issues)
    reviewed = tuple(_review_priority(thread) for thread in sorted(priorities, key=lambda one: one.latest.number))
    taught = tuple(map(_review_course, courses))
    yield _write_figures(issues, sent, reviewed, taught, published)
    yield Priorities.model_construct(kind="priorities", title="Priorities", items=reviewed) if reviewed else None
    yield Training.model_construct(kind="training", title="Training", items=taught) if taught else None
    yield _write_article("Campaigns", _table_campaigns(campaigns)) if campaigns else None
    yield _write_article("Readers", _table_reach(sent, lists)) if sent else None
    yield _write_article("Issues", _table_issues(issues))


def _items_of(issue: Issue, section: type[BaseSection], item: type[E]) -> list[E]:
    return [one for part in _sections_of(issue, section) for one in getattr(part, "items", ()) if isinstance(one, item)]


S = TypeVar("S", bound=BaseSection)


def _sections_of(issue: Issue, kind: type[S]) -> list[S]:
    return [section for section in issue.sections if isinstance(section, kind)]


def _review_priority(thread: Thread[Priority]) -> Priority:
    """A priority as the last issue has it, with what each issue said of it, and the milestones of all."""
    steps = follow((month, priority.milestones) for month, priority in thread.said)
    milestones = sorted((step.latest for step in steps), key=lambda one: _order(one, year=thread.said[0][0].year))
    return thread.latest.model_copy(
        update={"summary": _tell_months(thread), "milestones": tuple(milestones), "do": None, "image": None}
    )


def _order(step: Milestone, *, year: int) -> tuple[date, date]:
    return step.date.latest(year=year), step.date.earliest(year=year)


def _tell_months(thread: Thread[Priority]) -> str:
    """What each issue said, each under its month; not again where an issue repeated the one before."""
    told: list[tuple[Month, str]] = []
    for month, priority in thread.said:
        if not told or priority.summary != told[-1][1]:
            told.append((month, priority.summary))
    return "\n\n".join(f"**{month}.** {summary}" for month, summary in told)


def _review_course(thread: Thread[Course]) -> Course:
    """A course as the last issue has it, with the sessions of all issues."""
    sessions = follow((month, course.sessions) for month, course in thread.said)
    year = thread.said[0][0].year
    held: list[Session] = sorted((one.latest for one in sessions), key=lambda one: one.date.earliest(year=year))
    return thread.latest.model_copy(
        update={"sessions": tuple(held), "on_demand": thread.latest.on_demand and not held, "do": None, "book": None}
    )


def _write_figures(
    issues: Sequence[Issue],
    sent: Sequence[tuple[Issue, Reach]],
    priorities: Sequence[Priority],
    courses: Sequence[Course],
    published: date,
) -> Figures | None:
    """What can be counted, the most telling first; None for a year with too little to count."""
    year = issues[0].month.year
    done = sum(step.done is True for priority in priorities for step in priority.milestones)
    held = sum(one.date.latest(year=year) <= published for course in courses for one in course.sessions)
    last = sent[-1][1].people if sent else 0
    counted = [
        (len(issues), "issue", "issues"),
        (last, "person was sent the last one", "people were sent the last one"),
        (done, "milestone reached", "milestones reached"),
        (held, "training session held", "training sessions held"),
        (len(courses), "course offered", "courses offered"),
    ]
    items = [
        Statistic(value=f"{number:,}", label=one if number == 1 else many) for number, one, many in counted if number
    ]
    if len(items) < _FEWEST_FIGURES:
        return None
    return Figures.model_construct(kind="figures", title=f"{year} in figures", items=tuple(items[:_MOST_FIGURES]))


def _write_article(title: str, text: str) -> Article:
    return Article.model_construct(kind="article", title=title, kicker="no", text=text)


def _table_campaigns(campaigns: Sequence[Thread[Campaign]]) -> str:
    rows = [
        (thread.latest.title, thread.latest.status.capitalize(), _name_months([month for month, _ in thread.said]))
        for thread in campaigns
    ]
    return _write_table("Campaigns and the issues that told of them", ("Campaign", "State", "In"), rows)


def _name_months(months: Sequence[Month]) -> str:
    """`April, May and July`."""
    names = [str(month).partition(" ")[0] for month in dict.fromkeys(months)]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _table_reach(sent: Sequence[tuple[Issue, Reach]], lists: Mapping[str, str]) -> str:
    """How many people each issue was sent to, in all and on each list."""
    names = list(dict.fromkeys(name for _, reach in sent for name in reach.by_list))
    rows = [
        (_say_month(issue), f"{reach.people:,}", *(f"{reach.by_list.get(name, 0):,}" for name in names))
        for issue, reach in sent
    ]
    head = ("Issue", "People", *(lists.get(name, name) for name in names))
    return _write_table("People whose mail server accepted the email", head, rows, numbers=len(head) - 1)


def _table_issues(issues: Sequence[Issue]) -> str:
    rows = [(_say_month(issue), escape_marks(issue.subject), _say_day(issue.published)) for issue in issues]
    return _write_table("The issues of the year", ("Issue", "Subject", "Published"), rows)


def _say_month(issue: Issue) -> str:
    return str(issue.month).partition(" ")[0]


def _say_day(day: date) -> str:
    return str(PartialDate(day.year, day.month, day.day))


def _write_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """A Markdown table. The last `numbers` of its columns are numbers, which stand at the right."""
    marks = ["---"] * (len(head) - numbers) + ["--:"] * numbers
    lines = [head, marks, *rows]
    return "\n".join([f"Table: {caption}", *(f"| {' | '.join(map(_escape_bar, line))} |" for line in lines)])


def _escape_bar(cell: str) -> str:
    return cell.replace("|", r"\|")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
