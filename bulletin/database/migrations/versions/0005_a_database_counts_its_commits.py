"""A database counts its commits, so that one that was put back from an older copy is noticed."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """How many, the last one when, and what is lacking. What is known of the past is when something last happened."""
    # SQLite makes the table anew for it, and so lays it out as `tables` has it.
    with op.batch_alter_table("identity", recreate=_find_way(op.get_bind())) as identity:
        identity.add_column(sa.Column("commits", sa.BigInteger, nullable=False, server_default="0"))
        identity.add_column(sa.Column("changed_at", sa.BigInteger, nullable=False, server_default="0"))
        identity.add_column(sa.Column("lacking", sa.JSON))
    op.execute("UPDATE identity SET changed_at = coalesce((SELECT max(at) FROM mailing_events), 0)")


def _find_way(connection: sa.Connection) -> Literal["always", "never"]:
    return "always" if connection.dialect.name == "sqlite" else "never"
