"""What a terminal gets to see, whoever wrote it: words, and nothing that it would act upon."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import bulletin.cli
from bulletin.cli import terminal
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from typed import type_in

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
    monkeypatch.setattr("typer.confirm", lambda question, **_options: terminal.typer.echo(question) or True)

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
