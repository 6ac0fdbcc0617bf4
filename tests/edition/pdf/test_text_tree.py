"""Texts and addresses as data for a PDF: what Markdown means, and nothing that could be run."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.edition.pdf.document import list_words
from bulletin.edition.pdf.printed_address import LONGEST, describe_link, print_address
from bulletin.edition.pdf.text_tree import read_inlines, read_tree, show_inlines
from bulletin.edition.typography.typesetting import TypeStyle
from pdf_editions import describe, specimen_issue


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("https://www.gov.uk/childcare", "www.gov.uk/childcare"),
        ("https://thebigask.uk/", "https://thebigask.uk"),
        ("http://www.example.org/", "http://www.example.org"),
        ("https://www.example.org/a/?q=1/", "www.example.org/a/?q=1/"),
        ("https://example.org/a/#b", "https://example.org/a/#b"),
        ("mailto:chair@example.org", "chair@example.org"),
        ("tel:01632960000", "01632960000"),
        ("mailto:chair@example.org?subject=Hello", "mailto:chair@example.org?subject=Hello"),
    ],
)
def test_an_address_is_printed_as_it_can_be_typed_again(address: str, printed: str) -> None:
    assert print_address(address) == printed


def test_a_long_address_has_its_own_line() -> None:
    assert not describe_link("https://example.org/" + "a" * (LONGEST - 20))["long"]
    assert describe_link("https://example.org/" + "a" * (LONGEST - 19))["long"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [the guidance](https://www.example.org/a).", "www.example.org/a"),
        ("See [thebigask.uk](https://thebigask.uk).", ""),
        ("See <https://www.example.org/more>.", ""),
        ("See www.example.org/more today.", ""),
        ("Ring [01632 960 000](tel:01632960000).", ""),
        ("Ring [the desk](tel:01632960000).", "01632960000"),
        ("Ask [Jo](mailto:jo@example.org).", "jo@example.org"),
        ("Ask jo@example.org.", ""),
    ],
)
def test_a_link_has_its_address_printed_unless_its_words_are_it(text: str, shown: str) -> None:
    (link,) = [node for node in read_tree(text)[0]["inlines"] if node["type"] == "link"]
    assert link["shown"] == shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org", "page.html"])
def test_an_address_that_can_not_be_opened_is_no_link(address: str) -> None:
    nodes = read_inlines(f"See [this]({address}) now.")

    assert [node["type"] for node in nodes] == ["text", "span", "text"]
    assert show_inlines(nodes) == "See this now."


def test_marks_within_marks_are_a_tree() -> None:
    assert read_inlines("A **b *c* `d`** e  \nf") == [
        words("A "),
        {
            "type": "strong",
            "inlines": [
                words("b "),
                {"type": "em", "inlines": [words("c")]},
                words(" "),
                {"type": "code", "text": "d"},
            ],
        },
        words(" e"),
        {"type": "br"},
        words("f"),
    ]


@pytest.mark.parametrize(
    ("text", "depths"),
    [
        ("### First\n\nA.\n\n#### Below\n\nB.\n\n# Again\n\nC.", [1, 2, 1]),
        ("# A\n\n### B\n\n## C\n\n## D\n\n#### E", [1, 2, 2, 2, 3]),
        ("###### Only", [1]),
    ],
)
def test_headings_of_a_text_skip_no_level(text: str, depths: list[int]) -> None:
    assert [block["depth"] for block in read_tree(text) if block["type"] == "heading"] == depths


def test_every_kind_of_block_is_one() -> None:
    table = "Table: T\n\n| A | B |\n|---|--:|\n| c | |"
    text = f"P.\n\n- a\n  1. b\n\n3. c\n\n> q\n\n```\ncode\n```\n\n***\n\n{table}\n\n[cy:\n\nDŵr.\n\n]"
    blocks = read_tree(text)

    assert [block["type"] for block in blocks] == [
        "paragraph",
        "list",
        "list",
        "quotation",
        "code",
        "rule",
        "table",
        "lang",
    ]
    assert blocks[1]["start"] is None
    assert blocks[1]["entries"][0][1]["type"] == "list"
    assert blocks[2]["start"] == 3
    assert blocks[4]["text"] == "code"
    assert blocks[6]["caption"] == [words("T")]
    assert [cell["align"] for cell in blocks[6]["head"]] == ["", "right"]
    assert blocks[6]["rows"][0][1]["inlines"] == []
    assert (blocks[7]["language"], blocks[7]["region"]) == ("cy", "GB")


def test_words_are_set_by_the_typographic_rules_and_code_and_addresses_are_not() -> None:
    nodes = read_inlines('"Yes" - on 4 May: `"no"` www.example.org/a-b', TypeStyle())

    assert show_inlines(nodes).startswith('“Yes”\u00a0– on 4\u00a0May: "no" ')
    assert nodes[1] == {"type": "code", "text": '"no"'}


def test_all_that_a_document_says_is_listed_a_text_a_line() -> None:
    sections = [
        {
            "kind": "article",
            "title": "One **bold** title",
            "text": "A word in the m*idd*le, and [a link](https://www.example.org/x).\n\n- entry",
            "image": {"file": "a.png", "alt": "What it shows"},
            "do": "Book *now*",
            "link": "https://www.example.org/book",
        }
    ]
    document, _ = describe(specimen_issue(sections=sections))
    lines = set(list_words(document))

    assert {
        "One bold title",
        "A word in the middle, and a link.",
        "entry",
        "What it shows",
        "Book now",
        "https://www.example.org/x",
        "https://www.example.org/book",
        "one-bold-title",
    } <= lines
    assert not {"paragraph", "text", "#ffffff"} & lines
