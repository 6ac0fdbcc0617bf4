"""The own page of a section or an item that emails only begin: all of it, and the way to its issue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from bulletin.declaration.source import Place
from bulletin.edition.mail.teasers import begin_text
from bulletin.edition.markdown.markdown_text import render_inline_text
from bulletin.edition.web.addresses import name_issue_path
from bulletin.edition.web.anchored import tell_title
from bulletin.edition.web.archive_pages import render_lead
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.issue_page import IssueBody
from bulletin.issue.item import Feature
from bulletin.issue.model import Issue
from bulletin.issue.section import BaseSection
from bulletin.issue.teasers import find_teasers

_HEADING: Final = re.compile(r"<(/?)h([3-6])(?=[ >])")
_PAGE: Final = "index.html"


def list_item_pages(site: ArchiveSite, issue: Issue, facts: IssueFacts, body: IssueBody) -> Iterator[tuple[str, str]]:
    """The path of each page with its HTML, in the order of the issue. Raises ThemeError for a faulty template."""
    path = name_issue_path(facts.bulletin, facts.name)
    teasers = [(place, record, issue.anchors[place]) for place, record in find_teasers(issue.sections)]
    links = [{"path": site.page(f"{path}{anchor}/"), "title": tell_title(record)} for _, record, anchor in teasers]
    for number, (place, record, anchor) in enumerate(teasers):
        own = f"{path}{anchor}/"
        html = site.dress(facts.bulletin).render(
            "item.html.j2",
            path=own,
            languages=facts.languages,
            title=f"{tell_title(record)} – {facts.label_in(site.speech)}",
            **body.values,
            own_title=tell_title(record),
            description=_describe(record),
            content=_render_whole(site, issue, place, record, body),
            bulletin=site.settings.bulletins[facts.bulletin],
            facts=facts,
            label=facts.label_in(site.speech),
            issue_address=f"{site.page(path)}#{anchor}",
            previous=links[number - 1] if number else None,
            next=links[number + 1] if number + 1 < len(links) else None,
        )
        yield f"{site.prefix}{own}{_PAGE}", html


def list_former_pages(
    site: ArchiveSite, facts: IssueFacts, former: tuple[str, ...], made: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """What is at the addresses of own pages that are no more, because emails have them: the way to the issue.

    `former` are the files that the issue had before, `made` those that it has now.
    """
    path = name_issue_path(facts.bulletin, facts.name)
    folders = (path, *(f"{language}/{path}" for language in facts.languages))
    for file in former:
        if file.startswith(folders) and file.endswith(f"/{_PAGE}") and file not in made:
            yield file, render_lead(site, facts)


def _render_whole(site: ArchiveSite, issue: Issue, place: Place, record: Feature, body: IssueBody) -> Markup:
    """All of it but its title, with headings one level higher, because its title is that of the page."""
    section = issue.sections[place[1]] if isinstance(place[1], int) else record
    item = None if isinstance(record, BaseSection) else record
    html = site.render(
        "whole.html.j2", path="", **{**body.values, "own_page": True}, section=section, item=item, title=""
    )
    raised = _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) - 1}", html)
    return Markup(raised)  # noqa: S704 -- templates made it


def _describe(record: Feature) -> str:
    return render_inline_text(" ".join(begin_text(record).split()))
