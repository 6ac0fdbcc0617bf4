"""Each threat in docs/threats.md names tests that are there."""

from __future__ import annotations

import re

import pytest

from checkout import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/threats.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| threat", "|---"))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_threat_has_a_defence_and_tests_that_are_there(row: list[str]) -> None:
    threat, defence, tests = row
    assert threat
    assert defence
    files = re.findall(r"`(tests/[^`]+)`", tests)
    assert files
    words = "".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    for name in re.findall(r"`(test_[^`]+)`", tests):
        assert f"def {name}(" in words, name


def test_all_of_them_are_read() -> None:
    assert len(ROWS) >= 18
