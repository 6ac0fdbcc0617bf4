"""`for:` on a part of an issue, held against the lists that the issue goes to, at every door."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletin.cli.app import app
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.mailing import find_mailed_issues
from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule, find_schedules
from bulletin.errors import BulletinError
from bulletin.issue.audience import find_narrowed
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

THREE_LISTS = SETTINGS.replace(
    "  schools:", "  champions: {title: Champions, basis: consent}\n  schools:"
) + "approval: {needed: 1}\n"  # fmt: skip
LISTS = {name: f"email\n{name}@example.org\n" for name in ("partners", "champions", "schools")}
HEAD = """\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
"""
NOTICE = HEAD + "  - {kind: notice, title: Drop-in, text: Bring your questions., for: [schools]}\n"
SAID = "This is for schools only, but the email also goes to partners and champions."


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=THREE_LISTS, lists=LISTS, issues={"2021-05": NOTICE})


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


# --- where it can be written


PARTS = {
    "section": "{kind: notice, title: T, text: W., for: schools}",
    "item": "{kind: events, title: T, items: [{title: E, date: 9 June 2021, for: schools}]}",
    "link": "{kind: article, title: T, text: W., links: [{title: L, link: 'https://example.org', for: [schools]}]}",
    "point": "{kind: group_update, title: T, group: G, items: [W., {text: W., for: schools}]}",
    "session": "{kind: training, title: T, items: [{title: C, provider: P, sessions: [{date: 9 June, for: schools}]}]}",
    "card": "{kind: about, title: T, text: W., items: [{title: C, text: W., for: schools}]}",
}


@pytest.mark.parametrize("section", PARTS.values(), ids=PARTS)
def test_it_is_found_wherever_it_is_written(make_workspace: MakeWorkspace, section: str) -> None:
    workspace = make_workspace(settings=THREE_LISTS, issues={"2021-05": f"{HEAD}  - {section}\n"})
    (fault,) = find_narrowed(*workspace.read_issue("2021-05"), ("partners", "champions", "schools"))

    assert (fault.line, fault.column, fault.message) == (6, 10 + section.index("for:"), SAID)
    assert fault.remedy == "Remove `for:`, or send the issue to schools only, with --list schools."
    assert fault.where.startswith("sections › 1 (")
    assert fault.where.endswith(" › for")


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        (("schools",), None),
        (("champions",), "This is for schools only, but the email goes to champions."),
        (("schools", "partners"), "This is for schools only, but the email also goes to partners."),
    ],
)
def test_a_list_of_the_mailing_that_it_leaves_out_is_named(
    workspace: Workspace, lists: tuple[str, ...], said: str | None
) -> None:
    found = [fault.message for fault in find_narrowed(*workspace.read_issue("2021-05"), lists)]

    assert found == ([said] if said else [])


def test_naming_every_list_of_the_mailing_and_more_is_fine(make_workspace: MakeWorkspace) -> None:
    text = NOTICE.replace("[schools]", "[schools, champions]")
    workspace = make_workspace(settings=THREE_LISTS, issues={"2021-05": text})

    assert list(find_narrowed(*workspace.read_issue("2021-05"), ("champions", "schools"))) == []


# --- at every door


def test_check_says_so_at_its_place_and_lets_the_bulletin_s_own_lists_decide(
    make_workspace: MakeWorkspace, workspace: Workspace
) -> None:
    said = run(workspace, "check", "2021-05", code=1)

    assert f"issues/2021-05.yaml:6:70: {SAID} Remove `for:`, or send the issue to schools only," in said
    assert "in order" not in said
    to_schools = THREE_LISTS.replace("    sender:", "    lists: schools\n    sender:")
    assert "in order" in run(make_workspace(settings=to_schools, issues={"2021-05": NOTICE}), "check", "2021-05")


DOORS = (
    "approve 2021-05 --by Jo --yes",
    "send 2021-05 --yes",
    "send 2021-05 --dry-run",
    "schedule 2021-05 --yes --at 'tomorrow 9:00'",
    "send 2021-05 --list partners --list schools --yes",
)


def test_nothing_is_approved_planned_or_sent_to_a_list_that_it_leaves_out(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    for command in DOORS:
        said = run(workspace, *shlex.split(command), code=1)
        assert "issues/2021-05.yaml:6:70: This is for schools only, but the email also goes to partners" in said

    engine = open_database(workspace.database_url)
    assert (find_mailed_issues(engine), find_schedules(engine)) == ((), ())
    engine.dispose()
    assert not catcher.caught


def test_to_the_list_that_it_names_it_goes(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "approve", "2021-05", "--by", "Jo", "--list", "schools", "--yes")
    run(workspace, "send", "2021-05", "--list", "schools", "--yes")

    assert [message.recipient for message in catcher.caught] == ["schools@example.org"]


def test_run_holds_what_was_planned_for_lists_that_it_leaves_out_and_says_so_beforehand(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    path = workspace.issue_path("2021-05")
    path.write_text(NOTICE.replace(", for: [schools]", ""), encoding="utf-8")
    run(workspace, "approve", "2021-05", "--by", "Jo", "--yes")
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    path.write_text(NOTICE, encoding="utf-8")  # readers see no `for:`, so the approval is still of the same email
    engine = open_database(workspace.database_url)
    (plan,) = find_schedules(engine)
    request = ScheduleRequest(
        issue=plan.issue,
        lists=plan.lists,
        newcomers=False,
        due_at=plan.planned_at,
        grace=plan.grace,
        digest=plan.digest,
    )
    add_schedule(engine, request, now=plan.planned_at, instead_of=plan)
    engine.dispose()

    assert "It can't be sent as it is. It has 1 fault: bulletin check 2021-05" in run(workspace, "schedule")
    assert SAID in run(workspace, "run", code=1)
    assert not catcher.caught


def test_a_copy_for_oneself_is_sent_with_a_warning(workspace: Workspace, catcher: MailCatcher) -> None:
    said = run(workspace, "test", "2021-05", "--to", "jo@example.org")

    assert f"It can't be sent like this. issues/2021-05.yaml:6:70: {SAID}" in said
    assert len(catcher.caught) == 1
