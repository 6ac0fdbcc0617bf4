"""The editions that an issue makes for the readers of a mailing: how many, who for, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.audiences import (
    AudienceIssue,
    divide_issue,
    find_edition,
    list_signatures,
    sign_reader,
)
from bulletin.edition.build import make_audience_editions, make_edition
from bulletin.errors import BulletinError
from bulletin.issue.audience import Audience
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

LISTS = ("partners", "schools", "champions")
TITLES = {"partners": "Partner agencies", "schools": "Schools and colleges", "champions": "Champions"}
HEAD = {"month": "2021-05", "published": "4 May 2021", "subject": "News", "preview_text": "What we did"}


def write(*marks: dict[str, object]) -> Issue:
    """An issue with a section for everyone, and one with each of the marks."""
    sections = [
        {"kind": "notice", "title": f"Part {number}", "text": "Words."} | mark
        for number, mark in enumerate(({}, *marks))
    ]
    return Issue.model_validate({**HEAD, "sections": sections})


def divide(issue: Issue, *signatures: Audience, most: int = 24) -> tuple[AudienceIssue, ...]:
    return divide_issue(issue, signatures or list_signatures(issue, LISTS), lists=LISTS, titles=TITLES, most=most)


def on(*lists: str, consent: bool = False) -> Audience:
    return Audience(lists=frozenset(lists), consent=consent)


def test_an_issue_without_marks_makes_one_edition_for_everyone() -> None:
    (only,) = divide(write())

    assert (only.number, only.audience, only.words) == (1, on(), "everyone")
    assert only.items == ("part-0",)


def test_each_combination_of_named_lists_makes_an_edition() -> None:
    parts = divide(write({"for": "schools"}, {"for": "champions"}))

    assert [(part.number, part.words, part.items) for part in parts] == [
        (1, "everyone else", ("part-0",)),
        (2, "schools and colleges", ("part-0", "part-1")),
        (3, "champions", ("part-0", "part-2")),
        (4, "schools and colleges, and champions", ("part-0", "part-1", "part-2")),
    ]


def test_signatures_that_see_the_same_share_an_edition() -> None:
    everyone, other = divide(write({"for": ["schools", "champions"]}))

    assert everyone.signatures == (on(),)
    assert other.signatures == (on("schools"), on("champions"), on("schools", "champions"))
    assert other.words == "schools and colleges or champions"


def test_marketing_makes_an_edition_for_those_who_agreed_and_its_twin() -> None:
    issue = write({"marketing": "yes", "for": "schools"}, {"marketing": "yes"})
    parts = divide(issue, on("schools", consent=True))

    assert [(part.words, part.items) for part in parts] == [
        ("schools and colleges", ("part-0",)),
        ("schools and colleges who agreed to marketing", ("part-0", "part-1", "part-2")),
    ]
    words = [part.words for part in divide(issue)]
    assert words == ["everyone else", "others who agreed to marketing", "schools and colleges who agreed to marketing"]


def test_a_list_that_no_mark_names_or_that_the_mailing_has_not_makes_none() -> None:
    issue = write({"for": "champions"})

    assert list_signatures(issue, ("partners", "schools")) == (on(),)
    assert [part.words for part in divide_issue(issue, [on()], lists=("partners",), titles=TITLES, most=1)] == [
        "everyone"
    ]
    assert sign_reader(issue, ("partners", "champions"), consent=True) == on("champions")


def test_no_reader_is_on_none_of_the_lists() -> None:
    issue = write({"for": "schools"}, {"for": "champions"})

    assert on() not in list_signatures(issue, ("schools", "champions"))
    assert on() in list_signatures(issue, LISTS)


def test_only_editions_with_readers_are_made_and_the_order_of_readers_changes_nothing() -> None:
    issue = write({"for": "schools"}, {"for": "champions"})
    some = [on("champions", "schools"), on("champions")]

    assert divide(issue, *some) == divide(issue, *reversed(some))
    assert [(part.number, part.audience) for part in divide(issue, *some)] == [
        (1, on("champions")),
        (2, on("champions", "schools")),
    ]


def test_too_many_editions_are_refused_with_the_lists_that_make_them() -> None:
    issue = write({"for": "schools"}, {"for": "champions"}, {"for": "partners"})
    with pytest.raises(BulletinError) as refused:
        divide(issue, most=3)

    assert str(refused.value) == (
        "This issue makes 7 editions. Most come from `for:` on 3 lists (partners, schools, champions). "
        "Use fewer lists, or send it as two mailings. `editions:` in bulletin.yaml sets how many there may be."
    )
    many = [f"list{number}" for number in range(20)]
    with pytest.raises(BulletinError, match="makes more than 4,096 editions"):
        list_signatures(write(*({"for": name} for name in many)), many)


def test_each_reader_finds_their_edition(make_workspace: MakeWorkspace) -> None:
    text = (
        "month: 2021-05\npublished: 4 May 2021\nsubject: News\npreview_text: What we did\nsections:\n"
        "  - {kind: notice, title: For all, text: Words.}\n"
        "  - {kind: notice, title: Term dates, text: Nine weeks., for: schools}\n"
    )
    workspace = make_workspace(settings=SETTINGS, issues={"2021-05": text})
    everyone, schools = make_audience_editions(workspace, "2021-05", lists=("partners", "schools"))

    assert find_edition((everyone, schools), on()) is everyone
    assert find_edition((everyone, schools), on("schools")) is schools
    assert everyone.edition == make_edition(workspace, "2021-05")
    assert "Nine weeks" in schools.edition.html
    with pytest.raises(KeyError):
        find_edition((everyone,), on("schools"))
    (only,) = make_audience_editions(workspace, "2021-05", lists=("partners",), signatures=[on()])
    assert only.edition == everyone.edition


# --- each reader in their language


def write_bilingual(*marks: dict[str, object], by_reader: bool = True) -> Issue:
    sections = [
        {"kind": "notice", "title": {"cy": f"Rhan {number}", "en": f"Part {number}"}, "text": "Ff."} | mark
        for number, mark in enumerate(({}, *marks))
    ]
    return Issue.model_validate(
        {**HEAD, "languages": ["cy", "en"], "sections": sections},
        context=ValidationContext(languages=("cy", "en"), by_reader=by_reader),
    )


def test_each_language_makes_an_edition_beside_the_one_in_all_of_them() -> None:
    parts = divide(write_bilingual(), on())

    assert [(part.number, part.words, part.issue.languages, part.issue.first_language) for part in parts] == [
        (1, "everyone else", ("cy", "en"), "cy"),
        (2, "others who chose Welsh", (), "cy"),
        (3, "others who chose English", (), "en"),
    ]
    assert [part.issue.sections[0].title for part in parts] == ["Rhan 0", "Rhan 0", "Part 0"]


def test_an_issue_that_everyone_gets_in_all_of_its_languages_makes_one_edition() -> None:
    issue = write_bilingual(by_reader=False)

    assert [part.words for part in divide(issue)] == ["everyone"]
    assert sign_reader(issue, LISTS, consent=False, language="cy") == on()
    assert sign_reader(write_bilingual(), LISTS, consent=False, language="cy") == Audience(language="cy")
    assert sign_reader(write_bilingual(), LISTS, consent=False, language="de") == on()


@given(
    marks=st.lists(st.sampled_from([{}, {"for": "schools"}, {"for": "champions"}, {"marketing": "yes"}]), max_size=4)
)
def test_the_editions_in_each_language_have_the_same_parts(marks: list[dict[str, object]]) -> None:
    """Whatever is restricted, no language brings a reader more or less than another."""
    issue = write_bilingual(*marks)
    signatures = list_signatures(issue, LISTS)
    found = {signature: part for part in divide(issue) for signature in part.signatures}

    assert set(signatures) <= set(found)
    for signature in signatures:
        twins = [found[replace(signature, language=language)] for language in ("", "cy", "en")]
        assert len({twin.items for twin in twins}) == 1
        assert len({twin.issue.origins for twin in twins}) == 1
        assert len({twin.number for twin in twins}) == 3
