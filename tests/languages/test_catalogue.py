"""The phrases in Welsh: all that readers see, compiled as written, and no word has to change its first letter."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bulletin.edition.milestones import StepState
from bulletin.issue.kinds.priorities import PriorityStatus
from bulletin.issue.kinds.resources import ResourceKind
from bulletin.languages.catalogue import say, say_number
from bulletin.languages.known import LANGUAGES, may_be_language, tag_of
from checkout import ROOT

sys.path.insert(0, str(ROOT / "docs"))

from phrases import FOLDER, compile_catalogue, list_unchecked, read_catalogue, write_page

WELSH = FOLDER / "cy.po"
MUTATING = "o|i|gan|ar|am|at|dros|drwy|heb|hyd|tan|wrth|yn|â|gyda|a"
SLOT_AFTER_ONE = re.compile(rf"(?<!\w)(?:{MUTATING})\s+“?\{{(?!soft\}}|n\}}|m\}}|time\}})", re.IGNORECASE)
"""A figure never changes, and `soft` is a date that has changed already."""

IN_TEMPLATES = re.compile(r'(?:number_)?phrase\(\s*"([^"]+)"')


def list_templates() -> Iterator[Path]:
    for folder in ("email", "notices", "text", "web"):
        yield from sorted((ROOT / "templates" / folder).rglob("*.j2"))


def find_said(tree: ast.AST) -> Iterator[str]:
    """What a module says by its English words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in ("say", "say_number", "phrase") and isinstance(first, ast.Constant):
                yield str(first.value)


def list_used() -> set[str]:
    """Every phrase that templates and modules ask for."""
    used = {phrase for path in list_templates() for phrase in IN_TEMPLATES.findall(path.read_text(encoding="utf-8"))}
    rooms = [ROOT / "bulletin" / room for room in ("delivery/message", "edition", "publishing", "website")]
    for path in (path for room in rooms for path in room.rglob("*.py")):
        used |= set(find_said(ast.parse(path.read_text(encoding="utf-8"))))
    used |= {state.word for state in StepState}
    used |= {status.value.capitalize() for status in (*PriorityStatus, *ResourceKind)}
    return used | {"to come", "finished", "When you can"}


def list_translations() -> list[tuple[str, str]]:
    found = []
    for message in read_catalogue(WELSH):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        one = message.id if isinstance(message.id, str) else message.id[0]
        found += [(one, string) for string in strings if one]
    return found


def test_what_is_compiled_is_what_is_written() -> None:
    assert WELSH.with_suffix(".mo").read_bytes() == compile_catalogue(WELSH), "Run `make phrases`."


@pytest.mark.parametrize("phrase", sorted(list_used()))
def test_every_phrase_that_readers_see_is_there_in_welsh(phrase: str) -> None:
    known = {one for one, string in list_translations() if string}
    assert phrase in known


def test_no_phrase_has_no_translation() -> None:
    assert [one for one, string in list_translations() if not string] == []


def test_no_word_of_an_author_or_a_reader_follows_a_word_that_would_change_it() -> None:
    assert [string for _, string in list_translations() if SLOT_AFTER_ONE.search(string)] == []


@pytest.mark.parametrize(
    "phrase", ["Anfonwch at {name}", "O {date}", "gan {name}", "Croeso i “{title}”", "Rhagor am {title}"]
)
def test_a_slot_after_such_a_word_is_found(phrase: str) -> None:
    assert SLOT_AFTER_ONE.search(phrase)


@pytest.mark.parametrize(("english", "welsh"), list_translations())
def test_a_translation_has_the_slots_of_its_phrase(english: str, welsh: str) -> None:
    slots = [set(re.findall(r"\{(\w+)\}", text)) for text in (english, welsh)]
    assert slots[1] - {"soft", "n"} == slots[0] - {"n"} - ({"date"} if "soft" in slots[1] else set())


def test_what_a_speaker_has_to_check_is_known() -> None:
    unchecked = dict(list_unchecked(WELSH))
    assert unchecked["What you need to do"] == "Beth mae angen i chi ei wneud"
    assert "View in browser" not in unchecked


def test_the_page_for_a_welsh_speaker_has_them() -> None:
    assert (ROOT / "docs" / "welsh-phrases.md").read_text(encoding="utf-8") == write_page(WELSH), "Run `make phrases`."


@pytest.mark.parametrize(
    ("number", "welsh"), [(0, "0 lle"), (1, "1 lle"), (2, "2 le"), (3, "3 lle"), (6, "6 lle"), (20, "20 lle")]
)
def test_a_noun_stays_singular_after_a_figure_and_changes_after_two(number: int, welsh: str) -> None:
    assert say_number("{n} place", "{n} places", number, "cy") == welsh
    assert say_number("{n} place", "{n} places", number, "en") == f"{number} place{'s' if number != 1 else ''}"


def test_what_is_html_stays_html_and_all_else_in_it_is_escaped() -> None:
    assert say("More on {title}", "cy", title=Markup("<em>x</em>")) == "Rhagor: <em>x</em>"
    both = say("Ask {name}: {ways}", "cy", name="A & B", ways=Markup("<a>"))
    assert isinstance(both, Markup)
    assert both == "Cyswllt: A &amp; B, <a>"


@given(st.text(), st.text())
def test_no_value_is_read_as_a_slot(one: str, other: str) -> None:
    assert say("{words} by {date}", "cy", words=one, date=other) == f"{one} erbyn {other}"
    assert say("{words} by {date}", "en", words="{date}", date=other) == f"{{date}} by {other}"


@pytest.mark.parametrize("language", ["en", "de", "xx", ""])
def test_a_language_without_a_catalogue_is_said_in_english(language: str) -> None:
    assert say("Read more", language) == "Read more"


def test_each_language_has_a_tag_for_html() -> None:
    assert [tag_of(code) for code in (*LANGUAGES, "pl")] == ["en-GB", "cy", "pl"]
    assert all(may_be_language(known.tag) for known in LANGUAGES.values())
    assert not may_be_language("Welsh language")
