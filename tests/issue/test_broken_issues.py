"""Each file in tests/broken has, beside it, exactly what a person reads when they check it."""

from __future__ import annotations

from pathlib import Path

import pytest

from broken_issues import BROKEN, SURROUNDINGS
from bulletin.errors import FaultyFiles
from bulletin.issue.sections import section_kinds
from issue_files import load_issue


def what_a_person_reads(path: Path) -> str:
    with pytest.raises(FaultyFiles) as raised:
        load_issue(path, shown_as=f"issues/{path.name}", context=SURROUNDINGS)
    return f"{raised.value}\n"


def test_there_are_sixty_broken_issues_or_more() -> None:
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_issue_says_exactly_what_stands_beside_it(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").replace("{kinds}", ", ".join(section_kinds()))
    assert what_a_person_reads(path) == expected
