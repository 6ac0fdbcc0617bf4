"""The first tables: people, suppressions, mailings, deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and let no statement ever change or delete a suppression."""
    _create_people()
    _create_mailings()
    _create_deliveries()
    _guard_suppressions()


def _create_people() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("key", name=op.f("uq_subscribers_key")),
    )
    op.create_table(
        "memberships",
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "list", name=op.f("pk_memberships")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_memberships_subscriber_id_subscribers")
        ),
    )
    op.create_index(op.f("ix_memberships_list"), "memberships", ["list"])
    op.create_table(
        "suppressions",
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suppressions")),
        sa.CheckConstraint(
            "reason IN ('opted out', 'bounced', 'complained', 'erased')", name=op.f("ck_suppressions_reason")
        ),
    )


def _create_mailings() -> None:
    op.create_table(
        "editions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_editions")),
    )
    op.create_table(
        "mailings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("issue", sa.String(255), nullable=False),
        sa.Column("lists", sa.JSON, nullable=False),
        sa.Column("edition", sa.String(64), nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("key", name=op.f("uq_mailings_key")),
        sa.ForeignKeyConstraint(["edition"], ["editions.digest"], name=op.f("fk_mailings_edition_editions")),
    )
    op.create_index(op.f("ix_mailings_issue"), "mailings", ["issue"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("run", sa.String(32)),
        sa.Column("claimed_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("reply", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("mailing_id", "subscriber_id", name=op.f("uq_deliveries_mailing_id_subscriber_id")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_deliveries_mailing_id_mailings")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_deliveries_subscriber_id_subscribers")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'accepted', 'deferred', 'refused', 'uncertain', 'withdrawn', 'bounced')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.CheckConstraint("(state = 'sending') = (run IS NOT NULL)", name=op.f("ck_deliveries_run")),
        sa.CheckConstraint("(state = 'deferred') = (due_at IS NOT NULL)", name=op.f("ck_deliveries_due")),
    )
    waiting = sa.text("state = 'queued'")
    op.create_index(
        "ix_deliveries_waiting", "deliveries", ["mailing_id", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_deliveries_state", "deliveries", ["mailing_id", "state", "due_at"])


def _guard_suppressions() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION keep_suppressions() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''a suppression stands''; END'"
        )
        op.execute(
            "CREATE TRIGGER suppressions_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON suppressions "
            "EXECUTE FUNCTION keep_suppressions()"
        )
    else:
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER suppressions_stand_{change} BEFORE {change.upper()} ON suppressions "
                "BEGIN SELECT RAISE(ABORT, 'a suppression stands'); END"
            )
