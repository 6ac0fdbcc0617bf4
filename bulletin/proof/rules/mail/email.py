"""Email: subjects, preview texts and issues that inboxes or Gmail cut off. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.declaration.declared import Declared
from bulletin.edition.measures import GMAIL_CLIPS, NEAR_CLIPPING
from bulletin.issue.item import Booking, Figure, Session
from bulletin.issue.kinds.about import Card
from bulletin.issue.kinds.campaign import Ask, Asset
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.priorities import Milestone, Priority
from bulletin.issue.kinds.training import Course
from bulletin.issue.section import BaseSection
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

LONGEST_SUBJECT = 60
"""Characters of a subject that most inboxes show on a wide screen; phones show about 40."""

SHORTEST_SUBJECT = 10
_LAST_ISSUES = 3


@rule(
    "MAIL01",
    "subject-length",
    severity=Severity.WARNING,
    reason="Inboxes cut a subject off after about 60 characters, phones after 40. A repeated one looks old.",
    wrong=[
        Example(
            header="subject: What the trustees decided in April about the budget, the buildings and the minibus",
            at="What the trustees decided",
        ),
        Example(header="subject: News", at="News"),
    ],
    right=[Example(header="subject: What the trustees decided in April")],
)
def subject_length(context: Context) -> Iterator[Violation]:
    """A subject of more than 60 characters or fewer than 10, or the same as in one of the last three issues."""
    subject = context.issue.subject
    if len(subject) > LONGEST_SUBJECT:
        said = f"The subject has {len(subject)} characters; inboxes cut it off after about {LONGEST_SUBJECT}."
        remedy = f"Shorten it, with the most important words first. Inboxes show: “{_cut(subject)}…”"
    elif len(subject) < SHORTEST_SUBJECT:
        said, remedy = f"“{subject}” tells readers very little.", "Say what is in this issue."
    elif same := _find_same_subject(context):
        said = f"The issue of {same} has the same subject, so Gmail would group the two together."
        remedy = "Say what is new."
    else:
        return
    yield Violation(span=context.span("subject"), message=said, remedy=remedy)


def _cut(subject: str) -> str:
    return subject[:LONGEST_SUBJECT].rstrip()


def _find_same_subject(context: Context) -> str:
    """The month of a recent issue with this subject; "" if there is none."""
    same = (
        past.issue
        for past in context.earlier[:_LAST_ISSUES]
        if _plain(past.issue.subject) == _plain(context.issue.subject)
    )
    found = next(same, None)
    return str(found.month) if found else ""


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())


LONGEST_PREVIEW = 130
"""Characters that the widest inbox shows of a preview text."""

SHORTEST_PREVIEW = 20


@rule(
    "MAIL02",
    "preview-length",
    severity=Severity.WARNING,
    reason="Readers see this line right after the subject. Anything cut off is lost.",
    wrong=[
        Example(
            header="preview_text: In this issue you will find news from the trustees, the dates of the summer "
            "programme, the new opening hours of the family centre, and two new governors.",
            at="In this issue you will find",
        ),
        Example(header="subject: Three priorities for May\npreview_text: Three priorities for May", at="Three"),
    ],
    right=[Example(header="preview_text: What the trustees decided, and when the family centre opens.")],
)
def preview_length(context: Context) -> Iterator[Violation]:
    """A preview text of more than 130 characters or fewer than 20, or one that repeats the subject."""
    preview, subject = _plain(context.issue.preview_text), _plain(context.issue.subject)
    length = len(context.issue.preview_text)
    if preview and (preview in subject or subject in preview):
        said, remedy = "This repeats the subject.", "Say what else is in the issue."
    elif length > LONGEST_PREVIEW:
        said = f"The preview text has {length} characters; inboxes show at most {LONGEST_PREVIEW}."
        remedy = "Keep the one or two things that make people open it."
    elif length < SHORTEST_PREVIEW:
        said, remedy = (
            f"The preview text has only {length} characters.",
            "Use the space to say what else is in the issue.",
        )
    else:
        return
    yield Violation(span=context.span("preview_text"), message=said, remedy=remedy)


# The size of each part of an issue in the default theme, in bytes (measured; a test compares it with real editions).
# With this estimate, an issue far below Gmail's limit need not be rendered.
_FRAME, _SECTION, _EVENT, _CARD, _LINK, _BLOCK, _LETTER = 11_000, 700, 800, 450, 60, 110, 0.9
_EVENTS = (Event, Course)
_CARDS = (Ask, Asset, Booking, Card, Figure, Milestone, Priority, Session)
_SURELY_SHORT = 72_000
_SURELY_LONG = 140_000  # the estimate is at most 1.35 times the real size


@rule(
    "MAIL03",
    "near-gmails-limit",
    severity=Severity.WARNING,
    reason="Gmail cuts an email off at 102 KB of HTML, with its foot: who you are, and how to unsubscribe.",
    wrong=[
        Example(
            sections="\n".join(
                f"- {{kind: article, title: Article {n}, text: {'We listened to what families told us. ' * 60}}}"
                for n in range(40)
            ),
            at="kind",
        )
    ],
    right=[Example(text="We listened to what families told us.")],
)
def near_gmails_limit(context: Context) -> Iterator[Violation]:
    """An email whose HTML is close to 102 KB, where Gmail cuts it off."""
    estimate = 0 if context.own_theme else estimate_html(context)
    if 0 < estimate < _SURELY_SHORT:
        return
    about = "about " if estimate > _SURELY_LONG else ""
    size = estimate if about else len(context.edition.html.encode()) if context.edition else 0
    if size > NEAR_CLIPPING:
        longest = _find_longest_section(context)
        state = "cuts it off" if size > GMAIL_CLIPS else "will cut it off"
        yield Violation(
            span=context.key("sections", longest, "kind"),
            message=f"The email has {about}{size / 1000:,.0f} KB of HTML: "
            f"Gmail {state} at {GMAIL_CLIPS / 1000:.0f} KB.",
            remedy="Shorten it. This is the longest section: put part of it on a page, and link to that.",
        )


def estimate_html(context: Context) -> int:
    """An estimate of the bytes of HTML in the default theme, within a fifth."""
    blocks = sum(len(passage.prose.blocks) for passage in context.texts)
    links = sum(len(passage.prose.links) for passage in context.texts) + len(context.addresses)
    letters = sum(len(passage.written.encode()) for passage in context.passages)
    records = sum(_weigh_record(record.value) for record in context.records)
    return round(_FRAME + records + _BLOCK * blocks + _LINK * links + _LETTER * letters)


def _weigh_record(value: Declared) -> int:
    if isinstance(value, BaseSection):
        return _SECTION
    return _EVENT if isinstance(value, _EVENTS) else _CARD if isinstance(value, _CARDS) else 0


def _find_longest_section(context: Context) -> int:
    letters = [0] * len(context.issue.sections)
    for passage in context.passages:
        if passage.section is not None:
            letters[passage.section] += len(passage.written)
    return letters.index(max(letters))


RULES: tuple[Rule, ...] = (subject_length, preview_length, near_gmails_limit)
