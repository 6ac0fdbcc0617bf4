"""The PDF of each issue in the web archive: what is linked, what it says, and when it is made anew."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber
import pytest
from sqlalchemy import Engine

from anytown import NOON
from archived import MAY, build, edit, find_broken_links, send
from bulletin.database.schema import open_database
from bulletin.publishing.pdf_files import PdfMaker
from bulletin.workspace.workspace import Workspace
from own_kinds import RECIPE, SOUP, write_kinds

URL = "https://news.anytown.example.org"
PDF = "monthly/2021-05/monthly-2021-05.pdf"
CORRECTION = 'corrections:\n  - {on: 7 May 2021, text: "It is on 8 June, not 9 June.", item: conference-on-neglect}\n'


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(issues={"2021-05": MAY})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    send(engine, "2021-05")
    yield engine
    engine.dispose()


def read_words(path: Path) -> str:
    with pdfplumber.open(io.BytesIO(path.read_bytes())) as pdf:
        return " ".join(" ".join(page.extract_text() or "" for page in pdf.pages).split())


def test_the_page_links_the_pdf_which_says_the_same_and_where_it_is_from(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    page = (tmp_path / "monthly/2021-05/index.html").read_text(encoding="utf-8")
    words = read_words(tmp_path / PDF)

    assert f'<a href="/{PDF}">PDF, 1 page, ' in page
    assert "Conference on neglect" in words
    assert f"{URL.removeprefix('https://')}/monthly/2021-05" in words
    assert "schools only" not in words
    assert find_broken_links(tmp_path, url=URL, besides=("/privacy", "/subscribe")) == []


def test_it_is_made_anew_only_when_its_issue_changes_and_says_what_was_corrected(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    again = build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    assert not again.change.written

    edit(workspace, "2021-05", ("9 June 2021", "8 June 2021"), ("sections:", CORRECTION + "sections:"))
    now = NOON + 3 * 86_400_000
    changed = build(workspace, engine, tmp_path, now=now, companions=[PdfMaker(workspace)])
    assert changed.change.written["PDF"] == 1
    words = read_words(tmp_path / PDF)
    assert "Corrected on 7 May 2021." in words
    assert "It is on 8 June, not 9 June." in words


def test_an_issue_that_was_taken_away_has_no_pdf(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    edit(workspace, "2021-05", ("sections:", "withdrawn: yes\nsections:"))
    build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    assert not (tmp_path / PDF).exists()


def test_a_kind_that_the_workspace_declares_is_on_the_page_and_in_the_pdf(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    workspace = make_workspace(issues={"2021-05": MAY.replace("sections:\n", f"sections:\n{SOUP}")})
    write_kinds(workspace.root, recipe=RECIPE)
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, tmp_path, companions=[PdfMaker(workspace)])
    engine.dispose()

    page = (tmp_path / "monthly/2021-05/index.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    words = read_words(tmp_path / PDF)
    assert '<html lang="en-GB">' in page
    for said in ("Onion soup", "Difficulty", "We cook it on", "1 litre of stock", "Cook them slowly.", "Ffion Rees"):
        assert said in page
        assert said in words
    assert "1 kg <em>red</em> onions" in page
