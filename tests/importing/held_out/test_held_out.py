"""How many lines of a draft a careful officer has to touch, on old bulletins that the importer was not tuned on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import count_lines
import pytest

from bulletin.importing.draft import draft_from
from bulletin.importing.reading import read_old
from bulletin.workspace.workspace import Workspace
from checkout import TESTS

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]
LOOKED_AT = TESTS / "importing" / "looked_at"
FILES = [*count_lines.find_files(), *count_lines.find_files(LOOKED_AT)]

# The figures that were reached, rounded up: of all lines together, and of the worst bulletin.
STRICTLY, BY_HAND, WORST = 0.19, 0.15, 0.59


def test_the_figures_on_bulletins_that_were_held_out_stay_as_good_as_they_were() -> None:
    found = count_lines.measure()
    lines = sum(one.lines for one in found)

    assert len(found) == 5
    assert sum(one.wrong + one.missing + one.extra for one in found) / lines <= STRICTLY
    assert sum(one.touched for one in found) / lines <= BY_HAND
    assert max(one.strictly for one in found) <= WORST


def test_the_figures_on_bulletins_that_were_looked_at_stay_as_good_as_they_were() -> None:
    found = count_lines.measure(LOOKED_AT)
    lines = sum(one.lines for one in found)

    assert sum(one.wrong + one.missing + one.extra for one in found) / lines <= 0.11


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_the_draft_and_the_issue_of_an_officer_load(path: Path, make_workspace: MakeWorkspace) -> None:
    made = draft_from(read_old(path), name=path.name)
    wanted = path.with_suffix(".yaml").read_text(encoding="utf-8")
    for text in (made.text, wanted):
        assert make_workspace(issues={made.month.id: text}).load_issue(made.month.id).sections


DRAFTED = ["a: 1", "b: 2", "c: 3", "d: 4"]


@pytest.mark.parametrize(
    ("wanted", "strictly", "touched"),
    [
        (["a: 1", "b: 2", "c: 3", "d: 4"], 0, 0),
        (["a: 1", "b: 5", "c: 3", "d: 4"], 1, 1),
        (["a: 1", "c: 3", "d: 4"], 1, 1),
        (["a: 1", "b: 2", "c: 3", "d: 4", "e: 5"], 1, 1),
        (["c: 3", "a: 1", "b: 2", "d: 4"], 2, 1),
    ],
    ids=["the same", "wrong", "extra", "missing", "moved"],
)
def test_lines_are_counted_as_the_script_says(wanted: list[str], strictly: int, touched: int) -> None:
    found = count_lines.count("x", DRAFTED, wanted)

    assert (found.wrong + found.missing + found.extra, found.touched) == (strictly, touched)
