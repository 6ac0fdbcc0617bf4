"""The rooms of the package: their size, and the walls that the import contracts in pyproject.toml keep."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from checkout import ROOT

PACKAGE = ROOT / "bulletin"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
ROOMS = sorted({path.parent for path in MODULES})


def functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of its body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_has_at_most_25_modules_and_says_what_it_is_for(room: Path) -> None:
    modules = [path for path in MODULES if path.parent == room and path.name != "__init__.py"]
    assert len(modules) <= 25

    text = (room / "__init__.py").read_text(encoding="utf-8")
    assert len(ast.get_docstring(ast.parse(text)) or "") > 20


def test_modules_and_functions_stay_short() -> None:
    assert median(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES) <= 150

    lengths = [count_lines(function) for function in functions()]
    assert median(lengths) <= 7
    assert quantiles(lengths, n=10)[-1] <= 18


def test_no_function_but_a_command_takes_more_than_eight_arguments() -> None:
    """A command has as many as it has options."""
    many = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in MODULES
        if "commands" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]) > 8
    ]
    assert many == []


def test_no_two_classes_have_one_name() -> None:
    """Private ones may: they are met in their module alone."""
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, number in names.items() if number > 1] == []


# What each line breaks, added to a module of a copy of the package.
BREAKING = {
    "Delivery: from what a person sees of a mailing down to its bytes": (
        "bulletin/delivery/smtp/reply.py",
        "import bulletin.delivery.limits.meter",
    ),
    "No room has a circle inside": ("bulletin/issue/dates.py", "import bulletin.issue.model"),
    "No command knows another: what two share lies beside them": (
        "bulletin/cli/commands/send/run.py",
        "import bulletin.cli.commands.send.send",
    ),
    "The website asks for emails, and never sends one itself": (
        "bulletin/website/frame.py",
        "import bulletin.delivery.smtp.protocol",
    ),
    "Only what serves a page knows a web server": ("bulletin/edition/palette.py", "import bulletin.web.headers"),
    "The inside of a room is its own: the loop of a run": (
        "bulletin/cli/sending/send_issue.py",
        "import bulletin.delivery.dispatch.pool",
    ),
}


def test_the_contracts_notice_what_breaks_them_and_hold_otherwise(tmp_path: Path) -> None:
    """An arrow that turns back, a circle, a command that knows another, a room's inside from outside. No other."""
    shutil.copytree(PACKAGE, tmp_path / "bulletin", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in BREAKING.values():
        with (tmp_path / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")

    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    environ = os.environ | {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stdout + done.stderr
    contracts = dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: .*)?$", done.stdout, re.MULTILINE))
    assert len(contracts) >= 10
    assert {name for name, result in contracts.items() if result == "BROKEN"} == set(BREAKING), done.stdout
