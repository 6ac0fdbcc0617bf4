"""A text in two languages: read with the place of each, shown in the first, and chosen for a whole issue."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.source import parse_source
from bulletin.declaration.translated import Translated, choose_language, is_translated, list_versions
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.issue.audience import PUBLIC
from bulletin.issue.item import ValidationContext
from bulletin.issue.language import read_languages
from bulletin.issue.model import Issue
from bulletin.issue.passages import find_passages

HEAD = {"month": "2021-05", "published": "4 May 2021", "subject": "News", "preview_text": "Our work"}
TITLE = {"cy": "Oriau", "en": "Hours"}


def load(sections: list[dict[str, Any]], *, languages: tuple[str, ...] | None = ("cy", "en"), **head: Any) -> Issue:
    data = HEAD | ({"languages": list(languages)} if languages else {}) | head | {"sections": sections}
    source = parse_source(json.dumps(data, ensure_ascii=False, indent=1), shown_as="issues/2021-05.yaml")
    return validate(source, Issue, context=ValidationContext(languages=read_languages(data)))


def faults_of(*sections: dict[str, Any], **options: Any) -> list[str]:
    with pytest.raises(FaultyFiles) as raised:
        load(list(sections), **options)
    return [f"{fault.line}: {fault.message}" for fault in raised.value.faults]


NOTICE = {"kind": "notice", "title": TITLE, "text": {"cy": "Ar gau.", "en": "Closed."}}


def test_each_language_is_an_issue_of_its_own() -> None:
    issue = load([NOTICE], subject={"cy": "Newyddion", "en": "News"})
    welsh, english = issue.in_each_language

    assert (issue.subject, welsh.subject, english.subject) == ("Newyddion", "Newyddion", "News")
    assert (welsh.sections[0].title, english.sections[0].title) == ("Oriau", "Hours")
    assert (welsh.first_language, english.first_language) == ("cy", "en")
    assert english.languages == ()
    assert type(english.sections[0].title) is str


def test_the_first_language_is_the_one_that_is_named_first() -> None:
    issue = load([NOTICE], languages=("en", "cy"))
    assert issue.sections[0].title == "Hours"
    assert [half.first_language for half in issue.in_each_language] == ["en", "cy"]


def test_an_issue_in_one_language_is_itself_in_any() -> None:
    issue = load([{"kind": "notice", "title": "Hours", "text": "Closed."}], languages=None)
    assert issue.in_language("cy") is issue
    assert issue.in_each_language == (issue,)


def test_both_languages_have_the_anchors_of_the_whole_issue() -> None:
    hidden = {**NOTICE, "title": {"cy": "Ysgolion", "en": "Schools"}, "for": ["schools"]}
    issue = load([hidden, NOTICE]).for_audience(PUBLIC)
    anchors = [tuple(half.anchors.values()) for half in issue.in_each_language]

    assert anchors[0] == anchors[1] == ("oriau",)
    assert [half.origin_of(("sections", 0)) for half in issue.in_each_language] == [("sections", 1)] * 2


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ({**NOTICE, "title": {"cy": "Oriau", "de": "Zeiten"}}, "“title” is a group of fields, where a text belongs."),
        ({**NOTICE, "title": {}}, "“title” is a group of fields, where a text belongs."),
        ({**NOTICE, "title": {"same": "yes"}}, "“title” has no text in it."),
        ({**NOTICE, "title": {"cy": "Oriau", "en": None}}, "“en” is not a text."),
        ({**NOTICE, "title": {"cy": ["Oriau"], "en": "Hours"}}, "“cy” is not a text."),
        ({**NOTICE, "title": {"cy": "Un\ndau", "en": "Hours"}}, "“cy” has more than one line."),
        ({**NOTICE, "text": {"cy": "[x](javascript:a)", "en": "x"}}, "The link “javascript:a” cannot be opened"),
        ({**NOTICE, "link": {"cy": "gov.wales", "en": "https://gov.wales"}}, "“gov.wales” is not an address"),
    ],
)
def test_a_fault_is_told_at_the_language_that_it_is_in(section: dict[str, Any], fault: str) -> None:
    (told,) = faults_of(section)
    assert fault in told


def test_two_languages_need_to_be_named_at_the_top() -> None:
    assert "“title” is in several languages, and the issue is in one." in faults_of(NOTICE, languages=None)[0]


@pytest.mark.parametrize(
    ("languages", "fault"),
    [
        (["cy"], "“languages” has one language only."),
        (["cy", "cy"], "“languages” has the same language twice."),
        (["cy", "de"], "“de” is not a language that bulletins are written in."),
    ],
)
def test_the_languages_of_an_issue_are_two_of_ours(languages: list[str], fault: str) -> None:
    notice = {"kind": "notice", "title": "Hours", "text": "Closed."}
    assert fault in faults_of(notice, languages=tuple(languages))[0]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("cy", ()),
        (["cy", "en"], ("cy", "en")),
        (["Welsh", "English"], ("cy", "en")),
        (["Cymraeg", "en-GB"], ("cy", "en")),
        (["cy", 3], ()),
        (None, ()),
        ({"cy": "x"}, ()),
    ],
)
def test_languages_are_read_before_the_issue_is(written: Any, codes: tuple[str, ...]) -> None:
    assert read_languages({"languages": written}) == codes


def test_a_point_and_an_entry_of_a_list_may_be_written_in_both() -> None:
    issue = load(
        [
            {
                "kind": "executive_updates",
                "title": TITLE,
                "lead": {"cy": "Craffu", "en": "Scrutiny"},
                "items": [{"cy": "Un", "en": "One"}, "Both"],
            },
            {
                "kind": "campaign",
                "title": TITLE,
                "status": "running",
                "text": {"cy": "Gofyn", "en": "Ask"},
                "partners": {"cy": "Llywodraeth Cymru", "en": "Welsh Government"},
            },
        ]
    )
    points = [[point.text for point in half.sections[0].items] for half in issue.in_each_language]  # type: ignore[union-attr]
    assert points == [["Un", "Both"], ["One", "Both"]]
    assert issue.in_language("en").sections[1].partners == ("Welsh Government",)  # type: ignore[union-attr]


def test_every_version_is_a_passage_in_its_language_and_place() -> None:
    data = HEAD | {"languages": ["cy", "en"], "sections": [NOTICE, {"kind": "notice", "title": "Ofsted", "text": "x"}]}
    text = json.dumps(data, ensure_ascii=False, indent=1)
    source = parse_source(text, shown_as="issues/2021-05.yaml")
    issue = validate(source, Issue, context=ValidationContext(languages=("cy", "en")))
    found = {passage.place: (passage.language, passage.written) for passage in find_passages(issue, source)}

    assert found["sections", 0, "title", "cy"] == ("cy", "Oriau")
    assert found["sections", 0, "title", "en"] == ("en", "Hours")
    assert found["sections", 1, "title"] == ("en", "Ofsted")
    assert ("sections", 0, "title") not in found


@pytest.mark.parametrize(
    ("head", "section", "languages"),
    [
        ({"language": "cy"}, {}, {"cy"}),
        ({}, {"language": "cy"}, {"cy", "en"}),
        ({"language": "Welsh"}, {"language": "English"}, {"cy", "en"}),
        ({}, {}, {"en"}),
    ],
)
def test_a_passage_has_the_language_of_its_section_or_issue(
    head: dict[str, str], section: dict[str, str], languages: set[str]
) -> None:
    data = HEAD | head | {"sections": [{"kind": "notice", "title": "Oriau", "text": "Ar gau.", **section}]}
    source = parse_source(json.dumps(data), shown_as="issues/2021-05.yaml")
    issue = validate(source, Issue)
    assert {passage.language for passage in find_passages(issue, source)} == languages


WORDS = st.text(min_size=1)


@given(WORDS, WORDS, WORDS)
def test_a_text_in_two_languages_is_equal_to_one_that_says_the_same_in_both(one: str, two: str, other: str) -> None:
    both = Translated({"cy": one, "en": two})
    assert both == Translated({"cy": one, "en": two})
    assert (both == Translated({"cy": one, "en": other})) == (two == other)
    assert (both == one, hash(both) == hash(one), str(both) == one) == (True, True, True)
    assert list_versions(both) == (("cy", one), ("en", two))
    for copied in (copy.copy(both), copy.deepcopy(both), pickle.loads(pickle.dumps(both))):
        assert copied == both


def test_what_is_in_one_language_is_left_as_it_is() -> None:
    issue = load([{"kind": "notice", "title": "Hours", "text": "Closed."}], languages=None)
    assert choose_language(issue, "cy") is issue
    assert list_versions(issue.subject) == (("", "News"),)
    assert not is_translated({"cy": "x", "title": "y"})
    assert not is_translated({})
