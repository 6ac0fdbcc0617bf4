"""What a terminal gets to see, whoever wrote it: words, and nothing that it would act upon."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
import typer

import bulletin.cli
from bulletin.cli import edge, terminal
from bulletin.cli.fitting import fit
from bulletin.errors import Fault
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from typed import Screen, type_in

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u2066\x7f\r"
LISTS = {
    "partners": f"email,name,role\n{HOSTILE}@example.org,A,B\nann@example.org,{HOSTILE}Ann,{HOSTILE}\n",
    "schools": f'email,x{HOSTILE}y\nben@example.org,"a\nb',
}


def acted_upon(words: str) -> list[str]:
    """What in these words a terminal would act upon, or turn around."""
    return re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", words.replace("\r\n", "\n"))


@pytest.fixture
def hostile(make_workspace: MakeWorkspace) -> Path:
    """A workspace in which escape sequences are wherever a file can have them."""
    bad = ISSUE.replace("title: Office hours", f"title: 'Office {HOSTILE.strip()}'")
    escaped = ISSUE.replace("title: Office hours", r'title: "Office \e[2J\u202e"').replace(
        "kind: notice", r'"k\e[1m": 1'
    )
    root = make_workspace(issues={"2021-05": ISSUE, "2021-03": bad, "2021-04": escaped}, lists=LISTS).root
    (root / f"issues/{HOSTILE}.yaml").write_text(ISSUE)
    (root / os.fsdecode(b"issues/2021-\xff.yaml")).write_text(ISSUE)
    sent = root / "issues/2021-05/contributions"
    sent.mkdir(parents=True)
    (sent / f"{HOSTILE}.doc").write_text("x")
    (sent / "health-events.csv").write_text(f"title,da{HOSTILE}te\nA,{HOSTILE}\n")
    (sent / "police.yaml").write_text(r'{from: "p\e[2J", kind: "ev\u009bents"}')
    (root / "old.txt").write_text(f"News {HOSTILE}\n\nMay 2021 {HOSTILE}\n")
    return root


COMMANDS = [
    ("check",),
    ("check", "2021-03"),
    ("check", HOSTILE),
    ("check", "--explain", HOSTILE),
    ("check", f"--{HOSTILE}"),
    ("check", "--format", HOSTILE),
    (HOSTILE,),
    ("followups", "--bulletin", HOSTILE),
    ("new", HOSTILE),
    ("new", "--bulletin", HOSTILE),
    ("diff", "2021-05", HOSTILE),
    ("collect", "2021-05"),
    ("collect", HOSTILE),
    ("draft", HOSTILE),
    ("draft", "old.txt", "--month", HOSTILE),
    ("render", "2021-05", "--out", HOSTILE),
    ("test", "2021-05", "--to", HOSTILE),
    ("approve", "2021-05", "--by", f"Jo {HOSTILE}", "--yes"),
    ("approve", "2021-05", "--by", "Jo", "--list", HOSTILE),
    ("approve", "2021-05", "--by", "Jo", "--confirm", HOSTILE, "--yes"),
    ("send", "2021-05", "--list", HOSTILE),
    ("send", "2021-05", "--dry-run"),
    ("schedule", "2021-05", "--at", HOSTILE),
    ("unschedule", HOSTILE),
    ("pause", HOSTILE),
    ("cancel", HOSTILE),
    ("status", HOSTILE),
    ("status", "2021-05", "--who", HOSTILE),
    ("report", HOSTILE, "--out", "x.html"),
    ("certificate", HOSTILE),
    ("resolve", "2021-05", HOSTILE, "--delivered"),
    ("subscribers", "sync", "--dry-run"),
    ("subscribers", "sync", "--yes"),
    ("subscribers", "show", "ann@example.org"),
    ("subscribers", "show", HOSTILE),
    ("subscribers", "remove", "ann@example.org", "--note", HOSTILE),
    ("subscribers", "remove", HOSTILE),
    ("subscribers", HOSTILE),
    ("run", "--log", f"bulletin.yaml/{HOSTILE}"),
]


def test_no_command_passes_on_what_a_terminal_would_act_upon(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hostile)
    for arguments in COMMANDS:
        code, words = type_in(*arguments)
        assert not acted_upon(words), (arguments, words)
        assert code in (0, 1, 2), (arguments, words)


def test_what_would_be_acted_upon_is_shown(hostile: Path) -> None:
    place = ("--workspace", str(hostile))

    assert r"\x1b]0;owned\x07\x1b[2J\u009b31m\u202eevil\u2066\u007f\x0d" in type_in("draft", HOSTILE, *place)[1]
    assert "No such command '\\x1b[2J'" in type_in("\x1b[2J")[1]
    assert r"issues/\x1b]0;owned" in type_in("check", *place)[1]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_programs_read_stays_json(hostile: Path, form: str) -> None:
    _, words = type_in("check", "--format", form, "--workspace", str(hostile))

    assert not acted_upon(words)
    assert "2021-03.yaml" in str(json.loads(words))


def test_a_question_and_what_is_told_beside_a_bar_are_cleaned_too(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def agree(question: str, **_options: object) -> bool:
        typer.echo(question)
        return True

    monkeypatch.setattr("typer.confirm", agree)

    assert terminal.confirm(f"Send {HOSTILE}?", yes=False)
    terminal.warn_meanwhile(HOSTILE)
    terminal.say_by_page([HOSTILE])
    out, err = capfdbinary.readouterr()
    assert (out + err).decode().count(r"\x1b]0;owned") == 3
    assert not acted_upon((out + err).decode())


WAYS = {"print", "typer.echo", "typer.secho", "typer.confirm", "typer.prompt", "click.echo", "click.echo_via_pager"}
WRITERS = re.compile(r"(?:sys\.)?(?:stdout|stderr|__stdout__|__stderr__)(?:\.buffer)?\.(?:write|writelines)|.*\.print")


def test_no_command_prints_past_the_one_way_to_the_terminal() -> None:
    folder = Path(bulletin.cli.__file__).parent
    found = {
        f"{path.name}: {name}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ((name := ast.unparse(node.func)) in WAYS or WRITERS.fullmatch(name))
        and path.name != "terminal.py"
    }

    assert found == set()


def test_the_bar_takes_no_markup_from_its_words() -> None:
    text = (Path(bulletin.cli.__file__).parent / "progress.py").read_text()

    assert text.count("TextColumn(") == text.count("markup=False)") == 1


# --- how wide it is


GO_ON = "bulletin send 2021-05 --list partners"
LONG = f"Sending was stopped before all of it was done. What left is on record, and you can go on: {GO_ON}"


def test_a_text_wraps_between_its_words_and_a_command_to_copy_stays_whole() -> None:
    assert fit(LONG, 60).splitlines() == [
        "Sending was stopped before all of it was done. What left is",
        "on record, and you can go on:",
        GO_ON,
    ]


def test_a_path_is_never_broken() -> None:
    path = f"/{'folder-with-a-name/' * 5}2021-05.yaml"

    assert path in fit(f"A report is in {path}. Please send it.", 60).splitlines()[1]


def test_a_column_continues_below_itself() -> None:
    row = f"{1200:>9,}  partners: Partner agencies, schools and everybody else who works with children in Anytown"

    assert fit(row, 60).splitlines() == [
        "    1,200  partners: Partner agencies, schools and everybody",
        "           else who works with children in Anytown",
    ]
    assert fit("  - one two three", 12) == "  - one two\n    three"
    assert fit("a\n\n  b", 20) == "a\n\n  b"


@pytest.mark.parametrize("width", [40, 60, 80, 110])
@pytest.mark.parametrize("at", [0, 5, 50, 100, 170, 190])
@pytest.mark.parametrize("number", [1, 8, 9])
def test_carets_stay_under_their_words_at_every_width(width: int, at: int, number: int) -> None:
    line = "".join(chr(0x4E00 + place) for place in range(200))  # no character twice
    fault = Fault(file="a.yaml", line=12, column=at + 1, message="No.", excerpt=line, width=number)
    source, carets = fit(str(fault), width).splitlines()[-2:]

    assert max(len(source), len(carets)) <= width
    marked = "".join(char for char, mark in zip(source, carets, strict=False) if mark == "^")
    assert marked == line[at : at + number]


def test_carets_of_more_words_than_fit_begin_under_the_first() -> None:
    fault = Fault(file="a.yaml", line=1, column=11, message="No.", excerpt=f"{'x' * 10}A{'b' * 150}", width=151)
    source, carets = fit(str(fault), 60).splitlines()[-2:]

    assert source[carets.index("^")] == "A"
    assert source.endswith("…")
    assert len(carets) <= 60


def test_lines_are_whole_where_no_one_looks_and_80_wide_where_a_terminal_does_not_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piped, looked_at = Screen(is_terminal=False), Screen()
    for screen in (piped, looked_at):
        monkeypatch.setattr(sys, "stdout", screen)
        terminal.say(LONG)
    assert piped.getvalue() == f"{LONG}\n"
    assert [len(line) <= 80 for line in looked_at.getvalue().splitlines()] == [True, True]

    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys, "stdout", narrow := Screen(is_terminal=False))
    terminal.say(LONG)
    assert narrow.getvalue() == f"{fit(LONG, 60)}\n"


def test_what_programs_read_is_never_wrapped(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, words = type_in("check", "2021-03", "--format", "github", "--workspace", str(hostile))

    assert all(line.startswith("::") for line in words.splitlines())
    assert any(len(line) > 60 for line in words.splitlines())


# --- weight and colour


COLOUR = re.compile(r"\x1b\[[0-9;]+m")


def check_on_a_screen(monkeypatch: pytest.MonkeyPatch, root: Path, *, is_terminal: bool = True, **environ: str) -> str:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    screen = Screen(is_terminal=is_terminal)
    with redirect_stdout(screen), mock.patch.object(sys, "argv", ["bulletin", "check", "--workspace", str(root)]):
        edge.run()
    for name in environ:
        monkeypatch.delenv(name)
    return screen.getvalue()


@pytest.fixture
def faulty(make_workspace: MakeWorkspace) -> Path:
    """A workspace whose issue has a fault in a long line, and one with a wrong weekday."""
    wrong = ISSUE.replace("**3 May 2021**", f"{'every now and then ' * 6}Tuesday 3 May 2021, {'and so on ' * 6}")
    bad = ISSUE.replace("kind: notice", "kind: notize")
    return make_workspace(issues={"2021-05": wrong, "2021-04": bad}).root


def test_colour_never_says_anything_alone(monkeypatch: pytest.MonkeyPatch, faulty: Path) -> None:
    other = Path(shutil.copytree(faulty, faulty.with_name("other")))  # a second check would say what is new since then
    coloured = check_on_a_screen(monkeypatch, faulty)
    plain = check_on_a_screen(monkeypatch, other, NO_COLOR="1")

    assert COLOUR.search(coloured)
    assert not COLOUR.search(plain)
    assert COLOUR.sub("", coloured) == plain
    assert re.search(r"\x1b\[1;3[136]m(error|warning|note) [A-Z]+\d+:\x1b\[0m", coloured)
    assert re.search(r"\x1b\[1;3[136]m\^+\x1b\[0m", coloured)


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch, faulty: Path) -> None:
    def is_coloured(**environ: str) -> bool:
        return bool(COLOUR.search(check_on_a_screen(monkeypatch, faulty, is_terminal=True, **environ)))

    def is_coloured_in_a_file(**environ: str) -> bool:
        return bool(COLOUR.search(check_on_a_screen(monkeypatch, faulty, is_terminal=False, **environ)))

    assert is_coloured(NO_COLOR="")
    assert not is_coloured(TERM="dumb")
    assert not is_coloured(FORCE_COLOR="0")
    assert not is_coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert not is_coloured_in_a_file()
    assert is_coloured_in_a_file(FORCE_COLOR="1")


@pytest.mark.parametrize("width", [60, 80])
def test_no_line_of_a_check_is_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch, faulty: Path, width: int
) -> None:
    said = check_on_a_screen(monkeypatch, faulty, COLUMNS=str(width), NO_COLOR="1")

    assert "Tuesday" in said
    assert max(map(len, said.splitlines())) <= width
