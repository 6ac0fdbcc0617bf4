"""Search of past issues on `bulletin serve`: a form that works without scripts, and an index for who has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from anytown import NOON
from archived import MAY, build, edit, send
from axe import ALL_LEVELS, bring_axe, find_violations
from bulletin.database.schema import open_database
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.website.application import build_application
from bulletin.website.frame import make_frame
from bulletin.website.past_issues import PastIssues
from bulletin.website.searching import Searching
from bulletin.workspace.workspace import Workspace
from conftest import write_workspace
from public_pages import serve_application

HOST = "https://news.anytown.example.org"
MANY = "".join(
    f"      - title: Water {number}\n        date: {number} June 2021\n        summary: A `<b>` lifeguard & you.\n"
    for number in range(1, 25)
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With its archive in the folder `site`."""
    workspace = write_workspace(tmp_path_factory.mktemp("searched"), issues={"2021-05": MAY + MANY})
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, workspace.root / "site", companions=[SearchMaker(workspace=workspace)])
    engine.dispose()
    return workspace


def make_application(workspace: Workspace, folder: Path) -> ASGIApp:
    frame = make_frame(workspace.settings, workspace.theme_folders, offers=())
    pages = PastIssues(folder=folder, state=workspace.state_folder, root="", first_bulletin="monthly")
    searching = Searching(archive=pages, settings=workspace.settings, theme=frame.theme)
    return build_application(frame, [searching.route(), pages.route()], write=lambda _line: None)


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(
        make_application(workspace, workspace.root / "site"), base_url=HOST, follow_redirects=False
    ) as client:
        yield client


def read(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])).split())


def test_the_form_can_be_seen_and_asks_the_server(client: TestClient) -> None:
    page = client.get("/search/")
    assert page.status_code == 200
    assert 'method="get" action="/search/"' in page.text
    assert not re.search(r"<form[^>]* hidden", page.text)
    assert "needs scripts" not in page.text
    assert client.get("/search").headers["location"] == "/search/"


def test_what_is_looked_for_is_found_without_a_script(client: TestClient) -> None:
    page = client.get("/search/", params={"q": "conference"})
    assert "1 result for “conference”" in read(page.text)
    assert "Showing 1 of 1" in read(page.text)
    assert 'href="/monthly/2021-05/#conference-on-neglect"' in page.text
    assert 'value="conference"' in page.text
    assert "No results for “zebra” Check the spelling" in read(client.get("/search/?q=zebra").text)
    assert "schools only" not in client.get("/search/?q=schools").text.lower()


def test_more_results_are_an_address_too_and_have_an_end(client: TestClient) -> None:
    page = client.get("/search/", params={"q": "lifeguard", "kind": "events"})
    assert "Showing 10 of 24" in read(page.text)
    more = unescape(re.findall(r'href="([^"]+)">Show 10 more results', page.text)[0])
    assert more == "/search/?q=lifeguard&kind=events&shown=20#page__result-11"
    page = client.get(more)
    assert 'id="page__result-11"' in page.text
    assert "Show 4 more results" in page.text
    assert "Show" not in read(client.get("/search/?q=lifeguard&shown=30").text).partition("Showing 24 of 24")[2]
    for odd in ("-1", "0", "x", "9" * 4000, "1e3", "١"):
        assert "Showing 10 of 24" in read(client.get("/search/", params={"q": "lifeguard", "shown": odd}).text)


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "“><img src=x>", "lifeguard" * 900, "\x00\x1b", "%00", "a" * 200, "(((", "ŵ" * 300],
)
def test_nothing_that_is_asked_for_is_taken_for_html(client: TestClient, words: str) -> None:
    page = client.get("/search/", params={"q": words, "year": words, "kind": words, "bulletin": words})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert len(page.content) < 20_000


def test_marked_words_are_in_the_excerpt_as_they_were_written(client: TestClient) -> None:
    text = client.get("/search/?q=lifeguard").text
    assert "A &lt;b&gt; <mark>lifeguard</mark> &amp; you." in text


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/search/", True),
        ("/search/?q=neglect", True),
        ("/pagefind/en/pagefind-worker.js", True),
        ("/monthly/2021-05/", False),
        ("/", False),
    ],
)
def test_only_the_search_may_compile(client: TestClient, path: str, allowed: bool) -> None:  # noqa: FBT001
    policy = client.get(path).headers["content-security-policy"]
    assert ("'wasm-unsafe-eval'" in policy) == allowed
    assert ("worker-src 'self'" in policy) == allowed
    assert "frame-ancestors 'none'" in policy


def test_parts_of_the_index_are_kept_by_browsers_and_its_entry_is_not(client: TestClient, workspace: Workspace) -> None:
    for name in ("fragment/*", "filter/*", "index/*", "*.pf_meta"):
        path = next((workspace.root / "site/pagefind/en").glob(name)).relative_to(workspace.root / "site")
        assert "immutable" in client.get(f"/{path}").headers["cache-control"], name
    assert client.get("/pagefind/en/pagefind-entry.json").headers["cache-control"] == "no-cache"
    assert client.get("/pagefind/en/pagefind.js").headers["content-type"].startswith("text/javascript")


def test_without_an_index_there_is_no_search(make_workspace: Callable[..., Workspace], tmp_path: Path) -> None:
    workspace = make_workspace(issues={"2021-05": MAY})
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, tmp_path / "site")
    engine.dispose()
    with TestClient(make_application(workspace, tmp_path / "site"), base_url=HOST) as client:
        answer = client.get("/search/?q=neglect")
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_what_a_later_build_has_no_more_cannot_be_found(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    workspace, out = make_workspace(issues={"2021-05": MAY}), tmp_path / "site"
    engine = open_database(workspace)
    send(engine, "2021-05")
    with TestClient(make_application(workspace, out), base_url=HOST) as client:
        assert client.get("/search/?q=neglect").status_code == 404
        build(workspace, engine, out, companions=[SearchMaker(workspace=workspace)])
        assert "1 result for “conference”" in read(client.get("/search/?q=conference").text)
        edit(workspace, "2021-05", ("sections:", "withdrawn: 6 May 2021\nsections:"))
        build(workspace, engine, out, now=NOON + 90_000_000, companions=[SearchMaker(workspace=workspace)])
        assert "No results for “conference”" in read(client.get("/search/?q=conference").text)
        build(workspace, engine, out, now=NOON + 90_000_000)  # Pagefind was removed
        assert client.get("/search/?q=conference").status_code == 404
    engine.dispose()


def test_a_faulty_template_of_a_workspace_leaves_the_page_of_the_last_build(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    workspace, out = make_workspace(issues={"2021-05": MAY}), tmp_path / "site"
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, out, companions=[SearchMaker(workspace=workspace)])
    engine.dispose()
    own = workspace.root / "templates/web/archive/search.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% extends 'web/archive/page.html.j2' %}{% block main %}{{ nothing }}{% endblock %}")
    with TestClient(make_application(workspace, out), base_url=HOST) as client:
        page = client.get("/search/?q=conference")
    assert page.status_code == 200
    assert "Search needs scripts" in page.text


@pytest.mark.slow
def test_in_a_browser_it_works_with_scripts_without_them_and_without_an_index(
    browser: Browser, workspace: Workspace
) -> None:
    with serve_application(make_application(workspace, workspace.root / "site")) as address:
        for scripts, index in ((True, True), (True, False), (False, True)):
            context = browser.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 900})
            said: list[str] = []
            page = context.new_page()
            if scripts:
                bring_axe(page)
            page.on("console", lambda message, said=said: said.append(f"{message.text} {message.location['url']}"))
            if not index:
                page.route("**/pagefind/**", lambda route: route.abort())
            page.goto(f"{address}/search/")
            page.get_by_label("Words to look for").fill("lifeguard")
            page.get_by_role("button", name="Search").click()
            expect(page.locator("#page__found")).to_have_text("24 results for “lifeguard”")
            more = page.locator("#page__more a, #page__more button")
            assert (more.evaluate("(it) => it.tagName") == "BUTTON") == (scripts and index)
            more.click()
            expect(page.locator("#page__results li")).to_have_count(20)
            if scripts:
                assert find_violations(page, ALL_LEVELS) == []
            assert [line for line in said if index and "favicon" not in line] == []
            context.close()
