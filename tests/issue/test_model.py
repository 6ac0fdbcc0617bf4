from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bulletin.declaration.declared import Declared
from bulletin.issue import sections
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.item import Item
from bulletin.issue.kinds.campaign import Campaign, Phase
from bulletin.issue.kinds.priorities import Priorities
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings

MINIMAL: dict[str, Any] = {
    "month": "2021-05",
    "published": "4 May 2021",
    "subject": "News",
    "preview_text": "What we did",
}


def issue_with(*contents: dict[str, Any]) -> Issue:
    return Issue.model_validate({**MINIMAL, "sections": list(contents)})


def models_below(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[type[BaseModel]]:
    """`model` and every record that its fields lead to."""
    seen = seen if seen is not None else set()
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for found in _classes_in(field.annotation):
            yield from models_below(found, seen)


def _classes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _classes_in(argument)


ALL_MODELS = sorted({*models_below(Issue), *models_below(Settings)}, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", ALL_MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_description_and_an_example_that_is_valid(model: type[Declared]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", "?")), name
        assert field.examples, name
        for example in field.examples:
            loc = field.alias or name
            assert loc not in _refused_fields(model, {loc: example}), (name, example)


def _refused_fields(model: type[Declared], data: dict[str, Any]) -> set[str | int]:
    """The first steps of the places at which `data` is refused, as text that a file would have."""
    try:
        model.model_validate(_as_written(data))
    except ValidationError as error:
        return {detail["loc"][0] for detail in error.errors() if detail["loc"] and detail["type"] != "missing"}
    return set()


def _as_written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_written(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_as_written(below) for below in value]
    return str(value)


@pytest.mark.parametrize("model", ALL_MODELS, ids=lambda model: model.__name__)
def test_every_record_is_frozen_and_refuses_unknown_fields(model: type[Declared]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"
    assert model.noun.startswith(("a ", "an ", "the ", "how ", "sending", "bulletin.yaml"))


def test_there_are_sixteen_kinds_of_section() -> None:
    union, _ = typing.get_args(sections.Section)
    kinds = [typing.get_args(member.model_fields["kind"].annotation)[0] for member in typing.get_args(union)]

    assert kinds == [
        "executive_updates",
        "priorities",
        "campaign",
        "group_update",
        "training",
        "events",
        "article",
        "notice",
        "figures",
        "in_brief",
        "people",
        "vacancies",
        "video",
        "resources",
        "links",
        "about",
    ]


def test_anything_in_an_issue_can_promise_more_and_be_meant_for_some_lists() -> None:
    link = {"title": "Form", "link": "https://example.org/form", "follow_up": "2021-06", "for": "schools"}
    issue = issue_with({"kind": "links", "title": "Links", "for": ["partners"], "items": [link]})
    section = issue.sections[0]

    assert isinstance(section, sections.Links)
    assert section.for_ == ("partners",)
    assert section.items[0].follow_up == Month(2021, 6)
    assert section.items[0].for_ == ("schools",)
    records = {"Issue", "Image", "Figure", "Booking", "Contact", "IssueCorrection", "Quotation", "Signature"}
    for model in models_below(Issue):
        assert issubclass(model, Item) or model.__name__ in records


def test_a_point_may_be_a_text_alone() -> None:
    issue = issue_with({"kind": "group_update", "title": "F", "group": "F", "items": ["One.", {"text": "Two."}]})
    section = issue.sections[0]

    assert isinstance(section, sections.GroupUpdate)
    assert [point.text for point in section.items] == ["One.", "Two."]


def test_a_resource_has_one_publisher_or_several_and_a_date_that_may_be_partial() -> None:
    entries = [
        {"title": "A", "link": "https://example.org/a", "publishers": "Ofsted", "date": "13 April"},
        {"title": "B", "link": "https://example.org/b", "publishers": ["DfE", "NSPCC"], "date": "March 2021"},
    ]
    issue = issue_with({"kind": "resources", "title": "R", "groups": [{"title": "G", "items": entries}]})
    section = issue.sections[0]

    assert isinstance(section, Resources)
    assert [entry.publishers for entry in section.groups[0].items] == [("Ofsted",), ("DfE", "NSPCC")]
    assert [entry.date for entry in section.groups[0].items] == [PartialDate(None, 4, 13), PartialDate(2021, 3)]


def test_a_campaign_is_in_phase_n_of_m() -> None:
    issue = issue_with({"kind": "campaign", "title": "C", "text": "T", "phase": "Phase 1 of 2"})
    section = issue.sections[0]

    assert isinstance(section, Campaign)
    assert section.phase == Phase(1, 2)
    assert (str(Phase(1, 2)), str(Phase(2))) == ("Phase 1 of 2", "Phase 2")


def test_text_that_looks_like_a_number_stays_text_where_text_belongs() -> None:
    course = {"title": "2026", "provider": "1.20", "on_demand": "on", "places": "12", "cost": "0123"}
    issue = issue_with({"kind": "training", "title": "12:30", "items": [course]})
    section = issue.sections[0]

    assert isinstance(section, Training)
    assert (section.title, section.items[0].title, section.items[0].cost) == ("12:30", "2026", "0123")
    assert section.items[0].places == 12
    assert section.items[0].on_demand is True


@pytest.mark.parametrize("number", ["007", "1_000", "1.0", "1e3", "-1", "٣", ""])
def test_a_number_that_must_be_guessed_at_is_refused(number: str) -> None:
    priority = {"number": number, "title": "T", "status": "planned", "summary": "S"}
    with pytest.raises(ValidationError, match="is not a whole number"):
        issue_with({"kind": "priorities", "title": "P", "items": [priority]})


def test_a_record_cannot_be_slipped_in_where_a_value_is_read_from_text() -> None:
    with pytest.raises(ValidationError, match="is not a text"):
        Issue.model_validate({**MINIMAL, "month": {"year": 2021, "month": 13}, "sections": []})


def test_markup_and_template_signs_are_kept_to_the_letter() -> None:
    text = "{{ name }} {% if x %} `<script>` 5 < 6 & **bold**"
    issue = issue_with({"kind": "notice", "title": "{{ 7*7 }}", "text": text})

    assert isinstance(issue.sections[0], sections.Notice)
    assert (issue.sections[0].title, issue.sections[0].text) == ("{{ 7*7 }}", text)


def test_priorities_keep_their_order_and_numbers() -> None:
    items = [{"number": str(n), "title": "T", "status": "closed", "summary": "S"} for n in (8, 6, 7)]
    section = issue_with({"kind": "priorities", "title": "P", "items": items}).sections[0]

    assert isinstance(section, Priorities)
    assert [priority.number for priority in section.items] == [8, 6, 7]
