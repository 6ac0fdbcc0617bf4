"""A workspace with lists and a schedule."""

from __future__ import annotations

from collections import Counter

from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule, find_schedule
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace

LISTS = {"partners": "email\nanna@example.org\nben@example.org\n", "schools": "email\ncara@example.org\n"}


EVERYBODY = Counter(["anna@example.org", "ben@example.org", "cara@example.org"])


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    """What a command says; it ends with `code`."""
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def recipients(catcher: MailCatcher) -> Counter[str]:
    return Counter(message.recipient for message in catcher.caught)


def make_due(workspace: Workspace, *, ago: int = 0) -> int:
    """Let the plan of 2021-05 be for so many ms ago; when that was."""
    engine = open_database(workspace.database_url)
    plan = find_schedule(engine, "2021-05")
    assert plan
    due_at = now_ms() - ago
    add_schedule(
        engine,
        ScheduleRequest(
            issue=plan.issue,
            lists=plan.lists,
            newcomers=plan.newcomers,
            due_at=due_at,
            grace=plan.grace,
            digest=plan.digest,
        ),
        now=plan.planned_at,
        instead_of=plan,
    )
    engine.dispose()
    return due_at
