"""A dead link never leaves: what `send`, `schedule`, `run`, `test` and `check` do if the pages for readers are away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bulletin.cli.sending.unsubscribe_links import print_ways_out
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.plans.schedule import find_schedules
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS, refuse_connections
from mailed import run
from own_website import answer_with, serve_foreign, serve_website
from planned import make_due

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

KEY = "the key of this office"
ELSEWHERE = "smtp://smtp.nowhere.invalid"  # no computer's name (RFC 6761)
DEAD = "The unsubscribe links would not work. They lead to "

# Names that could be somebody's: our examples are never sent to a server that isn't on this computer.
OUR_SETTINGS = SETTINGS.replace("anytown.example.org", "newtown.scot").replace("Anytown", "Newtown")
OUR_ISSUE = ISSUE.replace("Anytown", "Newtown")
OUR_LISTS = {"partners": "email\nanna@newtown.scot\nben@newtown.scot\n", "schools": "email\ncara@newtown.scot\n"}


@pytest.fixture
def make_office(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Workspace]:
    """A workspace that sends by a server elsewhere, with its website at this address."""
    monkeypatch.setenv("BULLETIN_SMTP_URL", ELSEWHERE)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", KEY)

    def make(website: str) -> Workspace:
        settings = OUR_SETTINGS.replace("https://news.newtown.scot", website)
        return make_workspace(settings=settings, lists=OUR_LISTS, issues={"2021-05": OUR_ISSUE})

    return make


def open_ledger(workspace: Workspace) -> Engine:
    return open_database(workspace.database_url)


def refusal(workspace: Workspace, *arguments: str) -> str:
    with pytest.raises(Exception, match=DEAD) as refused:
        run(workspace, *arguments)
    return str(refused.value)


@pytest.mark.parametrize(
    "arguments", [("send", "2021-05", "--yes"), ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")]
)
def test_nothing_begins_while_another_website_answers(
    make_office: Callable[[str], Workspace], arguments: tuple[str, ...]
) -> None:
    with serve_foreign(answer_with(200)) as (website, asked):
        workspace = make_office(website)
        said = refusal(workspace, *arguments)

    assert "another website answers there. Start `bulletin serve`" in said
    assert len(asked) == 1
    engine = open_ledger(workspace)
    assert find_mailings(engine, "2021-05") == ()
    assert find_schedules(engine) == ()
    engine.dispose()


def test_with_our_page_there_it_goes_on(make_office: Callable[[str], Workspace]) -> None:
    with refuse_connections() as port:
        workspace = make_office(f"http://127.0.0.1:{port}")
    engine = open_ledger(workspace)
    with serve_website(engine, KEY.encode()) as website:
        settings = workspace.root / "bulletin.yaml"
        settings.write_text(settings.read_text().replace(f"http://127.0.0.1:{port}", website))
        assert "is scheduled for" in run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
        with pytest.raises(Exception, match=r"smtp\.nowhere\.invalid"):
            run(workspace, "send", "2021-05", "--yes")
    (_mailing,) = find_mailings(engine, "2021-05")

    # It has begun, and its links have died since: it doesn't continue.
    assert "no web server answers there" in refusal(workspace, "send", "2021-05", "--yes")
    engine.dispose()


def test_run_does_not_begin_a_scheduled_issue_then_and_says_why(make_office: Callable[[str], Workspace]) -> None:
    with refuse_connections() as port:
        workspace = make_office(f"http://127.0.0.1:{port}")
    engine = open_ledger(workspace)
    with serve_website(engine, KEY.encode()) as website:
        settings = workspace.root / "bulletin.yaml"
        settings.write_text(settings.read_text().replace(f"http://127.0.0.1:{port}", website))
        workspace = open_workspace(workspace.root)
        run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(workspace)

    said = run(workspace, "run", code=1)

    assert "2021-05 was scheduled for" in said
    assert DEAD in said
    assert find_mailings(engine, "2021-05") == ()
    assert len(find_schedules(engine)) == 1, "it keeps its time"
    assert run(workspace, "run", code=1) == "", "the same is told once a day"
    engine.dispose()


def test_a_test_copy_and_check_links_warn_only(make_office: Callable[[str], Workspace]) -> None:
    with serve_foreign(answer_with(200)) as (website, asked):
        workspace = make_office(website)
        open_ledger(workspace).dispose()
        said = run(workspace, "check", "2021-05", "--links")
        assert f"It can't be sent like this. {DEAD}{website}" in said
        assert DEAD not in run(workspace, "check", "2021-05")
        with pytest.raises(Exception, match=r"The copy for jo@newtown\.scot couldn't be sent"):
            run(workspace, "test", "2021-05", "--to", "jo@newtown.scot")
    assert len([path for path in asked if path.startswith("/unsubscribe/")]) == 2


def test_where_nothing_leaves_this_computer_nothing_is_asked(
    make_office: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serve_foreign(answer_with(200)) as (website, asked), MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        workspace = make_office(website)
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        run(workspace, "check", "2021-05", "--links")
        run(workspace, "test", "2021-05", "--to", "jo@newtown.scot")
        run(workspace, "send", "2021-05", "--yes")
        assert json.loads(run(workspace, "status", "2021-05", "--json"))["accepted"] == 3
    assert asked == []


NO_WEBSITE = OUR_SETTINGS.partition("website:")[0]
RULE = "Gmail and Microsoft ask bulk senders (5,000 a day) for one-click unsubscribe by https. "


@pytest.mark.parametrize(
    ("settings", "number", "expected"),
    [
        (OUR_SETTINGS, 10, []),
        (OUR_SETTINGS, 10_000, []),
        (NO_WEBSITE, 1_240, [f"{RULE}You send 1,240, so this doesn’t apply.", "within 2 days"]),
        (NO_WEBSITE, 4_999, ["You send 4,999, so this doesn’t apply."]),
        (
            NO_WEBSITE,
            5_000,
            ["You send 5,000, so this applies, and they may refuse", "`bulletin serve`", "within 2 days"],
        ),
        (NO_WEBSITE + "returns: {address: returns@newtown.scot}\n", 12, ["You send 12, so this doesn’t apply."]),
        (
            OUR_SETTINGS.replace("https://news", "http://news"),
            6_000,
            ["so this applies", "Give your website a certificate"],
        ),
    ],
)
def test_send_says_whether_the_rule_for_bulk_senders_is_met(
    make_workspace: MakeWorkspace,
    capsys: pytest.CaptureFixture[str],
    settings: str,
    number: int,
    expected: list[str],
) -> None:
    print_ways_out(make_workspace(settings=settings), "2021-05", number)

    captured = capsys.readouterr()
    said = " ".join(f"{captured.out} {captured.err}".split())
    for words in expected:
        assert words in said
    assert ("within 2 days" in said) == (settings == NO_WEBSITE)
    assert said.count(RULE.strip()) == bool(expected)


def test_it_is_said_once_before_the_question(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = make_workspace(settings=NO_WEBSITE, lists=OUR_LISTS, issues={"2021-05": OUR_ISSUE})
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        said = " ".join(run(workspace, "send", "2021-05", "--yes").split())
    assert said.count(RULE) == 1
    assert "You send 3, so this doesn’t apply." in said
    assert (
        "Readers unsubscribe by an email to news@newtown.scot. Someone has to carry out each request within 2 days"
        in said
    )
