"""`bulletin year`: a year's issues as one page and one PDF, with how many readers they had."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.database.schema import open_database
from bulletin.errors import NotFound
from bulletin.issue.dates import Month
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from mailed import ACCEPTED, FULL, mail, run
from verapdf import judge

MakeWorkspace = Callable[..., Workspace]

PRIORITIES = """
  - kind: priorities
    title: Our priorities
    items:
      - number: 7
        title: Neglect
        status: under way
        summary: '{summary}'
        milestones:
          - {{date: June 2021, text: The first phase ends}}
"""
HIDDEN = """
  - {kind: notice, title: For partners alone, text: A word for a few, for: [partners]}
"""


def issue_of(month: str, *, more: str = "") -> str:
    issue = ISSUE.replace("2021-05", month).replace("4 May 2021", f"4 {Month(*map(int, month.split('-')))}")
    return issue + more.strip("\n") + "\n"


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(
        issues={
            "2020-12": issue_of("2020-12"),
            "2021-05": issue_of("2021-05", more=PRIORITIES.format(summary="We began.") + HIDDEN),
            "2021-06": issue_of("2021-06", more=PRIORITIES.format(summary='#read("/etc/passwd") and 5 < 6 & $x$.')),
        }
    )


def read(workspace: Workspace, year: int = 2021) -> str:
    out = workspace.root / "board"
    said = run(workspace, "year", str(year), "--out", str(out))
    assert said.splitlines() == [str(out / f"monthly-{year}.html"), str(out / f"monthly-{year}.pdf")]
    return (out / f"monthly-{year}.html").read_text(encoding="utf-8")


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<body>")[2]).split())


def test_it_says_what_the_years_issues_said_and_no_other(workspace: Workspace) -> None:
    words = words_of(read(workspace))
    assert "The year 2021" in words
    assert "May 2021. We began." in words
    assert "June 2021. #read(“/etc/passwd”) and 5 &lt; 6 &amp; $x$." in words
    assert "2020" not in words


def test_it_has_what_was_for_everyone_alone(workspace: Workspace) -> None:
    html = read(workspace)
    assert "A word for a few" not in html
    pdf = (workspace.root / "board" / "monthly-2021.pdf").read_bytes()
    assert b"%PDF" in pdf[:8]


def test_the_readers_are_those_whose_mail_server_accepted_it(workspace: Workspace) -> None:
    engine = open_database(workspace.database_url)
    mail(engine, [("anna", ACCEPTED), ("ben", ACCEPTED), ("fiona", FULL)])
    engine.dispose()
    words = words_of(read(workspace))
    assert "2 people were sent the last one" in words
    assert "People whose mail server accepted the email" in words


def test_the_pdf_is_compliant_and_its_files_are_the_owners_alone(workspace: Workspace) -> None:
    read(workspace)
    files = sorted((workspace.root / "board").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    verdict = judge({"year": files[1].read_bytes()})["year"]
    assert verdict.compliant, verdict.clauses


def test_a_year_without_an_issue_names_those_that_have_one(workspace: Workspace) -> None:
    with pytest.raises(NotFound) as refused:
        run(workspace, "year", "2019")
    assert refused.value.message == "“monthly” has no issue of 2019."
    assert refused.value.remedy == "It has issues of 2020, 2021."


def test_without_the_library_for_pdfs_the_page_is_written_and_it_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = tmp_path / "python"  # Python without what is installed beside it
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    bare.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(bare))
    said = run(workspace, "year", "2021", "--out", str(workspace.root))
    assert said.splitlines()[0] == str(workspace.root / "monthly-2021.html")
    assert 'pip install "ebulletin[pdf]"' in said
    assert not (workspace.root / "monthly-2021.pdf").exists()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    workspace: Workspace, browser: Browser, width: int, scheme: Scheme
) -> None:
    read(workspace)
    with open_page(browser, width=width, scheme=scheme) as page:
        page.goto(Path(workspace.root, "board", "monthly-2021.html").as_uri())
        assert find_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
