"""The preview as readers on a list, or one reader, get an issue: nothing of what is for others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import PreviewSession
from bulletin.preview.site import Site
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: News
preview_text: What we did
sections:
  - {kind: notice, title: Office hours, text: We open at nine.}
  - {kind: notice, title: Term dates, text: Nine weeks until the holidays., for: schools}
  - {kind: notice, title: Board papers, text: Read them before the meeting., for: partners}
"""
LISTS = {
    "partners": "email\npat@example.org\nboth@example.org\n",
    "schools": "email\nboth@example.org\nsam@example.org\n",
}


@pytest.fixture
def client(make_workspace: MakeWorkspace) -> TestClient:
    root = make_workspace(settings=SETTINGS, lists=LISTS, issues={"2021-05": ISSUE}).root
    session = PreviewSession(root, clock=lambda: datetime(2021, 5, 4, 12, tzinfo=UTC), environ={})
    return TestClient(Site(session, ReloadEvents(), page_token="token").build())


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("", set()),
        ("?as=schools", {"Nine weeks"}),
        ("?as=schools&as=partners", {"Nine weeks", "Read them"}),
        ("?reader=partners:2", {"Read them"}),
        ("?reader=partners:3", {"Nine weeks", "Read them"}),
        ("?reader=schools:3", {"Nine weeks"}),
    ],
)
def test_each_view_has_what_is_for_those_readers(client: TestClient, query: str, sees: set[str]) -> None:
    for view in ("mail", "text", "source"):
        answer = client.get(f"/{view}/2021-05{query}")
        assert answer.status_code == 200, answer.text
        if view != "source":
            assert {words for words in ("Nine weeks", "Read them") if words in answer.text} == sees


def test_an_unknown_list_is_told(client: TestClient) -> None:
    answer = client.get("/text/2021-05?as=school")

    assert (answer.status_code, "There is no list “school”" in answer.text) == (404, True)
