"""Approvals have the name that people know them by. Every approval is kept, and so is what was sent because of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables under their new names, copy all rows with their numbers, and drop the old ones.

    Renamed in place, SQLite would keep the names of the constraints, and PostgreSQL that of the sequence.
    """
    op.create_table(
        "approvals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("approved_at", sa.BigInteger, nullable=False),
        sa.Column("contents", sa.LargeBinary, nullable=False),
        sa.Column("confirmed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_issue"), "approvals", ["issue"])
    op.create_table(
        "mailing_approvals",
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("approval_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("mailing_id", "approval_id", name=op.f("pk_mailing_approvals")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_approvals_mailing_id_mailings")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_mailing_approvals_approval_id_approvals")
        ),
    )
    op.execute(
        "INSERT INTO approvals (id, issue, digest, name, approved_at, contents, confirmed) "
        "SELECT id, issue, digest, name, signed_at, contents, confirmed FROM sign_offs"
    )
    op.execute(
        "INSERT INTO mailing_approvals (mailing_id, approval_id) SELECT mailing_id, sign_off_id FROM mailing_sign_offs"
    )
    if op.get_bind().dialect.name == "postgresql":  # rows that bring their numbers along do not move its counter
        op.execute(
            "SELECT setval(pg_get_serial_sequence('approvals', 'id'), max(id)) FROM approvals HAVING max(id) > 0"
        )
    op.drop_table("mailing_sign_offs")
    op.drop_index(op.f("ix_sign_offs_issue"), "sign_offs")
    op.drop_table("sign_offs")
