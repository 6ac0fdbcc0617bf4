"""A shift of a worker, before it has anything to do with the mail server."""

from __future__ import annotations

import threading
from collections.abc import Callable

from anytown import NOON, add_people, make_edition
from archived import MAY
from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.workers.shift_work import Shifts, ShiftSettings
from bulletin.workspace.workspace import Workspace


def test_a_worker_sends_nothing_more_of_an_issue_that_was_withdrawn(make_workspace: Callable[..., Workspace]) -> None:
    withdrawn = MAY.replace("sections:", "withdrawn: yes\nsections:", 1)
    workspace = make_workspace(issues={"2021-05": withdrawn})
    engine, said = open_database(workspace), list[str]()
    add_people(engine, partners=["anna"])
    mailing = start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="key", now=NOON)
    settings = ShiftSettings(
        workspace=workspace,
        engine=engine,
        worker=1,
        clock=lambda: NOON,
        stop=threading.Event(),
        report=said.append,
    )

    Shifts(settings).work(mailing.id)
    counts = count_states(engine, [mailing])
    engine.dispose()

    assert "This issue says that it was withdrawn, so it can’t be sent." in said[0]
    assert "bulletin cancel 2021-05" in said[0]
    assert counts.queued == 1
