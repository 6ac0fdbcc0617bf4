"""Tables in texts: what readers get in HTML, on phones and in plain text, and what authors are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.comparison.rewording import describe_rewording
from bulletin.declaration.markup import find_problems
from bulletin.declaration.prose import BlockKind, read_text
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.edition.markdown.markdown_html import render_blocks_html
from bulletin.edition.markdown.markdown_text import render_blocks_text
from bulletin.errors import FaultyFiles
from bulletin.preview.line_map import cut_text, mark_lines
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import examples
from proof_case import covered, find

CHILDREN = """\
Table: What children said, and what happens next

| Theme | What they said | What we are doing |
| --- | --- | --- |
| The way home | 62% avoid a street or a bus stop | Police and council walk the routes with pupils in January |
| Phones | 1 in 4 was sent something upsetting | New lessons in all 14 schools by Easter |
| Being heard | “Adults ask, and then we never hear back” | Every school gets its own results in December |
"""
PRICES = """\
Table: What a place costs

| | Morning | Whole day |
| :-- | --: | :-: |
| Babies | £31 | £58 |
| Two and over | £27.50 | **£51** |
"""
MORE = """\
Table: Where to go

| Place | Open | How to reach it |
| --- | --- | --- |
| Library | 9am \\| 5pm | [Ask the team](https://www.example.org/library) |
| Hill Café | | `Hill 4` |
| Town Hall | Closed |
"""
ALL = {"words": CHILDREN, "numbers": PRICES, "links, escapes and gaps": MORE}
MakeWorkspace = Callable[..., Workspace]


def tables_of(text: str) -> list[html.HtmlElement]:
    page = html.fragment_fromstring(render_blocks_html(text), create_parent="div")
    return [table for table in page.iter("table") if table.get("role") == "table"]


def words(element: html.HtmlElement) -> str:
    """What readers see on a desktop: without the labels for phones."""
    return " ".join(
        part for part in element.xpath('.//text()[not(ancestor::span[@class="tlabel"])]') if part.strip()
    ).strip()


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_each_part_of_a_table_says_what_it_is_by_element_and_by_role(text: str) -> None:
    (table,) = tables_of(text)

    for row in table.iter("tr"):
        assert row.get("role") == "row"
    for cell in table.iter("th", "td"):
        roles = {"col": "columnheader", "row": "rowheader", None: "cell"}
        assert cell.get("role") == roles[cell.get("scope")]
        assert (cell.tag == "th") == (cell.get("scope") is not None)
        assert words(cell) or cell.getparent().getparent().tag == "thead"
    assert [row[0].get("role") for row in table.find("tbody")] == ["rowheader"] * len(table.find("tbody"))


def test_a_caption_is_the_name_of_its_table() -> None:
    (table,) = tables_of(f"We asked.\n{CHILDREN}")
    caption = table.getprevious()

    assert table.get("aria-label") == caption.text == "What children said, and what happens next"
    assert (caption.get("class"), caption.get("aria-hidden")) == ("tcap", "true")
    assert caption.getprevious().text == "We asked."


def test_a_caption_that_leads_somewhere_is_not_hidden_from_screen_readers() -> None:
    (table,) = tables_of("Table: [Where](https://example.org) to go\n\n| A | B |\n|---|---|\n| 1 | 2 |")
    assert table.getprevious().get("aria-hidden") is None


def test_columns_are_aligned_as_their_hyphens_say_and_a_heading_may_be_empty_in_the_corner() -> None:
    (table,) = tables_of(PRICES)
    head, *rows = table.iter("tr")

    assert [cell.get("class") for cell in head] == ["th", "th tright", "th tmid"]
    assert [cell.get("class") for cell in rows[0]] == ["rh twhole", "td tright", "td tmid"]
    assert (head[0].tag, head[0].get("role")) == ("td", "cell")


def test_empty_and_missing_cells_say_that_they_are_empty() -> None:
    (table,) = tables_of(MORE)
    assert [words(cell) for row in table.find("tbody") for cell in row] == [
        *("Library", "9am | 5pm", "Ask the team"),
        *("Hill Café", "–", "Hill 4"),
        *("Town Hall", "Closed", "–"),
    ]


def test_plain_text_has_a_block_for_each_row_and_no_pipes() -> None:
    assert render_blocks_text(CHILDREN).startswith(
        """\
What children said, and what happens next

Theme: The way home
  What they said:    62% avoid a street or a bus stop
  What we are doing: Police and council walk the routes with pupils in
                     January

Theme: Phones
  What they said:    1 in 4 was sent something upsetting
"""
    )
    assert (
        render_blocks_text(PRICES)
        == """\
What a place costs

Babies
  Morning:   £31
  Whole day: £58

Two and over
  Morning:   £27.50
  Whole day: £51"""
    )
    assert (
        "  How to reach it: Ask the team\n                   https://www.example.org/library\n"
        in render_blocks_text(MORE)
    )


def test_a_long_heading_has_its_words_below_it() -> None:
    heading = "What the children of all fourteen schools in the borough would like to have by Easter"
    text = render_blocks_text(f"| A | {heading} |\n|---|---|\n| b | c |")
    assert text.splitlines()[-1] == "    c"
    assert max(map(len, text.splitlines())) <= 76


@pytest.mark.parametrize("lead", ["> ", "  "], ids=["quotation", "list"])
def test_a_table_in_a_list_or_a_quotation_is_one(lead: str) -> None:
    rows = "".join(f"{lead}{line}".rstrip() + "\n" for line in PRICES.splitlines())
    text = rows if lead == "> " else f"- Prices:\n\n{rows}"

    (table,) = tables_of(text)
    assert table.get("aria-label") == "What a place costs"
    assert "Whole day: £51" in render_blocks_text(text)
    assert [found for found in find(text) if found.code.startswith("ACC")] == []


def test_a_line_without_pipes_ends_a_table() -> None:
    text = "| A | B |\n|---|---|\n| 1 | 2 |\nThe office is closed."
    assert "<p" in render_blocks_html(text)
    assert render_blocks_text(text).endswith("\n\nThe office is closed.")


@pytest.mark.parametrize(
    "text",
    [
        "Call 01632 960 000 | Monday to Friday",
        "First part\n---\nSecond | part",
        "We ask:\n\n- a | b\n- c | d",
        "One | two\nthree | four",
    ],
)
def test_a_pipe_alone_makes_no_table(text: str) -> None:
    assert tables_of(text) == []


@pytest.mark.parametrize(
    ("row", "cells"), [("| a | b | c |", 3), ("a|b|c", 3), ("| a | | c |", 3), ("> | a | b | c", 3)]
)
def test_a_row_with_more_words_than_columns_is_refused(row: str, cells: int) -> None:
    lead = "> " if row.startswith(">") else ""
    (problem,) = find_problems(f"{lead}| A | B |\n{lead}|---|---|\n{row}\n{lead}| d | e |")
    assert (problem.found, problem.message) == (row, f"This row has {cells} cells, and the table has 2 columns.")


def test_empty_cells_behind_the_last_column_are_no_loss() -> None:
    assert list(find_problems("| A | B |\n|---|---|\n| a | b | |")) == []


def test_a_row_that_loses_words_is_shown_with_its_line(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(FaultyFiles) as caught:
        load(make_workspace, "| A | B |\n|---|---|\n| a | b |\n| c | d | e |").load_issue("2026-12")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (12, 7)


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_the_proof_reads_cell_by_cell_at_the_right_places(text: str) -> None:
    prose = read_text(text)
    cells = [block for block in prose.blocks if block.kind is BlockKind.CELL]

    for block in cells:
        shown = prose.text[block.start : block.end]
        typed = text[prose.offsets[block.start] : prose.offsets[block.end - 1] + 1]
        assert typed.replace("\\|", "|").startswith(shown[0])
        assert typed.replace("\\|", "|").endswith(shown[-1]) or "](" in typed
    assert prose.blocks[0].kind is BlockKind.CAPTION


def test_a_slip_in_a_cell_is_found_at_its_column() -> None:
    text = CHILDREN.replace("New lessons", "New lesons").replace("in January", "in in January")
    found = {finding.code: finding for finding in find(text) if finding.code in ("LANG01", "LANG07")}

    assert covered(found["LANG07"]) == "in in"
    assert found["LANG07"].column == 3 + CHILDREN.splitlines()[4].index("in January")


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("| Day | Time |\n|---|---|\n| Monday | 9am |", "ACC11", "| Day | Time |"),
        ("We open:\n\n> Day | Time\n> ---|---\n> Monday | 9am", "ACC11", "> Day | Time"),
        (
            "Table: X\n\n| A | B | C | D | E |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |",
            "ACC12",
            "| A | B | C | D | E |",
        ),
        ("Table: X\n\n| A | B |\n|---|---|\n" + "| 1 | 2 |\n" * 12 + "| 13 | 2 |", "ACC12", "| 13 | 2 |"),
        ("Table: X\n\n| A | B |\n|---|---|", "ACC12", "| A | B |"),
        ("Table: X\n\n| A | |\n|---|---|\n| 1 | 2 |", "ACC12", "| A | |"),
        ("Table: X\n\n| A | B |\n|---|---|\n| | 2 |", "ACC12", "| | 2 |"),
        ("Table: X\n\n| A |\n|---|\n| 1 |", "ACC12", "| A |"),
    ],
)
def test_what_readers_of_a_table_would_miss_is_found(text: str, code: str, at: str) -> None:
    (finding,) = (finding for finding in find(text) if finding.code.startswith("ACC"))
    assert (finding.code, covered(finding)) == (code, at)


def test_tables_are_compared_row_by_row() -> None:
    said = describe_rewording("text", CHILDREN, CHILDREN.replace("1 in 4", "1 in 3"))
    assert said.splitlines() == [
        "text changed",
        "  was: “Phones · 1 in 4 was sent something upsetting · New lessons in all 14 schools by Easter”",
        "  now: “Phones · 1 in 3 was sent something upsetting · New lessons in all 14 schools by Easter”",
    ]


def load(make_workspace: MakeWorkspace, *texts: str) -> Workspace:
    sections = "".join(
        f"  - kind: article\n    title: Article {number}\n    text: |\n"
        + "".join(f"      {line}".rstrip() + "\n" for line in text.splitlines())
        for number, text in enumerate(texts)
    )
    issue = (
        "month: 2026-12\npublished: 1 December 2026\nsubject: News of our work\n"
        f"preview_text: What children said to us this autumn\nsections:\n{sections}"
    )
    return make_workspace(issues={"2026-12": issue})


def make(make_workspace: MakeWorkspace) -> Edition:
    return make_edition(load(make_workspace, *ALL.values()), "2026-12")


def test_a_jump_from_a_cell_leads_to_its_row(make_workspace: MakeWorkspace) -> None:
    workspace = load(make_workspace, *ALL.values())
    source, issue = workspace.read_issue_source("2026-12"), workspace.load_issue("2026-12")
    edition = make_edition(workspace, "2026-12")
    page = html.document_fromstring(mark_lines(edition.html, issue, source))
    rows = [row for table in page.iter("table") if table.get("role") == "table" for row in table.iter("tr")]

    for row in rows:
        for cell in row:
            line = cell.get("data-line")
            if words(cell) not in ("–", "\xa0", ""):
                assert line
                assert words(cell).replace("|", "\\|")[:6] in source.lines[int(line) - 1]
    parts = {
        part.text.strip().splitlines()[0]: part for part in cut_text(edition.text, issue, source) if part.text.strip()
    }
    assert "Phones" in source.lines[parts["Theme: Phones"].first - 1]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tables_are_stacked_on_phones_and_never_scroll_sideways(
    browser: Browser, make_workspace: MakeWorkspace, tmp_path: Path, scheme: Scheme
) -> None:
    list(write_edition(make(make_workspace), tmp_path / "out", now=datetime(2026, 12, 1, tzinfo=UTC)))
    for width in (320, 390, 700, 1280):
        with open_page(browser, width=width, scheme=scheme) as page:
            page.goto((tmp_path / "out" / "email.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            phone = width <= 600
            assert page.locator(".tlabel").first.is_visible() == phone
            assert page.locator(".thead").first.is_visible() != phone
            assert page.get_by_role("table").count() == 3
            assert page.get_by_role("rowheader").count() == 8
            assert page.get_by_role("columnheader").count() == (0 if phone else 8)
            if width in (320, 1280):
                assert find_violations(page) == []


def test_without_a_style_sheet_a_table_is_a_table_and_fits_a_phone(
    browser: Browser, make_workspace: MakeWorkspace, tmp_path: Path
) -> None:
    bare = re.sub(r"<style.*?</style>", "", make(make_workspace).html, flags=re.DOTALL)
    (tmp_path / "bare.html").write_text(bare, encoding="utf-8")
    with open_page(browser, width=390, scheme="light") as page:
        page.goto((tmp_path / "bare.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not page.locator(".tlabel").first.is_visible()
        assert page.locator("th[scope=col]").first.is_visible()
        phones = page.get_by_role("rowheader", name="Phones").bounding_box()
        assert phones
        assert phones["width"] > 60  # the word is whole


def test_padding_is_in_cells_and_the_label_is_hidden_from_word(make_workspace: MakeWorkspace) -> None:
    page = html.document_fromstring(make(make_workspace).html)
    assert all("mso-hide:all" in span.get("style", "") for span in page.iter("span") if span.get("class") == "tlabel")
    cells = [cell for cell in page.iter("th", "td") if cell.get("class", "").split()[:1] in (["rh"], ["td"])]
    assert len(cells) == 3 * 3 + 2 * 3 + 3 * 3
    assert all("padding:10px 14px 10px 0" in cell.get("style", "") for cell in cells)


def test_the_next_issue_and_the_check_take_tables_as_they_are(make_workspace: MakeWorkspace) -> None:
    workspace = load(make_workspace, *ALL.values())
    assert "ACC" not in call("check", "2026-12", folder=workspace.root).stdout
    assert call("new", "2027-01", folder=workspace.root).returncode == 0
    assert workspace.load_issue("2027-01").sections


CELL = st.text("abcXYZ ,.:-–*_`[]()\\<>&#1£", max_size=12)


@examples(200)
@given(st.text("|-: \n>ab\\`*[]()", max_size=80))
def test_no_text_of_pipes_and_hyphens_makes_anything_raise(text: str) -> None:
    render_blocks_html(text)
    render_blocks_text(text)
    prose = read_text(text)
    assert len(prose.offsets) == len(prose.text) + 1
    list(find_problems(text))


@examples(200)
@given(st.integers(1, 4), st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), max_size=12), st.data())
def test_every_cells_words_are_once_in_html_and_in_text(
    columns: int, filled: list[list[int]], data: st.DataObject
) -> None:
    head = [f"head{number}x" for number in range(columns)]
    marks = [data.draw(st.sampled_from(["---", ":-", "-:", ":--:"])) for _ in head]
    rows = [
        [f"row{at}cell{number}x{data.draw(CELL).strip()}" if full else "" for number, full in enumerate(row[:columns])]
        for at, row in enumerate(filled)
    ]
    lines = [head, marks, *rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)

    for rendered in (" ".join(map(words, tables_of(text))), render_blocks_text(text)):
        for number, cell in enumerate(cell for row in rows for cell in row if cell):
            assert rendered.count(cell.split("x")[0] + "x") == 1, number
    assert len(read_text(text).tables) == 1
