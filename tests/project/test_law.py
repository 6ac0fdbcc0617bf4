"""Each duty in docs/law.md says how it is met, and names tests that are there or says that it is the officer's own."""

from __future__ import annotations

import re

import pytest

from checkout import ROOT

LAW = (ROOT / "docs/law.md").read_text(encoding="utf-8")
COLUMNS = 4  # duty, how it's met, what shows it, tests
ROWS = [
    cells
    for line in LAW.splitlines()
    if line.startswith("| ") and len(cells := [cell.strip() for cell in line[1:-1].split("|")]) == COLUMNS
]
DUTIES = [row for row in ROWS if row[0] != "duty"]


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: row[0])
def test_a_duty_is_met_and_tests_are_there_or_it_is_the_officers_own(row: list[str]) -> None:
    duty, how, _shown, tests = row
    assert duty
    assert how
    files = re.findall(r"`(tests/[^`]+)`", tests)
    assert files or "*you*" in how
    for part in tests.split("; "):
        names = re.findall(r"`(test_[^`]+)`", part)
        words = "".join((ROOT / file).read_text(encoding="utf-8") for file in re.findall(r"`(tests/[^`]+)`", part))
        assert [name for name in names if f"def {name}(" not in words] == []


@pytest.mark.parametrize("number", [5, 6, 7, 12, 15, 16, 17, 18, 19, 20, 21, 22, 25, 28, 30, 32, 33, 35])
def test_no_article_of_the_gdpr_that_asks_something_of_a_mailer_is_left_out(number: int) -> None:
    text = LAW.partition("### Readers' information")[2].partition("### Complaints")[0]
    numbers = " ".join(re.findall(r"^\| ([0-9][^:]*):", text, re.MULTILINE))

    assert re.search(rf"\b{number}\b", numbers)


def test_what_could_not_be_verified_is_marked_and_listed() -> None:
    marked, _, listed = LAW.partition("## What we couldn't verify")

    assert marked.count("†") >= 5  # the first one explains the mark
    assert len(re.findall(r"^- ", listed, re.MULTILINE)) >= 5


def test_all_duties_are_read() -> None:
    assert len(DUTIES) >= 28
