"""What happens to a mailing as a whole: its sign-offs, its time, its pauses; and what a relay was given so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables. Mailings that were begun before are as if they had begun without a sign-off."""
    _create_events()
    _create_sign_offs()
    _create_schedules()
    _create_departures()


def _create_events() -> None:
    op.create_table(
        "mailing_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_events")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_events_mailing_id_mailings")),
        sa.CheckConstraint(
            "event IN ('begun', 'paused', 'resumed', 'halted', 'cancelled', 'ended')",
            name=op.f("ck_mailing_events_event"),
        ),
    )
    op.create_index(op.f("ix_mailing_events_mailing_id"), "mailing_events", ["mailing_id"])
    op.execute("INSERT INTO mailing_events (mailing_id, event, at) SELECT id, 'begun', began_at FROM mailings")


def _create_sign_offs() -> None:
    op.create_table(
        "sign_offs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("signed_at", sa.BigInteger, nullable=False),
        sa.Column("contents", sa.LargeBinary, nullable=False),
        sa.Column("confirmed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
    )
    op.create_index(op.f("ix_sign_offs_issue"), "sign_offs", ["issue"])
    op.create_table(
        "mailing_sign_offs",
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("sign_off_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("mailing_id", "sign_off_id", name=op.f("pk_mailing_sign_offs")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_sign_offs_mailing_id_mailings")),
        sa.ForeignKeyConstraint(
            ["sign_off_id"], ["sign_offs.id"], name=op.f("fk_mailing_sign_offs_sign_off_id_sign_offs")
        ),
    )


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("lists", sa.JSON, nullable=False),
        sa.Column("newcomers", sa.Boolean, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("grace", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("planned_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("mailing_id", _ID),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_schedules_mailing_id_mailings")),
        sa.CheckConstraint("state IN ('waiting', 'begun', 'called off')", name=op.f("ck_schedules_state")),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_schedules_ended")),
    )
    op.create_index(op.f("ix_schedules_issue"), "schedules", ["issue"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_schedules_waiting", "schedules", ["issue"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )


def _create_departures() -> None:
    op.create_table(
        "departures",
        sa.Column("relay", sa.String(255), nullable=False),
        sa.Column("period", sa.BigInteger, nullable=False),
        sa.Column("bucket", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("relay", "period", "bucket", name=op.f("pk_departures")),
    )
