"""Two issues, and what became of each section and item: nothing is lost, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.comparison.difference import ComparedPart, PartChange, compare_issues
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from specimen import ISSUE

SPECIMEN = Issue.model_validate(ISSUE)

PRIORITY = {"number": "7", "title": "Neglect", "status": "under way", "summary": "It goes on."}
COURSE = {"title": "Signs of Safety", "provider": "Anytown Learning", "on_demand": "yes"}


def issue_with(*sections: dict[str, Any], **header: str) -> Issue:
    return Issue.model_validate({**ISSUE, **header, "sections": list(sections)})


def article(title: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "article", "title": title, "text": f"All about {title}.", **fields}


def priorities(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "priorities", "title": "Our priorities", "items": list(items)}


def describe(before: Issue, after: Issue) -> list[str]:
    return list(compare_issues(before, after).describe())


# --- what a person reads


def news_of(group: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "group_update", "title": group, "group": group, "items": list(items)}


STRATEGY = {"id": "strategy", "title": "Strategy", "text": "Our strategy is out for comment."}
OTHER = {"title": "Other", "text": "Another thing."}
MORE = {"title": "More", "text": "One more thing."}


def test_an_item_with_an_id_that_is_in_another_section_now_is_told_there_and_only_there() -> None:
    moved = STRATEGY | {"title": "The plan", "text": "Read what you told us."}
    before = issue_with(news_of("One", STRATEGY, OTHER), news_of("Two", MORE, OTHER))
    told = describe(before, issue_with(news_of("One", OTHER, MORE), news_of("Two", MORE, moved, OTHER)))

    assert [line for line in told if "moved here" in line] == ["    moved here from “One”"]
    assert not [line for line in told if ("Gone" in line or "New" in line) and "trategy" in line]
    assert told[0] == "Sections: 0 new, 2 changed, 0 gone, 0 unchanged. Items: 1 new, 1 changed, 0 gone, 3 unchanged."


@pytest.mark.parametrize("name", ["strategy", None])
def test_an_item_that_is_moved_into_a_new_section_out_of_one_that_is_gone_is_known_by_its_id(name: str | None) -> None:
    item = {key: value for key, value in (STRATEGY | {"id": name}).items() if value}
    before = issue_with(news_of("One", item, OTHER), article("Stays"))
    after = issue_with(article("Stays"), news_of("Quite different", item | {"text": "It is agreed."}, MORE))
    told = "\n".join(describe(before, after))

    assert ("moved here from “One”" in told) == bool(name)
    assert told.count("“Strategy”") == (1 if name else 2)


def test_an_id_that_another_kind_of_item_has_is_another_item() -> None:
    before = issue_with(news_of("One", STRATEGY, OTHER))
    after = issue_with(
        {"kind": "about", "title": "Us", "text": "We are.", "items": [{"id": "strategy", "title": "S", "text": "T"}]}
    )

    assert compare_issues(before, after).summary.endswith("Items: 1 new, 0 changed, 2 gone, 0 unchanged.")


def test_the_summary_comes_first() -> None:
    before = issue_with(article("One"), article("Two"), priorities(PRIORITY))
    changed = PRIORITY | {"status": "closed"}
    after = issue_with(
        article("Two"), article("Three"), priorities(changed, PRIORITY | {"number": "8", "title": "New"})
    )

    assert describe(before, after)[0] == (
        "Sections: 1 new, 1 changed, 1 gone, 1 unchanged. Items: 1 new, 1 changed, 0 gone, 0 unchanged."
    )


def test_a_priority_is_told_field_by_field_and_milestone_by_milestone() -> None:
    steps = [{"date": "June 2021", "text": "The first phase ends"}, {"date": "July 2021", "text": "Learning is shared"}]
    before = PRIORITY | {"milestones": steps[:1], "next": "We begin."}
    after = PRIORITY | {"milestones": steps, "status": "closed", "next": "We end."}

    assert describe(issue_with(priorities(before)), issue_with(priorities(after)))[2:] == [
        "Changed priorities section: “Our priorities”",
        "  Changed priority: 7, “Neglect”",
        "    status: under way → closed",
        "    next step: “We begin.” → “We end.”",
        "    New milestone: “Learning is shared”, July 2021",
        "    Unchanged: “The first phase ends”, June 2021",
    ]


def test_an_item_that_becomes_restricted_to_a_list_is_told() -> None:
    before, after = issue_with(article("One")), issue_with(article("One", **{"for": "schools"}))

    assert describe(before, after)[2:] == [
        "Changed article section: “One”",
        "  now only for schools; it was for everyone",
    ]


def test_what_is_new_and_what_is_gone_is_told_with_all_its_items() -> None:
    link = {"title": "Form", "link": "https://www.example.org/form", "for": "schools", "follow_up": "2021-07"}
    one, two = article("One"), article("Two", links=[link])

    assert describe(issue_with(one), issue_with(one, two))[2:] == [
        "Unchanged article section: “One”",
        "",
        "New article section: “Two”",
        "  link: “Form” (only for schools, promises more in July 2021)",
    ]
    assert describe(issue_with(one, two), issue_with(one))[4:] == [
        "Gone article section: “Two”",
        "  link: “Form” (only for schools, promises more in July 2021)",
    ]


def test_a_section_that_moved_says_which_way() -> None:
    one, two, three = article("One"), article("Two"), article("Three")

    assert describe(issue_with(one, two, three), issue_with(three, one, two))[2:] == [
        "Changed article section: “Three”",
        "  moved up",
        "",
        "Unchanged article section: “One”",
        "",
        "Unchanged article section: “Two”",
    ]


def test_a_section_with_a_title_that_is_near_is_the_same_one_under_another_title() -> None:
    before = issue_with({"kind": "notice", "title": "Resources are moving", "text": "They are moving."})
    after = issue_with({"kind": "notice", "title": "Resources have moved", "text": "They are moving."})

    assert describe(before, after)[2:] == [
        "Changed notice section: “Resources have moved”",
        "  title: “Resources are moving” → “Resources have moved”",
    ]


def test_sessions_are_told_by_their_days_and_not_counted() -> None:
    course = COURSE | {"on_demand": "no"}
    days = [{"date": "9 June 2021", "starts": "9:30am"}, {"date": "14 June 2021"}]
    before, after = (
        issue_with({"kind": "training", "title": "Training", "items": [course | {"sessions": [day]}]}) for day in days
    )

    assert describe(before, after)[0].endswith("Items: 0 new, 1 changed, 0 gone, 0 unchanged.")
    assert describe(before, after)[4:] == ["    New session: 14 June 2021", "    Gone session: 9 June 2021, 9:30am"]


def test_a_point_without_a_title_is_called_by_the_beginning_of_its_text() -> None:
    section = {"kind": "group_update", "title": "Forum", "group": "Forum", "items": ["One."]}
    after = issue_with({**section, "items": ["One.", "The network " + "grew " * 30]})

    assert f"  New point: “The network {'grew ' * 10}grew …”" in describe(issue_with(section), after)


def test_the_header_is_told_before_the_sections() -> None:
    lines = describe(issue_with(article("One")), issue_with(article("One"), month="2021-06", published="1 June 2021"))

    assert lines[2:] == [
        "Changed header",
        "  month: May 2021 → June 2021",
        "  published: 4 May 2021 → 1 June 2021",
        "",
        "Unchanged article section: “One”",
    ]


def test_issues_that_are_equal_differ_in_nothing() -> None:
    difference = compare_issues(SPECIMEN, SPECIMEN.model_copy(deep=True))

    assert not difference
    assert {part.fate for part in parts_of(SPECIMEN, SPECIMEN.model_copy(deep=True))} == {PartChange.UNCHANGED}


# --- nothing is lost


def items_in(record: Any) -> Iterator[Item]:
    """Every section, every entry of a list, and what is listed in it; not an ask, which belongs to its campaign."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        for entry in value if isinstance(value, tuple) else ():
            if isinstance(entry, Item):
                yield entry
                yield from items_in(entry)


def parts_of(before: Issue, after: Issue) -> list[ComparedPart]:
    return [part for section in compare_issues(before, after).sections for part in section.walk()]


@st.composite
def edited(draw: st.DrawFn, record: Any) -> Any:
    """A copy with some titles and texts exchanged, and entries of its lists dropped, moved and doubled."""
    update: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, tuple) and value and isinstance(value[0], Item):
            entries = draw(st.lists(st.sampled_from(value), max_size=4))
            update[name] = tuple(draw(edited(entry)) for entry in entries)
        elif name in ("title", "text") and value is not None:
            update[name] = draw(st.sampled_from([value, value, value, f"{value} again", "Something else"]))
    return record.model_copy(update=update)


ISSUES = edited(SPECIMEN)
moderately = settings(max_examples=60)


@moderately
@given(ISSUES, ISSUES)
def test_every_item_of_both_issues_is_told_exactly_once(before: Issue, after: Issue) -> None:
    parts = parts_of(before, after)

    assert sorted(id(part.earlier) for part in parts if part.earlier) == sorted(map(id, items_in(before)))
    assert sorted(id(part.item) for part in parts if part.fate != PartChange.GONE) == sorted(map(id, items_in(after)))
    assert all((part.earlier is None) == (part.fate == PartChange.NEW) for part in parts)


@moderately
@given(ISSUES, ISSUES)
def test_what_is_new_one_way_round_is_gone_the_other_way_round(before: Issue, after: Issue) -> None:
    forwards, backwards = parts_of(before, after), parts_of(after, before)

    def those(parts: list[ComparedPart], fate: PartChange) -> set[int]:
        return {id(part.item) for part in parts if part.fate == fate}

    assert those(forwards, PartChange.NEW) == those(backwards, PartChange.GONE)
    assert those(forwards, PartChange.GONE) == those(backwards, PartChange.NEW)
    kept = [part for part in forwards if part.fate in (PartChange.CHANGED, PartChange.UNCHANGED)]
    assert {(id(part.earlier), id(part.item)) for part in kept} == {
        (id(part.item), id(part.earlier))
        for part in backwards
        if part.fate in (PartChange.CHANGED, PartChange.UNCHANGED)
    }


@moderately
@given(ISSUES, ISSUES)
def test_there_is_a_difference_exactly_when_the_issues_differ(before: Issue, after: Issue) -> None:
    assert bool(compare_issues(before, after)) == (before != after)
    assert all(part.item == part.earlier for part in parts_of(before, after) if part.fate == PartChange.UNCHANGED)


@moderately
@given(ISSUES, ISSUES)
def test_whatever_is_new_changed_or_gone_is_named_in_the_description(before: Issue, after: Issue) -> None:
    text = "\n".join(describe(before, after))

    for part in parts_of(before, after):
        if part.fate != PartChange.UNCHANGED:
            assert " ".join(str(getattr(part.item, "title", None) or "").split()) in text


@pytest.mark.parametrize("fate", list(PartChange))
def test_the_summary_counts_what_is_told(fate: PartChange) -> None:
    before, after = SPECIMEN, SPECIMEN.model_copy(update={"sections": SPECIMEN.sections[3:] + SPECIMEN.sections[:1]})
    difference = compare_issues(before, after)
    number = sum(section.fate == fate for section in difference.sections)

    assert f"{number} {fate}" in difference.summary.partition("Items")[0]
