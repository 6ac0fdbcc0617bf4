"""Whatever an issue says, its HTML and its plain text say: for random sections of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from hypothesis import given

from random_issues import random_sections
from specimen import render


def written(value: Any) -> Iterator[str]:
    """Every word of the section that is still in it: what a repair took away is not asked for."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from written(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from written(inner)
    elif isinstance(value, str):
        yield from re.findall(r"word\d+x", value)


@given(random_sections())
def test_every_field_that_the_html_shows_is_in_the_plain_text_and_none_is_lost(
    made: tuple[dict[str, Any], Any],
) -> None:
    section, _ = made
    edition = render(issue={"sections": [section], "introduction": None})
    words = set(written(section))
    in_html = {word for word in words if word in unescape(edition.html)}
    in_text = {word for word in words if word in edition.text}
    assert in_html - in_text == set()
    assert words - in_html == set(), section
    assert words - in_text == set(), section
