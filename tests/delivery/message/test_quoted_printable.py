from __future__ import annotations

import quopri
import re

from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.delivery.message.quoted_printable import encode_segment, encode_text

# Long enough to need several lines, and thick with what is special.
texts = st.text(st.one_of(st.sampled_from(".= \t\r\né😀"), st.characters(codec="utf-8")), max_size=400)


def decode(encoded: bytes) -> str:
    return quopri.decodestring(encoded).decode()


def with_crlf(text: str) -> str:
    return re.sub("\r?\n", "\r\n", text)


@given(texts)
@example("." * 300)
@example("=" * 300)
@example("é" * 300)
@example(("x" * 75 + ".") * 4)
@example("ends with a space \nand a tab\t\n ")
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert decode(encode_text(text)) == with_crlf(text)


@given(texts)
@example("." * 300)
@example("é" * 300)
@example("a" * 76)
def test_lines_have_at_most_76_printable_octets_and_begin_with_no_dot_and_end_with_no_space(text: str) -> None:
    for line in encode_text(text).split(b"\r\n"):
        assert re.fullmatch(rb"(?!\.)[ -~]{0,76}", line)
        assert not line.endswith(b" ")


@given(st.lists(texts, max_size=6))
def test_segments_joined_are_the_text_joined(pieces: list[str]) -> None:
    joined = b"".join(encode_segment(piece) for piece in pieces)

    # Only a CR that ends one piece and an LF that begins the next do not become a line break together.
    assert decode(joined) == "".join(with_crlf(piece) for piece in pieces)


@given(texts.filter(bool))
def test_what_follows_a_segment_begins_a_line_of_its_own(text: str) -> None:
    assert encode_segment(text).endswith(b"\r\n")


def test_an_empty_segment_takes_no_room() -> None:
    assert encode_segment("") == b""


def test_a_carriage_return_alone_is_a_character_and_not_a_line_break() -> None:
    assert encode_text("a\rb\r\nc") == b"a=0Db\r\nc"


def test_half_a_surrogate_pair_is_replaced_and_not_an_error() -> None:
    assert encode_text("a\ud800b") == b"a?b"
