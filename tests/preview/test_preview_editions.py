"""The preview's tab “Editions”: who reads what, what was opened, and approving all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from axe import find_violations
from bulletin.approval.approvals import find_approvals
from bulletin.database.schema import open_database
from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import PreviewSession
from bulletin.preview.site import Site
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from previewing import CONTRAST, NAMELESS, SMALL, mail, save, serve, visit

MakeWorkspace = Callable[..., Workspace]

ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: News for May
preview_text: What we did in April
sections:
  - {kind: notice, title: Office hours, text: We open at nine.}
  - {kind: notice, title: Term dates, text: Nine weeks are left until the holidays., for: schools}
  - {kind: notice, title: An appeal, text: Give a warm coat to a child., marketing: yes}
"""
LISTS = {
    "partners": "email\npat@example.org\nboth@example.org\n",
    "schools": "email\nboth@example.org\nsam@example.org\n",
}
ASKING = SETTINGS + "approval: {needed: 1, people: [Jo Bloggs, Sam Smith]}\n"


class Desk:
    """A preview without a browser."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.session = PreviewSession(workspace.root, clock=lambda: datetime(2021, 5, 4, 12, tzinfo=UTC), environ={})
        self.client = TestClient(Site(self.session, ReloadEvents(), page_token="token").build())

    def look(self) -> dict[str, object]:
        answer = self.client.get("/editions/2021-05")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def list_editions(self) -> list[dict[str, object]]:
        editions = self.look()["editions"]
        assert isinstance(editions, list)
        return editions

    def open(self, *names: object) -> None:
        for name in names:
            assert self.client.get("/mail/2021-05", params={"edition": str(name)}).status_code == 200

    def approve(self, name: str = "Jo Bloggs") -> tuple[int, str]:
        answer = self.client.post("/approvals", json={"issue": "2021-05", "name": name})
        return answer.status_code, " ".join(answer.json().values())

    def list_approvals(self) -> list[str]:
        engine = open_database(self.workspace)
        try:
            return [one.name for one in find_approvals(engine, "2021-05")]
        finally:
            engine.dispose()


@pytest.fixture
def desk(make_workspace: MakeWorkspace) -> Desk:
    return Desk(make_workspace(settings=ASKING, lists=LISTS, issues={"2021-05": ISSUE}))


def test_the_matrix_says_which_part_is_in_whose_edition_before_there_are_readers(desk: Desk) -> None:
    shown = desk.look()
    names = [one["name"] for one in desk.list_editions()]

    assert not desk.workspace.remembers
    assert names == ["+everyone", "+consent", "schools", "schools +consent"]
    assert {one["readers"] for one in desk.list_editions()} == {None}
    assert "can have" in str(shown["sentence"])
    rows = shown["rows"]
    assert isinstance(rows, list)
    assert [(row["words"], row["readers"], row["public"]) for row in rows] == [
        ("Office hours", "everyone", True),
        ("Term dates", "schools", False),
        ("An appeal", "everyone who agreed to marketing", False),
    ]


def test_with_a_database_it_has_the_editions_that_readers_get_and_how_many_they_are(desk: Desk) -> None:
    open_database(desk.workspace).dispose()
    shown, editions = desk.look(), desk.list_editions()

    assert sum(int(str(one["readers"])) for one in editions) == 3
    assert str(shown["sentence"]).startswith("This mailing reaches 3 readers on 2 lists. There are ")
    assert "No restricted item is in an edition that it is not for" in str(shown["sentence"])


def test_an_edition_is_read_by_its_name_with_and_without_consent(desk: Desk) -> None:
    def read(name: str) -> str:
        return desk.client.get("/mail/2021-05", params={"edition": name}).text

    assert "warm coat" in read("schools +consent")
    assert "warm coat" not in read("schools")
    assert "Nine weeks" in read("schools")
    assert "Nine weeks" not in read("+everyone")
    assert desk.client.get("/mail/2021-05", params={"edition": "school"}).status_code == 404


def test_what_was_opened_is_known_to_the_server_until_it_changes(desk: Desk) -> None:
    assert [one["opened"] for one in desk.list_editions()] == [False] * len(desk.list_editions())
    desk.open("schools")
    opened = {str(one["name"]): one["opened"] for one in desk.list_editions()}
    assert opened.pop("schools") is True
    assert not any(opened.values())
    assert "You have not opened edition" in str(desk.look()["unopened"])
    assert "(schools)" not in str(desk.look()["unopened"])

    save(desk.workspace.root, "Nine weeks", "Ten weeks")
    desk.session.touch()
    assert not any(one["opened"] for one in desk.list_editions())


def test_an_approval_is_refused_until_every_edition_was_opened(desk: Desk) -> None:
    open_database(desk.workspace).dispose()
    status, words = desk.approve()
    assert (status, "You have not opened editions 1 (" in words) == (422, True)

    names = [one["name"] for one in desk.list_editions()]
    desk.open(*names[:-1])
    status, words = desk.approve()
    assert (status, f"You have not opened edition {len(names)} (" in words) == (422, True)
    assert desk.list_approvals() == []

    desk.open(names[-1])
    assert desk.look()["unopened"] == ""
    status, words = desk.approve("jo bloggs")
    assert status == 200, words
    assert words.startswith("Approved by Jo Bloggs (4 May 2021")
    assert f"It covers {len(names)} editions of the email, the web page and the PDF. Nothing more is needed." in words
    assert desk.list_approvals() == ["Jo Bloggs"]
    assert desk.client.get("/approval/2021-05").json()["approval"].startswith("Approved by Jo Bloggs")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("We open at nine.", "We open at nine on Monday 5 May 2021."), "The proof has an error."),
        (("title: Office", "titel: Office"), "This issue has faults."),
        (("We open at nine.", "We open at ten."), "You have not opened"),
    ],
)
def test_an_approval_is_of_what_is_there_now_and_in_order(desk: Desk, change: tuple[str, str], said: str) -> None:
    desk.open(*(one["name"] for one in desk.list_editions()))
    save(desk.workspace.root, *change)
    desk.session.touch()
    status, words = desk.approve()

    assert (status, said in words) == (422, True), words


def test_a_person_who_may_not_approve_is_refused(desk: Desk) -> None:
    desk.open(*(one["name"] for one in desk.list_editions()))

    assert desk.approve("Alex Example")[0] == 422
    assert desk.approve("")[0] == 422
    assert desk.list_approvals() == []


def test_an_issue_for_everyone_is_one_edition(make_workspace: MakeWorkspace) -> None:
    desk = Desk(make_workspace(settings=ASKING, lists=LISTS))
    (edition,) = desk.list_editions()

    assert (edition["words"], edition["name"]) == ("everyone", "+everyone")
    assert "You have not opened the email as it is now." in desk.approve()[1]
    assert desk.client.get("/mail/2021-05").status_code == 200
    assert desk.approve()[0] == 200


def test_in_a_browser_each_edition_is_opened_and_then_all_are_approved(
    make_workspace: MakeWorkspace, browser: Browser
) -> None:
    workspace = make_workspace(settings=ASKING, lists=LISTS, issues={"2021-05": ISSUE})
    open_database(workspace).dispose()
    context = browser.new_context(viewport={"width": 390, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    with serve(workspace.root) as address:
        visit(page, f"{address}?beside=editions")
        expect(page.locator("#reach")).to_contain_text("This mailing reaches 3 readers")
        buttons = page.locator("#matrix tfoot button")
        for at in range(buttons.count()):
            buttons.nth(at).click()
            expect(page.locator("#matrix tfoot tr:last-child td").nth(at)).to_contain_text("opened")
            expect(page.locator("#matrix .unread")).to_have_count(buttons.count() - 1 - at)
        expect(mail(page).locator("body")).to_contain_text("Nine weeks")
        expect(page.locator("#unopened")).to_contain_text("You have opened everything.")
        page.get_by_label("Your name").fill("Jo Bloggs")
        page.get_by_role("button", name="Approve", exact=True).click()
        expect(page.locator("#approve-answer")).to_contain_text("Approved by Jo Bloggs")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for script in (CONTRAST, NAMELESS, SMALL):
                assert page.evaluate(script) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert find_violations(page) == []
    context.close()
