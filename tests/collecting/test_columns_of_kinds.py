"""Tables and forms for vacancies, people and news in brief, and for tasks, costs and people to ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bulletin.collecting.arrivals import read_contribution
from bulletin.collecting.columns import Shape, columns_of
from bulletin.collecting.contribution import Contribution
from bulletin.collecting.forms import write_yaml_form
from bulletin.collecting.table import find_kind
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.settings.organisation import Contributor

HEALTH = Contributor(organisation="Anytown Health", email="news@health.example.org")


def read(folder: Path, name: str, *rows: str) -> Contribution:
    """A contribution of Anytown Health as a table: its headings, and its rows."""
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    around = ValidationContext(month=Month(2021, 5))
    return read_contribution(path, shown_as=name, contributors={"health": HEALTH}, context=around)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("vacancies", {"title", "employer", "pay", "hours", "place", "closes", "interviews", "contact.name", "link"}),
        ("people", {"name", "role", "text", "email", "telephone"}),
        ("in_brief", {"title", "text", "link", "button"}),
        ("events", {"cost", "contact.name", "contact.email", "contact.telephone", "do", "by"}),
        ("training", {"cost", "contact.email", "button", "do"}),
        ("article", {"link", "button", "do", "by"}),
    ],
)
def test_a_table_has_the_columns_that_a_contributor_can_fill_in(kind: str, names: set[str]) -> None:
    columns = columns_of(kind)

    assert names <= set(columns)
    assert not {"top_story", "kicker", "image", "quote", "from"} & set(columns)
    assert all(column.description and column.example for column in columns.values())


def test_the_days_of_a_vacancy_are_days() -> None:
    columns = columns_of("vacancies")

    assert {columns[name].shape for name in ("closes", "interviews", "by")} == {Shape.DAY}
    assert columns["closes"].required


@pytest.mark.parametrize(("name", "kind"), [("Jobs", "vacancies"), ("News", "in_brief"), ("Staff", "people")])
def test_a_sheet_may_have_the_everyday_name_of_its_kind(name: str, kind: str) -> None:
    assert find_kind(name) == kind


def test_a_row_is_a_vacancy_with_the_person_to_ask(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        "health-vacancies.csv",
        "title,closes,pay,contact.name,contact.email,do",
        "Nurse,25/06/2021,£30 an hour,Jo Bloggs,jo@example.org,Apply to be our nurse",
    )

    assert not made.held
    assert made.sections[0]["items"] == [
        {
            "title": "Nurse",
            "closes": "25 June 2021",
            "pay": "£30 an hour",
            "contact": {"name": "Jo Bloggs", "email": "jo@example.org"},
            "do": "Apply to be our nurse",
        }
    ]


def test_a_row_is_a_person_or_a_piece_of_news(tmp_path: Path) -> None:
    people = read(tmp_path, "health-people.csv", "name,role,telephone", "Tom Okafor,Lead,01632 960 145")
    news = read(tmp_path, "health-news.csv", "title,text,do,by", "Hubs,They open.,Tell your team,4 June 2021")

    assert people.sections[0]["items"] == [{"name": "Tom Okafor", "role": "Lead", "telephone": "01632 960 145"}]
    assert news.sections[0]["kind"] == "in_brief"
    assert news.sections[0]["items"] == [
        {"title": "Hubs", "text": "They open.", "do": "Tell your team", "by": "4 June 2021"}
    ]


@pytest.mark.parametrize(
    ("head", "row", "message"),
    [
        ("title,closes,contact.name", "Nurse,11 June 2021,Jo Bloggs", "no email address and no telephone number"),
        ("title,closes,by", "Nurse,11 June 2021,4 June 2021", "“by” is here without “do”."),
        ("title,closes,button", "Nurse,11 June 2021,Apply", "“button” leads nowhere."),
        ("title,closes", "Nurse,soon", "is not a date"),
    ],
)
def test_a_row_with_a_slip_is_held_back_with_its_reason(tmp_path: Path, head: str, row: str, message: str) -> None:
    made = read(tmp_path, "health-vacancies.csv", head, row, "Clerk,11 June 2021" + "," * (head.count(",") - 1))

    assert [item["title"] for item in made.sections[0]["items"]] == ["Clerk"]
    (held,) = made.held
    assert held.title == "Nurse"
    assert message in held.faults[0].message


def test_a_blank_form_asks_for_vacancies_people_and_news() -> None:
    form = write_yaml_form(
        "health",
        HEALTH,
        month=Month(2021, 6),
        deadline=date(2021, 5, 24),
        send_to="news@example.org",
        file="health.yaml",
    )

    for kind in ("vacancies", "people", "in_brief"):
        assert f"# - kind: {kind}" in form
    assert "closes (needed): The last day to apply." in form
    assert "kind: figures" not in form
