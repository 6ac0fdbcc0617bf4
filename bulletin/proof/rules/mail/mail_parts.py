"""Email: whether both parts of an email in your own theme still contain what they must. Pure.

Tests check all of this for the default theme, so it is not rendered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.rendered import read_page
from bulletin.proof.theme.theme_files import PARTS, ThemeFile, walk_part
from bulletin.settings.proof import Severity

_NAMES = {"email": "HTML", "text": "plain text"}
_IMPRINT = "{# theme 2 #}\n<p>{{ organisation.name }}<br>{{ organisation.address }}</p>\n"
_HIDDEN_WAY_OUT = _IMPRINT + '<a class="a" href="{{ slots.unsubscribe }}" style="display:none">Unsubscribe</a>\n'


@rule(
    "MAIL08",
    "unsubscribe-missing",
    severity=Severity.ERROR,
    reason="Every reader must be able to unsubscribe easily at any time (PECR regulation 23; UK GDPR article 7).",
    wrong=[
        Example(files={"templates/email/parts/foot.html.j2": _HIDDEN_WAY_OUT}, at="slots.unsubscribe"),
        Example(files={"templates/text/issue.txt.j2": "{# theme 2 #}{{ issue.subject }}\n"}, at="{{ issue.subject }}"),
    ],
    right=[
        Example(
            files={
                "templates/email/parts/foot.html.j2": _IMPRINT
                + '<a class="a" href="{{ slots.unsubscribe }}">Leave us</a>\n'
            }
        )
    ],
)
def unsubscribe_missing(context: Context) -> Iterator[Violation]:
    """Your own theme has no unsubscribe link in one of the two parts, or one that readers can’t see."""
    if not context.own_theme:
        return
    for part in PARTS:
        files = list(walk_part(part, context.own_theme))
        own = [file for file in files if file.own]
        if own and not any("slots.unsubscribe" in file.text for file in files):
            yield violation_in_theme(
                own[0],
                r".+",
                f"The {_NAMES[part]} part has no unsubscribe link.",
                "Put {{ slots.unsubscribe }} where readers will find it.",
            )
    if context.edition and not read_page(context.edition.html).shows_link(context.edition.slots.unsubscribe):
        yield violation_in_theme(
            _choose(context.own_theme, "slots.unsubscribe", "email/"),
            r"[^\n]*slots\.unsubscribe[^\n]*",
            "Readers can’t see the unsubscribe link: it is hidden, or has the colour of its background.",
            "Show it in the size and colour of the other links.",
        )


def _choose(files: tuple[ThemeFile, ...], words: str, folder: str) -> ThemeFile:
    """The workspace file in which to show a finding about a part: the first with `words`, else the first of all."""
    of_part = [file for file in files if file.name.startswith(f"templates/{folder}")] or list(files)
    return next((file for file in of_part if words in file.text), of_part[0])


@rule(
    "MAIL09",
    "identity-missing",
    severity=Severity.ERROR,
    reason="An email must say who sends it, with an address to write to (PECR regulation 23).",
    wrong=[
        Example(
            files={"templates/email/parts/foot.html.j2": '{# theme 2 #}<a href="{{ slots.unsubscribe }}">Leave</a>\n'},
            at="slots.unsubscribe",
        )
    ],
    right=[Example(files={"templates/email/parts/foot.html.j2": _IMPRINT})],
)
def identity_missing(context: Context) -> Iterator[Violation]:
    """Your own theme leaves the organisation’s name or postal address out of one of the two parts."""
    if not context.own_theme or not context.edition:
        return
    organisation = context.settings.organisation
    parts = {"email": read_page(context.edition.html).read_words(), "text": context.edition.text}
    for part, content in parts.items():
        words = _fold(content)
        wanted = (("name", organisation.name), ("postal address", organisation.address))
        missing = [what for what, value in wanted if value and _fold(value) not in words]
        if missing:
            yield violation_in_theme(
                _choose(context.own_theme, "slots.unsubscribe", f"{part}/"),
                r".+",
                f"The {_NAMES[part]} part doesn’t give your organisation’s {' and '.join(missing)}.",
                "Put {{ organisation.name }} and {{ organisation.address }} at its foot.",
            )


_WORD = re.compile(r"\w+")
_RUN = 3  # words that are compared together


@rule(
    "MAIL10",
    "parts-differ",
    severity=Severity.WARNING,
    reason="Readers of plain text should get the same issue, and spam filters distrust parts that differ.",
    wrong=[
        Example(
            sections="- {kind: notice, title: Office hours, text: Our office is open from Monday to Friday.}",
            files={"templates/text/sections/notice.txt.j2": "{# theme 2 #}\nPlease read this in your browser.\n"},
            at="Our office is open",
        )
    ],
    right=[
        Example(
            sections="- {kind: notice, title: Office hours, text: Our office is open from Monday to Friday.}",
            files={
                "templates/text/sections/notice.txt.j2": "{# theme 2 #}\nPLEASE NOTE\n\n{{ section.text | markdown }}\n"
            },
        )
    ],
)
def parts_differ(context: Context) -> Iterator[Violation]:
    """A text that your own theme puts into only one of the two parts."""
    if not context.own_theme or not context.edition:
        return
    html = _cut_runs(_WORD.findall(read_page(context.edition.html).read_words().casefold()))
    text = _cut_runs(_WORD.findall(context.edition.text.casefold()))
    told: set[tuple[int | None, str]] = set()
    for passage in context.texts:
        missing = _find_missing(passage, html, text)
        if missing and (passage.section, missing) not in told:
            told.add((passage.section, missing))
            other = "plain text" if missing == "HTML" else "HTML"
            yield Violation(
                span=context.span(*passage.place),
                message=f"Your theme puts this into the {other} part, but not into the {missing} part.",
                remedy="Put it into both. The templates of the two parts have similar names.",
            )


def _find_missing(passage: Passage, html: frozenset[tuple[str, ...]], text: frozenset[tuple[str, ...]]) -> str:
    """The part that lacks a text; "" if both or neither have it, or if the text is too short to tell."""
    if passage.format not in (TextFormat.TEXT, TextFormat.LINE):
        return ""
    runs = _cut_runs(_WORD.findall(passage.prose.text.casefold()))
    in_html, in_text = (len(runs & part) > len(runs) / 2 for part in (html, text))
    if not runs or in_html == in_text:
        return ""
    return "plain text" if in_html else "HTML"


def _cut_runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    """Every three words in a row."""
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


RULES: tuple[Rule, ...] = (unsubscribe_missing, identity_missing, parts_differ)
