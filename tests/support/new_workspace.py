"""A new workspace as `bulletin init` makes it, with the least that has to be answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from bulletin.issue.dates import Month
from bulletin.issue.holidays import Nation
from bulletin.starting.answers import Answers
from bulletin.starting.first_issue import FirstIssue
from bulletin.starting.starter import Starter, write_starter

NAME: Final = "Northfield Safeguarding Partnership"
SENDER: Final = "news@northfield.gov.uk"
ENOUGH: Final = ("--name", NAME, "--from", SENDER, "--list", "partners=public-task", "--yes")
"""Options of `bulletin init` with which it asks nothing."""


def start_workspace(folder: Path, *, published: date, nation: Nation = Nation.ENGLAND) -> None:
    answers = Answers.model_validate({"name": NAME, "from": SENDER, "list": "partners=public-task", "nation": nation})
    write_starter(folder, Starter(answers=answers, first=FirstIssue(Month(published.year, published.month), published)))


def fill_in(folder: Path, *readers: str) -> None:
    """Write what the first issue asks for, and put readers on the list."""
    for issue in (folder / "issues").glob("*.yaml"):
        text = issue.read_text(encoding="utf-8").replace("TO WRITE", "We meet the parents of the town")
        issue.write_text("\n".join(line for line in text.split("\n") if "# write:" not in line), encoding="utf-8")
    rows = ["email,name,organisation", *(f"{reader},," for reader in readers)]
    (folder / "subscribers/partners.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
