"""The accessibility statement of the website: what it says, and when it may be published. Pure.

Its wording is that of the model statement (`legal_wording.toml`). It claims nothing that was not tested. The program
says “partially compliant”, because no automated test can show more; only a test by hand makes that “fully”.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from bulletin.edition.phrases import describe_day
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.tested_pages import PageEvidence, PdfTests
from bulletin.languages.known import ENGLISH
from bulletin.settings.accessibility import AccessibilitySettings
from bulletin.settings.settings import Settings

_WORDING: Final = Path(__file__).with_name("legal_wording.toml")

UNKNOWN: Final = (
    "Not all of this website was tested by hand in the last 12 months, and automated tests can’t find every problem. "
    "There may be problems that we don’t know of."
)
"""What keeps a website from full compliance where nothing else is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """A row of the table of what was tested: what, how, and when."""

    what: str
    how: str
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What the statement says. `problems` are what does not comply; the list is empty for full compliance only.

    `by_program`: whether the tests of the program are among those that are `tested`.
    """

    name: str
    scope: str
    contact: str
    telephone: str
    days: int
    region: str
    is_full: bool
    known: tuple[str, ...]
    problems: tuple[str, ...]
    burden: tuple[str, ...]
    outside: tuple[str, ...]
    improving: str
    abilities: tuple[str, ...]
    tested: tuple[Tested, ...]
    by_program: bool
    prepared: date
    reviewed: date

    @property
    def is_due(self) -> bool:
        """Whether anything is listed as non-accessible."""
        return bool(self.problems or self.burden or self.outside)


@cache
def load_wording() -> Mapping[str, Any]:
    """The words that the law fixes: `headings`, `sentences`, `reasons`, `links`, and their source."""
    return tomllib.loads(_WORDING.read_text(encoding="utf-8"))


def refuse_statement(settings: Settings, evidence: PageEvidence | None, *, today: date) -> str:
    """Why there is no statement on `today`, and what to do; "" if it may be published.

    `evidence` is that of our own tests; None where it is not of these pages.
    """
    wanted = settings.accessibility
    if wanted is None:
        return "bulletin.yaml has no `accessibility`. Public bodies need a statement: see docs/accessibility.md."
    if wanted.checked is None:
        return "no one has checked it. Read it with --at, then add `checked:` with the day under `accessibility:`."
    if wanted.checked > today:
        return f"`checked:` is {describe_day(wanted.checked)}, which is still to come. Correct the day."
    if evidence is None and not wanted.on:
        return (
            "these pages were not tested: your own templates, or this version, are newer than the tests of the "
            "program. Test the pages by hand, and add `tested_by:`, `on:` and `method:`."
        )
    return ""


def find_review(settings: Settings, *, today: date) -> str:
    """What to say of a statement that was last reviewed over a year ago; "" if it wasn't."""
    wanted = settings.accessibility
    if wanted is None or wanted.checked is None or _is_recent(wanted.checked, today):
        return ""
    return (
        f"The accessibility statement was last reviewed on {describe_day(wanted.checked)}. "
        "The law asks for a review each year: read it again, and set `checked:`."
    )


def make_statement(
    settings: Settings, evidence: PageEvidence | None, *, findings: Sequence[str] = (), has_pdfs: bool, today: date
) -> Statement:
    """The statement. `findings` are open findings of the proof, each a sentence. `settings` has what it needs."""
    wanted = settings.accessibility or AccessibilitySettings()
    reviewed = wanted.checked or today
    known = (*wanted.problems, *findings)
    by_hand = bool(wanted.on and wanted.on <= today and _is_recent(wanted.on, today))
    is_full = by_hand and not (known or wanted.burden or wanted.outside)
    has_exemptions = bool(wanted.burden or wanted.outside)
    return Statement(
        name=wanted.name or next(iter(settings.bulletins.values())).title,
        scope=wanted.scope or _name_place(settings),
        contact=wanted.contact or settings.organisation.email,
        telephone=settings.organisation.telephone or "",
        days=wanted.days,
        region=wanted.region.value.replace("-", "_"),
        is_full=is_full,
        known=known,
        problems=known if known or is_full or (by_hand and has_exemptions) else (UNKNOWN,),
        burden=wanted.burden,
        outside=wanted.outside,
        improving=wanted.improving or "",
        abilities=evidence.claims if evidence else (),
        tested=tuple(_list_tests(wanted, evidence, has_pdfs=has_pdfs)),
        by_program=evidence is not None,
        prepared=wanted.prepared or reviewed,
        reviewed=reviewed,
    )


def render_statement(site: ArchiveSite, statement: Statement) -> str:
    """The page. Raises ThemeError for a faulty template."""
    wording = load_wording()
    said = {
        "name": statement.name,
        "scope": statement.scope,
        "organisation": site.settings.organisation.name,
        "prepared": describe_day(statement.prepared),
        "reviewed": describe_day(statement.reviewed),
        "reasons": wording["reasons"][_name_reason(statement)],
    }
    return site.in_language(ENGLISH).render(
        "accessibility.html.j2",
        path="accessibility/",
        languages=(),  # there is no other: the law gives the words
        title=wording["headings"]["title"].format_map(said),
        statement=statement,
        headings=wording["headings"],
        sentences={name: _link_words(text.format_map(said)) for name, text in wording["sentences"].items()},
    )


def _name_reason(statement: Statement) -> str:
    exempt = bool(statement.burden or statement.outside)
    return "both" if exempt and statement.problems else "exemptions" if exempt else "problems"


def _link_words(sentence: str) -> Markup:
    """The sentence as HTML, with its links."""
    html = escape(sentence, quote=False)
    for words, address in load_wording()["links"].items():
        html = html.replace(words, f'<a href="{escape(address)}">{words}</a>')
    return Markup(html)  # noqa: S704 -- escaped above


def _list_tests(wanted: AccessibilitySettings, evidence: PageEvidence | None, *, has_pdfs: bool) -> list[Tested]:
    rows = []
    if evidence:
        when = describe_day(evidence.made_on)
        rows.append(Tested(what=evidence.pages.what, how=evidence.pages.how, when=when))
        if has_pdfs and evidence.pdfs:
            rows.append(_describe_pdfs(evidence.pdfs, when))
    if wanted.on:
        how = f"by hand: {wanted.tested_by}"
        rows.append(Tested(what=_begin(wanted.method or ""), how=how, when=describe_day(wanted.on)))
    return rows


def _describe_pdfs(pdfs: PdfTests, when: str) -> Tested:
    return Tested(what=f"{pdfs.files} PDFs", how=f"{pdfs.tool} {pdfs.version}, {pdfs.standard}", when=when)


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]


def _name_place(settings: Settings) -> str:
    if settings.website is None:
        return "this website"
    parts = urlsplit(settings.website.url)
    return re.sub(r"/+$", "", f"{parts.netloc}{parts.path}")


def _is_recent(day: date, today: date) -> bool:
    """Whether it is within a year before `today`."""
    month, last = day.month, 28 if (day.month, day.day) == (2, 29) else day.day
    return today <= date(day.year + 1, month, last)
