"""Every word has facts that are whole and true, and is found as people type it."""

from __future__ import annotations

import textwrap
from typing import Any, get_args

import pytest
import typer
import yaml

from bulletin.cli.app import make_app
from bulletin.cli.explaining.command_facts import gather_all_facts
from bulletin.database.states import DeliveryState, MailingEvent, ScheduleState, SuppressionReason
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.doctor.registry import find_checks
from bulletin.explain.fact import Fact, write_yaml
from bulletin.explain.facts import find_facts, find_nearest
from bulletin.explain.model_facts import A_FIELD, A_KIND, A_SETTING
from bulletin.issue.model import Issue
from bulletin.issue.sections import section_kinds
from bulletin.proof.registry import find_rules
from bulletin.settings.settings import Settings

FACTS = gather_all_facts(typer.main.get_command(make_app()))
HEAD = "month: 2021-05\npublished: 4 May 2021\nsubject: News\npreview_text: News.\nsections:\n"


def of_sort(sort: str) -> list[Fact]:
    return [fact for fact in FACTS if fact.sort == sort]


def test_every_kind_state_rule_and_check_is_there_once_in_its_sort() -> None:
    states = [*DeliveryState, *MailingEvent, *ScheduleState, *SuppressionReason]
    told = [fact.word for fact in FACTS if fact.sort.startswith(("a state", "a reason"))]

    assert [fact.word for fact in of_sort(A_KIND)] == list(section_kinds())
    assert told == [state.value for state in states]
    assert {fact.word for fact in FACTS if fact.sort.startswith("a rule")} == set(find_rules())
    assert {fact.word for fact in FACTS if fact.sort.startswith("a check")} == set(find_checks())


def test_every_setting_at_the_top_of_bulletin_yaml_and_every_field_of_an_issue_is_there() -> None:
    settings = {fact.word.removesuffix("[]") for fact in of_sort(A_SETTING)}
    fields = {fact.word.removesuffix("[]") for fact in of_sort(A_FIELD)}

    assert set(Settings.model_fields) <= settings
    assert {field.alias or name for name, field in Issue.model_fields.items() if name != "sections"} <= fields
    assert {"sending.stop_at", "lists.NAME.basis", "organisation.logo.alt"} <= settings
    assert {"section.quote", "training.items[].sessions[].date", "campaign.ask.button"} <= fields


def test_no_fact_is_without_words_and_none_is_told_twice() -> None:
    told = [(fact.word, fact.sort) for fact in FACTS]

    assert [fact.word for fact in FACTS if not fact.summary.strip()] == []
    assert len(told) == len(set(told))


@pytest.mark.parametrize("fact", of_sort(A_KIND), ids=lambda fact: fact.word)
def test_the_example_of_a_kind_is_a_section_that_loads(fact: Fact) -> None:
    source = parse_source(HEAD + textwrap.indent(fact.example, "  "), shown_as="issue")

    (section,) = validate(source, Issue).sections
    assert get_args(type(section).model_fields["kind"].annotation) == (fact.word,)


@pytest.mark.parametrize("sort", [A_FIELD, A_SETTING])
def test_the_example_of_a_field_or_setting_is_yaml_with_it_inside(sort: str) -> None:
    for fact in of_sort(sort):
        data: Any = yaml.load(fact.example, yaml.BaseLoader)
        steps = fact.word.split(".") if sort == A_SETTING else [fact.word.rpartition(".")[2]]
        for step in steps:
            data = data[0] if isinstance(data, list) else data
            data = data["news" if step == "NAME" else step.removesuffix("[]")]
        assert data, fact.word


def test_what_to_look_at_next_is_there() -> None:
    assert [(fact.word, next_) for fact in FACTS for next_ in fact.see if not find_facts(FACTS, next_)] == []


@pytest.mark.parametrize(
    ("typed", "word", "sort"),
    [
        ("training", "training", A_KIND),
        ("TRAINING:", "training", A_KIND),
        ("workshops", "training", A_KIND),
        ("stop_at", "sending.stop_at", A_SETTING),
        ("sessions.date", "training.items[].sessions[].date", A_FIELD),
        ("date01", "DATE01", "a rule (error): weekday-disagrees"),
        ("weekday-disagrees", "DATE01", "a rule (error): weekday-disagrees"),
        ("state sending", "sending", "a state of a delivery"),
        ("bulletin subscribers sync", "subscribers sync", "a command"),
        ("sync", "subscribers sync", "a command"),
        ("readers", "reader", "a word"),
        ("blacklist", "blocklist", "a word that we don’t use"),
    ],
)
def test_a_word_is_found_as_people_type_it(typed: str, word: str, sort: str) -> None:
    assert (word, sort) in [(fact.word, fact.sort) for fact in find_facts(FACTS, typed)]


def test_what_is_not_found_has_the_nearest_three() -> None:
    near = find_nearest(FACTS, "trainng")

    assert find_facts(FACTS, "trainng") == []
    assert near[0] == "training"
    assert len(near) == 3


def test_yes_no_dates_and_times_are_written_as_people_write_them() -> None:
    value = {"done": "yes", "date": "2021-05-04", "starts": "14:30", "title": "News: more", "items": ["1", "a"]}

    assert write_yaml(value) == (
        "done: yes\ndate: 2021-05-04\nstarts: 14:30\ntitle: 'News: more'\nitems:\n  - 1\n  - a"
    )
