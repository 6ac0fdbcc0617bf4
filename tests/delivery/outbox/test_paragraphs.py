"""The words of short emails: one template for plain text and HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.outbox.paragraphs import Paragraph, Wording, parse_wording, write_plain
from bulletin.errors import ThemeError

TEXT = """\
Subject: Confirm it

You asked for this.
To start, select this link:
[Confirm] https://example.org/y1

You get:
• One
• Two

[Change it] https://example.org/p1
"""


def parse(text: str) -> Wording:
    return parse_wording(text, template="notices/x.txt.j2")


def test_each_kind_of_line_is_recognised() -> None:
    assert parse(TEXT) == Wording(
        subject="Confirm it",
        paragraphs=(
            Paragraph(words="You asked for this. To start, select this link:"),
            Paragraph(words="Confirm", address="https://example.org/y1", announced=True),
            Paragraph(words="You get:"),
            Paragraph(entries=("One", "Two")),
            Paragraph(words="Change it", address="https://example.org/p1"),
        ),
    )


def test_plain_text_names_a_link_unless_the_words_before_do() -> None:
    assert write_plain(parse(TEXT)) == (
        "You asked for this. To start, select this link:\n\nhttps://example.org/y1\n\n"
        "You get:\n\n• One\n• Two\n\nChange it:\nhttps://example.org/p1\n"
    )


@pytest.mark.parametrize("text", ["", "Subject: \n\nWords", "Subject: It", "Words\n\nSubject: It", "\n\n"])
def test_an_email_without_a_subject_or_words_is_refused(text: str) -> None:
    with pytest.raises(ThemeError, match=r"notices/x\.txt\.j2"):
        parse(text)


WORD = st.from_regex(r"[A-Za-z0-9@.,!?()*#é中-]{1,90}", fullmatch=True)


@given(st.lists(st.lists(WORD, min_size=1, max_size=30), min_size=1, max_size=6))
def test_no_word_is_lost_or_broken(paragraphs: list[list[str]]) -> None:
    text = "Subject: It\n\n" + "\n\n".join(" ".join(words) for words in paragraphs)
    plain = write_plain(parse(text))
    assert plain.split() == [word for words in paragraphs for word in words]
    assert all(len(line) <= 76 or " " not in line for line in plain.splitlines())


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        wording = parse(f"Subject: It\n\n{text}")
    except ThemeError:
        assert not text.strip()
    else:
        assert write_plain(wording).endswith("\n")
