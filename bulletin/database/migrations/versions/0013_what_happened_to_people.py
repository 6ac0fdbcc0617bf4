"""What happened to each person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "person_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("target", sa.String(64), nullable=False, server_default=""),
        sa.Column("delivery_id", _ID),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_events")),
        sa.CheckConstraint(
            "kind IN ('asked to join', 'confirmed', 'joined', 'left a list', "
            "'unsubscribed', 'undid that', 'bounced', 'complained', 'changed a wish', 'exported')",
            name=op.f("ck_person_events_kind"),
        ),
    )
    op.create_index(op.f("ix_person_events_subscriber_id"), "person_events", ["subscriber_id"])
