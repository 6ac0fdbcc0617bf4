"""Top stories, tasks, buttons and the newer kinds: what is said when they change from one issue to the next."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.comparison.difference import compare_issues
from bulletin.issue.model import Issue
from specimen import ISSUE

ARTICLE = {"kind": "article", "title": "One front door", "text": "One number replaces four."}
CHAIR = {"title": "Chair", "employer": "Anytown", "closes": "11 December 2026"}
STATISTICS = [{"value": "24", "label": "schools took part"}, {"value": "91%", "label": "would do it again"}]
LINK = "https://www.example.org/report"


def tell(before: dict[str, Any], after: dict[str, Any], **header: Any) -> list[str]:
    """What is said of the change of one section."""
    old, new = ({**ISSUE, "sections": [section]} for section in (before, after))
    return [line.strip() for line in compare_issues(*map(Issue.model_validate, (old, {**new, **header}))).describe()]


def kind(name: str, *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"kind": name, "title": "Title", "items": list(items), **fields}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({}, {"top_story": "yes"}, "now the top story"),
        ({"top_story": "yes"}, {}, "no longer the top story"),
        ({}, {"do": "Use the form"}, "task is new: “Use the form”"),
        (
            {"do": "Use it", "by": "4 May 2021"},
            {"do": "Use it", "by": "7 May 2021"},
            "last day: 4 May 2021 → 7 May 2021",
        ),
        ({"do": "Use it"}, {"do": "Use it", "from": "7 May 2021"}, "first day: not said → 7 May 2021"),
        (
            {"link": LINK, "button": "Read it"},
            {"link": LINK, "button": "Read the report"},
            "button: “Read it” → “Read the report”",
        ),
        ({"kicker": "New"}, {"kicker": "no"}, "kicker: “New” → left out"),
        ({}, {"kicker": "no"}, "kicker: that of its kind → left out"),
        ({"kicker": "no"}, {}, "kicker: left out → that of its kind"),
        ({"kicker": "New"}, {"kicker": "Old"}, "kicker: “New” → “Old”"),
        ({}, {"teaser": "yes"}, "emails now have its beginning"),
        ({"teaser": "yes"}, {"teaser": "no"}, "emails now have all of it"),
        ({"teaser": "yes"}, {"teaser": "Come."}, "emails now have its beginning"),
        ({"teaser": "Come."}, {}, "teaser is gone; it was “Come.”"),
        ({}, {"quote": {"text": "I slept.", "name": "Ann"}}, "quotation text is new: “I slept.”"),
        (
            {"quote": {"text": "A", "name": "Ann"}},
            {"quote": {"text": "A", "name": "Jo"}},
            "quotation name: “Ann” → “Jo”",
        ),
    ],
)
def test_a_changed_field_is_told_in_words(before: dict[str, Any], after: dict[str, Any], line: str) -> None:
    assert line in tell(ARTICLE | before, ARTICLE | after)


def test_both_sections_are_told_when_the_top_story_moves() -> None:
    other = ARTICLE | {"title": "Another", "text": "Other words."}
    before, after = (
        Issue.model_validate({**ISSUE, "sections": sections})
        for sections in ([ARTICLE | {"top_story": "yes"}, other], [ARTICLE, other | {"top_story": "yes"}])
    )

    lines = list(compare_issues(before, after).describe())

    assert lines.index("  no longer the top story") < lines.index("Changed article section: “Another”")
    assert lines[-1] == "  now the top story"


def test_a_statistic_pairs_by_its_label_and_tells_its_number() -> None:
    after = [STATISTICS[1], STATISTICS[0] | {"value": "31"}]

    lines = tell(kind("figures", *STATISTICS), kind("figures", *after))

    assert "Changed statistic: 31 schools took part" in lines
    assert "number: “24” → “31”" in lines


def test_a_vacancy_pairs_by_its_post_and_tells_its_closing_date() -> None:
    lines = tell(kind("vacancies", CHAIR), kind("vacancies", CHAIR | {"closes": "18 December 2026"}))

    assert "Changed vacancy: “Chair”, closing on 18 December 2026" in lines
    assert "closing date: 11 December 2026 → 18 December 2026" in lines


def test_a_person_and_a_brief_pair_by_name_and_by_link() -> None:
    person = tell(kind("people", {"name": "Tom"}), kind("people", {"name": "Tom", "role": "Lead"}))
    brief = tell(
        kind("in_brief", {"title": "Hubs open", "text": "On Saturdays.", "link": LINK}),
        kind("in_brief", {"title": "Hubs are open", "text": "On Saturdays.", "link": LINK}),
    )

    assert {"Changed person: “Tom”", "role is new: “Lead”"} <= set(person)
    assert "title: “Hubs open” → “Hubs are open”" in brief


def test_the_head_of_the_issue_tells_of_its_signature_and_its_box() -> None:
    lines = tell(ARTICLE, ARTICLE, signed={"name": "Asha Rahman"}, to_do="no")

    assert "signature name is new: “Asha Rahman”" in lines
    assert "box “What you need to do”: yes → no" in lines
