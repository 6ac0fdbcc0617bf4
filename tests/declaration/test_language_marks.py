"""Passages in another language: marked for screen readers, shown as they are, and left out of what reads English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.prose import read_line, read_text
from bulletin.edition.markdown.markdown_html import render_blocks_html, render_inline_html
from bulletin.edition.markdown.markdown_text import render_blocks_text, render_inline_text
from bulletin.languages.known import SPOKEN


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("Say [cy: Croeso] here", 'Say <span lang="cy">Croeso</span> here', "Say Croeso here"),
        ("[pl: Dzień *dobry*]", '<span lang="pl">Dzień <em>dobry</em></span>', "Dzień dobry"),
        ("[ur: ایک] and [so: mid]", '<span lang="ur">ایک</span> and <span lang="so">mid</span>', "ایک and mid"),
        ("[cy: a [b] c]", '<span lang="cy">a [b] c</span>', "a [b] c"),
        ("[en: Hello]", '<span lang="en-GB">Hello</span>', "Hello"),
    ],
)
def test_a_passage_is_marked_in_html_and_said_in_text(text: str, html: str, plain: str) -> None:
    assert render_inline_html(text) == html
    assert render_inline_text(text) == plain
    assert read_line(text).text == plain


@pytest.mark.parametrize(
    "text", ["[note: later]", "[xx: no]", "[CY: no]", "[cy:no]", "[cy: open", "[check: 4 May]", "[cy:]", "[]"]
)
def test_other_brackets_stay_what_they_are(text: str) -> None:
    assert render_inline_html(text) == text
    assert read_line(text).foreign == ()


def test_a_link_may_be_in_a_passage_and_a_passage_is_no_link() -> None:
    assert render_blocks_html("[cy: Gweler [y canllaw](https://gov.wales)]") == (
        '<p class="p"><span lang="cy">Gweler <a class="a" href="https://gov.wales">y canllaw</a></span></p>\n'
    )
    assert 'href="https://gov.wales"' in render_blocks_html("[cy: canllaw](https://gov.wales)")


BLOCK = "Before.\n\n[cy:\nCroeso i bawb.\n\n- Llun\n- Mawrth\n]\n\nAfter."


def test_paragraphs_and_lists_may_be_marked_together() -> None:
    assert render_blocks_html(BLOCK) == (
        '<p class="p">Before.</p>\n<div lang="cy">\n<p class="p">Croeso i bawb.</p>\n'
        '<ul class="list">\n<li class="li">Llun</li>\n<li class="li">Mawrth</li>\n</ul>\n</div>\n'
        '<p class="p">After.</p>\n'
    )
    assert render_blocks_text(BLOCK) == "Before.\n\nCroeso i bawb.\n\n• Llun\n• Mawrth\n\nAfter."


def test_what_reads_english_gets_a_plain_word_in_place_of_each_passage() -> None:
    prose = read_text(BLOCK)
    assert [(prose.text[each.start : each.end], each.language) for each in prose.foreign] == [
        ("Croeso i bawb.", "cy"),
        ("Llun", "cy"),
        ("Mawrth", "cy"),
    ]
    assert prose.without_other_languages().text == "Before.\n\nwords\n\nwords\n\nwords\n\nAfter."


PARTS = st.lists(st.tuples(st.sampled_from(["Welcome", "here today", "a"]), st.sampled_from([*SPOKEN, ""])), min_size=1)


@given(PARTS)
def test_the_words_that_are_left_keep_their_places(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"[{code}: {words}]" if code else words for words, code in parts)
    prose = read_line(text)
    english = prose.without_other_languages()

    assert prose.text == " ".join(words for words, _ in parts)
    assert english.text == " ".join("words" if code else words for words, code in parts)
    assert len(english.offsets) == len(english.text) + 1
    at = 0
    for words, code in parts:
        if not code:
            begin = english.offsets[at]
            assert text[begin : begin + len(words)] == words
        at += len("words" if code else words) + 1
