"""Who left a bulletin that bulletin.yaml no longer has: under a new name it would reach them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.states import ScopeKind, SuppressionEvent
from bulletin.database.tables import mailings, suppression_events
from bulletin.subscribers.scope import FIRST_BULLETIN, find_bulletin, find_declared_bulletins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from bulletin.settings.settings import Settings


def count_former_leavers(engine: Engine, settings: Settings, issue: str) -> Mapping[str, int]:
    """How many addresses ever left each bulletin that is no longer declared, by its name; for a first issue only.

    Empty unless `issue` is of a bulletin that has a folder, and none of its issues was sent. Raises DatabaseError.
    """
    bulletin = find_bulletin(issue)
    if bulletin == FIRST_BULLETIN:
        return {}
    events = suppression_events.c
    left = (
        select(events.target, func.count(events.hash.distinct()))
        .where(events.scope == ScopeKind.BULLETIN, events.event == SuppressionEvent.STOP)
        .where(events.target.not_in(find_declared_bulletins(settings)))
        .group_by(events.target)
        .order_by(events.target)
    )
    sent = select(mailings.c.id).where(mailings.c.issue.startswith(f"{bulletin}/", autoescape=True)).limit(1)
    with database_errors(), engine.connect() as connection:
        if connection.execute(sent).first():
            return {}
        return {str(row[0]): int(row[1]) for row in connection.execute(left)}
