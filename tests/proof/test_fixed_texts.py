"""What the matches of a pattern begin and end with, told without compiling it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.reading.fixed_texts import Choice, fold, list_beginnings, list_endings, read_group, split_pattern

GROUPS = {"det": "the|an?|our", "day": "Monday|Tuesday", "when": "on @day|daily"}


def find_group(name: str) -> Choice:
    return read_group(GROUPS[name], find_group)


def begin(pattern: str) -> set[str]:
    (signs,) = split_pattern(pattern)
    return set(list_beginnings(signs, find_group))


def end(pattern: str) -> set[str]:
    (signs,) = split_pattern(pattern)
    return set(list_endings(signs, find_group))


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("form", {"form"}),
        ("forms?", {"form", "forms"}),
        ("Form (?:the|our) [a-z]+", {"form the ", "form our "}),
        ("form(?= (?:the|our))(?!x) and", {"form the", "form our"}),
        ("don[’']t", {"don't"}),
        (r"form[.,;]", {"form.", "form,", "form;"}),
        (r"\bzero[- ]hours\b", {"zero-hours", "zero hours"}),
        ("(?:on )?@det", {"on the", "on a", "on an", "on our", "the", "a", "an", "our"}),
        ("@when", {"on monday", "on tuesday", "daily"}),
        (r"half\.", {"half."}),
        ("(?-i:Form)»)(?: us)?", {"form", "form us"}),  # closes a bracket that was opened before
        ("forms* x", {"form"}),
        (r"form\d", {"form"}),
    ],
)
def test_the_texts_that_a_match_begins_with(pattern: str, texts: set[str]) -> None:
    assert begin(pattern) == texts


@pytest.mark.parametrize("pattern", [r"\d+ forms", "[a-z]+ form", "(?:the )?", "(?:[^.]|form) us", ".form", ""])
def test_a_pattern_that_may_begin_with_anything_has_no_such_texts(pattern: str) -> None:
    assert begin(pattern) == {""}


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(?:fill|send) (?:in|out) ", {"fill in ", "fill out ", "send in ", "send out "}),
        (r"\w+ the ", {" the "}),
        (r"(?<!away in )(?:\A|[.!] )This ", {"this ", ". this ", "! this "}),
        ("(?:the (?-i:", {"the "}),  # opens brackets that are closed behind it
        ("(?:on|at (?:the|a) ", {"at the ", "at a "}),
        (r"(?<=our )", {"our "}),
        (r"our \d{1,2} ", {" "}),
    ],
)
def test_the_texts_that_a_match_ends_with(pattern: str, texts: set[str]) -> None:
    assert end(pattern) == texts


def test_many_texts_are_told_as_far_as_they_are_few() -> None:
    many = "(?:" + "|".join(f"a{number}" for number in range(100)) + ")"

    assert len(begin(f"x (?:the|our) {many}")) == 2
    assert len(begin(many)) == 100


def test_alternatives_are_split_outside_brackets_and_sets() -> None:
    assert ["".join(signs) for signs in split_pattern(r"a(?:b|c)|[|]d|\|e")] == ["a(?:b|c)", r"[|]d", r"\|e"]


PATTERNS = (
    "(?:the|our) forms?(?: for(?:ms)?)?",
    r"(?:a|an|\d) (?:[’']s|x{0,2}|y*)? ?b",
    r"don[’']t|[Dd]o (?:not|n[o-t]t)\.?",
    r"(?:[.!?\n] |the )+it",
    "[^a] b?c??(?:d|e?f)?",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_each_match_begins_and_ends_with_one_of_the_texts(pattern: str, data: st.DataObject) -> None:
    text = fold(data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE | re.ASCII), fullmatch=True)))
    alternatives = split_pattern(pattern)

    assert any(text.startswith(list_beginnings(signs, find_group)) for signs in alternatives)
    assert any(text.endswith(list_endings(signs, find_group)) for signs in alternatives)


@given(st.text())
def test_each_character_of_a_folded_text_is_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_a_text_is_folded_to_small_letters_and_straight_apostrophes() -> None:
    assert fold("İT DON’T") == "it don't"
