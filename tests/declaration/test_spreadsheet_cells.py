"""A cell of an exported file is never a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.spreadsheet_cells import defuse, write_csv

RUN = (
    "=1+1",
    "+44 20 7946 0000",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\ufeff=1",
    "\uff1d1",
    '=HYPERLINK("x")',
)


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Sam", "sam@example.org", "a=b", "3 - 2", "'=1", "O'Neil", "2021-05"])
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",))), min_size=2, max_size=2)))
def test_no_cell_of_a_written_file_begins_a_formula_and_none_is_lost(rows: list[list[str]]) -> None:
    content = write_csv(["=a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(content, newline="")))
    assert len(read) == len(rows) + 1
    for row, cells in zip(read, [["=a", "b"], *rows], strict=True):
        for cell, meant in zip(row, cells, strict=True):
            assert not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@"))
            assert cell.removeprefix("'") in (meant, meant.removeprefix("'"))
