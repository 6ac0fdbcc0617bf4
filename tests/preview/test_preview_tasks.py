"""Tasks, closing days and people to ask lead from the email to their lines in the file."""

from __future__ import annotations

import re

import pytest

from bulletin.declaration.source import Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.edition.edition import Edition
from bulletin.issue.model import Issue
from bulletin.preview.blocks import read_outline
from bulletin.preview.line_map import cut_text, mark_lines
from specimen import render

ISSUE = """\
month: 2026-11
published: 30 November 2026
subject: November
preview_text: News
signed:
  name: Asha Rahman
  role: Independent Chair
  text: Thank you for this year.
sections:
  - kind: events
    title: Events
    items:
      - title: Neglect conference
        date: 9 February 2027
        cost: Free to partners
        contact: {name: Jo Bloggs, email: jo@example.org}
        book:
          by: 18 December 2026
          link: https://www.example.org/book
        button: Book a place
        do: Book your place
  - kind: article
    title: One front door
    top_story: yes
    kicker: New in January
    text: One number replaces four.
    do: Use the new number
    from: 11 January 2027
  - kind: vacancies
    title: Vacancy
    items:
      - title: Chair of the network
        employer: Anytown Partnership
        closes: 11 December 2026
        interviews: 16 December 2026
        do: Apply to be chair
        link: https://www.example.org/chair
  - kind: campaign
    title: Safe sleep
    text: Winter is here.
    ends: 31 December
    quote: {text: I slept well., name: Danielle}
    do: Put up a poster
    by: 4 December 2026
"""


@pytest.fixture(scope="module")
def edition() -> tuple[Source, Issue, Edition]:
    source = parse_source(ISSUE, shown_as="issue.yaml")
    data = source.data
    assert isinstance(data, dict)
    return source, validate(source, Issue), render(issue={"introduction": None, **data})


@pytest.fixture(scope="module")
def lines_of(edition: tuple[Source, Issue, Edition]) -> dict[str, list[str]]:
    """For the words of each block of the email, the lines that it, and each part of it, comes from."""
    source, issue, made = edition
    marked = mark_lines(made.html, issue, source)
    found: dict[str, list[str]] = {}
    for block in read_outline(marked).blocks:
        element = block.element
        inside = marked[element.begin : element.end]
        numbers = [int(number) for number in re.findall(r'data-line="(\d+)"', inside)]
        found[block.words] = [source.lines[number - 1].strip() for number in numbers]
    return found


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("By Fri 4 Dec", "by: 4 December 2026"),
        ("Put up a poster", "do: Put up a poster"),
        ("By Fri 11 Dec", "closes: 11 December 2026"),
        ("Apply to be chair", "do: Apply to be chair"),
        ("By Fri 18 Dec", "by: 18 December 2026"),
        ("Book your place", "do: Book your place"),
        ("From Mon 11 Jan", "from: 11 January 2027"),
        ("Use the new number", "do: Use the new number"),
        ("New in January", "kicker: New in January"),
        ("Friday 11 December", "closes: 11 December 2026"),
        ("Wednesday 16 December", "interviews: 16 December 2026"),
        ("Anytown Partnership", "employer: Anytown Partnership"),
        ("Book a place by Fri 18 Dec", "button: Book a place"),
        ("“I slept well.”", "quote: {text: I slept well., name: Danielle}"),
    ],
)
def test_words_of_the_email_lead_to_their_line(lines_of: dict[str, list[str]], words: str, line: str) -> None:
    assert line in lines_of[words][:1]


def test_the_day_in_a_buttons_words_leads_to_its_own_line(lines_of: dict[str, list[str]]) -> None:
    assert "by: 18 December 2026" in lines_of["Book a place by Fri 18 Dec"]


def test_each_task_of_the_plain_text_leads_to_the_file(edition: tuple[Source, Issue, Edition]) -> None:
    source, issue, made = edition
    parts = {" ".join(part.text.split()): part.first for part in cut_text(made.text, issue, source)}

    for words, fields in (
        ("By Fri 4 Dec: Put up a poster", ("by:", "do:")),
        ("By Fri 11 Dec: Apply to be chair", ("closes:", "do:")),
        ("From Mon 11 Jan: Use the new number", ("from:", "do:")),
    ):
        (line,) = (first for text, first in parts.items() if words in text)
        assert source.lines[line - 1].strip().startswith(fields)
