"""`bulletin explain` in the terminal: one word, several, none, and every word at any width."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import typer

from bulletin.cli.app import make_app
from bulletin.cli.explaining.command_facts import gather_all_facts
from bulletin.cli.explaining.fact_text import say_fact
from bulletin.workspace.workspace import Workspace
from typed import type_in

FACTS = gather_all_facts(typer.main.get_command(make_app()))


@pytest.mark.parametrize("width", [60, 80])
def test_every_word_is_shown_within_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for fact in FACTS:
        say_fact(fact)
    lines = capsys.readouterr().out.splitlines()

    too_long = [line for line in lines if len(line) > width and " " in line.strip().removeprefix("- ")]
    assert [line for line in too_long if not re.match(r"\s*(?:- )?[\w]+: \S+$|\s*bulletin ", line)] == []


def test_a_kind_has_its_fields_and_an_example() -> None:
    code, said = type_in("explain", "notice")

    assert code == 0
    assert said.startswith("notice — a kind of section\nA short announcement that readers must not miss.\n")
    assert "Fields: title*, text*, links. * is required." in said
    assert "Example:\n  - kind: notice\n    title: Notice\n    text: The office is closed on 3 May 2021.\n" in said


def test_a_word_with_several_meanings_lists_them_and_one_can_be_chosen() -> None:
    code, said = type_in("explain", "sending")

    assert code == 0
    assert "“sending” is 2 things:" in said
    assert type_in("explain", *said.rpartition("bulletin explain ")[2].split())[1].startswith("sending — a setting\n")


def test_a_word_that_is_not_there_has_the_nearest_ones() -> None:
    code, said = type_in("explain", "uncertan")

    assert code == 1
    assert re.match(r"Nothing here is called “uncertan”\. Did you mean “uncertain”, “.+” or “.+”\?\n", said)


def test_without_a_word_all_that_can_be_explained_is_listed() -> None:
    code, said = type_in("explain")

    assert code == 0
    assert "A command: init, new, draft," in said
    assert "A kind of section: executive_updates," in said
    assert re.search(r"A setting: .* in all\n", said)


def test_another_program_gets_json() -> None:
    code, said = type_in("explain", "DATE01", "--json")
    (fact,) = json.loads(said)

    assert code == 0
    assert (fact["word"], fact["page"]) == ("DATE01", "rules/DATE01.md")
    assert set(fact) == {"word", "sort", "summary", "details", "example", "see", "also", "page"}


def test_a_workspaces_own_rules_are_explained_there(make_workspace: Callable[..., Workspace]) -> None:
    root = make_workspace().root
    own = "rules:\n  - code: OWN01\n    pattern: service users?\n    message: We say “people we support”.\n"
    settings = root / "bulletin.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")

    assert type_in("explain", "OWN01", "--workspace", str(root))[1].startswith("OWN01 — a rule")
