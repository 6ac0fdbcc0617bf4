"""What a reader of screens gets of a PDF: beside veraPDF, which passes a text without a paragraph around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from bulletin.edition.build import make_edition
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace
from pdf_editions import AROUND, describe, make_may_2021, make_november_2026, make_specimen, typeset_document
from pdf_structure import Element, Structure, read_structure
from specimen import render

pytestmark = pytest.mark.slow

INLINE = ("Span", "Strong", "Em", "Link", "Quote", "Code", "Reference")


@pytest.fixture(scope="module", params=["may", "november", "specimen"])
def structure(request: pytest.FixtureRequest) -> Structure:
    makers = {"may": make_may_2021, "november": make_november_2026, "specimen": make_specimen}
    return read_structure(makers[request.param]().content)


def body_of(structure: Structure) -> Element:
    (document,) = structure.root.find("Document")
    return document


def test_no_words_are_outside_a_paragraph_a_heading_or_a_list(structure: Structure) -> None:
    assert [child.tag for child in body_of(structure).children if child.tag in INLINE] == []
    assert [part for part in body_of(structure).parts if isinstance(part, str) and part.strip()] == []


def test_every_list_has_entries_and_every_entry_words(structure: Structure) -> None:
    lists = structure.root.find("L")

    assert lists
    assert all(each.find("LI") for each in lists)
    assert all(entry.text.strip() for each in lists for entry in each.find("LI"))


def test_headings_begin_at_the_first_level_and_skip_none(structure: Structure) -> None:
    levels = [int(each.tag[1:]) for each in structure.root.walk() if re.fullmatch("H[1-6]", each.tag)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.text.strip() for each in structure.root.find("H1", "H2", "H3", "H4"))


def test_a_picture_has_its_alternative_and_a_table_its_heads(structure: Structure) -> None:
    assert all(figure.alt for figure in structure.root.find("Figure"))
    assert all(table.find("THead", "TH") for table in structure.root.find("Table"))


def test_the_language_the_title_and_the_outline_are_there(structure: Structure) -> None:
    assert structure.lang == "en-GB"
    assert structure.title.endswith(("May 2021", "November 2026"))
    assert structure.shows_title
    headings = [" ".join(each.text.split()) for each in structure.root.find("H1")]
    assert {" ".join(entry.split()) for entry in structure.outline} >= set(headings) - {
        "In this issue",
        "Worried about a child?",
    }


def find_addresses(value: Any) -> Iterator[str]:
    """Every web address and such in a document; a postal one has no scheme."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "address" and isinstance(inner, str) and re.match(r"(?:https?|mailto|tel):", inner):
                yield inner
            else:
                yield from find_addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_addresses(inner)


def test_every_link_of_an_issue_can_be_followed_and_no_other() -> None:
    document, pictures = describe()
    structure = read_structure(typeset_document(document, pictures).content)

    assert set(structure.addresses) == set(find_addresses(document))
    links = [
        link
        for link in structure.root.find("Link")
        if not any(link in toc.walk() for toc in structure.root.find("TOC"))
    ]
    assert all(link.text.strip() for link in links)


def squeeze(text: str) -> str:
    """Letters and figures alone: marks and line ends are not the same in both."""
    return re.sub(r"[\W_]+", "", text.lower())


def list_words(text: str) -> list[str]:
    addresses = r"\S+@\S+|(?:https?://|www\.)\S+|tel:\S+"
    return re.findall(r"[^\W_]+", re.sub(addresses, " ", text.lower()))


def test_a_pdf_says_what_the_plain_text_says() -> None:
    """Every word of May 2021 in plain text, without addresses, greeting and what unsubscribes, in the PDF too."""
    edition = make_edition(open_workspace(sample_folder(), environ={}), "2021-05")
    text = edition.text.partition(edition.slots.greeting)[2].partition("You get this")[0]
    structure = read_structure(make_may_2021().content)
    printed = set(list_words(structure.text))
    own = {"given", "by", "when", "on", "demand"}  # labels of the plain text

    assert [word for word in list_words(text) if word not in printed | own and word[:3] not in printed] == []


def test_reading_order_is_that_of_the_issue() -> None:
    structure = read_structure(make_specimen(around=AROUND).content)
    said = squeeze(structure.text.partition("In this issue")[2])
    titles = [squeeze(heading.text) for heading in structure.root.find("H1")]
    order = [title for title in titles if title in squeeze(render().text)]

    at = 0
    for title in order[2:]:
        at = said.index(title, at)
