"""Whatever is changed in an issue, the difference says so, and says where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

import pytest

from bulletin.comparison.changes import describe_changes, describe_terms
from bulletin.comparison.difference import ComparedPart, PartChange, compare_issues
from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import Translated
from bulletin.issue.dates import Month, PartialDate, TimeOfDay
from bulletin.issue.item import Figure, Image, Item, Point
from bulletin.issue.kinds.campaign import Campaign, Phase
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.kinds.resources import Resource
from bulletin.issue.model import Issue
from specimen import ISSUE

Place = tuple[str | int, ...]

SPECIMEN = Issue.model_validate(ISSUE)

CALLED = {
    "alt": "text alternative",
    "book": "booking",
    "by": "last day",
    "closes": "closing date",
    "do": "task",
    "ends": "end",
    "follow_up": "now promises more in",
    "for_": "now only for",
    "from_": "first day",
    "how": "instructions",
    "image": "picture",
    "led_by": "lead organisation",
    "link_text": "words of the link",
    "next": "next step",
    "quote": "quotation",
    "signed": "signature",
    "starts": "start",
    "to_do": "box “What you need to do”",
    "top_story": "now the top story",
    "marketing": "now marketing",
    "until": "end date",
    "value": "",
}


def places_in(record: Declared, place: Place = ()) -> Iterator[Place]:
    """Every field of every record, by its path; the kind of a section is no field that can change."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name != "kind" or isinstance(record, Resource):
            yield (*place, name)
        if isinstance(value, Declared):
            yield from places_in(value, (*place, name))
        elif holds_records(value):
            for index, entry in enumerate(value):
                yield from places_in(entry, (*place, name, index))


def holds_records(value: Any) -> bool:
    return isinstance(value, tuple) and isinstance(next(iter(value), None), Declared)


def value_at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def changed_at(record: Any, place: Place) -> Any:
    """The record with the value at `place` changed, and nothing else."""
    step, *rest = place
    value = record[step] if isinstance(step, int) else getattr(record, step)
    changed = changed_at(value, tuple(rest)) if rest else another(value, name=str(step))
    if isinstance(step, int):
        return (*record[:step], changed, *record[step + 1 :])
    return record.model_copy(update={step: changed})


def another(value: Any, *, name: str) -> Any:
    match value:
        case None:
            # What its type would be is nothing to the comparison, except where the words say more than the value.
            return {"follow_up": Month(2022, 1), "image": Image(file="a.png", alt="A")}.get(name, "A new text")
        case ():
            return (Point(text="A new one"),) if name in ("links", "assets", "milestones", "sessions") else ("schools",)
        case tuple():
            return value[1:] if holds_records(value) else (*value, "schools")
        case Enum():
            return next(member for member in type(value) if member != value)
        case str():
            return f"{value} x"
        case bool():
            return not value
        case int():
            return value + 100
        case PartialDate() | Month():
            return replace(value, year=2030)
        case TimeOfDay():
            return replace(value, minute=value.minute + 1)
        case Phase():
            return replace(value, total=9)
        case date():
            return value + timedelta(days=1)
        case Declared():
            return None
    raise AssertionError(f"the test has no other value for {value!r}")


def split_place(place: Place) -> tuple[Place, tuple[str, ...]]:
    """The path of the section or item, or () for the issue itself; and the field in it, by its path."""
    end = max((at + 1 for at, step in enumerate(place) if isinstance(step, int)), default=0)
    return place[:end], tuple(str(step) for step in place[end:])


def told_parts(before: Issue, after: Issue) -> list[ComparedPart]:
    """The parts of which something is said for their own sake, not for what is in them."""
    parts = [part for section in compare_issues(before, after).sections for part in section.walk()]
    return [part for part in parts if part.changes or part.fate in (PartChange.NEW, PartChange.GONE)]


def is_known_by(item: Item, name: str) -> bool:
    """Whether a field is the only one that an item is known by: with another value it is another item."""
    kind = type(item).__name__
    return (kind, name) == ("Session", "date") or (kind in ("Card", "Asset") and name == "title" and not item.link)  # type: ignore[attr-defined]


PLACES = list(places_in(SPECIMEN))
LISTS = [place for place in PLACES if holds_records(value_at(SPECIMEN, place))]
HEADER = [place for place in PLACES if len(place) == 1 and place not in LISTS]
FIELDS = [place for place in PLACES if len(place) > 1 and place not in LISTS]


def name_place(place: Place) -> str:
    return ".".join(map(str, place))


def test_the_specimen_has_some_hundred_places() -> None:
    assert len(FIELDS) > 300
    assert len(HEADER) == 14
    assert len(LISTS) > 15


@pytest.mark.parametrize("place", HEADER, ids=name_place)
def test_any_change_of_the_header_is_named_by_its_field(place: Place) -> None:
    difference = compare_issues(SPECIMEN, changed_at(SPECIMEN, place))

    (line,) = difference.changes
    name = str(place[0])
    assert line.startswith(CALLED.get(name, name.replace("_", " ")))
    assert {section.fate for section in difference.sections} == {PartChange.UNCHANGED}


@pytest.mark.parametrize("place", FIELDS, ids=name_place)
def test_any_field_changed_anywhere_is_named_at_its_place(place: Place) -> None:
    after = changed_at(SPECIMEN, place)
    item_at, fields = split_place(place)
    was, item = value_at(SPECIMEN, item_at), value_at(after, item_at)
    told = told_parts(SPECIMEN, after)
    value = value_at(after, place)

    if isinstance(value, tuple) and isinstance(value[0], Point):  # a list that was empty has an entry now
        assert [(part.item, part.fate) for part in told] == [(value[0], PartChange.NEW)]
    elif is_known_by(was, fields[-1]):
        assert [(part.item, part.fate) for part in told] == [(item, PartChange.NEW), (was, PartChange.GONE)]
    else:
        assert [(part.earlier, part.item) for part in told] == [(was, item)]
        words = " ".join(word for name in fields if (word := CALLED.get(name, name.replace("_", " "))))
        assert any(line.startswith(words) for line in told[0].changes)
    lines = "\n".join(compare_issues(SPECIMEN, after).describe())
    assert f"Changed {type(after.sections[place[1]]).noun.partition(' ')[2].replace('_', ' ')}: “" in lines
    assert after.sections[place[1]].title in lines


@pytest.mark.parametrize("place", LISTS, ids=name_place)
def test_anything_taken_out_of_a_list_is_gone_with_all_that_is_in_it(place: Place) -> None:
    gone = value_at(SPECIMEN, place)[0]
    told = told_parts(SPECIMEN, changed_at(SPECIMEN, place))

    assert told[0].item is gone
    assert {part.fate for part in told} == {PartChange.GONE}
    lists = [value for at in places_in(gone) if holds_records(value := value_at(gone, at))]
    assert len(told) == 1 + sum(map(len, lists))


# --- how a change is said

MILESTONE = Milestone(date=PartialDate(2021, 6), text="The first phase ends")


@pytest.mark.parametrize(
    ("field", "before", "after", "line"),
    [
        ("for_", (), ("schools",), "now only for schools; it was for everyone"),
        ("for_", ("schools",), ("schools", "partners"), "now only for schools, partners; it was only for schools"),
        ("for_", ("schools",), (), "now for everyone; it was only for schools"),
        ("follow_up", None, Month(2021, 7), "now promises more in July 2021"),
        ("follow_up", Month(2021, 6), Month(2021, 7), "now promises more in July 2021, not in June 2021"),
        ("follow_up", Month(2021, 6), None, "no longer promises more in June 2021"),
        ("done", None, True, "done: not said → yes"),
        ("done", True, False, "done: yes → no"),
        ("until", PartialDate(2021, 7), PartialDate(2021, 7, 9), "end date: July 2021 → 9 July 2021"),
        ("text", "Ends", "Starts", "text: “Ends” → “Starts”"),
    ],
)
def test_a_change_is_said_in_words(field: str, before: object, after: object, line: str) -> None:
    old, new = (MILESTONE.model_copy(update={field: value}) for value in (before, after))

    assert list(describe_changes(old, new)) == [line]


def test_a_figure_is_told_by_its_value() -> None:
    before = SPECIMEN.sections[4].items[0]  # type: ignore[union-attr]
    figure = Figure(value="31", label="have completed it", date=PartialDate(2021, 5))

    assert list(describe_changes(before, before.model_copy(update={"figure": figure}))) == [
        "figure: “24” → “31”",
        "figure label: “professionals have completed it” → “have completed it”",
        "figure date: April 2021 → May 2021",
    ]


def test_partners_that_came_and_went_are_named() -> None:
    before = SPECIMEN.sections[2]
    assert isinstance(before, Campaign)
    greenfield, marshside, pools = before.partners

    def describe(*partners: str) -> list[str]:
        return list(describe_changes(before, before.model_copy(update={"partners": partners})))

    assert describe(greenfield, pools, "Ofsted") == ["partners: “Ofsted” added, “Marshside” removed"]
    assert describe(pools, marshside, greenfield) == ["partners: the same in another order"]


def test_what_comes_and_goes_is_told_by_its_first_sentence() -> None:
    point = Point(title="Scrutiny", text="Done.")

    assert list(describe_changes(point, point.model_copy(update={"title": None}))) == [
        "title is gone; it was “Scrutiny”"
    ]
    assert list(describe_changes(point.model_copy(update={"title": None}), point)) == ["title is new: “Scrutiny”"]


def test_of_what_is_new_it_is_said_whom_it_is_for_and_what_it_promises() -> None:
    assert list(describe_terms(MILESTONE)) == []
    restricted = MILESTONE.model_copy(update={"for_": ("schools",), "follow_up": Month(2021, 7)})
    assert list(describe_terms(restricted)) == ["only for schools", "promises more in July 2021"]


def test_of_a_new_campaign_it_is_said_whom_its_ask_is_for() -> None:
    campaign = SPECIMEN.sections[2]
    assert isinstance(campaign, Campaign)
    assert campaign.ask
    ask = campaign.ask.model_copy(update={"for_": ("schools",)})

    assert list(describe_terms(campaign.model_copy(update={"ask": ask}))) == ["ask only for schools"]


def test_what_changed_is_told_for_each_language_of_a_text() -> None:
    def title(**versions: str) -> Issue:
        return SPECIMEN.model_copy(update={"subject": Translated(versions)})

    before, after = title(cy="Newyddion", en="News"), title(cy="Newyddion", en="News of May")
    assert [line.startswith("English subject") for line in compare_issues(before, after).changes] == [True]

    both = compare_issues(before, title(cy="Newyddion Mai", en="News of May")).changes
    assert [line.partition(" ")[0] for line in both] == ["Welsh", "English"]
    (once,) = compare_issues(SPECIMEN.model_copy(update={"subject": "News"}), before).changes
    assert once.startswith("Welsh subject")
    assert compare_issues(before, title(cy="Newyddion", en="News")).changes == ()
