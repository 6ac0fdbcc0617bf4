"""Regular expressions that are compiled when a text first has what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.proof import rules
from bulletin.proof.reading.lazy_pattern import LazyPattern


def find_patterns() -> Iterator[tuple[str, LazyPattern]]:
    """All such patterns of the rules, each by its name."""
    for found in walk_packages(rules.__path__, f"{rules.__name__}."):
        for name, value in vars(import_module(found.name)).items():
            if isinstance(value, LazyPattern):
                yield f"{found.name.rpartition('.')[2]}.{name}", value


PATTERNS = dict(find_patterns())


def test_the_rules_have_such_patterns() -> None:
    assert len(PATTERNS) > 10


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_pattern_needs_is_in_all_that_it_matches(name: str, data: st.DataObject) -> None:
    pattern = PATTERNS[name]
    text = data.draw(st.from_regex(pattern.compiled))

    assert pattern.may_match(text)


def test_small_letters_are_found_in_capitals_too_and_others_as_they_are_written() -> None:
    pattern = LazyPattern("born (?:in|on)|DOB", re.IGNORECASE, needs=("born", "DOB"))

    assert pattern.may_match("BORN ON 4 May")
    assert pattern.may_match("the DOB is")
    assert not pattern.may_match("the dob is")
    assert not pattern.may_match("She was here.")


def test_a_text_without_what_is_needed_has_no_matches() -> None:
    pattern = LazyPattern("[a-z]+ed", needs=("needed",))

    assert [match[0] for match in pattern.finditer("It ended as needed.")] == ["ended", "needed"]
    assert list(pattern.finditer("It ended.")) == []
    assert pattern.search("It ended.") is None


def test_a_pattern_that_needs_nothing_looks_everywhere() -> None:
    pattern = LazyPattern("[a-z]+ed")

    assert [match[0] for match in pattern.finditer("It ended.")] == ["ended"]
    assert pattern.search("It ended.")
