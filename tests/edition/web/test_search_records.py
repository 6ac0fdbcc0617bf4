"""What can be found of an issue: every word that the public reads, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.search_records import SearchRecord, list_records
from bulletin.issue.audience import PUBLIC
from bulletin.issue.model import Issue
from bulletin.issue.passages import TextFormat, find_format, walk_records
from bulletin.issue.traits import NOT_SHOWN, find_marked
from conftest import count_examples
from random_issues import random_sections

WORD = re.compile(r"word\d+x")
HEAD = {"month": "2021-05", "published": "4 May 2021", "subject": "May: news", "preview_text": "What we did"}
SHOWN = (TextFormat.TEXT, TextFormat.LINE, TextFormat.PLAIN)
EXAMPLES = settings(max_examples=count_examples(20), deadline=None, phases=(Phase.explicit, Phase.generate))
NOTICE = {"kind": "notice", "title": "Office hours", "text": "We are closed."}
EVENTS = {"kind": "events", "title": "Days to keep free", "items": [{"title": "The *big* day", "date": "9 June 2021"}]}


def make_issue(*sections: dict[str, Any], **more: Any) -> Issue:
    return Issue.model_validate({**HEAD, "sections": list(sections), **more})


def list_of(issue: Issue) -> list[SearchRecord]:
    facts = IssueFacts(
        id="2021-05", bulletin="news", name="2021-05", subject="", preview_text="", published="2021-05-04", minutes=1
    )
    return list_records(issue, facts, bulletin_title="Anytown news")


def find_words(value: Any) -> set[str]:
    return set(WORD.findall(str(value)))


def list_shown(issue: Issue) -> Iterator[str]:
    for record in walk_records(issue):
        hidden = find_marked(type(record.value), NOT_SHOWN)
        for name, field in type(record.value).model_fields.items():
            if name not in hidden and find_format(field) in SHOWN:
                yield str(getattr(record.value, name))


@given(sections=random_sections())
@EXAMPLES
def test_every_word_that_is_shown_can_be_found_and_no_address_or_mark_can(sections: list[dict[str, Any]]) -> None:
    issue = make_issue(*sections)
    found = find_words([record.words for record in list_of(issue)])

    assert found == set().union(*map(find_words, list_shown(issue)))
    assert "https://" not in "".join(record.text for record in list_of(issue))


@given(sections=random_sections(), data=st.data())
@EXAMPLES
def test_no_word_of_what_is_for_some_readers_can_be_found(sections: list[dict[str, Any]], data: st.DataObject) -> None:
    secret: set[str] = set()
    for section in sections:
        for record in (section, *section.get("items", ()), *section.get("links", ())):
            if data.draw(st.sampled_from((True, False, False))):
                record["for"] = ["schools"]
                secret |= find_words(record)
    issue = make_issue(*sections)
    records = list_of(issue.for_audience(PUBLIC))

    assert not find_words([record.words for record in records]) & secret
    anchors = {f"#{issue.anchors[found.place]}" for found in walk_records(issue) if found.place in issue.anchors}
    assert {record.path.removeprefix("news/2021-05/") for record in records} <= {"", *anchors}


@pytest.mark.parametrize(
    ("event", "where"),
    [
        ({}, "Wednesday 9 June 2021"),
        ({"until": "11 June 2021"}, "Wednesday 9 to Friday 11 June 2021"),
        ({"date": "June 2021"}, "June 2021"),
        ({"date": "30 June 2021", "until": "2 July 2021"}, "Wednesday 30 June to Friday 2 July 2021"),
    ],
)
def test_a_record_says_where_it_is_and_when_it_takes_place(event: dict[str, str], where: str) -> None:
    (record,) = list_of(make_issue(EVENTS | {"items": [EVENTS["items"][0] | event]}))  # type: ignore[operator,index]
    assert record.where == f"Anytown news, May 2021 · Days to keep free · {where}"
    assert (record.title, record.kind, record.year) == ("The big day", "events", "2021")
    assert record.path == "news/2021-05/#the-big-day"


def test_a_section_that_only_holds_items_has_no_record_and_one_that_speaks_has() -> None:
    titles = [record.title for record in list_of(make_issue(NOTICE, EVENTS))]
    assert titles == ["Office hours", "The big day"]
    titles = [record.title for record in list_of(make_issue(EVENTS | {"introduction": "Come and see."}))]
    assert titles == ["Days to keep free", "The big day"]


def test_the_introduction_and_the_signature_are_found_with_the_subject() -> None:
    first, _ = list_of(make_issue(NOTICE, introduction="Welcome.", signed={"name": "Asha", "text": "Thanks."}))
    assert (first.path, first.title, first.kind) == ("news/2021-05/", "May: news", "introduction")
    assert first.shown_text == "Welcome. Thanks. Asha"


@pytest.mark.parametrize("whole", [True, False])
def test_what_was_taken_away_is_not_found(*, whole: bool) -> None:
    if whole:
        assert list_of(make_issue(NOTICE, withdrawn="6 May 2021")) == []
    else:
        gone = EVENTS | {"withdrawn": "6 May 2021"}
        item = EVENTS | {"items": [EVENTS["items"][0] | {"withdrawn": "yes"}]}  # type: ignore[operator,index]
        assert [record.title for record in list_of(make_issue(NOTICE, gone, item))] == ["Office hours"]


@pytest.mark.parametrize(
    ("item", "corrected"), [(None, ["Office hours", "The big day"]), ("the-big-day", ["The big day"]), ("other", [])]
)
def test_a_correction_is_said_of_what_it_is_about(item: str | None, corrected: list[str]) -> None:
    correction = {"on": "6 May 2021", "text": "On 9 June."} | ({"item": item} if item else {})
    records = list_of(make_issue(NOTICE, EVENTS, corrections=[correction]))
    assert [record.title for record in records if record.where.endswith(" · corrected")] == corrected


def test_an_issue_in_two_languages_is_found_in_each() -> None:
    notice = {"kind": "notice", "title": {"cy": "Oriau", "en": "Hours"}, "text": {"cy": "Ar gau.", "en": "Closed."}}
    both = {name: {"cy": f"{text} yn Gymraeg", "en": text} for name, text in HEAD.items() if name == "subject"}
    records = list_of(make_issue(notice, **both, preview_text={"cy": "A", "en": "B"}, languages=["cy", "en"]))
    assert [(record.language, record.title, record.text) for record in records] == [
        ("cy", "Oriau", "Ar gau."),
        ("en-GB", "Hours", "Closed."),
    ]


def test_two_texts_are_kept_apart_unless_the_first_is_a_sentence() -> None:
    record = SearchRecord(
        path="", title="", where="", text="One.\nTwo\nThree", language="en", bulletin="", year="", kind=""
    )
    assert record.shown_text == "One. Two · Three"
