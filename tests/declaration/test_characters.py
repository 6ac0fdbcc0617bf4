from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.characters import find_hidden, mark_hidden, name_character, remove_hidden, show_hidden

ODD = st.text(
    st.sampled_from(
        "al lش🏳️👩💻葛🏴\x00\x1b\x9b\r\n\t\u200b\u200c\u200d\u200e\u202e\u2028\u061c\u034f\ufeff\U000e0067\U000e007f"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    "text",
    [
        "👩‍💻 and 👨🏽‍⚖️ and ❤️‍🔥 and 🏳️‍🌈 and 🙂‍↔️",
        "می‌خواهم",
        "क्‍ष",
        "Llan\u200cgollen and Ban\u034fgor",
        "Cymru 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "سلام\u200f!",
        "ภาษา\u200bไทย",
        "葛\U000e0100城",
        "soft\u00adhyphen, no\u00a0break, narrow\u202fspace\tand a tab\n",
    ],
)
def test_a_character_that_writing_needs_may_stay(text: str) -> None:
    assert not list(find_hidden(text))
    assert remove_hidden(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\u202eb", "U+202E right-to-left override"),
        ("a\x1b[31mb", "U+001B escape"),
        ("a\x00b", "U+0000 null"),
        ("a\x9bb", "U+009B control sequence introducer"),
        ("a\x86b", "U+0086 control character"),
        ("a\rb", "U+000D carriage return"),
        ("a\u2028b", "U+2028 line separator"),
        ("a\u200bb", "U+200B zero width space"),
        ("pay\u200cpal", "U+200C zero width non-joiner"),
        ("an\u200d", "U+200D zero width joiner"),
        ("hi\u200e there", "U+200E left-to-right mark"),
        ("a\u2060b", "U+2060 word joiner"),
        ("\u3164", "U+3164 hangul filler"),
        ("a\U000e0041b", "U+E0041 tag latin capital letter a"),
        ("a\ufeffb", "U+FEFF zero width no-break space"),
    ],
)
def test_a_character_that_nobody_sees_and_no_writing_needs_is_named(text: str, name: str) -> None:
    ((index, char), *_) = find_hidden(text)

    assert name_character(char) == name
    assert mark_hidden(text)[index] == "�"


@given(ODD | st.text())
def test_what_is_left_when_the_hidden_are_gone_hides_nothing(text: str) -> None:
    assert not list(find_hidden(remove_hidden(text)))
    assert len(mark_hidden(text)) == len(text)


@given(ODD | st.text(st.characters(codec=None)))
def test_a_terminal_gets_nothing_to_act_upon_and_json_stays_json(text: str) -> None:
    shown = show_hidden(text)

    assert all(char in "\t\n\r" or (char >= " " and not "\x7f" <= char <= "\x9f") for char in shown)
    assert "\r" not in shown.replace("\r\n", "")
    assert not set(shown) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert json.loads(show_hidden(json.dumps(text, ensure_ascii=False))) == text
    shown.encode()


def test_a_long_text_of_hidden_characters_takes_no_longer_than_another() -> None:
    assert remove_hidden("\u200e\U000e0041" * 200_000) == ""
