"""A report in words and charts: one page that stands alone, to be read on any screen, aloud, or on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bulletin.delivery.charts import NARROW, WIDE, Bar, Column, draw_bars, draw_columns
from bulletin.delivery.progress import Counts
from bulletin.delivery.report import FEWEST_PEOPLE, Domain, Report
from bulletin.delivery.timeline import TimeLine, describe_length
from bulletin.edition.palette import derive_palette
from bulletin.edition.theme import Theme
from bulletin.settings import ListSettings

_STATES: Final = {
    "accepted": ("Accepted by the mail server", "good"),
    "queued": ("Not sent yet", "waiting"),
    "sending": ("Being sent", "waiting"),
    "deferred": ("Put off, to be tried again", "waiting"),
    "refused": ("Refused by the mail server", "bad"),
    "uncertain": ("Uncertain: it may have arrived", "bad"),
    "bounced": ("Came back", "bad"),
    "withdrawn": ("Withdrawn before their turn", "past"),
}
_MOODS: Final = ("good", "waiting", "bad", "past")
_LEGEND: Final = (("good", "has it"), ("waiting", "still to be tried"), ("bad", "does not have it, or may not"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """The same chart for a wide page and for a narrow one, as SVG."""

    wide: str
    narrow: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Charts with the table that says the same. In each row the first cell is its heading."""

    key: str
    heading: str
    words: str
    charts: tuple[tuple[str, Chart], ...]  # each with its heading, which may be empty
    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something that is left to do, and the command for it."""

    words: str
    command: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPage:
    """A report, ready for its template."""

    title: str
    publisher: str
    made: str
    facts: tuple[tuple[str, str], ...]
    share: str
    glance: str
    figures: tuple[tuple[str, str, str], ...]  # a number, what it counts, its mood
    tasks: tuple[Task, ...]
    chapters: tuple[Chapter, ...]

    def to_html(self, *, accent: str) -> str:
        """A whole document: no scripts, nothing fetched. `accent` (`#rrggbb`) is the workspace's colour."""
        theme = Theme(folders=(Path(__file__).parent,))
        context = {"page": self, "palette": derive_palette(accent)}
        return theme.render("report.html.j2", filters={}, context=context)


def describe_report(report: Report, *, publisher: str, lists: Mapping[str, ListSettings]) -> ReportPage:
    """A report in words and charts. `lists` are the workspace's, for their titles."""
    counts = report.counts
    chapters = (_by_state(counts), _by_domain(report), _by_reason(report), _by_time(report), _by_issue(report))
    return ReportPage(
        title=report.subject,
        publisher=publisher,
        made=_tell(report.made_at),
        facts=tuple(_describe_facts(report, lists)),
        share=_share(counts.accepted, counts.total),
        glance=f"{counts.accepted:,} of {_count(counts.total, 'person', 'people')} "
        f"{'has' if counts.total == 1 else 'have'} it.",
        figures=tuple(_describe_figures(counts)),
        tasks=tuple(_find_tasks(report)),
        chapters=tuple(chapter for chapter in chapters if chapter),
    )


def _describe_facts(report: Report, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    sent = dict.fromkeys(name for standing in report.standings for name in standing.mailing.lists)
    yield "Issue", report.issue
    yield "Sent to", ", ".join(lists[name].title if name in lists else name for name in sent)
    yield "Begun", _tell(report.standings[0].mailing.began_at)
    ends = [standing.ended_at for standing in report.standings]
    yield "Ended", "not yet" if None in ends else _tell(max(end for end in ends if end is not None))
    if signed := dict.fromkeys(one.name for standing in report.standings for one in standing.signed):
        yield "Signed off by", ", ".join(signed)


def _describe_figures(counts: Counts) -> Iterator[tuple[str, str, str]]:
    for number, words, mood in (
        (counts.unfinished, "still to be tried", "waiting"),
        (counts.refused, "refused", "bad"),
        (counts.uncertain, "uncertain", "bad"),
        (counts.bounced, "came back", "bad"),
        (counts.withdrawn, "withdrawn", "past"),
    ):
        if number:
            yield f"{number:,}", words, mood
    if counts.accepted == counts.total:
        yield "0", "problems", "good"


def _find_tasks(report: Report) -> Iterator[Task]:
    counts, issue = report.counts, report.issue
    if counts.unfinished:
        yield Task(words=f"Go on with the {counts.unfinished:,} who are left:", command=f"bulletin send {issue}")
    if counts.uncertain:
        words = f"Decide what became of the {counts.uncertain:,} who may have it. See who they are:"
        yield Task(words=words, command=f"bulletin status {issue} --who uncertain")
    if counts.refused:
        words = f"Mend why {counts.refused:,} {'was' if counts.refused == 1 else 'were'} refused; then send it again:"
        yield Task(words=words, command=f"bulletin send {issue} --resend-refused")


# --- the chapters


def _by_state(counts: Counts) -> Chapter:
    found = [(words, mood, getattr(counts, state)) for state, (words, mood) in _STATES.items()]
    found = [(words, mood, number) for words, mood, number in found if number]
    bars = [
        Bar(number=f"{number:,}", words=words, parts=tuple(number * (mood == one) for one in _MOODS))
        for words, mood, number in found
    ]
    rows = [(words, f"{number:,}", _share(number, counts.total)) for words, _, number in found]
    return Chapter(
        key="states",
        heading="How it stands",
        words="Accepted means that the mail server took the message; it may still come back later.",
        charts=(("", _bars(bars, _MOODS, name=f"Bars: how many people are in which state. {_say(bars)}")),),
        legend=(),
        columns=("State", "People", "Share"),
        rows=(*rows, ("In all", f"{counts.total:,}", "")),
    )


def _by_domain(report: Report) -> Chapter:
    bars, rows = [], []
    for domain in report.domains:
        counts, name = domain.counts, _name_domain(domain)
        failed = counts.refused + counts.uncertain + counts.bounced
        parts = (counts.accepted, counts.unfinished, failed, counts.withdrawn)
        bars.append(Bar(number=f"{counts.total:,}", words=name, parts=parts))
        rows.append((name, f"{counts.total:,}", f"{counts.accepted:,}", f"{counts.unfinished:,}", f"{failed:,}"))
    words = f"By what stands behind the @. Domains with fewer than {FEWEST_PEOPLE} people are counted together."
    return Chapter(
        key="domains",
        heading="Where it went",
        words=words,
        charts=(("", _bars(bars, _MOODS, name=f"Bars: how many people are at which domain. {_say(bars)}")),),
        legend=_LEGEND,
        columns=("Domain", "People", "Have it", "To try", "Not"),
        rows=tuple(rows),
    )


def _name_domain(domain: Domain) -> str:
    return domain.name or _count(domain.domains, "smaller domain", "smaller domains")


def _by_reason(report: Report) -> Chapter | None:
    if not report.refusals:
        return None
    bars = [Bar(number=f"{one.number:,}", words=one.words, parts=(one.number,)) for one in report.refusals]
    first = report.refusals[0]
    return Chapter(
        key="reasons",
        heading="Why some were refused",
        words=f"The most frequent reason, for {first.number:,} of {report.counts.refused:,}: "
        f"{first.words[0].lower()}{first.words[1:]}.",
        charts=(("", _bars(bars, ("bad",), name=f"Bars: how many were refused for which reason. {_say(bars)}")),),
        legend=(),
        columns=("Reason, and what to do", "Code", "People"),
        rows=tuple(
            (f"{one.words}. {one.remedy}", ", ".join(one.codes) or "none", f"{one.number:,}") for one in report.refusals
        ),
    )


def _by_time(report: Report) -> Chapter | None:
    line = report.time_line
    if line is None:
        return None
    each = describe_length(line.length)
    labels = list(_label_stretches(line))
    fast = f"{line.a_minute:,.0f}" if line.a_minute >= 1 else "fewer than one"
    return Chapter(
        key="times",
        heading="When it went",
        words=f"Messages that the server took in every {each}. At its fastest it went at {fast} a minute.",
        charts=(("", _columns(line, labels, name=f"Columns: messages taken in every {each}. {_say_times(line)}")),),
        legend=(),
        columns=("From", "Messages"),
        rows=tuple((label, f"{number:,}") for label, number in zip(labels, line.numbers, strict=True) if number),
    )


def _label_stretches(line: TimeLine) -> Iterator[str]:
    """When each stretch begins, as exactly as it must be told from the others."""
    last = line.begins_at + line.length * (len(line.numbers) - 1)
    one_day = _moment(line.begins_at).date() == _moment(last).date()
    clock = "%H:%M:%S" if line.length < 60 else "%H:%M"
    for number in range(len(line.numbers)):
        moment = _moment(line.begins_at + line.length * number)
        day = "" if one_day else f"{moment.day} {moment:%b}"
        yield day if line.length >= 86400 and day else f"{day} {moment.strftime(clock)}".strip()


def _say_times(line: TimeLine) -> str:
    most = max(line.numbers)
    return f"{sum(line.numbers):,} in all, {most:,} at most. The table has the numbers."


def _by_issue(report: Report) -> Chapter | None:
    if len(report.issues) < 2:
        return None
    bounced = any(one.counts.bounced for one in report.issues)
    reached = [
        Column(words=one.issue, value=one.counts.accepted, marked=one.issue == report.issue) for one in report.issues
    ]
    lost = [
        Column(words=one.issue, value=_per_thousand(one.counts), marked=one.issue == report.issue)
        for one in report.issues
    ]
    return Chapter(
        key="issues",
        heading="Against the last issues",
        words=_compare(report),
        charts=(
            ("People who have it", _pair(reached, "Columns: how many people have each issue.")),
            ("Refused or came back, of each 1,000", _pair(lost, "Columns: how many of each 1,000 did not get it.")),
        ),
        legend=(),
        columns=("Issue", "People", "Have it", "Share", "Refused", *(("Came back",) if bounced else ())),
        rows=tuple(
            (
                one.issue,
                f"{one.counts.total:,}",
                f"{one.counts.accepted:,}",
                _share(one.counts.accepted, one.counts.total),
                f"{one.counts.refused:,}",
                *((f"{one.counts.bounced:,}",) if bounced else ()),
            )
            for one in report.issues
        ),
    )


def _compare(report: Report) -> str:
    before, this = report.issues[-2], report.issues[-1]
    more = this.counts.accepted - before.counts.accepted
    if not more:
        return f"As many people have it as had {before.issue}."
    return f"{_count(abs(more), 'person', 'people')} {'more' if more > 0 else 'fewer'} than had {before.issue}."


def _per_thousand(counts: Counts) -> float:
    return round(1000 * (counts.refused + counts.bounced) / counts.total, 1) if counts.total else 0.0


# --- pieces


def _bars(bars: Sequence[Bar], moods: Sequence[str], *, name: str) -> Chart:
    wide, narrow = (draw_bars(bars, moods, name=name, width=width) for width in (WIDE, NARROW))
    return Chart(wide=wide, narrow=narrow)


def _columns(line: TimeLine, labels: Sequence[str], *, name: str) -> Chart:
    """Of so many labels only some find room below the columns."""
    width_of_one = 8 * max(map(len, labels))
    drawn = []
    for width in (WIDE, NARROW):
        every = max(1, -(-len(labels) * width_of_one // (width - 60)))
        columns = [
            Column(words=labels[index] if index % every == 0 else "", value=number)
            for index, number in enumerate(line.numbers)
        ]
        drawn.append(draw_columns(columns, name=name, width=width))
    return Chart(wide=drawn[0], narrow=drawn[1])


def _pair(columns: Sequence[Column], name: str) -> Chart:
    """One of two charts that stand side by side: narrow enough on any page."""
    words = [f"{column.words.rpartition('/')[2]}" for column in columns]
    every = max(1, -(-len(words) * 8 * max(map(len, words)) // (NARROW - 60)))
    shown = [
        Column(words=label if (len(words) - 1 - index) % every == 0 else "", value=column.value, marked=column.marked)
        for index, (label, column) in enumerate(zip(words, columns, strict=True))
    ]
    said = "; ".join(f"{column.words}: {column.value:,g}" for column in columns)
    drawn = draw_columns(shown, name=f"{name} {said}.", width=NARROW)
    return Chart(wide=drawn, narrow=drawn)


def _say(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.words}: {bar.number}" for bar in bars) + "."


def _share(number: int, total: int) -> str:
    """`99.4%`; never rounded up to all or down to none."""
    if not total:
        return ""
    share = 100 * number / total
    if 0 < share < 0.1 or 99.9 < share < 100:
        return "< 0.1%" if share < 1 else "> 99.9%"
    return f"{share:.0f}%" if share in (0, 100) else f"{share:.1f}%"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()


def _tell(milliseconds: int) -> str:
    moment = _moment(milliseconds // 1000)
    return f"{moment.day} {moment:%B %Y, %H:%M}"
