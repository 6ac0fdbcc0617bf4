from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import parse_source
from bulletin.declaration.source_map import trace_text

WORDS = st.lists(st.text("abcé’-.,", min_size=1, max_size=6), min_size=1, max_size=20)


def read_back(text: str, *place: str | int) -> tuple[str, str]:
    """The value at `place`, and what stands in the file where each of its characters is said to be."""
    source = parse_source(text, shown_as="a.yaml")
    spots = trace_text(source, place)
    value = source.text_at(place)
    assert len(spots) == len(value) + 1
    lines = [f"{line}\n" for line in source.lines]
    return value, "".join(lines[line - 1][column - 1 : column] for line, column in spots[:-1])


def flatten(text: str) -> str:
    return text.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "a: one two\n",
        "a: one\n  two three\n\n  four\nb: c\n",
        "a: >-\n  one two\n  three\n\n  four five\n    more\n  six\nb: c\n",
        "a: |\n  x\n   y\n\n  z\nb: 1\n",
        "a: |2\n   indented\n  not\n",
        "a: |-\n\n  lead\n  x\n",
        "a: 'one\n   two'\n",
        "a: 'x\n\n  y z'\n",
        'a: "one\n  two \\\n  three"\n',
        "a: one  two   \n   three\n",
        "a: >+\n  kept\n\n\n",
    ],
)
def test_each_character_of_a_value_is_where_it_was_typed(text: str) -> None:
    value, typed = read_back(text, "a")
    assert flatten(typed) == flatten(value)


def test_a_doubled_quotation_mark_is_one_character() -> None:
    value, typed = read_back("a: 'it''s so'\n", "a")
    assert value == typed == "it's so"


def test_an_escape_is_where_its_backslash_is() -> None:
    value, typed = read_back('a: "say \\"so\\" \\u00e9 now"\n', "a")
    assert (value, typed) == ('say "so" é now', "say \\so\\ \\ now")


def test_the_end_of_a_value_is_behind_its_last_character() -> None:
    assert trace_text(parse_source("a: one\n", shown_as="a"), ("a",))[-1] == (1, 7)


def test_an_empty_value_has_an_end() -> None:
    assert len(trace_text(parse_source("a: ''\n", shown_as="a"), ("a",))) == 1


@given(words=WORDS, width=st.integers(8, 40), style=st.sampled_from(["'", '"', "|", ">", None]))
def test_whatever_the_style_words_are_found_again(words: list[str], width: int, style: str | None) -> None:
    text = yaml.safe_dump({"k": [" ".join(words)]}, default_style=style, width=width, allow_unicode=True)
    value, typed = read_back(text, "k", 0)
    for written, read in zip(flatten(typed), flatten(value), strict=True):
        assert written in (read, "\\")


@pytest.mark.slow
def test_a_megabyte_is_traced_in_a_moment() -> None:
    for value in ("a " * 500_000, "a" + " " * 900_000 + "b", "'" + "a\n\n b" * 150_000 + "'"):
        read_back(f"a: {value.rstrip()}\n", "a")
