"""The server's own search: which records a few words find, in which order, and what is shown of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.web.search_page import SearchForm
from bulletin.edition.web.search_records import SearchRecord
from bulletin.publishing.search.record_matching import cut_excerpt, find_in_records
from bulletin.publishing.search.record_store import IssueRecords, name_store, save_records
from conftest import examples

TEXTS = {
    "Neglect conference": "A day on every kind of family.",
    "Screening tool": "It helps to name neglect. Neglected children are seen. Neglect again.",
    "Café for carers": "Children’s workers meet at the café.",
    "Training": "Courses on sleep, and a course on neglecting nobody.",
    "Dyddiadau": "Cyfarfod yn yr ŵyl.",
}


def make_record(title: str, text: str, *, year: str = "2021") -> SearchRecord:
    return SearchRecord(
        path=f"monthly/{year}-05/#{title.lower().replace(' ', '-')}",
        title=title,
        where="Anytown news",
        text=text,
        language="en-GB",
        bulletin="monthly",
        year=year,
        kind="notice" if year == "2021" else "events",
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    issues = [
        IssueRecords(issue="2021-05", recipe="", records=tuple(make_record(*each) for each in TEXTS.items())),
        IssueRecords(issue="2020-05", recipe="", records=(make_record("Old news", "Neglect.", year="2020"),)),
    ]
    save_records(tmp_path, tmp_path / "site", issues, frame={})
    return tmp_path / name_store(tmp_path / "site")


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("neglect", ["Neglect conference", "Screening tool", "Training", "Old news"]),
        ("NEGLECTED", ["Neglect conference", "Screening tool", "Training", "Old news"]),
        ("neglect tool", ["Screening tool"]),
        ("courses", ["Training"]),
        ("cafe", ["Café for carers"]),
        ("wyl", ["Dyddiadau"]),
        ("children's", ["Screening tool", "Café for carers"]),
        ("s", ["Screening tool", "Café for carers", "Training"]),
        ("screen", ["Screening tool"]),
        ("creening", []),
        ("neglect zebra", []),
        ("", []),
        ("“ – ”", []),
        (".*", []),
    ],
)
def test_a_record_is_found_if_each_word_begins_one_of_its_own(store: Path, words: str, titles: list[str]) -> None:
    answer = find_in_records(store, SearchForm(words=words), shown=10)
    assert [each.record.title for each in answer.results] == titles
    assert answer.total == len(titles)


@pytest.mark.parametrize(
    ("choice", "number"),
    [({"year": "2020"}, 1), ({"kind": "notice"}, 3), ({"bulletin": "training"}, 0), ({"year": "<b>"}, 0)],
)
def test_choices_narrow_what_is_found(store: Path, choice: dict[str, str], number: int) -> None:
    assert find_in_records(store, SearchForm(words="neglect", **choice), shown=10).total == number


def test_all_are_counted_and_only_so_many_are_shown(store: Path) -> None:
    answer = find_in_records(store, SearchForm(words="neglect"), shown=2)
    assert (answer.total, len(answer.results)) == (4, 2)


def test_an_excerpt_begins_before_the_first_word_that_was_found() -> None:
    text = " ".join(f"word{number}" for number in range(60)) + " neglect and the end."
    pieces = cut_excerpt(text, ["neglect"])
    assert ("neglect", True) in pieces
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" and the end.", False)
    assert cut_excerpt("", ["neglect"]) == ()


@given(text=st.text(max_size=400), word=st.text(min_size=1, max_size=8))
@examples(100)
def test_an_excerpt_is_part_of_its_text_whatever_is_in_it(text: str, word: str) -> None:
    whole = "".join(piece for piece, _ in cut_excerpt(text, [word]))
    assert whole.removeprefix("… ").removesuffix(" …") in text or whole in text
