"""How many deliveries were deleted when they were old; and no samples of what is personal in a server's statistics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_PERSONAL = {
    "subscribers": {"address": "VARCHAR(320)", "name": "TEXT"},
    "deliveries": {"address": "VARCHAR(320)", "name": "TEXT", "reply": "TEXT"},
    "mailing_events": {"note": "TEXT"},
    "consents": {"page": "TEXT", "network": "VARCHAR(64)", "agent": "TEXT"},
    "sign_ups": {
        "address": "VARCHAR(320)",
        "name": "TEXT",
        "page": "TEXT",
        "network": "VARCHAR(64)",
        "agent": "TEXT",
        "reason": "TEXT",
    },
    "outbox": {"recipient": "VARCHAR(320)", "reply": "TEXT"},
    "complaints": {"text": "TEXT", "reply_to": "VARCHAR(320)", "outcome": "TEXT"},
    "returns": {"diagnostic": "TEXT", "note": "TEXT"},
}


def upgrade() -> None:
    """Two tables; on a server, columns without statistics."""
    op.create_table(
        "kept_counts",
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by_person", sa.Boolean, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("superseded", sa.Boolean, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "mailing_id", "state", "by_person", "cancelled", "superseded", name=op.f("pk_kept_counts")
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_kept_counts_mailing_id_mailings")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _forget_samples()


def _forget_samples() -> None:
    """A server's statistics have samples of each column: none is kept of these, and none is taken from now on.

    Giving a column the type that it has drops what was sampled, and rewrites nothing.
    """
    for table, columns in _PERSONAL.items():
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
