"""No word of what is for some readers only is in a file for calendars, whatever an issue says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bulletin.edition.calendar.files import write_entry, write_feed
from bulletin.edition.to_do import list_to_do
from bulletin.issue.audience import PUBLIC, Audience
from calendar_reader import make_issue, publish_issue
from random_issues import random_sections

WORD = re.compile(r"word\d+x")
PAGE = "https://news.example.org/monthly/2021-05/"


def find_words(value: Any) -> set[str]:
    return set(WORD.findall(str(value)))


def list_records(value: Any) -> Iterator[dict[str, Any]]:
    """Each section, item, session and the like that `for:` can be written on."""
    for section in value:
        yield section
        for name in ("items", "groups", "links", "assets"):
            for item in section.get(name, ()):
                yield item
                for inner in ("sessions", "milestones", "items"):
                    yield from item.get(inner, ())


@st.composite
def marked_sections(draw: Callable[..., Any]) -> tuple[list[dict[str, Any]], set[str]]:
    """Random sections, some parts of which are for schools or marketing; and the words of these parts alone."""
    sections = draw(random_sections())
    kept = find_words(sections)
    secret: set[str] = set()
    for record in list_records(sections):
        mark = draw(st.sampled_from(["", "", "", "for", "marketing"]))
        if mark:
            record[mark] = ["schools"] if mark == "for" else "yes"
            secret |= find_words(record)
    assert secret <= kept
    return sections, secret


@given(marked=marked_sections())
@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_no_restricted_word_is_in_a_file_nor_its_file_in_an_email(
    marked: tuple[list[dict[str, Any]], set[str]],
) -> None:
    sections, secret = marked
    issue = make_issue(*sections, month="2021-05", published="4 May 2021", to_do="all")
    public = issue.for_audience(PUBLIC)
    published = publish_issue(public)
    contents = [write_feed(published, title="News"), *map(write_entry, published)]
    shown = b"".join(contents).replace(b"\r\n ", b"").decode()
    assert not find_words(shown) & secret
    names = {f"{PAGE}{each.entry.name}.ics" for each in published}
    everyone = issue.for_audience(Audience(lists=frozenset({"schools"}), consent=True))
    assert {row.calendar for row in list_to_do(everyone, page=PAGE)} <= {"", *names}
