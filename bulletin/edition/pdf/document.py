"""All that a PDF says, as one JSON: the issue, who publishes it, its colours and phrases. Pure.

`templates/pdf/issue.schema.json` is its schema. It has no time and no path in it: the same issue gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bulletin.declaration.translated import choose_language
from bulletin.edition.contents_list import ContentsEntry, list_contents
from bulletin.edition.kickers import find_kicker, find_unsaid
from bulletin.edition.languages.speech import speak
from bulletin.edition.palette import derive_palette
from bulletin.edition.pdf.pdf_phrases import list_phrases
from bulletin.edition.pdf.printed_address import describe_link
from bulletin.edition.pdf.record_tree import Describer, describe_contact
from bulletin.edition.pdf.text_tree import Node, describe_language, show_inlines
from bulletin.edition.phrases import dial
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

    `address` is the issue's page on the web, "" if it has none. `label` is said in place of its month. `corrections`
    come with the newest first.
    """

    address: str = ""
    label: str = ""
    corrections: Sequence[PdfCorrection] = ()


def describe_issue(
    issue: Issue, *, settings: Settings, bulletin_name: str, describer: Describer, around: PdfSurroundings
) -> Node:
    """The JSON of an issue, which is pruned already for those who may read it, and in the describer's language."""
    settings = settings.dress(bulletin_name)
    speech = describer.speech
    bulletin = choose_language(settings.bulletins[bulletin_name], speech.language)
    organisation = choose_language(settings.organisation, speech.language)
    contents = sorted(list_contents(issue), key=lambda entry: not entry.section.top_story)
    month = speech.month(issue.month)
    return {
        "format": FORMAT,
        "language": describe_language(speech.language),
        "bulletin": describer.plain(bulletin.title),
        "tagline": describer.plain(bulletin.tagline) if bulletin.tagline else None,
        "month": describer.plain(around.label or _begin(month)),
        "title": f"{bulletin.title}, {around.label or month}",
        "description": issue.preview_text,
        "published": describer.plain(speech.day(issue.published)),
        "dated": _split(find_dated(issue, around)),
        "corrections": [
            {"on": describer.plain(speech.day(each.on)), "text": describer.blocks(each.text)}
            for each in around.corrections
        ],
        "introduction": describer.blocks(issue.introduction),
        "to_do": _describe_to_do(issue, describer),
        "sections": [_describe_section(entry, describer) for entry in contents],
        "signed": describer.describe(issue.signed) if issue.signed else None,
        "organisation": _describe_organisation(organisation, describer),
        "logo": describer.pictures.add_logo(organisation.logo) if organisation.logo else None,
        "web": describe_link(around.address) if around.address else None,
        "palette": asdict(derive_palette(settings.colours.accent, settings.colours.warm).light),
        "phrases": list_phrases({speech.language, *(section.language or "" for section in issue.sections)}),
    }


def find_dated(issue: Issue, around: PdfSurroundings) -> date:
    """The day that the PDF is of: its issue's, or its last correction's."""
    return max([issue.published, *(each.on for each in around.corrections)])


_NOT_SAID = frozenset({"type", "palette", "phrases", "region", "size", "align"})


def list_words(document: Any) -> Iterator[str]:
    """All that a document says and leads to, a text a line: what a proof that nothing restricted is in it reads."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, list):
        if document and isinstance(document[0], dict) and "type" in document[0] and "blocks" not in document[0]:
            yield show_inlines(node for node in document if "inlines" in node or "text" in node or node["type"] == "br")
        for each in document:
            yield from list_words(each)
    elif isinstance(document, dict):
        for name, value in document.items():
            if name not in _NOT_SAID:
                yield from list_words(value)


def write_json(document: Node) -> bytes:
    """The JSON in UTF-8: the same bytes for the same document."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]


def _split(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _describe_to_do(issue: Issue, describer: Describer) -> list[Node]:
    return [
        {
            "when": describer.plain(task.when),
            "words": describer.inlines(task.words),
            "language": describe_language(task.language) if task.language else None,
            "link": None if task.link.startswith("#") else describe_link(task.link),
            "anchor": task.link[1:] if task.link.startswith("#") else None,
        }
        for task in gather_to_do(issue, describer.speech).rows
    ]


def _describe_section(entry: ContentsEntry, describer: Describer) -> Node:
    section = entry.section
    if section.language:
        describer = replace(describer, speech=speak(section.language))
    return describer.describe(section) | {
        "language": describe_language(section.language) if section.language else None,
        "kind": section.kind,
        "anchor": entry.anchor,
        "kicker": describer.inlines(find_kicker(section, describer.speech)),
        "unsaid": describer.inlines(find_unsaid(section, describer.speech)),
    }


def _describe_organisation(organisation: Organisation, describer: Describer) -> Node:
    ring = organisation.telephone
    return {
        "name": describer.plain(organisation.name),
        "about": describer.blocks(organisation.about) if organisation.about else None,
        "address": describer.plain(organisation.address) if organisation.address else None,
        "email": describe_contact(f"mailto:{organisation.email}", organisation.email),
        "telephone": describe_contact(dial(ring), describer.plain(ring)) if ring else None,
        "website": describe_link(organisation.website) if organisation.website else None,
        "privacy": describe_link(organisation.privacy) if organisation.privacy else None,
        "social": [{"name": name, "link": describe_link(at)} for name, at in organisation.social.items()],
        "help": describer.describe(organisation.help) if organisation.help else None,
    }
