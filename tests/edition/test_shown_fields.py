"""Sections of a declared kind in an email: by their own templates, or by their fields, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.edition.shown_fields import list_parts
from bulletin.edition.theme import Theme
from bulletin.edition.to_do import sort_tasks
from bulletin.issue.model import Issue
from bulletin.issue.sections import OwnKinds, with_kinds
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import theme_folder
from own_kinds import RECIPE, random_kinds, read_kind
from random_issues import Writer
from specimen import ISSUE, SETTINGS, read_picture

THEME = Theme(folders=(theme_folder(),))
HEAD = "description: A dish to cook together.\nfields:\n"
SOUP = {
    "kind": "recipe",
    "title": "Onion soup",
    "serves": "4",
    "ingredients": ["1 kg *red* onions", "1 litre of stock"],
    "items": [{"text": "Chop the onions.", "minutes": "10", "do": "Bring an apron", "by": "11 May 2021"}],
    "cook": "Ffion Rees",
}


def render(section: dict[str, Any], own: OwnKinds, *, theme: Theme = THEME) -> Edition:
    return render_edition(
        with_kinds(Issue, own).model_validate({**ISSUE, "sections": [section], "introduction": None}),
        issue_id="news/2021-05",
        settings=Settings.model_validate(SETTINGS),
        bulletin_name="news",
        theme=theme,
        pictures=read_picture,
    )


@st.composite
def random_sections(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[dict[str, Any], OwnKinds]:
    """A section of a random kind, and that kind."""
    own = (read_kind(draw(random_kinds()), name="thing"),)
    writer = Writer(draw=draw)
    return writer.write_section("thing", own), own


@given(case=random_sections(), top=st.sampled_from(["yes", "no"]))
@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
def test_without_a_template_every_word_of_it_is_shown(case: tuple[dict[str, Any], OwnKinds], top: str) -> None:
    section, own = case
    edition = render({**section, "top_story": top}, own)

    written = set(re.findall(r"word\d+x", str(section)))
    for content in (edition.html, edition.text):
        assert written <= set(re.findall(r"word\d+x", content.lower()))


def test_its_parts_come_in_the_order_of_its_fields() -> None:
    own = (read_kind(RECIPE),)
    edition = render(SOUP, own)

    order = ["Serves", "Ingredients", "red", "Chop the onions", "Minutes", "Cook"]
    assert [edition.text.index(words) for words in order] == sorted(edition.text.index(words) for words in order)
    assert "Serves: 4" in edition.text
    assert "<em>red</em>" in edition.html


def test_what_a_field_is_called_is_its_label() -> None:
    text = f"{HEAD}  cooked_on: {{type: date, label: We cook it on, description: When.}}\n"
    section = {"kind": "recipe", "title": "Soup", "cooked_on": "12 May 2021"}

    assert "We cook it on: 12 May 2021" in render(section, (read_kind(text),)).text


def test_a_task_in_any_list_of_it_is_among_what_readers_need_to_do() -> None:
    own = (read_kind(RECIPE.replace("  items:", "  steps:")),)
    section = {"steps" if name == "items" else name: value for name, value in SOUP.items()}
    edition = render(section, own)

    assert "What you need to do" in edition.text
    assert "By Tue 11 May: Bring an apron" in edition.text


def test_a_template_of_the_workspace_takes_the_place_of_the_list(tmp_path: Path) -> None:
    html, text = (tmp_path / "templates" / part / "sections" for part in ("email", "text"))
    for folder in (html, text):
        folder.mkdir(parents=True)
    (html / "recipe.html.j2").write_text('<p class="p">For {{ section.serves }} people</p>', encoding="utf-8")
    (text / "recipe.txt.j2").write_text("For {{ section.serves }} people\n", encoding="utf-8")
    edition = render(SOUP, (read_kind(RECIPE),), theme=Theme(folders=(tmp_path / "templates", theme_folder())))

    assert "For 4 people" in edition.html
    assert "For 4 people" in edition.text
    assert "Ingredients" not in edition.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("line", "<script>alert(1)</script> & more"),
        ("text", "<script>alert(1)</script>"),
        ("name", "{{ slots.unsubscribe }}"),
        ("email", "a+b@example.org"),
    ],
)
def test_what_an_author_writes_stays_words(name: str, value: str) -> None:
    text = f"{HEAD}  said: {{type: {name}, required: yes, description: What is said.}}\n"
    try:
        edition = render({"kind": "recipe", "title": "Soup", "said": value}, (read_kind(text),))
    except ValueError:  # it is refused, which is as good
        return

    assert "<script" not in edition.html
    assert value.split(maxsplit=1)[0].strip("<>")[:6] in edition.text


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("number", "1200", "1,200"),
        ("yes or no", "yes", "Yes"),
        ("month", "2021-06", "June 2021"),
        ("time", "14:30", "2:30pm"),
        ("day", "9 June 2021", "9 June 2021"),
        ("link", "tel:01632960145", "01632960145"),
        ("email", "jo@example.org", "jo@example.org"),
    ],
)
def test_a_value_of_each_type_is_put_into_words(kind: str, value: str, said: str) -> None:
    text = f"{HEAD}  said: {{type: {kind}, required: yes, description: What is said.}}\n"
    edition = render({"kind": "recipe", "title": "Soup", "said": value}, (read_kind(text),))

    assert said in edition.text
    assert said in edition.html.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_the_parts_of_a_section_leave_out_what_all_sections_have() -> None:
    own = (read_kind(RECIPE),)
    issue = with_kinds(Issue, own).model_validate({**ISSUE, "sections": [SOUP]})
    section = issue.sections[0]

    assert [part.shape for part in list_parts(section)] == ["facts", "lines", "records", "facts"]
    assert [task.do for task in sort_tasks(issue)] == ["Bring an apron"]
