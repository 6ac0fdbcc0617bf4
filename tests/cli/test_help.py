"""The help screens: every command in one group, and nothing cut at any width; `bulletin help` and `version`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bulletin import PUBLISHED_NAME, __version__
from bulletin.cli.app import COMMANDS, GROUPS, find_app, make_app
from bulletin.cli.help import CLOSING, OPTION_GROUPS, PANELS, summarise
from bulletin.workspace.workspace import Workspace
from checkout import ROOT as ROOT_FOLDER
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
    assert re.findall(r"^\n(\S[^.:\n]*)\n(?=  )", words, re.MULTILINE) == [*PANELS, "Options"]
    assert set(COMMANDS) <= set(PANELS)
    assert re.search(r"^Publish\n(?:  .*\n)*  render ", words, re.MULTILINE)
    assert re.search(r"  demo .*\n  help .*\n  version ", words)


def test_each_line_of_the_main_screen_says_what_one_gets_in_a_few_words() -> None:
    for command in (ROOT, *(ROOT.commands[group] for group in GROUPS)):
        assert [name for name, each in command.commands.items() if len(summarise(each)) > 48] == []


@pytest.mark.parametrize("path", PATHS[1:], ids=" ".join)
def test_a_screen_has_its_parts_in_order(path: tuple[str, ...]) -> None:
    words = read_help(*path)
    command = ROOT.commands[path[0]].commands[path[1]] if len(path) > 1 else ROOT.commands[path[0]]
    parts = [part for part in ("Arguments", *OPTION_GROUPS) if re.search(rf"^{part}$", words, re.MULTILINE)]
    at = [words.index(f"\n{part}\n") for part in parts]

    assert words.split("\n\n")[1].startswith(summarise(command).split("\n")[0][:30])
    assert at == sorted(at)
    assert "--help" not in words.partition("\nOptions")[2] or len(path) == 0
    assert bool(re.search(r"  --workspace DIR +The bulletin's folder\n", words)) == ("--workspace" in words)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_what_comes_next_and_what_to_see_also_are_commands(path: tuple[str, ...]) -> None:
    closing = [line for line in read_help(*path).splitlines() if CLOSING.match(line)]
    for words in re.findall(r"bulletin ([a-z]+(?: [a-z]+)?)", " ".join(closing)):
        group, _, name = words.partition(" ")
        assert group in ROOT.commands
        assert not name or group not in GROUPS or name in ROOT.commands[group].commands


def test_all_option_groups_are_shown() -> None:
    for path in PATHS[1:]:
        command = ROOT.commands[path[0]].commands[path[1]] if len(path) > 1 else ROOT.commands[path[0]]
        words = read_help(*path)
        options = [p.opts[0] for p in command.params if p.param_type_name == "option" and not p.hidden]
        assert [name for name in options if name not in words and name != "--help"] == []


def test_the_folder_can_be_named_before_the_command(make_workspace: Callable[..., Workspace]) -> None:
    root = str(make_workspace().root)

    for command in (["status"], ["subscribers", "list"]):
        assert type_in("--workspace", root, *command) == type_in(*command, "--workspace", root)
    code, said = type_in("--workspace", f"{root}/none", "status")
    assert (code, "There is no bulletin.yaml in" in said) == (1, True)


SHELLS = {"bash": "complete -o", "zsh": "#compdef bulletin", "fish": "complete --command", "powershell": "Register-"}


def complete(folder: Path, **environ: str) -> str:
    """What a shell gets from the program, with these variables set."""
    command = [sys.executable, "-m", "bulletin"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT_FOLDER), **environ}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_of_its_own(tmp_path: Path, shell: str) -> None:
    script = complete(tmp_path, _BULLETIN_COMPLETE=f"source_{shell}")

    assert SHELLS[shell] in script
    assert f"complete_{shell}" in script


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    bin_ = tmp_path / "bulletin"
    bin_.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bulletin "$@"\n', encoding="utf-8")
    bin_.chmod(0o755)
    typed = """
        eval "$(_BULLETIN_COMPLETE=source_bash bulletin)"
        for words in "bulletin sub" "bulletin subscribers un" "bulletin send --dry"; do
            COMP_WORDS=($words) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _bulletin_completion bulletin
            echo "${COMPREPLY[@]}"
        done
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT_FOLDER), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", typed], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[:3] == ["subscribers", "undo", "--dry-run"]


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
    assert type_in(*arguments) == (0, f"bulletin {__version__} (package {PUBLISHED_NAME})\n")


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
