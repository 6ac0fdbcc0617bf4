from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.comparison.pairing import pair_up
from bulletin.issue.item import Item, Point
from bulletin.issue.model import Issue
from bulletin.issue.sections import Section
from specimen import ISSUE

LINK = "https://www.example.org/"
EVENT = {"title": "Board", "date": "9 June 2021"}
REWORDED = st.lists(st.text("abc", min_size=4, max_size=7), max_size=5)  # short, so that many are near
PRIORITY = {"number": "7", "title": "Neglect", "status": "planned", "summary": "It begins."}


def section(kind: str, **fields: Any) -> Section:
    (read,) = Issue.model_validate({**ISSUE, "sections": [{"kind": kind, "title": "A title", **fields}]}).sections
    return read


def entry(kind: str, fields: dict[str, Any]) -> Item:
    if kind == "resources":
        return section(kind, groups=[{"title": "G", "items": [fields]}]).groups[0].items[0]  # type: ignore[union-attr]
    required = {"executive_updates": {"lead": "L"}, "about": {"text": "T"}}.get(kind, {})
    return section(kind, items=[fields], **required).items[0]  # type: ignore[union-attr]


def are_one(before: Item, after: Item) -> bool:
    ((placed,), gone) = pair_up([before], [after])
    assert (placed.earlier is None) == bool(gone)
    return placed.earlier is before


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("priorities", PRIORITY, PRIORITY | {"title": "Something else"}),
        ("priorities", PRIORITY, PRIORITY | {"number": "8"}),
        ("resources", {"title": "A", "link": LINK}, {"title": "Quite another", "link": LINK}),
        ("resources", {"title": "A", "link": LINK}, {"title": "A", "link": f"{LINK}new"}),
        ("links", {"title": "A", "link": LINK}, {"title": "A", "link": f"{LINK}new"}),
        ("about", {"title": "A", "text": "One."}, {"title": "A", "text": "Two."}),
        ("events", EVENT, EVENT | {"date": "16 June 2021"}),
        ("events", EVENT, EVENT | {"title": "Partnership meeting"}),
        (
            "training",
            {"title": "A", "provider": "B", "on_demand": "yes"},
            {"title": "A", "provider": "C", "on_demand": "yes"},
        ),
        ("executive_updates", {"title": "A", "text": "One."}, {"title": "A", "text": "Something else."}),
        ("executive_updates", {"title": "A", "text": "One."}, {"title": "B", "text": "One."}),
        ("executive_updates", {"text": "We made ready for the meeting."}, {"text": "We are ready for the meeting."}),
    ],
)
def test_an_item_is_known_again_by_its_own_mark(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert are_one(entry(kind, before), entry(kind, after))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("priorities", PRIORITY, PRIORITY | {"number": "8", "title": "Exploitation"}),
        ("resources", {"title": "A report", "link": LINK}, {"title": "A reports", "link": f"{LINK}new"}),
        ("executive_updates", {"text": "We reviewed the plan."}, {"text": "Members meet in September."}),
        ("executive_updates", {"title": "Training courses", "text": "A."}, {"title": "Training course", "text": "B."}),
    ],
)
def test_what_only_looks_alike_is_another_item(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert not are_one(entry(kind, before), entry(kind, after))


def test_a_section_is_known_again_by_kind_and_title_or_a_title_that_is_near() -> None:
    moving, moved = (section("notice", title=f"Resources {word}", text=word) for word in ("are moving", "have moved"))

    assert are_one(moving, moved)
    assert not are_one(moving, section("article", title="Resources are moving", text="are moving"))
    assert not are_one(moving, section("notice", title="Office hours", text="We are closed."))


def test_a_standing_section_is_known_again_though_it_has_another_title() -> None:
    assert are_one(section("events", items=[EVENT]), section("events", title="Dates", items=[EVENT | {"title": "B"}]))


def test_a_groups_section_is_known_again_by_its_group() -> None:
    before, after = (section("group_update", title=title, group="Forum", items=[title]) for title in ("News", "Report"))

    assert are_one(before, after)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("executive_updates", {"title": "Strategy", "text": "One."}, {"title": "Our plan", "text": "It is out."}),
        ("events", EVENT, {"title": "Conference", "date": "2 July 2021"}),
        ("links", {"title": "A", "link": LINK}, {"title": "B", "link": f"{LINK}new"}),
        ("about", {"title": "A", "text": "One."}, {"title": "B", "text": "Two."}),
    ],
)
def test_an_item_with_an_id_is_known_again_by_it_whatever_else_has_changed(
    kind: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert not are_one(entry(kind, before), entry(kind, after))
    assert are_one(entry(kind, before | {"id": "it"}), entry(kind, after | {"id": "it"}))


def test_an_id_says_what_was_moved_and_reworded_before_titles_do() -> None:
    news, report = Point(id="news", title="News", text="One."), Point(id="report", title="Report", text="Two.")
    retitled = [Point(id="report", title="News", text="Three."), Point(id="news", title="Report", text="Four.")]
    placed, gone = pair_up([news, report], retitled)

    assert [each.earlier for each in placed] == [report, news]
    assert [each.move for each in placed] == ["moved up", ""]
    assert not gone


def test_a_section_with_an_id_is_known_again_by_it() -> None:
    first = section("article", title="Our strategy", text="One.", id="strategy")

    assert are_one(first, section("article", title="What we do", text="Two.", id="strategy"))
    assert not are_one(first, section("notice", title="What we do", text="Two.", id="strategy"))


def test_what_was_only_retitled_is_known_again() -> None:
    assert are_one(section("article", text="One."), section("article", title="Quite different", text="One."))


def test_of_equal_items_the_same_ones_are_paired_first() -> None:
    twins = [Point(title="News", text="Old."), Point(title="News", text="New.")]
    placed, gone = pair_up(twins, [Point(title="News", text="New.")])

    assert placed[0].earlier is twins[1]
    assert gone == (twins[0],)


@pytest.mark.parametrize(
    ("order", "moves"),
    [
        ("abcd", {}),
        ("dabc", {"d": "moved up"}),
        ("bcda", {"a": "moved down"}),
        ("axbcd", {}),
        ("bxd", {}),
        ("cbad", {"c": "moved up"}),
        ("dcba", {"d": "moved up", "c": "moved up", "b": "moved down"}),
    ],
)
def test_what_stands_elsewhere_has_moved_and_nothing_else_has(order: str, moves: dict[str, str]) -> None:
    placed, _ = pair_up([Point(text=name) for name in "abcd"], [Point(text=name) for name in order])

    assert {name: item.move for name, item in zip(order, placed, strict=True) if item.move} == moves


@example(["baaa"], ["aaba"])  # difflib calls them near one way round only
@given(REWORDED, REWORDED)
def test_what_is_paired_is_the_same_both_ways_round(before: list[str], after: list[str]) -> None:
    old, new = ([Point(text=text) for text in texts] for texts in (before, after))
    (forwards, gone), (backwards, come) = pair_up(old, new), pair_up(new, old)

    assert {id(item) for item in gone} == {id(item.item) for item in backwards if not item.earlier}
    assert {id(item) for item in come} == {id(item.item) for item in forwards if not item.earlier}
    assert {(id(item.earlier), id(item.item)) for item in forwards if item.earlier} == {
        (id(item.item), id(item.earlier)) for item in backwards if item.earlier
    }


@given(st.permutations("abcdef"))
def test_something_has_moved_exactly_when_the_order_is_another(order: list[str]) -> None:
    placed, gone = pair_up([Point(text=name) for name in "abcdef"], [Point(text=name) for name in order])

    assert not gone
    assert any(item.move for item in placed) == (order != sorted(order))
