"""The own pages of teasers in the archive: all of their words, and an address that never goes dead nor tells more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import feedparser
import pytest
from sqlalchemy import Engine

from archived import MAY, build, edit, find_broken_links, send, snapshot
from bulletin.database.schema import open_database
from bulletin.workspace.workspace import Workspace

URL = "https://news.anytown.example.org"
TEASERS = """\
  - kind: article
    title: Parents’ forum
    teaser: yes
    text: |
      We met forty parents.

      ### Who came

      Words behind the teaser.
  - kind: in_brief
    title: In brief
    items:
      - {title: A new hub, text: Words of the hub., teaser: A hub., link: "https://www.example.org/hub"}
      - {title: A second one, text: This stays whole.}
"""
FORUM, HUB = "monthly/2021-05/parents-forum/index.html", "monthly/2021-05/a-new-hub/index.html"


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(issues={"2021-05": MAY + TEASERS})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace)
    send(engine, "2021-05")
    yield engine
    engine.dispose()


@pytest.fixture
def out(workspace: Workspace, engine: Engine, tmp_path: Path) -> Path:
    build(workspace, engine, tmp_path / "site")
    return tmp_path / "site"


def read(out: Path, path: str) -> str:
    return (out / path).read_text(encoding="utf-8")


def test_all_of_a_teaser_is_on_its_own_page_that_of_the_issue_and_in_the_feed(out: Path) -> None:
    for path in (FORUM, "monthly/2021-05/index.html"):
        assert "Words behind the teaser." in read(out, path)
    assert "Words behind the teaser." in feedparser.parse(read(out, "monthly/feed.xml")).entries[0].content[0].value
    own = read(out, FORUM)
    assert "<h1>Parents’ forum</h1>" in own
    assert "<h2>Who came</h2>" in own
    assert 'href="/monthly/2021-05/#parents-forum"' in own
    assert f'<link rel="canonical" href="{URL}/monthly/2021-05/parents-forum/">' in own
    assert '<a href="/monthly/2021-05/a-new-hub/" rel="next">' in own
    hub = read(out, HUB)
    assert "Words of the hub." in hub
    assert "This stays whole." not in hub
    assert 'href="https://www.example.org/hub"' in hub
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []


def test_an_unchanged_own_page_is_not_touched(workspace: Workspace, engine: Engine, out: Path) -> None:
    before = snapshot(out)
    build(workspace, engine, out)
    assert snapshot(out) == before


@pytest.mark.parametrize(
    "change",
    [
        ("    teaser: yes\n", ""),
        ("    title: Parents’ forum\n", "    title: The forum\n"),
        ("    teaser: yes\n", "    teaser: yes\n    withdrawn: 5 May 2021\n"),
        ("published: 4 May 2021\n", "published: 4 May 2021\nwithdrawn: 5 May 2021\n"),
    ],
)
def test_where_an_own_page_was_is_the_way_to_the_issue_and_nothing_of_what_it_said(
    workspace: Workspace, engine: Engine, out: Path, change: tuple[str, str]
) -> None:
    edit(workspace, "2021-05", change)
    for _ in range(2):  # and it stays so
        build(workspace, engine, out, typo=True)
        former = read(out, FORUM)
        assert "url=/monthly/2021-05/" in former
        assert "Words behind" not in former
