"""What counts as the words of a mail: all that any reader may meet, in the order in which they meet it."""

from __future__ import annotations

import pytest

from bulletin.approval.contents import Contents
from bulletin.approval.html_words import list_html_words, list_text_words

LETTERHEAD = {"greeting": "Hello {name},", "greeting_unnamed": "Hello,"}


def contents(*, html: tuple[str, ...] = ("",), text: tuple[str, ...] = ("",)) -> Contents:
    return Contents(
        issue="2021-05",
        author="",
        lists=(),
        subject="News",
        html=html,
        text=text,
        letterhead=LETTERHEAD,
        pictures={},
    )


def html_words(*html: str) -> list[str]:
    subject, *words = list_html_words(contents(html=html))
    assert subject == "Subject: News"
    return words


WORDS = {
    "a sentence goes on in what marks it": ("<p>We <b>are</b> <em>op</em>en.</p>", ["We are open."]),
    "an address may break after its sign": ("<p>Ask us@<wbr>a.example now</p>", ["Ask us@a.example now"]),
    "blocks stand alone": ("<td>One<p>Two<br>Three</p>Four</td>", ["One", "Two", "Three", "Four"]),
    "where a link leads": ("<p><a href='https://a.example'>Book</a> now</p>", ["Book <https://a.example> now"]),
    "an address that says where it leads": ("<a href='mailto:us@a.example'>us@a.example</a>", ["us@a.example"]),
    "an address that leads elsewhere": (
        "<a href='mailto:x@b.example'>us@a.example</a>",
        ["us@a.example <x@b.example>"],
    ),
    "a link within the mail": ("<a href='#news'>News</a>", ["News"]),
    "what stands for a picture": ("<p><img src='cid:1' alt='Our logo'> Hello</p>", ["[Our logo] Hello"]),
    "a picture from elsewhere": ("<img src='https://a.example/x.png'>", ["<https://a.example/x.png>"]),
    "what is read aloud instead": ("<a aria-label='Ring us' href='tel:1'>Call</a>", ["[Ring us] Call <1>"]),
    "what only Outlook shows": ("<p>One</p><!--[if mso]><p>Two</p><![endif]--><p>Three</p>", ["One", "Two", "Three"]),
    "where a button of Outlook's own leads": (
        "<!--[if mso]><v:roundrect href='https://a.example'><center>Book</center></v:roundrect><![endif]-->",
        ["<https://a.example>", "Book"],
    ),
    "where a part of a picture leads": (
        "<map><area href='mailto:us@a.example' alt='Us'></map>",
        ["[Us] <us@a.example>"],
    ),
    "a part of a picture that leads within the mail": ("<map><area href='#news' alt='News'></map>", ["[News]"]),
    "a style sheet from elsewhere": (
        "<link href='https://a.example/f.css'>One",
        ["<https://a.example/f.css> One"],
    ),
    "what stands on a button": ("<input type='submit' value='Book now'>", ["[Book now]"]),
    "what Outlook does not show": ("<![if !mso]><p>One</p><![endif]>", ["One"]),
    "what is in an element that nobody knows": ("<xml><o:p>Ring us</o:p></xml>", ["Ring us"]),
    "a comment": ("One<!-- two -->", ["One"]),
    "what a style writes": ("<style>.a::before{content:'Ring us'}</style>", ["written by a style: 'Ring us'"]),
    "a style": ("<style>.a{color:#fff}</style>One", ["One"]),
    "the page's own title": ("<title>Our news</title>One", ["Our news", "One"]),
    "a title that is the subject": ("<title>News</title>One", ["One"]),
    "what fills the preview up": ("<div>Soon \u034f\u200c\u00a0\u034f\u200c</div>", ["Soon"]),
    "an entity": ("<p>Q&amp;A &lt;b&gt;</p>", ["Q&A <b>"]),
    "what was never closed": ("<p>One <b>two", ["One two"]),
}


@pytest.mark.parametrize(("html", "words"), WORDS.values(), ids=WORDS)
def test_the_words_of_html_are_what_readers_meet(html: str, words: list[str]) -> None:
    assert html_words(html) == words


def test_slots_are_told_as_what_stands_in_them() -> None:
    assert html_words("<p>", "greeting", "</p><a href='", "unsubscribe", "'>Leave</a>") == [
        "Hello {name}, / Hello,",
        "Leave <each reader’s own link>",
    ]


def test_a_word_that_is_called_like_a_slot_stays_a_word() -> None:
    assert html_words("<p>greeting</p>") == ["greeting"]


def test_plain_text_is_the_same_however_its_lines_are_broken() -> None:
    text = "News\n====\n\nWe are\nopen.\n\n• One\n  two\n• Three\n"

    assert list_text_words(contents(text=(text,))) == ["News", "We are open.", "• One two", "• Three"]
