"""Past issues on `bulletin serve`: the same pages as in the folder, with what caches and readers' programs ask for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anytown import NOON
from archived import MAY, build, edit, send
from bulletin.cli.archive_keeper import ArchiveKeeper, name_site_folder
from bulletin.database.schema import open_database
from bulletin.website.application import build_application
from bulletin.website.frame import make_frame
from bulletin.website.past_issues import PastIssues
from bulletin.workspace.workspace import Workspace

HOST = "https://news.anytown.example.org"


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    training = MAY.replace("May 2021: neglect", "Courses for all")
    workspace = make_workspace(issues={"2021-05": MAY})
    settings = workspace.root / "bulletin.yaml"
    text = settings.read_text().replace(
        "lists:\n",
        "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:\n",
        1,
    )
    settings.write_text(text)
    (workspace.root / "issues/training").mkdir()
    (workspace.root / "issues/training/2021-05.yaml").write_text(training)
    from bulletin.workspace.workspace import open_workspace

    return open_workspace(workspace.root, environ={})


def make_client(workspace: Workspace, folder: Path) -> TestClient:
    frame = make_frame(workspace.settings, workspace.theme_folders, offers=())
    pages = PastIssues(folder=folder, state=workspace.state_folder, root="", first_bulletin="monthly")
    application = build_application(frame, [pages.route()], write=lambda _line: None)
    return TestClient(application, base_url=HOST, follow_redirects=False)


@pytest.fixture
def client(workspace: Workspace, tmp_path: Path) -> Iterator[TestClient]:
    engine = open_database(workspace)
    send(engine, "2021-05", "training/2021-05")
    build(workspace, engine, tmp_path / "site")
    engine.dispose()
    with make_client(workspace, tmp_path / "site") as client:
        yield client


def test_each_file_of_the_folder_is_answered_byte_for_byte(client: TestClient, tmp_path: Path) -> None:
    paths = [path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*")]
    assert len(paths) > 12
    for path in paths:
        if "issues/" not in path and path != "404.html":
            answer = client.get("/" + path.removesuffix("index.html"))
            assert answer.status_code == 200, path
            assert answer.content == (tmp_path / "site" / path).read_bytes()


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/issues/2021-05", "/monthly/2021-05/"),
        ("/issues/2021-05/", "/monthly/2021-05/"),
        ("/issues/training/2021-05", "/training/2021-05/"),
        ("/monthly/2021-05", "/monthly/2021-05/"),
        ("/issues", "/"),
        ("/monthly", "/monthly/"),
        ("/about", "/about/"),
    ],
)
def test_what_emails_call_an_issue_leads_to_its_page(client: TestClient, path: str, to: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, to)


def test_a_page_is_not_sent_again_to_those_who_have_it(client: TestClient) -> None:
    answer = client.get("/monthly/2021-05/")
    tag = answer.headers["etag"]
    assert len(tag) == 18

    again = client.get("/monthly/2021-05/", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/monthly/2021-05/", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "caching", "media_type"),
    [
        ("/", "no-cache", "text/html; charset=utf-8"),
        ("/monthly/feed.xml", "no-cache", "application/atom+xml"),
        ("/monthly/latest/", "max-age=300", "text/html; charset=utf-8"),
        ("/sitemap.xml", "no-cache", "application/xml"),
        ("/robots.txt", "no-cache", "text/plain; charset=utf-8"),
    ],
)
def test_programs_are_told_what_it_is_and_how_long_to_keep_it(
    client: TestClient, path: str, caching: str, media_type: str
) -> None:
    answer = client.get(path)
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == (caching, media_type)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_what_is_named_by_its_content_is_kept_for_a_year(client: TestClient, tmp_path: Path) -> None:
    (sheet,) = (tmp_path / "site/assets").glob("archive.*.css")
    assert client.get(f"/assets/{sheet.name}").headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/../ledger.db",
        "/%2e%2e/bulletin.yaml",
        "/monthly/2021-05/../../../bulletin.yaml",
        "/issues/2021-06",
    ],
)
def test_what_is_not_in_the_manifest_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_an_issue_that_was_taken_away_is_gone(client: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    edit(workspace, "2021-05", ("sections:", "withdrawn: 6 May 2021\nsections:"))
    engine = open_database(workspace)
    build(workspace, engine, tmp_path / "site", now=NOON + 90_000_000)
    engine.dispose()

    answer = client.get("/monthly/2021-05/")
    assert answer.status_code == 410
    assert "Removed on 6 May 2021." in answer.text


def test_what_a_new_build_brings_is_answered_at_once(client: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    before = client.get("/monthly/2021-05/").headers["etag"]
    edit(workspace, "2021-05", ("Welcome to the", "Welcome to our"))
    engine = open_database(workspace)
    build(workspace, engine, tmp_path / "site", typo=True)
    engine.dispose()

    assert client.get("/monthly/2021-05/").headers["etag"] != before


def test_before_anything_is_built_there_is_a_page_that_says_so(workspace: Workspace, tmp_path: Path) -> None:
    with make_client(workspace, tmp_path / "never") as client:
        assert client.get("/").status_code == 404


@pytest.mark.slow
def test_serve_has_its_pages_built_beside_it_and_says_what_stops_that(workspace: Workspace) -> None:
    engine = open_database(workspace)
    send(engine, "2021-05")
    engine.dispose()
    said: list[str] = []
    keeper = ArchiveKeeper(workspace, say=said.append)
    keeper.build()
    assert said == []
    with make_client(workspace, name_site_folder(workspace)) as client:
        assert "Welcome to the" in client.get("/monthly/2021-05/").text

    edit(workspace, "2021-05", ("Welcome to the", "Welcome to our"))
    for _ in range(2):  # the same trouble is told once
        keeper.build()
    assert len(said) == 1
    assert "May 2021 differs from what was published in 1 place" in said[0]
    assert os.fspath(name_site_folder(workspace)).startswith(os.fspath(workspace.state_folder))
