from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import Source, parse_source
from bulletin.drafting.unfolding import unfold, unfold_all, write_scalar

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DATA = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


def parse(text: str) -> Source:
    return parse_source(text, shown_as="x.yaml")


@given(TEXTS)
def test_a_text_means_the_same_when_it_is_written(text: str) -> None:
    assert parse(f"a: {write_scalar(text)}\n").data == {"a": text}


@given(DATA)
def test_data_stay_the_same_when_braces_become_lines(data: dict[str, object]) -> None:
    folded = parse(json.dumps(data))
    unfolded = unfold_all(folded)

    assert unfolded.data == folded.data
    assert unfolded.whole


def test_only_what_is_around_the_place_is_unfolded_and_its_comments_stay_before_what_they_stood_before() -> None:
    source = parse("a: [1, {b: 2, # two\n  c: [3]}] # three\nd: [4]\ne:\n  - {f: 5, g: {h: 6}} # six\n")
    lines = unfold(source, [("a", 1), ("e", 0, "g", "h")]).lines

    assert "\n".join(lines) == (
        '# three\na:\n  - "1"\n  - b: "2"\n    # two\n    c:\n      - "3"\nd: [4]\n'
        'e:\n  # six\n  - f: "5"\n    g:\n      h: "6"\n'
    )
