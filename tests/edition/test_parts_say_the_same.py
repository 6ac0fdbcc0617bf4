"""Whatever an issue says, its HTML, its plain text and its web page say: for random sections of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from random_issues import random_sections
from specimen import render, render_page


def written(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each word of a section, with the names of the fields that it is in."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from written(inner, f"{path} {name}")
    elif isinstance(value, list):
        for inner in value:
            yield from written(inner, path)
    elif isinstance(value, str):
        yield from ((path, word) for word in re.findall(r"word\d+x", value))


@given(sections=random_sections(), top=st.integers(0, 30))
@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))  # of each kind; a failure is told by its fields
def test_every_field_is_in_the_html_the_plain_text_and_the_web_page(sections: list[dict[str, Any]], top: int) -> None:
    if top < len(sections):
        sections[top]["top_story"] = "yes"
    edition = render(issue={"sections": sections, "introduction": None})
    page = render_page(issue={"sections": sections, "introduction": None})
    for content in (edition.html, edition.text, page):
        shown = set(re.findall(r"word\d+x", content.lower()))
        lost = {path for section in sections for path, word in written(section, section["kind"]) if word not in shown}
        assert not lost
