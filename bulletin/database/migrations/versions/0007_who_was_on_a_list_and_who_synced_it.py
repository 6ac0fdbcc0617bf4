"""Who was on a plan's lists when it was made, and who synced a list last, from where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Two tables. Of plans and syncs from before, nothing is known."""
    op.create_table(
        "schedule_rolls",
        sa.Column("schedule_id", _ID, nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("unusable", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "list", name=op.f("pk_schedule_rolls")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_schedule_rolls_schedule_id_schedules")
        ),
    )
    op.create_table(
        "list_syncs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_syncs")),
    )
    op.create_index(op.f("ix_list_syncs_list"), "list_syncs", ["list"])
