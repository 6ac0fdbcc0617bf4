"""Where in its file each part of a mail comes from: every paragraph has its line, the theme's words have none."""

from __future__ import annotations

import re
from functools import cache

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.issue.model import Issue
from bulletin.preview.blocks import TextBlock, read_outline
from bulletin.preview.line_map import cut_text, mark_lines
from bulletin.preview.passages import list_passages
from bulletin.preview.view import View, apply_view
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace
from conftest import examples
from specimen import ISSUE, render

MARK = re.compile(
    r"<span data-line=\"\d+\"(?: data-until=\"\d+\")?>(.*?)</span>|\sdata-(?:line|until)=\"\d+\"", re.DOTALL
)
# What the default theme says by itself, or takes from bulletin.yaml.
THEMES_WORDS = [
    *(
        "S.H.I.E.L.D. Training e-bulletin",
        "Courses and workshops in Bexley",
        "In this issue",
        "Looking ahead",
        "Priority",
        "Next",
        "Please note",
        "Campaign",
        "Group update",
        "Training",
        "Read more",
    ),
    *("Ready to use", "Unsubscribe", "For", "Partners", "Given by", "When", "To book", "1 High Street"),
    "You get this because you work with us.",
    *("Anytown safeguarding news", "S.H.I.E.L.D. e-bulletin", "What you need to do", "Also in this issue", "Film"),
]


def write_source(issue: dict[str, object]) -> Source:
    return parse_source(yaml.safe_dump(issue, allow_unicode=True, sort_keys=False, width=80), shown_as="issue.yaml")


def mark(source: Source, edition: Edition) -> str:
    return mark_lines(edition.html, validate(source, Issue), source)


def mark_text(text: str) -> tuple[Source, str]:
    """An issue's file, and its mail with lines."""
    source = parse_source(text, shown_as="issue.yaml")
    data = source.data
    assert isinstance(data, dict)
    return source, mark(source, render(issue={"introduction": None, **data}))


SPECIMEN = write_source(ISSUE)


def sample(issue_id: str) -> tuple[Source, Edition]:
    workspace = open_workspace(sample_folder(), environ={})
    return workspace.read_issue_source(issue_id), make_edition(workspace, issue_id)


def line_of(block: TextBlock) -> int:
    return int(block.element.attributes.get("data-line", "0"))


def written(source: Source, block: TextBlock) -> str:
    """The words of the lines that a block is said to come from."""
    last = int(block.element.attributes.get("data-until", line_of(block)))
    return " ".join(source.lines[line_of(block) - 1 : last])


EVERY_ISSUE = ["specimen", *open_workspace(sample_folder(), environ={}).issue_ids()]


@cache
def find(name: str) -> tuple[Source, Edition]:
    """One of EVERY_ISSUE. Rendered when a test asks: to collect the tests, it need not be there."""
    return (SPECIMEN, render()) if name == "specimen" else sample(name)


@pytest.mark.parametrize("name", EVERY_ISSUE)
def test_the_marked_copy_is_the_mail_but_for_the_marks(name: str) -> None:
    source, edition = find(name)
    assert "data-line" not in edition.html
    assert MARK.sub(r"\1", mark(source, edition)) == edition.html


@pytest.mark.parametrize("name", EVERY_ISSUE)
def test_every_paragraph_heading_and_entry_has_its_line_and_the_themes_words_have_none(
    name: str,
) -> None:
    source, edition = find(name)
    issue_words = {
        word
        for passage in list_passages(source, validate(source, Issue))
        for word in re.findall(r"\w+", passage.words.lower())
    }
    seen = 0
    marked = mark(source, edition)
    foot = marked.index('<td class="foot')
    for block in read_outline(marked).blocks:
        if block.begins[0] > foot:
            assert line_of(block) == 0, block.words
        elif block.element.name not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre"):
            continue
        elif block.element.attributes.get("class", "").startswith("day"):
            continue  # the tile beside a date repeats it, and is hidden from screen readers
        elif line_of(block):
            seen += 1
            words = re.findall(r"\w+", block.words.lower())
            assert any(word in written(source, block).lower() for word in words), block.words
        else:
            words_left = set(re.findall(r"\w+", block.words.lower())) - issue_words
            assert words_left or block.words in THEMES_WORDS, block.words
    assert seen > 15


@pytest.mark.parametrize("view", [View(), View(dark=True), View(pictures=False), View(word=True)])
def test_every_word_of_the_specimen_is_at_its_line_in_every_look(view: View) -> None:
    dressed = apply_view(render().html, view, pictures={})
    marked = mark_lines(dressed, validate(SPECIMEN, Issue), SPECIMEN)
    lines = {int(number) for number in re.findall(r"data-line=\"(\d+)\"", marked)}
    for passage in list_passages(SPECIMEN, validate(SPECIMEN, Issue)):
        if passage.place[-1] in ("title", "text", "introduction", "lead", "outlook", "caption", "summary", "next"):
            assert passage.first in lines, passage


def test_what_the_theme_and_the_settings_say_has_no_line() -> None:
    for block in read_outline(mark(SPECIMEN, render())).blocks:
        if block.words in THEMES_WORDS or "Anytown AN1 1AA" in block.words:
            assert line_of(block) == 0, block.words


def test_every_link_and_picture_of_the_issue_has_its_line_and_the_ways_out_have_none() -> None:
    marked = mark(SPECIMEN, render())
    outline, foot = read_outline(marked), marked.index('<td class="foot')
    addresses = set(re.findall(r"(?:https?://|tel:|mailto:)[^\s)>\\\"']+", "\n".join(SPECIMEN.lines)))
    for link in outline.links:
        address = link.element.attributes["href"]
        own = link.element.begin < foot and (address in addresses or address.startswith("#"))
        assert ("data-line" in link.element.attributes) is own, (link.block.words, address)
    assert [("data-line" in picture.attributes) for picture in outline.pictures].count(False) == 1  # the logo


TWICE = """\
month: 2021-05
published: 4 May 2021
subject: May
preview_text: News
sections:
  - kind: notice
    text: |
      We are closed.

      - one
      - **two** and _more_

      Write to us.
    title: Office hours
  - kind: notice
    title: Office hours
    text: >-
      We are
      closed.

      Write to us.
  - kind: links
    title: Links
    items:
      - title: Office hours
        link: https://example.org/a
      - title: "Read \\"this\\" & more"
        link: https://example.org/a
"""


def test_the_same_words_in_two_sections_are_told_apart_whatever_the_order_of_the_fields() -> None:
    _, marked = mark_text(TWICE)
    found = [
        (block.words, line_of(block))
        for block in read_outline(marked).blocks
        if block.element.name in ("p", "li", "h2") and line_of(block)
    ]
    assert found == [
        ("May 2021 · View in browser", 1),
        ("Office hours", 14),
        ("We are closed.", 8),
        ("one", 10),
        ("two and more", 11),
        ("Write to us.", 13),
        ("Office hours", 16),
        ("We are closed. Write to us.", 18),
        ("Links", 23),
        ("Office hours", 25),
        ("Read “this” & more", 27),
    ]


TYPED = """\
month: 2021-05
published: 4 May 2021
subject: News
preview_text: What is new.
sections:
  - kind: article
    title: It's "here" - now
    image: {file: poster.jpg, alt: It's the poster}
    text: |
      "We're here..." they said on 4 May 2021.

      We met--all of us--in Room 4, and wrote to jo@x.example.org about the 7-minute film.

      We met - all of us - again.
"""


def test_words_that_are_set_have_the_line_where_they_are_typed() -> None:
    outline = read_outline(mark_text(TYPED)[1])
    found = [line_of(block) for block in outline.blocks if line_of(block) and block.words != "What is new."]
    assert found[-4:] == [7, 10, 12, 14]
    assert [picture.attributes.get("data-line") for picture in outline.pictures][-1] == "8"


def test_a_theme_without_anchors_still_gives_most_of_it_a_line() -> None:
    html = re.sub(r"<a id=\"[^\"]*\" name=\"[^\"]*\"[^>]*></a>", "", render().html)
    marked = mark_lines(html, validate(SPECIMEN, Issue), SPECIMEN)
    kept, there = (len(re.findall("data-line", text)) for text in (marked, mark(SPECIMEN, render())))
    assert kept > 0.9 * there


WORDS = st.text(alphabet="ab <>&*_-#\"'é·,. \n", min_size=1, max_size=40).filter(
    lambda text: bool(text.strip(" *_-#\n"))
)


@examples(20)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_whatever_is_written_stays_text_and_the_mail_stays_as_it_is(texts: list[str]) -> None:
    items = [{"title": f"Item {number}", "text": text} for number, text in enumerate(texts)]
    section = {"kind": "group_update", "title": "News", "group": "A group", "items": items}
    source = write_source({**ISSUE, "sections": [section]})
    edition = render(issue={"sections": [section]}) if not _faulty(source) else None
    if edition is not None:
        marked = mark(source, edition)
        assert MARK.sub(r"\1", marked) == edition.html
        titles = [line_of(block) for block in read_outline(marked).blocks if re.match(r"Item \d\b", block.words)]
        assert titles == sorted(titles)
        assert len(titles) == len(texts)
        assert 0 not in titles


def _faulty(source: Source) -> bool:
    from bulletin.errors import FaultyFiles

    try:
        validate(source, Issue)
    except FaultyFiles:
        return True
    return False


@given(st.text(alphabet="<>!-[]=\"';: &amp/adivp#x1", max_size=200))
def test_no_html_however_broken_stops_it(html: str) -> None:
    marked = mark_lines(html, validate(SPECIMEN, Issue), SPECIMEN)
    assert MARK.sub(r"\1", marked) == html or "data-" in html


@pytest.mark.parametrize("name", EVERY_ISSUE)
def test_plain_text_comes_in_parts_that_know_their_lines(name: str) -> None:
    source, edition = find(name)
    issue = validate(source, Issue)
    parts = cut_text(edition.text, issue, source)
    assert "".join(part.text for part in parts) == edition.text
    lines = {part.first for part in parts}
    for passage in list_passages(source, issue):
        if passage.place[-1] in ("introduction", "lead", "outlook") or passage.place[2:] == ("title",):
            assert passage.first in lines, passage
    assert [part.first for part in parts if "nsubscribe" in part.text] == [0]


@given(st.text(alphabet="ab •-1.>\n  ", max_size=200))
def test_no_text_however_odd_loses_a_character(text: str) -> None:
    assert "".join(part.text for part in cut_text(text, validate(SPECIMEN, Issue), SPECIMEN)) == text
