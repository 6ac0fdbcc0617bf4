"""The accessibility statement in the archive: when it is there, who links to it, and what it says of this workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archived import MAY, build, find_broken_links, send, snapshot
from bulletin.cli.publishing.archive_text import describe_hidden
from bulletin.database.schema import open_database
from bulletin.proof.last_check import keep_check
from bulletin.proof.proofing import proof_issue
from bulletin.workspace.workspace import Workspace, open_workspace

URL = "https://news.anytown.example.org"
LINK = '<a href="/accessibility/">Accessibility statement</a>'


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(issues={"2021-05": MAY})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    send(engine, "2021-05")
    yield engine
    engine.dispose()


def declare(workspace: Workspace, words: str) -> Workspace:
    path = workspace.root / "bulletin.yaml"
    text = path.read_text(encoding="utf-8").partition("accessibility:")[0]
    path.write_text(f"{text}accessibility: {words}\n", encoding="utf-8")
    return open_workspace(workspace.root, environ={})


def test_it_is_there_once_it_is_checked_and_every_page_links_to_it(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    plain = build(workspace, engine, out)
    assert not (out / "accessibility").exists()
    assert plain.statement == ""

    draft = build(declare(workspace, "{days: 5}"), engine, out)
    assert not (out / "accessibility").exists()
    assert "no one has checked it" in draft.statement
    assert draft.statement in list(describe_hidden(draft))
    assert LINK not in (out / "index.html").read_text()

    checked = declare(
        workspace,
        "{days: 5, checked: 4 May 2021, region: northern-ireland, tested_by: Asha, on: 4 May 2019, method: keyboard}",
    )
    assert build(checked, engine, out).statement == ""
    page = (out / "accessibility/index.html").read_text(encoding="utf-8")
    assert "get back to you in 5 days." in page
    assert "The Equality Commission for Northern Ireland (ECNI) is responsible" in page
    assert "EHRC" not in page
    assert "partially compliant" in page
    assert "fully compliant" not in page
    pages = [path for path in out.rglob("*.html") if LINK in path.read_text(encoding="utf-8")]
    assert len(pages) == len(list(out.rglob("*.html")))
    assert "<loc>https://news.anytown.example.org/accessibility/</loc>" in (out / "sitemap.xml").read_text()
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []
    before = snapshot(out)
    build(checked, engine, out)
    assert snapshot(out) == before


def test_what_the_proof_last_found_open_is_told(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    path = workspace.issue_path("2021-05")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("We are closed on", "PLEASE READ THIS BEFORE YOU BOOK, we are closed on"), encoding="utf-8"
    )
    found = proof_issue(workspace, "2021-05", today=date(2021, 5, 4)).findings
    assert "all-capitals" in [each.name for each in found]
    keep_check(workspace.state_folder, "2021-05", found, now=0)
    checked = declare(workspace, "{checked: 4 May 2021, tested_by: Asha, on: 4 May 2021, method: by keyboard}")
    build(checked, engine, tmp_path / "site")
    page = (tmp_path / "site/accessibility/index.html").read_text(encoding="utf-8")
    assert "still open in May 2021: " in page.replace("\xa0", " ")
    assert "fully compliant" not in page
