"""The help screens: every command in one group, and nothing cut at any width; `bulletin help` and `version`."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bulletin import __version__
from bulletin.cli.app import COMMANDS, GROUPS, find_app, make_app
from bulletin.cli.help import PANELS, summarise
from typed import type_in

ROOT: Any = typer.main.get_command(make_app())
PATHS = [
    (),
    *((name,) for name in ROOT.commands),
    *((group, name) for group in GROUPS for name in ROOT.commands[group].commands),
]
WIDTHS = [60, 80, 120]


def read_help(*path: str) -> str:
    code, words = type_in(*path, "--help")
    assert code == 0
    return words


def test_every_command_is_in_exactly_one_group_and_the_groups_are_in_order() -> None:
    words = read_help()
    shown = Counter(re.findall(r"^  ([a-z]+)  +\S", words, re.MULTILINE))

    assert shown == dict.fromkeys(ROOT.commands, 1)
    assert re.findall(r"^(\S.*):$", words, re.MULTILINE) == [*PANELS, "Options"]
    assert set(COMMANDS) <= set(PANELS)
    assert re.search(r"^Publish:\n(?:  .*\n)*  render ", words, re.MULTILINE)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_nothing_in_a_help_screen_is_wider_than_the_terminal_or_cut(
    monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    words = read_help(*path)

    assert max(map(len, words.splitlines())) <= width
    assert not re.search(r"(?<![A-Z])…|\.\.\.", words)  # ADDRESS… says that there may be several


@pytest.mark.parametrize("width", WIDTHS)
def test_each_command_is_listed_with_its_first_sentence_in_full(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for group in ((), ("subscribers",), ("database",), ("token",)):
        words = " ".join(read_help(*group).split())
        found = ROOT.commands[group[0]] if group else ROOT
        for name, command in found.commands.items():
            assert f"{name} {summarise(command)}" in words


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_the_usage_has_what_is_needed_first_and_each_value_a_name(path: tuple[str, ...]) -> None:
    words = read_help(*path)

    assert re.match(r"Usage: bulletin( [a-z]+)*( \[?[A-Z]+…?\]?| --[a-z]+ [A-Z]+)* \[OPTIONS\]\n", words)
    assert not re.search(r"None|<|\[(required|default|env var|x)", words)


def test_examples_are_commands_that_exist() -> None:
    for path in PATHS:
        for line in re.findall(r"^  bulletin (.+)", read_help(*path), re.MULTILINE):
            command, _, options = re.split(r"\s{2,}", line)[0].partition(" ")
            assert command in ROOT.commands
            known = (
                read_help(command, options.split()[0])
                if command in ("subscribers", "database", "theme", "token")
                else ""
            )
            assert set(re.findall(r"--[a-z-]+", options)) <= set(re.findall(r"--[a-z-]+", known or read_help(command)))


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_bulletin_help_shows_the_same_as_the_option(path: tuple[str, ...]) -> None:
    assert type_in("help", *path) == (0, read_help(*path))


@pytest.mark.parametrize(
    ("typed", "near"), [(("sned",), "send"), (("subscribers", "snyc"), "sync"), (("statsu",), "status")]
)
def test_help_for_what_is_no_command_says_which_is_like_it(typed: tuple[str, ...], near: str) -> None:
    code, words = type_in("help", *typed)

    assert code == 2
    assert f"No such command '{typed[-1]}'. Did you mean '{near}'?" in words


def test_help_for_a_command_of_a_command_that_has_none_says_so() -> None:
    code, words = type_in("help", "send", "now")

    assert code == 2
    assert "bulletin send has no commands of its own" in words


@pytest.mark.parametrize("arguments", [("--version",), ("version",), ("--version", "send")])
def test_the_version_is_one_line(arguments: tuple[str, ...]) -> None:
    assert type_in(*arguments) == (0, f"bulletin {__version__}\n")


@pytest.mark.parametrize("name", [*(place.rpartition(".")[2] for part in COMMANDS.values() for place in part), *GROUPS])
def test_a_command_that_is_made_alone_has_the_help_that_it_has_among_all(name: str) -> None:
    alone: Any = typer.main.get_command(find_app([name, "--help"]))
    assert list(alone.commands) == [name]
    runner = CliRunner()
    assert (
        runner.invoke(find_app([name]), [name, "--help"]).output == runner.invoke(make_app(), [name, "--help"]).output
    )


@pytest.mark.parametrize("words", [[], ["help", "check"], ["--version"], ["chek"]])
def test_all_commands_are_there_for_what_is_no_single_command(words: list[str]) -> None:
    assert find_app(words) is make_app()
