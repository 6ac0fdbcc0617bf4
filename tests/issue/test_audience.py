"""What of an issue is for whom: `for:` and `marketing:` at every depth, and an empty issue that no command takes."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger.mailing import find_mailed_issues
from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule, find_schedules
from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError
from bulletin.issue.audience import PUBLIC, Audience, find_widest
from bulletin.issue.model import Issue
from bulletin.issue.unreached import find_unreached
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
SAID = "No section is for readers who are only on partners and champions: they would get an empty email."
SCHOOLS = Audience(lists=frozenset({"schools"}))
CHAMPIONS = Audience(lists=frozenset({"champions"}))
BOTH = Audience(lists=frozenset({"schools", "champions"}))


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=THREE_LISTS, lists=LISTS, issues={"2021-05": NOTICE})


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def load(make_workspace: MakeWorkspace, *sections: str) -> Issue:
    text = HEAD + "".join(f"  - {section}\n" for section in sections)
    return make_workspace(settings=THREE_LISTS, issues={"2021-05": text}).load_issue("2021-05")


# --- wherever it is written

PARTS = {
    "section": "{kind: notice, title: T, text: CANARY., for: schools}",
    "item": "{kind: events, title: T, items: [{title: E, date: 9 June 2021}, "
    "{title: CANARY, date: 9 June 2021, for: schools}]}",
    "link": "{kind: notice, title: T, text: W., links: [{title: CANARY, link: 'tel:01632960145', for: [schools]}]}",
    "point": "{kind: group_update, title: T, group: G, items: [W., {text: CANARY., for: schools}]}",
    "session": "{kind: training, title: T, items: [{title: C, provider: P, "
    "sessions: [{date: 9 June, place: CANARY, for: schools}]}]}",
    "card": "{kind: about, title: T, text: W., items: [{title: CANARY, text: W., for: schools}]}",
    "milestone": "{kind: priorities, title: T, items: [{number: 1, title: P, status: planned, summary: W., "
    "milestones: [{date: June 2021, text: CANARY, for: schools}]}]}",
    "asset": "{kind: campaign, title: T, text: W., assets: [{title: CANARY, for: schools}]}",
    "ask": "{kind: campaign, title: T, text: W., "
    "ask: {text: CANARY., button: B, link: 'https://example.org', for: schools}}",
    "group": "{kind: resources, title: T, groups: [{title: CANARY, for: schools, "
    "items: [{title: R, link: 'https://example.org'}]}]}",
    "resource": "{kind: resources, title: T, groups: [{title: G, "
    "items: [{title: CANARY, link: 'https://example.org', for: schools}]}]}",
}


@pytest.mark.parametrize("mark", ["for: schools", "for: [schools]", "marketing: yes"])
@pytest.mark.parametrize("section", PARTS.values(), ids=PARTS)
def test_a_record_is_in_the_editions_that_it_is_for_and_in_no_other(
    make_workspace: MakeWorkspace, section: str, mark: str
) -> None:
    marked = section.replace("for: [schools]", "for: schools").replace("for: schools", mark)
    issue = load(make_workspace, "{kind: notice, title: For all, text: Words.}", marked)
    sees = Audience(lists=SCHOOLS.lists, consent=True)

    assert "CANARY" in issue.for_audience(sees).model_dump_json()
    assert "CANARY" not in issue.for_audience(PUBLIC).model_dump_json()
    assert "CANARY" not in issue.for_audience(CHAMPIONS).model_dump_json()
    assert find_widest(issue) == (Audience(consent=True) if "marketing" in mark else SCHOOLS)


def test_all_that_contains_it_has_to_be_for_a_reader_too(make_workspace: MakeWorkspace) -> None:
    issue = load(
        make_workspace,
        "{kind: notice, title: For all, text: W.}",
        "{kind: events, title: T, for: schools, items: [{title: One, date: 9 June 2021, for: champions},"
        " {title: Two, date: 10 June 2021, marketing: yes}]}",
    )

    assert [section.title for section in issue.for_audience(CHAMPIONS).sections] == ["For all"]
    assert [section.title for section in issue.for_audience(SCHOOLS).sections] == ["For all"]
    assert "One" in issue.for_audience(BOTH).model_dump_json()
    assert "Two" not in issue.for_audience(BOTH).model_dump_json()
    assert "Two" in issue.for_audience(Audience(lists=SCHOOLS.lists, consent=True)).model_dump_json()


@pytest.mark.parametrize(
    "section",
    [
        "{kind: events, title: T, items: [{title: E, date: 9 June 2021, for: schools}]}",
        "{kind: links, title: T, items: [{title: L, link: 'https://example.org', marketing: yes}]}",
        "{kind: resources, title: T, groups: [{title: G, items: [{title: R, link: 'tel:1', for: schools}]}]}",
        "{kind: figures, title: T, items: [{value: 1, label: A, for: schools}, {value: 2, label: B, for: schools}]}",
    ],
)
def test_a_section_goes_with_the_last_of_its_items(make_workspace: MakeWorkspace, section: str) -> None:
    issue = load(make_workspace, "{kind: notice, title: For all, text: W.}", section)

    assert [left.title for left in issue.for_audience(PUBLIC).sections] == ["For all"]


def test_what_stays_whole_without_them_stays(make_workspace: MakeWorkspace) -> None:
    issue = load(make_workspace, PARTS["card"], PARTS["link"], PARTS["session"], PARTS["milestone"], PARTS["ask"])

    assert len(issue.for_audience(PUBLIC).sections) == 5


def test_an_issue_without_marks_is_the_same_for_everyone(make_workspace: MakeWorkspace) -> None:
    issue = load(make_workspace, "{kind: notice, title: T, text: W.}")

    assert issue.for_audience(PUBLIC) is issue
    assert issue.for_audience(BOTH) is issue
    assert find_widest(issue) == PUBLIC


def test_an_item_has_the_same_anchor_in_every_edition(make_workspace: MakeWorkspace) -> None:
    issue = load(
        make_workspace,
        "{kind: notice, title: Term dates, text: W., for: schools}",
        "{kind: notice, title: Term dates, text: For all.}",
        "{kind: events, title: Dates, items: [{title: Forum, date: 9 June 2021, for: champions}, "
        "{title: Forum, date: 10 June 2021}]}",
    )
    public = issue.for_audience(PUBLIC)

    assert [issue.anchors["sections", number] for number in range(3)] == ["term-dates", "term-dates__2", "dates"]
    assert [public.anchors["sections", number] for number in range(2)] == ["term-dates__2", "dates"]
    assert public.anchors["sections", 1, "items", 0] == "forum__2"
    assert public.origin_of(("sections", 1, "items", 0)) == ("sections", 2, "items", 1)
    again = issue.for_audience(SCHOOLS).for_audience(PUBLIC)
    assert (again.anchors, again) == (public.anchors, public)
    assert again.origin_of(("sections", 1, "items", 0)) == ("sections", 2, "items", 1)


def test_an_edition_has_what_is_for_its_readers_and_its_contents_and_tasks_too(make_workspace: MakeWorkspace) -> None:
    sections = [f"  - {{kind: notice, title: News {number}, text: Words.}}\n" for number in range(4)]
    marked = (
        "  - {kind: notice, title: Term dates, text: Nine weeks., for: schools, do: Tell parents, by: 20 May 2021}\n"
    )
    workspace = make_workspace(settings=THREE_LISTS, issues={"2021-05": HEAD + "".join(sections) + marked})
    public, schools = (make_edition(workspace, "2021-05", audience=audience) for audience in (PUBLIC, SCHOOLS))

    for words in ("Term dates", "Nine weeks", "Tell parents", "term-dates"):
        assert words in schools.html
        assert words not in public.html + public.text
    assert make_edition(workspace, "2021-05") == public


# --- at every door


def test_lists_that_would_get_an_empty_email_are_named(workspace: Workspace) -> None:
    (fault,) = find_unreached(*workspace.read_issue("2021-05"), ("partners", "champions", "schools"))

    assert (fault.line, fault.column, fault.message) == (5, 1, SAID)
    assert fault.remedy == (
        "Remove `for:` or `marketing:` from a section that is for them too, or send the issue with --list schools."
    )
    (alone,) = find_unreached(*workspace.read_issue("2021-05"), ("champions",))
    assert alone.remedy == "Remove `for:` or `marketing:` from a section that is for them too."
    assert not [*find_unreached(*workspace.read_issue("2021-05"), ("schools",))]


def test_one_section_for_everyone_is_enough(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(
        settings=THREE_LISTS, issues={"2021-05": NOTICE + "  - {kind: notice, title: T, text: W.}\n"}
    )

    assert not [*find_unreached(*workspace.read_issue("2021-05"), ("partners", "champions", "schools"))]


def test_check_says_so_at_its_place_and_lets_the_bulletin_s_own_lists_decide(
    make_workspace: MakeWorkspace, workspace: Workspace
) -> None:
    said = run(workspace, "check", "2021-05", code=1)

    assert f"issues/2021-05.yaml:5:1: {SAID}" in said
    assert "in order" not in said
    to_schools = THREE_LISTS.replace("    sender:", "    lists: schools\n    sender:")
    assert "in order" in run(make_workspace(settings=to_schools, issues={"2021-05": NOTICE}), "check", "2021-05")


DOORS = (
    "approve 2021-05 --by Jo --yes",
    "send 2021-05 --yes",
    "send 2021-05 --dry-run",
    "schedule 2021-05 --yes --at 'tomorrow 9:00'",
)


def test_nothing_is_approved_planned_or_sent_that_is_empty_for_some(workspace: Workspace, catcher: MailCatcher) -> None:
    for command in DOORS:
        assert f"issues/2021-05.yaml:5:1: {SAID}" in run(workspace, *shlex.split(command), code=1)

    engine = open_database(workspace.database_url)
    assert (find_mailed_issues(engine), find_schedules(engine)) == ((), ())
    engine.dispose()
    assert not catcher.caught


def test_run_holds_what_would_now_be_empty_for_some_and_says_so_beforehand(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    path = workspace.issue_path("2021-05")
    path.write_text(NOTICE.replace(", for: [schools]", ""), encoding="utf-8")
    run(workspace, "approve", "2021-05", "--by", "Jo", "--yes")
    run(workspace, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    path.write_text(NOTICE, encoding="utf-8")
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

    assert f"It can't be sent like this. issues/2021-05.yaml:5:1: {SAID}" in said
    assert len(catcher.caught) == 1
