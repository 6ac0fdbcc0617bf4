"""The first name in a greeting, and who is greeted without one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anytown import LETTERHEAD
from bulletin.edition.first_names import find_first_name


@pytest.mark.parametrize(
    ("name", "first_name"),
    [
        ("Anna Smith", "Anna"),
        ("Anna", "Anna"),
        ("Dr Anna Smith", "Anna"),
        ("Cllr. Mrs Anna Smith", "Anna"),
        ("Smith, Anna", "Anna"),
        ("Smith, Dr Anna", "Anna"),
        ("Jean-Luc Ó Súilleabháin", "Jean-Luc"),
        ("漢字", "漢字"),
        ("Mrs Smith", ""),
        ("A. Smith", ""),
        ("J Smith", ""),
        ("J.R. Smith", ""),
        ("", ""),
        ("Dr", ""),
    ],
)
def test_the_first_name_is_found_or_there_is_none(name: str, first_name: str) -> None:
    assert find_first_name(name) == first_name


@given(st.text(max_size=40))
def test_a_first_name_is_a_word_of_the_name(name: str) -> None:
    assert find_first_name(name) in {"", *name.replace(",", " ").split()}


def test_who_has_no_first_name_gets_the_greeting_without_one() -> None:
    letterhead = replace(LETTERHEAD, greeting="Hi {first_name},", greeting_unnamed="Hello,")
    assert letterhead.greet("Dr Anna Smith") == "Hi Anna,"
    assert letterhead.greet("Mrs Smith") == "Hello,"
    assert letterhead.greet("") == "Hello,"
