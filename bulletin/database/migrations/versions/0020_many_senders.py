"""Who sends beside others: workers, their shifts, the mailings that they share, and whose turn it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Four tables."""
    _create_workers()
    _create_shifts()
    op.create_table(
        "shared_mailings",
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("dealt", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("mailing_id", name=op.f("pk_shared_mailings")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_shared_mailings_mailing_id_mailings")),
    )
    op.create_table(
        "turns",
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_turns")),
    )


def _create_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False, server_default="0"),
        sa.Column("ended_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def _create_shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("worker_id", _ID, nullable=False),
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("accepted", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("refused", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("session", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_shifts_worker_id_workers")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_shifts_mailing_id_mailings")),
    )
    op.create_index(op.f("ix_shifts_worker_id"), "shifts", ["worker_id"])
    op.create_index(op.f("ix_shifts_mailing_id"), "shifts", ["mailing_id"])
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_shifts_open", "shifts", ["mailing_id", "id"], sqlite_where=still_open, postgresql_where=still_open
    )
