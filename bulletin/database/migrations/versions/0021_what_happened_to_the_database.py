"""What happened to the database as a whole: it was moved, put back from a back-up, or a year was archived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """One table; on a server, deliveries look up their mailing only once: by its edition."""
    op.create_table(
        "database_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_database_events")),
        sa.CheckConstraint(
            "event IN ('moved', 'restored', 'checked', 'archived', 'unarchived')",
            name=op.f("ck_database_events_event"),
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_deliveries_mailing_id_mailings", "deliveries")
