"""What readers of plain text see: wrapping, Markdown without its marks, and the whole of an edition's text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.edition import Edition
from bulletin.edition.markdown.markdown_text import render_blocks_text, render_inline_text, show_address
from bulletin.edition.wrapping import WIDTH, prefix_lines, tidy_text, underline, wrap_text
from specimen import render

LONG_ADDRESS = "https://www.example.org/" + "a-very-long-path/" * 8
WORDS = st.text(
    st.characters(categories=["L", "N", "P"], exclude_characters="\\`*_[]<>&!#-+.)(/:"), min_size=1, max_size=90
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return render()


def words_of(text: str) -> list[str]:
    return text.split()


@given(st.lists(WORDS, max_size=60), st.integers(20, WIDTH))
def test_wrapping_loses_no_word_breaks_none_and_keeps_to_the_width(words: list[str], width: int) -> None:
    lines = wrap_text(" ".join(words), width=width).split("\n")
    assert words_of(" ".join(lines)) == words_of(" ".join(words))
    assert all(len(line) <= width or " " not in line for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"See {LONG_ADDRESS} for more.", ["See", LONG_ADDRESS, "for more."]),
        ("See https://a.uk.", ["See", "https://a.uk"]),
        ("(https://a.uk/b_(c)), then rest", ["https://a.uk/b_(c)", "then rest"]),
        ("https://a.uk https://b.uk", ["https://a.uk", "https://b.uk"]),
        ("At midday, or: write.", ["At midday, or: write."]),
        ("one\ntwo", ["one", "two"]),
    ],
)
def test_a_web_address_stands_on_a_line_of_its_own_unbroken(text: str, lines: list[str]) -> None:
    assert wrap_text(text).split("\n") == lines


def test_a_non_breaking_space_does_not_break() -> None:
    line = "x" * 70 + " 24\u00a0March"
    assert wrap_text(line).split("\n") == ["x" * 70, "24\u00a0March"]


def test_the_lines_after_the_first_hang_below_the_marker() -> None:
    assert prefix_lines("one\ntwo\n\nthree", "• ") == "• one\n  two\n\n  three"
    assert prefix_lines("one\n\ntwo", "> ", "> ") == "> one\n>\n> two"


def test_a_title_is_underlined_to_the_length_of_its_longest_line() -> None:
    assert underline("A title", "=") == "A title\n======="
    *lines, strokes = underline("long words " * 12, "-").split("\n")
    assert len(lines) == 2
    assert len(strokes) == max(map(len, lines))


def test_a_text_is_tidied_to_two_blank_lines_at_most_and_no_trailing_space() -> None:
    assert tidy_text("\n\na  \n\n\n\n\n\nb\n \n\nc\n\n") == "a\n\n\nb\n\n\nc\n"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("A *soft* and **strong** `word`", "A soft and strong word"),
        ("one\ntwo  \nthree", "one two\nthree"),
        ("# Title\n\nwords", "Title\n\nwords"),
        ("- a\n- b\n  - c", "• a\n• b\n  • c"),
        ("- a\n\n  more\n\n- b", "• a\n\n  more\n• b"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> quoted\n> - a", "> quoted\n>\n> • a"),
        ("    code  here\n    two", "    code  here\n    two"),
        ("a\n\n---\n\nb", f"a\n\n{'-' * 20}\n\nb"),
        ("Read [this](https://a.uk/x).", "Read this.\nhttps://a.uk/x"),
        ("[One](https://a.uk) or [two](https://b.uk).", "One or two.\nOne:\nhttps://a.uk\ntwo:\nhttps://b.uk"),
        ("[Write](mailto:a@b.uk) to us", "Write to us\na@b.uk"),
        ("Ring [us](tel:02079460000)", "Ring us\n02079460000"),
        ("Mail <mailto:a@b.uk?subject=x>", "Mail mailto:a@b.uk?subject=x"),
        ("Go to <https://a.uk/b>, now", "Go to\nhttps://a.uk/b\nnow"),
        ("[https://a.uk](https://a.uk)", "https://a.uk"),
        ("&lt;b&gt; &amp; \\*", "<b> & *"),
        ("{{ 7*7 }} {% x %}", "{{ 7*7 }} {% x %}"),
    ],
)
def test_markdown_is_plain_text_without_its_marks(markdown: str, text: str) -> None:
    assert render_blocks_text(markdown) == text


@given(st.lists(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), min_size=1, max_size=4))
def test_no_word_of_a_text_is_lost_and_its_paragraphs_stay_apart(paragraphs: list[str]) -> None:
    text = render_blocks_text("\n\n".join(paragraphs))
    assert [words_of(part) for part in text.split("\n\n")] == [words_of(part) for part in paragraphs]


@given(st.text(max_size=300))
def test_any_text_at_all_becomes_plain_text(text: str) -> None:
    assert isinstance(render_blocks_text(text), str)
    assert isinstance(render_inline_text(text.replace("\n", " ")), str)


@given(st.text(st.sampled_from("*_`>-+#1. \n[]()abc"), max_size=60))
def test_nested_blocks_keep_to_the_width_they_have_left(text: str) -> None:
    lines = render_blocks_text(text + "\n\n" + "- x " + "long words " * 20).split("\n")
    assert all(len(line) <= WIDTH or "long words" not in line for line in lines)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mailto:a@b.uk", "a@b.uk"),
        ("tel:020 7946 0000", "020 7946 0000"),
        ("mailto:a@b.uk?subject=x", "mailto:a@b.uk?subject=x"),
        ("https://a.uk", "https://a.uk"),
    ],
)
def test_an_address_is_shown_as_one_writes_or_dials_it(address: str, shown: str) -> None:
    assert show_address(address) == shown


def test_every_line_of_the_edition_keeps_to_76_characters_unless_it_is_one_address(edition: Edition) -> None:
    long_lines = [line for line in edition.text.split("\n") if len(line) > WIDTH]
    assert all(re.fullmatch(r" *https?://\S+", line) for line in long_lines)


def test_every_web_address_of_the_edition_is_alone_on_its_line(edition: Edition) -> None:
    lines = [line for line in edition.text.split("\n") if "://" in line]
    assert len(lines) > 15
    assert all(re.fullmatch(r" *https?://\S+", line) for line in lines)


def test_no_mark_of_html_or_markdown_or_a_template_is_left(edition: Edition) -> None:
    assert not re.search(r"</?[a-z]+|&[a-z#0-9]+;|\*\*|\]\(|\{\{|\{%|None|True|False", edition.text)


def test_readers_can_leave_at_the_foot(edition: Edition) -> None:
    lines = edition.text.split("\n")
    places = [number for number, line in enumerate(lines) if line == edition.slots.unsubscribe]
    assert len(places) == 1
    assert places[0] > len(lines) - 5
    assert all(lines[place - 1] == "Unsubscribe:" for place in places)


def test_the_greeting_is_a_line_of_its_own(edition: Edition) -> None:
    assert f"\n{edition.slots.greeting}\n" in edition.text


def test_the_foot_says_who_writes_and_why_and_where_to_reach_them(edition: Edition) -> None:
    foot = edition.text[edition.text.rindex("Anytown Safeguarding Partnership") :]
    for words in (
        "1 High Street, Anytown AN1 1AA",
        "contact@anytown.example.org",
        "01632 960 000",
        "https://www.anytown.example.org/privacy",
        "You get this because you work with us.",
    ):
        assert words in foot


def test_without_a_website_the_text_offers_no_link_to_it() -> None:
    assert "View in browser" not in render(settings={"website": None}).text


@pytest.mark.parametrize(
    "words",
    [
        "Under way. Led by Anytown CCG.",
        "● 26 April 2021 (done): Update to the Board",
        "● March to April 2021 (past): First sessions",
        "▲ 1 May 2021 (late): Terms agreed",
        "○ 9 to 11 July 2021 (to come): A conference for all",
        "Campaign · phase 1 of 2 · to come",
        "24 professionals have completed it (April 2021)",
        "• Wed 9 Jun 2021, 9:30am to 12:30pm, Town Hall",
        "Book a place by Tue 1 Jun:",
        "Monday 28 June to Friday 2 July, from 9am\nSummer school",
        "  Guidance · Department for Education and Ofsted · 24 March 2021",
        "Picture: Poster: a lifeguard waves\nThe poster of phase 1",
    ],
)
def test_each_kind_of_section_is_told_in_words_and_shapes(edition: Edition, words: str) -> None:
    assert words in edition.text
