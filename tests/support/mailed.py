"""A workspace in which issues were mailed, with deliveries in whatever states a test wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event, insert, update
from typer.testing import CliRunner

from anytown import NOON, begin_mailing
from bulletin.cli.app import make_app
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries, mailing_events
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace

ACCEPTED = {"state": "accepted", "attempts": 1, "ended_at": NOON, "reply": "250 2.0.0 Ok: queued"}
UNKNOWN = {"state": "refused", "attempts": 1, "ended_at": NOON, "reply": "550 5.1.1 <{address}>: User unknown"}
FULL = {"state": "refused", "attempts": 1, "ended_at": NOON, "reply": "552 5.2.2 {address} is over quota"}
UNCERTAIN = {"state": "uncertain", "attempts": 1, "claimed_at": NOON, "reply": "Sending broke off at this message."}
LATER = {"state": "deferred", "attempts": 2, "ended_at": NOON, "due_at": NOON + 60_000, "reply": "451 4.7.1 Later"}
QUEUED = {"state": "queued"}


def mail(engine: Engine, fates: Iterable[tuple[str, dict[str, object]]], *, issue: str = "2021-05") -> Mailing:
    """A mailing of `issue` to those named in `fates`, each in the state that stands beside the name."""
    fates = list(fates)
    if engine.dialect.name == "sqlite":  # what was sent was signed with a key
        Path(engine.url.database or "").with_name("secret.key").write_text("the key of this office", encoding="utf-8")
    mailing = begin_mailing(engine, *(name for name, _ in fates), issue=issue)
    with engine.begin() as connection:
        for name, fate in fates:
            of_person = (deliveries.c.mailing_id == mailing.id) & (deliveries.c.name == name)
            reply = str(fate.get("reply", "")).replace("{address}", f"{name}@example.org")
            connection.execute(update(deliveries).where(of_person).values({**fate, "reply": reply}))
    return mailing


def happen(engine: Engine, mailing: Mailing, event: MailingEvent, note: str = "", *, at: int = NOON) -> None:
    with engine.begin() as connection:
        connection.execute(insert(mailing_events).values(mailing_id=mailing.id, event=event, at=at, note=note))


def run(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    """What the command says; raises the error that it ends with."""
    with databases_closed():
        result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    if isinstance(result.exception, BulletinError):
        raise result.exception
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


@contextmanager
def databases_closed() -> Iterator[None]:
    """Close what a command has opened in the `with` block: elsewhere its process would end."""
    engines: set[Engine] = set()

    def note(connection: Connection) -> None:
        engines.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", note)
        for engine in engines:
            engine.dispose()
