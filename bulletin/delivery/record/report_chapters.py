"""The chapters of a report: charts with the tables that say the same, for managers, for the record and for IT. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.record.charts import NARROW, WIDE, Bar, ChartColumn, draw_bars, draw_columns
from bulletin.delivery.record.report import FEWEST_PEOPLE, Domain, Report
from bulletin.delivery.record.timeline import TimeLine
from bulletin.times import describe_interval

_STATES: Final = {
    "queued": ("Not sent yet", "waiting"),
    "sending": ("Being sent", "waiting"),
    "deferred": ("Deferred, to be retried", "waiting"),
    "refused": ("Refused by the mail server", "bad"),
    "uncertain": ("Uncertain: it may have arrived", "bad"),
    "bounced": ("Came back", "bad"),
}
_MOODS: Final = ("good", "waiting", "bad", "past")
_LEGEND: Final = {
    "good": "accepted",
    "waiting": "still to be tried",
    "bad": "not delivered or unconfirmed",
    "past": "withdrawn: it was not sent to them",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """The same chart for a wide page and for a narrow one, as SVG."""

    wide: str
    narrow: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportChapter:
    """Charts with the table that says the same, the table alone, or words where they are enough.

    A row's first cell is its heading.
    """

    key: str
    heading: str
    words: str
    charts: tuple[tuple[str, Chart], ...]  # each with its heading, which may be empty
    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def describe_counts(report: Report) -> tuple[ReportChapter, ...]:
    """For the record: by domain, by reason, and beside the issues before."""
    found = (_by_domain(report), _by_reason(report), _by_issue(report))
    return tuple(chapter for chapter in found if chapter)


def describe_details(report: Report) -> tuple[ReportChapter, ...]:
    """For IT: the servers' codes, and when messages were taken."""
    found = (_by_code(report), _by_time(report))
    return tuple(chapter for chapter in found if chapter)


def describe_states(report: Report) -> ReportChapter:
    """What became of the readers: the one chart for a manager."""
    total = report.counts.total
    found = [(words, mood, number) for words, mood, number in _list_states(report) if number]
    bars = [
        Bar(number=f"{number:,}", words=words, parts=tuple(number * (mood == one) for one in _MOODS))
        for words, mood, number in found
    ]
    rows = [(words, f"{number:,}", format_share(number, total)) for words, _, number in found]
    return ReportChapter(
        key="states",
        heading="What became of it",
        words="Accepted means that the mail server took the message; it may still come back later.",
        charts=(("", _bars(bars, _MOODS, name=f"Bars: how many people are in which state. {_say(bars)}")),),
        legend=(),
        columns=("State", "People", "Share"),
        rows=(*rows, ("In all", f"{total:,}", "")),
    )


def _list_states(report: Report) -> Iterator[tuple[str, str, int]]:
    counts, breakdown = report.counts, report.breakdown
    yield "Accepted by the mail server", "good", counts.accepted - breakdown.decided
    yield "Arrived, as a person decided", "good", breakdown.decided
    yield from ((words, mood, getattr(counts, state)) for state, (words, mood) in _STATES.items())
    yield "Withdrawn before their turn", "past", counts.withdrawn - breakdown.cancelled
    yield "Left out when it was cancelled", "past", breakdown.cancelled


def _by_domain(report: Report) -> ReportChapter | None:
    if not report.domains:
        return None
    parts = [_split(domain.counts) for domain in report.domains]
    named = [domain for domain in report.domains if domain.name]
    bars = [
        Bar(number=f"{sum(own):,}", words=_name_domain(domain), parts=own)
        for domain, own in zip(report.domains, parts, strict=True)
    ]
    found = [mood for mood, numbers in zip(_MOODS, zip(*parts, strict=True), strict=True) if any(numbers)]
    shown = [mood for mood in _MOODS if mood in found or mood in ("good", "bad")]  # as columns of the table
    columns = {"good": "Accepted", "waiting": "To try", "bad": "Not", "past": "With\N{SOFT HYPHEN}drawn"}
    rows = [(bar.words, bar.number, *(f"{bar.parts[_MOODS.index(mood)]:,}" for mood in shown)) for bar in bars]
    chart = _bars(bars, _MOODS, name=f"Bars: how many people are at which domain. {_say(bars)}")
    return ReportChapter(
        key="domains",
        heading="Where it went",
        words=_introduce_domains(report.domains),
        charts=(("", chart),) if named else (),
        legend=tuple((mood, _LEGEND[mood]) for mood in found) if named else (),
        columns=("Domain", "People", *(columns[mood] for mood in shown)),
        rows=tuple(rows) if named else (),
    )


def _split(counts: Counts) -> tuple[int, ...]:
    """How many are of which mood, in the order of `_MOODS`."""
    failed = counts.refused + counts.uncertain + counts.bounced
    return counts.accepted, counts.unfinished, failed, counts.withdrawn


def _introduce_domains(domains: Sequence[Domain]) -> str:
    """What a domain is, and that some are not named."""
    if any(domain.name for domain in domains):
        return f"By email domain. Domains with fewer than {FEWEST_PEOPLE} people are counted together."
    number, people = sum(domain.domains for domain in domains), sum(domain.counts.total for domain in domains)
    at = f"{format_count(people, 'person is', 'people are')} at {format_count(number, 'domain', 'domains')}"
    return f"{at} (the part after the @). None has {FEWEST_PEOPLE} people or more, so none is named."


def _name_domain(domain: Domain) -> str:
    return domain.name or format_count(domain.domains, "smaller domain", "smaller domains")


def _by_reason(report: Report) -> ReportChapter | None:
    if not report.refusals:
        return None
    bars = [Bar(number=f"{one.number:,}", words=one.words, parts=(one.number,)) for one in report.refusals]
    first = report.refusals[0]
    return ReportChapter(
        key="reasons",
        heading="Why some were refused",
        words=f"The most frequent reason, for {first.number:,} of {report.counts.refused:,}: "
        f"{first.words[0].lower()}{first.words[1:]}.",
        charts=(("", _bars(bars, ("bad",), name=f"Bars: how many were refused for which reason. {_say(bars)}")),),
        legend=(),
        columns=("Reason, and what to do", "People"),
        rows=tuple((f"{one.words}. {one.remedy}", f"{one.number:,}") for one in report.refusals),
    )


def _by_code(report: Report) -> ReportChapter | None:
    """The codes of the servers, which tell an administrator more than our words do."""
    if not report.refusals:
        return None
    return ReportChapter(
        key="codes",
        heading="Codes of the refusals",
        words="Enhanced status codes (RFC 3463), or plain reply codes (RFC 5321) where a server gave no other.",
        charts=(),
        legend=(),
        columns=("Reason", "Codes", "People"),
        rows=tuple((one.words, ", ".join(one.codes) or "none", f"{one.number:,}") for one in report.refusals),
    )


def _by_time(report: Report) -> ReportChapter | None:
    line = report.time_line
    if line is None:
        return None
    each = describe_interval(line.length)
    labels = list(_label_stretches(line))
    alone = len(line.numbers) == 1
    chart = _columns(line, labels, name=f"Columns: messages accepted in every {each}. {_say_times(line)}")
    return ReportChapter(
        key="times",
        heading="When it went",
        words=_introduce_times(line, each),
        charts=() if alone else (("", chart),),
        legend=(),
        columns=("From", "Messages"),
        rows=()
        if alone
        else tuple((label, f"{number:,}") for label, number in zip(labels, line.numbers, strict=True) if number),
    )


def _introduce_times(line: TimeLine, each: str) -> str:
    """What the columns are, and how fast it went; where there is but one, what it would say."""
    if len(line.numbers) == 1:
        (moment,) = line.begins
        taken = format_count(line.numbers[0], "message", "messages")
        return f"The server took {taken} within one {each}, on {moment.day} {moment:%B %Y} at {moment:%H:%M:%S}."
    fast = f"{line.a_minute:,.0f}" if line.a_minute >= 1 else "fewer than one"
    rate = f" At its fastest it went at {fast} a minute." if line.lasts_a_minute else ""
    return f"Messages that the server took in every {each}.{rate}"


def _label_stretches(line: TimeLine) -> Iterator[str]:
    """When each stretch begins, as exactly as it must be told from the others."""
    one_day = line.begins[0].date() == line.begins[-1].date()
    clock = "%H:%M:%S" if line.length < 60 else "%H:%M"
    for moment in line.begins:
        day = "" if one_day else f"{moment.day} {moment:%b}"
        yield day if line.length >= 86400 and day else f"{day} {moment.strftime(clock)}".strip()


def _say_times(line: TimeLine) -> str:
    most = max(line.numbers)
    return f"{sum(line.numbers):,} in all, {most:,} at most. The table has the numbers."


def _by_issue(report: Report) -> ReportChapter | None:
    if len(report.issues) < 2:
        return None
    bounced = any(one.counts.bounced for one in report.issues)
    reached = [
        ChartColumn(words=one.issue, value=one.counts.accepted, marked=one.issue == report.issue)
        for one in report.issues
    ]
    lost = [
        ChartColumn(words=one.issue, value=_per_thousand(one.counts), marked=one.issue == report.issue)
        for one in report.issues
    ]
    return ReportChapter(
        key="issues",
        heading="Against the last issues",
        words=f"{compare_issues(report)} “Of 1,000” is how many of each 1,000 were refused or came back.",
        charts=(
            ("Accepted", _pair(reached, "Columns: for how many people the mail server accepted each issue.")),
            ("Refused or came back, of each 1,000", _pair(lost, "Columns: how many of each 1,000 did not get it.")),
        ),
        legend=(("good", "this issue"), ("past", "those before it")),
        columns=("Issue", "People", "Accepted", "Refused", *(("Came back",) * bounced), "Of 1,000"),
        rows=tuple(
            (
                one.issue,
                f"{one.counts.total:,}",
                f"{one.counts.accepted:,}",
                f"{one.counts.refused:,}",
                *((f"{one.counts.bounced:,}",) * bounced),
                f"{_per_thousand(one.counts):,g}",
            )
            for one in report.issues
        ),
    )


def compare_issues(report: Report) -> str:
    """For how many people more or fewer than the last issue it was accepted; "" for the first issue."""
    if len(report.issues) < 2:
        return ""
    before, this = report.issues[-2], report.issues[-1]
    more = this.counts.accepted - before.counts.accepted
    if not more:
        return f"Accepted for as many people as {before.issue}."
    people = format_count(abs(more), "person", "people")
    return f"Accepted for {people} {'more' if more > 0 else 'fewer'} than {before.issue}."


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
            ChartColumn(words=labels[index] if index % every == 0 else "", value=number)
            for index, number in enumerate(line.numbers)
        ]
        drawn.append(draw_columns(columns, name=name, width=width))
    return Chart(wide=drawn[0], narrow=drawn[1])


def _pair(columns: Sequence[ChartColumn], name: str) -> Chart:
    """One of two charts that stand side by side: narrow enough on any page. The table has the names in full."""
    room = (NARROW - 60) // 8  # letters below all columns together
    most = max(len("2021-12…"), room // len(columns) - 1)
    words = [_shorten(column.words.rpartition("/")[2], most) for column in columns]
    every = -(-len(words) * max(map(len, words)) // room)
    shown = [
        ChartColumn(
            words=label if (len(words) - 1 - index) % every == 0 else "", value=column.value, marked=column.marked
        )
        for index, (label, column) in enumerate(zip(words, columns, strict=True))
    ]
    said = "; ".join(f"{column.words}: {column.value:,g}" for column in columns)
    drawn = draw_columns(shown, name=f"{name} {said}.", width=NARROW)
    return Chart(wide=drawn, narrow=drawn)


def _shorten(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _say(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.words}: {bar.number}" for bar in bars) + "."


def format_share(number: int, total: int) -> str:
    """`99.4%`; never rounded up to all or down to none."""
    if not total:
        return ""
    share = 100 * number / total
    if 0 < share < 0.1 or 99.9 < share < 100:
        return "< 0.1%" if share < 1 else "> 99.9%"
    return f"{share:.0f}%" if share in (0, 100) else f"{share:.1f}%"


def format_count(number: int, one: str, many: str) -> str:
    """`1 person`, `1,240 people`."""
    return f"{number:,} {one if number == 1 else many}"
