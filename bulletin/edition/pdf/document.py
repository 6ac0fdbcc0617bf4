"""All that a PDF says, as one JSON: the issue, who publishes it, its colours and phrases. Pure.

`templates/pdf/issue.schema.json` is its schema. It has no time and no path in it: the same issue gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from bulletin.edition.contents_list import ContentsEntry, list_contents
from bulletin.edition.kickers import find_kicker, find_unsaid
from bulletin.edition.palette import derive_palette
from bulletin.edition.pdf.printed_address import describe_link
from bulletin.edition.pdf.record_tree import Describer, describe_contact
from bulletin.edition.pdf.text_tree import Node
from bulletin.edition.phrases import describe_day, dial
from bulletin.edition.to_do import gather_to_do
from bulletin.issue.model import Issue
from bulletin.settings.organisation import Organisation
from bulletin.settings.settings import Settings

FORMAT = 1
"""The version of the JSON. A theme that was written for another one may not know what is in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfCorrection:
    """What was corrected after sending, and on which day."""

    on: date
    text: str


@dataclass(frozen=True, kw_only=True)
class PdfSurroundings:
    """What a PDF says that is not in its issue.

    `address` is the issue's page on the web, "" if it has none. `label` is said in place of its month. `language` is as
    in BCP 47; `phrases` has our English phrases in that language. `corrections` come with the newest first.
    """

    address: str = ""
    label: str = ""
    language: str = "en-GB"
    phrases: Mapping[str, str] = field(default_factory=dict)
    corrections: Sequence[PdfCorrection] = ()


def describe_issue(
    issue: Issue, *, settings: Settings, bulletin_name: str, describer: Describer, around: PdfSurroundings
) -> Node:
    """The JSON of an issue, which is pruned already for those who may read it."""
    bulletin, organisation = settings.bulletins[bulletin_name], settings.organisation
    contents = sorted(list_contents(issue), key=lambda entry: not entry.section.top_story)
    code, _, region = around.language.partition("-")
    return {
        "format": FORMAT,
        "language": {"code": code, "region": region or None},
        "bulletin": describer.plain(bulletin.title),
        "month": around.label or str(issue.month),
        "title": f"{bulletin.title}, {around.label or issue.month}",
        "description": issue.preview_text,
        "published": describer.plain(describe_day(issue.published)),
        "dated": _split(find_dated(issue, around)),
        "corrections": [
            {"on": describer.plain(describe_day(each.on)), "text": describer.blocks(each.text)}
            for each in around.corrections
        ],
        "introduction": describer.blocks(issue.introduction),
        "to_do": _describe_to_do(issue, tuple(contents), describer),
        "sections": [_describe_section(entry, describer) for entry in contents],
        "signed": describer.describe(issue.signed) if issue.signed else None,
        "organisation": _describe_organisation(organisation, describer),
        "logo": describer.pictures.add_logo(organisation.logo) if organisation.logo else None,
        "web": describe_link(around.address) if around.address else None,
        "palette": asdict(derive_palette(settings.colours.accent, settings.colours.warm).light),
        "phrases": dict(around.phrases),
    }


def find_dated(issue: Issue, around: PdfSurroundings) -> date:
    """The day that the PDF is of: its issue's, or its last correction's."""
    return max([issue.published, *(each.on for each in around.corrections)])


def write_json(document: Node) -> bytes:
    """The JSON in UTF-8: the same bytes for the same document."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _split(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _describe_to_do(issue: Issue, contents: tuple[ContentsEntry, ...], describer: Describer) -> list[Node]:
    return [
        {
            "when": describer.plain(task.when),
            "words": describer.inlines(task.words),
            "link": None if task.link.startswith("#") else describe_link(task.link),
            "anchor": task.link[1:] if task.link.startswith("#") else None,
        }
        for task in gather_to_do(issue).rows
    ]


def _describe_section(entry: ContentsEntry, describer: Describer) -> Node:
    section = entry.section
    return describer.describe(section) | {
        "kind": section.kind,
        "anchor": entry.anchor,
        "kicker": describer.inlines(find_kicker(section)),
        "unsaid": describer.inlines(find_unsaid(section)),
    }


def _describe_organisation(organisation: Organisation, describer: Describer) -> Node:
    ring = organisation.telephone
    return {
        "name": describer.plain(organisation.name),
        "about": describer.blocks(organisation.about),
        "address": describer.plain(organisation.address),
        "email": describe_contact(f"mailto:{organisation.email}", organisation.email),
        "telephone": describe_contact(dial(ring), describer.plain(ring)) if ring else None,
        "website": describe_link(organisation.website) if organisation.website else None,
        "privacy": describe_link(organisation.privacy) if organisation.privacy else None,
        "social": [{"name": name, "link": describe_link(at)} for name, at in organisation.social.items()],
        "help": describer.describe(organisation.help) if organisation.help else None,
    }
