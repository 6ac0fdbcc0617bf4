from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.prose import BlockKind, Prose, read_line, read_plain, read_text

MARKS = st.text("ab *_[]()<>`#-1.>&;\\\n!~|", max_size=60)


def written(value: str, prose: Prose) -> str:
    """What was typed where each character of the prose is said to be."""
    return "".join(value[offset : offset + 1] for offset in prose.offsets[:-1])


def test_marks_of_emphasis_are_not_read() -> None:
    value = "Hello **bold** and *em* un**believ**able."
    prose = read_text(value)
    assert prose.text == written(value, prose) == "Hello bold and em unbelievable."


def test_a_link_has_its_words_and_the_place_of_its_address() -> None:
    value = 'See [the **guide**](https://a.org/x_(y) "title") and [a](mailto:a@b.org) a.'
    prose = read_text(value)
    assert prose.text == written(value, prose) == "See the guide and a a."
    assert [(link.text, link.address) for link in prose.links] == [
        ("the guide", "https://a.org/x_(y)"),
        ("a", "mailto:a@b.org"),
    ]
    for link in prose.links:
        assert prose.text[link.start : link.end] == link.text
        assert value.startswith(link.address, link.address_at)


def test_an_address_between_angle_brackets_is_its_own_text() -> None:
    value = "At <https://e.org> we are."
    (link,) = read_text(value).links
    assert (link.text, value[link.address_at : link.address_at + len(link.address)]) == ("https://e.org",) * 2


def test_the_address_of_a_reference_is_not_in_its_place() -> None:
    value = "[ref][1] and [1]\n\n[1]: https://r.org"
    assert [(link.text, link.address_at) for link in read_text(value).links] == [("ref", -1), ("1", -1)]


def test_blocks_say_what_they_are() -> None:
    value = "## Head ##\n\n- one\n- 1\n\n1. 1\n\n> quote\n> more *x*\n\npara\nsoft  \nhard"
    prose = read_text(value)
    assert [(block.kind, prose.text[block.start : block.end]) for block in prose.blocks] == [
        (BlockKind.HEADING, "Head"),
        (BlockKind.ENTRY, "one"),
        (BlockKind.ENTRY, "1"),
        (BlockKind.ENTRY, "1"),
        (BlockKind.QUOTATION, "quote more x"),
        (BlockKind.PARAGRAPH, "para soft\nhard"),
    ]
    assert prose.blocks[0].level == 2


def test_a_number_is_not_taken_for_the_mark_of_its_entry() -> None:
    assert read_text("1. 1").offsets[0] == 3


def test_escapes_and_code_are_read_as_shown() -> None:
    value = r"a \* b &amp; c `co de` end"
    prose = read_text(value)
    assert prose.text == "a * b & c co de end"
    assert [prose.text[start:end] for start, end in prose.codes] == ["co de"]


@pytest.mark.parametrize("read", [read_plain, read_line, read_text])
def test_an_empty_text_is_read(read: object) -> None:
    assert read("").text == ""  # type: ignore[operator]


@given(value=MARKS)
def test_whatever_is_typed_each_character_has_a_place_and_they_never_go_back(value: str) -> None:
    for prose in (read_text(value), read_line(value.replace("\n", " "))):
        assert len(prose.offsets) == len(prose.text) + 1
        assert all(0 <= offset <= len(value) for offset in prose.offsets)
        for block in prose.blocks:
            offsets = prose.offsets[block.start : block.end]
            assert list(offsets) == sorted(offsets)
        for link in prose.links:
            assert prose.text[link.start : link.end] == link.text


@given(words=st.lists(st.text("abcdé", min_size=1, max_size=8), min_size=1, max_size=30))
def test_plain_words_are_where_they_were_typed(words: list[str]) -> None:
    value = "- " + "\n  ".join(words) + "\n\n" + " ".join(words)
    prose = read_text(value)
    assert [char for char in written(value, prose) if char.isalnum()] == [c for c in prose.text if c.isalnum()]


@pytest.mark.slow
@pytest.mark.parametrize("value", ["a " * 500_000, "[a](http://b.c) " * 30_000, "\\*" * 200_000, "**a** " * 100_000])
def test_a_megabyte_is_read_in_a_moment(value: str) -> None:
    assert read_text(value).text
