"""Facts: what an issue announces and doesn't have, and the name of another month. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import MONTHS
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.similarity import fold
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_ATTACHED = LazyPattern(
    r"\b(?:(?:please )?(?:see|find|complete|use|read|open|share) (?:the )?(?P<one>attached|enclosed|attachments?)\b"
    r"|(?:is|are) (?:also )?(?P<two>attached|enclosed)\b(?! to\b)|(?:in|see) the (?P<three>attachments?)\b"
    r"|(?P<four>attached|enclosed) (?:form|flyer|flier|poster|leaflet|document|guide|pdf|letter|file|agenda|map)s?\b"
    r"|(?P<five>overleaf)\b|(?:see|on|turn to|continued on) (?:the )?(?P<six>pages? \d{1,2})\b(?! of\b))",
    re.IGNORECASE,
    needs=("attach", "enclosed", "overleaf", "page"),
)
_BELOW = re.compile(
    r"\b(?:see|details|listed|shown|link|form|poster|table|dates) (?P<where>below)\b|\bthe (?P<or>table|"
    r"picture|poster|form|list) below\b",
    re.IGNORECASE,
)


@rule(
    "FACT02",
    "nothing-there",
    severity=Severity.WARNING,
    reason="An email has no attachments and no pages: readers look for something that isn’t there.",
    wrong=[
        Example(text="Please see the attached form.", at="attached"),
        Example(text="The dates are on page 4.", at="page 4"),
        Example(
            sections="""
            - kind: notice
              title: Office hours
              text: Our office is open every day. For the dates, see below.
            """,
            at="below",
        ),
    ],
    right=[Example(text="The condition attached to the grant is on page 4 of the report.")],
)
def nothing_there(context: Context) -> Iterator[Violation]:
    """“Attached”, “overleaf”, “page 4”, and “below” in the last text."""
    remedy = "Link to it, or say it here."
    for passage, match in context.matches(_ATTACHED):
        span = next(match.span(name) for name, found in match.groupdict().items() if found)
        words = match.string[span[0] : span[1]]
        yield violation_at(passage, span, f"Readers of an email won’t find what “{words}” points to.", remedy)
    last = context.texts[-1] if context.texts else None
    for match in _BELOW.finditer(last.prose.text) if last else ():
        rest = last.prose.text[match.end() :] if last else ""
        if last and len(rest.strip(" .:\n")) < len("10 May 2021"):
            yield violation_at(last, match, f"“{match[0]}” is at the end: nothing comes below it.", remedy)


_OF_ISSUE = (
    r"(?:issue|edition|bulletin|e-?bulletin|newsletter|update|news|round-?up|briefing|digest|highlights|diary|magazine)"
)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})(?: (?P<year>20\d\d))?"
_OWN_MONTH = re.compile(
    rf"\A{_MONTH}(?=[:–—|-]| [–—|-]|(?:’s|'s)? {_OF_ISSUE}\b)|\b(?:welcome to|this is|here is|in) (?:the|our|your) "
    rf"(?:latest |new )?{_MONTH.replace('month>', 'month2>').replace('year>', 'year2>')} {_OF_ISSUE}\b"
    rf"|[:–—|-] {_MONTH.replace('month>', 'month3>').replace('year>', 'year3>')}\Z"
    rf"|\A(?:your|our|what[’']s on|news|dates|events|training|courses)\b[\w’' ]{{0,40}} (?:in|for) "
    rf"{_MONTH.replace('month>', 'month4>').replace('year>', 'year4>')}(?=[:|]| [–—|-]|\Z)",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(r"\b(?:last|previous|missed|earlier|correction|back in)\b", re.IGNORECASE)


@rule(
    "FACT03",
    "wrong-month",
    severity=Severity.ERROR,
    reason="Last month’s name in the subject tells readers that they have read this already.",
    wrong=[
        Example(header="subject: 'April 2021: news for schools'", at="April 2021"),
        Example(text="Welcome to the April newsletter.", at="April"),
    ],
    right=[
        Example(header="subject: 'May 2021: news for schools'"),
        Example(text="In our last issue, the April newsletter, we asked for your views."),
    ],
)
def wrong_month(context: Context) -> Iterator[Violation]:
    """A subject, a preview text or a welcome that names another issue’s month."""
    names = {MONTHS[month.month - 1]: month for month in (context.month, context.month + 1)}
    published = MONTHS[context.issue.published.month - 1]
    for passage in _find_head(context):
        for match in _OWN_MONTH.finditer(passage.prose.text):
            number = next(n for n in ("", "2", "3", "4") if match[f"month{n}"])
            name, year = match[f"month{number}"].capitalize(), match[f"year{number}"]
            right = name in names or name == published
            wrong_year = year and name in names and int(year) != names[name].year
            if (not right or wrong_year) and not _LOOKS_BACK.search(match.string[: match.start()]):
                span = match.start(f"month{number}"), match.end(f"year{number}" if year else f"month{number}")
                message = f"This is the issue of {context.month}, but it says {name}{f' {year}' if year else ''}."
                yield violation_at(passage, span, message, f"Write {context.month}, or correct `month:`.")


def _find_head(context: Context) -> Iterator[Passage]:
    """The subject, the preview text and the introduction of the issue."""
    return (
        passage for passage in context.texts if passage.place in (("subject",), ("preview_text",), ("introduction",))
    )


_NAME = re.compile(r"\b[A-Z][\w’'&.-]*(?: (?:(?:of|the|and|for|in|on|to) )?[A-Z][\w’'&.-]*)+")
_PARTS = re.compile(r"[\w’']+")
_EVERYDAY = frozenset(
    """
    news update the and for our new read see your plus with day days week weeks month year school schools children
    family families people work training course event
    """.split()  # noqa: SIM905 -- words alone are read more easily
)


@rule(
    "FACT04",
    "announced-but-missing",
    severity=Severity.WARNING,
    reason="People open an email for what its subject promises, and leave when it isn’t there.",
    wrong=[Example(header="subject: 'News of our work, and Safer Internet Day'", at="Safer Internet Day")],
    right=[Example(header="subject: 'News of our work, and Office Hours'")],
)
def announced_but_missing(context: Context) -> Iterator[Violation]:
    """A name in the subject or the preview text that the rest of the issue doesn’t have."""
    heads = [passage for passage in _find_head(context) if passage.place != ("introduction",)]
    body = fold(" ".join(passage.prose.text for passage in context.texts if passage not in heads))
    words = set(_PARTS.findall(body.casefold()))
    words |= set(_PARTS.findall(fold(context.settings.organisation.name).casefold()))
    words |= set(_PARTS.findall(fold(context.settings.bulletins[context.bulletin].title).casefold()))
    for passage in heads:
        for match in _NAME.finditer(passage.prose.text):
            parts = [part for part in _PARTS.findall(fold(match[0]).casefold()) if len(part) > 2]
            told = [part for part in parts if part not in _EVERYDAY and part.capitalize() not in MONTHS]
            if len(told) > 1 and words.isdisjoint(told):
                message = f"“{match[0]}” is announced here, but isn’t in the issue."
                yield violation_at(passage, match, message, "Write about it, or announce something else.")


_ALIKE_WORDS = 5


@rule(
    "FACT05",
    "head-as-last-month",
    severity=Severity.WARNING,
    reason="An inbox shows the subject and the preview text only. If both are last month’s, few open the email.",
    wrong=[
        Example(before="- {kind: notice, title: Office hours, text: We are open.}", at="What we did, what comes next")
    ],
    right=[
        Example(
            header="preview_text: Three schools tell what helped them most.",
            before="- {kind: notice, title: Office hours, text: We are open.}",
        )
    ],
)
def head_as_last_month(context: Context) -> Iterator[Violation]:
    """A preview text that the last issue had too."""
    last = context.predecessor
    if not last:
        return
    now, then = fold(context.issue.preview_text), fold(last.issue.preview_text)
    if now == then and len(now.split()) >= _ALIKE_WORDS:
        yield Violation(
            span=context.span("preview_text"),
            message=f"The issue of {last.month} had the same preview text ({last.refer(('preview_text',))}).",
            remedy="Say in one line what is new this month.",
        )


RULES: tuple[Rule, ...] = (nothing_there, wrong_month, announced_but_missing, head_as_last_month)
