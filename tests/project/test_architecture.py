"""The map of the code is true: its modules exist, and each of its five commands prints the answer that it shows."""

from __future__ import annotations

import re
import subprocess

import pytest

from checkout import ROOT

PACKAGE = ROOT / "bulletin"
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
QUESTIONS = re.search(r"^## Five questions, one command each$(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
ASKED = re.findall(r"^\*\*(.+?\?)\*\*|^    (\$ .+\n(?:    .+\n)+)", QUESTIONS[1] if QUESTIONS else "", re.MULTILINE)
ANSWERED = [shown for _, shown in ASKED if shown]


def test_the_map_asks_five_questions_and_answers_each_by_a_command() -> None:
    assert [bool(question) for question, _ in ASKED] == [True, False] * 5


@pytest.mark.parametrize("shown", ANSWERED, ids=[shown.partition("\n")[0] for shown in ANSWERED])
def test_a_command_prints_what_the_map_shows(shown: str) -> None:
    """Each line that is shown is one that is printed; `…` is for any words."""
    command, *lines = (line.strip() for line in shown.splitlines())

    ran = subprocess.run(
        command.removeprefix("$ "), shell=True, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )

    assert ran.returncode == 0, ran.stderr
    for line in lines:
        pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
        assert re.search(pattern, ran.stdout), f"{command} does not print: {line}"


def find_module(name: str) -> bool:
    """Whether `delivery.ledger.start`, perhaps with a name from inside the module at its end, is there."""
    folder = PACKAGE
    for part in name.replace("/", ".").removesuffix(".").split("."):
        if (folder / f"{part}.py").is_file():
            return True
        if not (folder / part).is_dir():
            return False
        folder /= part
    return True


ROOMS = "|".join(sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))


def test_the_map_names_only_modules_that_exist() -> None:
    names = sorted(set(re.findall(rf"`((?:{ROOMS})[./][\w./]*)`", TEXT)))

    assert len(names) > 50
    assert [name for name in names if not find_module(name)] == []


def test_the_map_has_every_room() -> None:
    for path in (*PACKAGE.glob("*/__init__.py"), *PACKAGE.glob("delivery/*/__init__.py")):
        assert f"`{path.parent.name}/`" in TEXT, path.parent.name
