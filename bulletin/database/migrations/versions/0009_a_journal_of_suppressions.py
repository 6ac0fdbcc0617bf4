"""Suppressions become a journal that knows a hash of each address, and so do people and deliveries.

In code, since SQL can't hash. Rows are counted on both sides. It is one transaction: if it is broken off, everything is
as it was before.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

from bulletin.errors import DatabaseError

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BATCH = 10_000  # rows a statement
_PEOPLE = ("subscribers", "memberships", "deliveries")
_COLUMNS = {
    "subscribers": "id, hash, address, name, added_at",
    "memberships": "subscriber_id, list, source, basis, since, details",
    "deliveries": "id, mailing_id, subscriber_id, hash, address, name, state, attempts, run, claimed_at, ended_at, "
    "due_at, reply",
}
_STATES = ("queued", "sending", "accepted", "deferred", "refused", "uncertain", "withdrawn", "bounced")


def upgrade() -> None:
    """Make the key and the tables, copy every suppression, put hashes in the place of keys, and guard the journal."""
    connection = op.get_bind()
    counts = {name: _count(connection, name) for name in ("suppressions", *_PEOPLE)}
    address_key = secrets.token_bytes(32)
    _extend_identity(connection, address_key, residue=any(counts.values()))
    _create_consents()
    _create_journal()
    _hash_addresses(connection, address_key)
    _copy_suppressions(connection)
    if connection.dialect.name == "sqlite":
        _replace_keys_on_file()
    else:
        _replace_keys_on_server()
    _require_all(connection, counts)
    _drop_suppressions(connection)
    op.drop_table("hashed_addresses")
    _guard(connection)


def _count(connection: sa.Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _extend_identity(connection: sa.Connection, address_key: bytes, *, residue: bool) -> None:
    """Make the table anew, as `tables` has it, with its one row and two more columns."""
    names = ("id", "commits", "changed_at", "lacking")
    old = sa.table("identity", *(sa.column(name) for name in names))
    rows = [row._asdict() for row in connection.execute(sa.select(old))]
    op.drop_table("identity")
    op.create_table(
        "identity",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("commits", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("changed_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lacking", sa.JSON),
        sa.Column("address_key", sa.LargeBinary(32), nullable=False),
        sa.Column("residue", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    new = sa.table(
        "identity",
        *(sa.column(name) for name in names[:3]),
        sa.column("lacking", sa.JSON(none_as_null=True) if connection.dialect.name == "postgresql" else sa.Text),
        sa.column("address_key", sa.LargeBinary),
        sa.column("residue", sa.Boolean),
    )
    for row in rows:
        connection.execute(new.insert().values(**row, address_key=address_key, residue=residue))


def _create_consents() -> None:
    op.create_table(
        "wordings",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_wordings")),
    )
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("subscriber_id", _ID),
        sa.Column("list", sa.String(64), nullable=False, server_default=""),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("page", sa.Text, nullable=False, server_default=""),
        sa.Column("wording", sa.String(64)),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.Column("network", sa.String(64), nullable=False, server_default=""),
        sa.Column("agent", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.ForeignKeyConstraint(["wording"], ["wordings.digest"], name=op.f("fk_consents_wording_wordings")),
        sa.CheckConstraint("method <> 'double opt-in' OR list <> ''", name=op.f("ck_consents_list")),
    )
    op.create_index(op.f("ix_consents_hash"), "consents", ["hash"])


def _create_journal() -> None:
    stops, lifts = "'opted out', 'bounced', 'complained', 'erased'", "'confirmed', 'undone'"
    op.create_table(
        "suppression_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("event", sa.String(4), nullable=False),
        sa.Column("scope", sa.SmallInteger, nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("consent_id", _ID),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_events")),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_suppression_events_consent_id_consents")
        ),
        sa.CheckConstraint("event IN ('stop', 'lift')", name=op.f("ck_suppression_events_event")),
        sa.CheckConstraint("scope IN (1, 2, 3)", name=op.f("ck_suppression_events_scope")),
        sa.CheckConstraint(f"reason IN ({stops}, {lifts})", name=op.f("ck_suppression_events_reason")),
        sa.CheckConstraint("(scope = 3) = (target = '')", name=op.f("ck_suppression_events_target")),
        sa.CheckConstraint("(event = 'lift') = (consent_id IS NOT NULL)", name=op.f("ck_suppression_events_consent")),
        sa.CheckConstraint(f"(event = 'lift') = (reason IN ({lifts}))", name=op.f("ck_suppression_events_lift")),
        sa.CheckConstraint("note NOT LIKE '%@%'", name=op.f("ck_suppression_events_note")),
    )
    op.create_index("ix_suppression_events_hash", "suppression_events", ["hash", "event", "scope", "target", "id"])


def _hash_addresses(connection: sa.Connection, address_key: bytes) -> None:
    """A table with the hash of each key that is anywhere: `subscribers.address_hash` makes the same ones."""
    hashed = op.create_table(
        "hashed_addresses",
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_hashed_addresses"),
    )
    begun = hashlib.blake2b(key=address_key, person=b"address 1", digest_size=16)
    tables = (sa.table(name, sa.column("key")) for name in ("suppressions", "subscribers", "deliveries"))
    keys = sa.union(*(sa.select(table.c.key) for table in tables)).execution_options(yield_per=_BATCH)
    for batch in connection.scalars(keys).partitions():
        connection.execute(hashed.insert(), [{"key": key, "hash": _hash(begun, key)} for key in batch])
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE hashed_addresses ALTER COLUMN key SET STATISTICS 0")  # which would be addresses
        op.execute("ANALYZE hashed_addresses")


def _hash(begun: Any, key: str) -> bytes:
    one = begun.copy()
    one.update(key.encode())
    digest: bytes = one.digest()
    return digest


def _copy_suppressions(connection: sa.Connection) -> None:
    """The oldest first. A note loses the addresses in it, which the journal must not hold."""
    op.execute(
        "INSERT INTO suppression_events (hash, event, scope, target, reason, at, origin, note) "
        "SELECT h.hash, 'stop', 3, '', s.reason, s.since, 'migration', '' "
        "FROM suppressions s JOIN hashed_addresses h ON h.key = s.key ORDER BY s.since, s.key"
    )
    noted = sa.text(
        "SELECT h.hash, s.note FROM suppressions s JOIN hashed_addresses h ON h.key = s.key WHERE s.note <> ''"
    )
    write = sa.text("UPDATE suppression_events SET note = :note WHERE hash = :hash")
    if rows := [{"hash": hash_, "note": re.sub(r"\S*@\S*", "…", note)} for hash_, note in connection.execute(noted)]:
        connection.execute(write, rows)


def _replace_keys_on_file() -> None:
    """SQLite can't drop a column that is unique, nor a table that another one refers to: all three are made anew."""
    for name in _PEOPLE:
        op.rename_table(name, f"former_{name}")
    op.drop_index("ix_memberships_list", "former_memberships")
    op.drop_index("ix_deliveries_waiting", "former_deliveries")
    op.drop_index("ix_deliveries_state", "former_deliveries")
    _create_people()
    _create_deliveries()
    for name in _PEOPLE:
        columns = _COLUMNS[name]
        source = f"former_{name} f"
        if "hash" in columns.split(", "):
            source += " JOIN hashed_addresses h ON h.key = f.key"
        chosen = ", ".join(f"h.{column}" if column == "hash" else f"f.{column}" for column in columns.split(", "))
        op.execute(f"INSERT INTO {name} ({columns}) SELECT {chosen} FROM {source} ORDER BY f.rowid")  # noqa: S608 -- ours
    for name in reversed(_PEOPLE):
        op.drop_table(f"former_{name}")
    _index_people()


def _create_people() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("hash", name=op.f("uq_subscribers_hash")),
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


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mailing_id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
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
        sa.CheckConstraint(" OR ".join(f"state = '{state}'" for state in _STATES), name=op.f("ck_deliveries_state")),
        sa.CheckConstraint("(state = 'sending') = (run IS NOT NULL)", name=op.f("ck_deliveries_run")),
        sa.CheckConstraint("(state = 'deferred') = (due_at IS NOT NULL)", name=op.f("ck_deliveries_due")),
    )


def _index_people() -> None:
    op.create_index(op.f("ix_memberships_list"), "memberships", ["list"])
    op.create_index(
        "ix_deliveries_waiting", "deliveries", ["mailing_id", "id"], sqlite_where=sa.text("state = 'queued'")
    )
    op.create_index("ix_deliveries_state", "deliveries", ["mailing_id", "state", "due_at"])


def _replace_keys_on_server() -> None:
    for table in ("subscribers", "deliveries"):
        op.add_column(table, sa.Column("hash", sa.LargeBinary(16)))
        fill = f"UPDATE {table} SET hash = h.hash FROM hashed_addresses h WHERE h.key = {table}.key"  # noqa: S608 -- ours
        op.execute(fill)
        op.alter_column(table, "hash", nullable=False)
        op.drop_column(table, "key")
        for column in ("address", "name"):  # a server's statistics have samples of what is in a column
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
    op.create_unique_constraint(op.f("uq_subscribers_hash"), "subscribers", ["hash"])


def _require_all(connection: sa.Connection, before: dict[str, int]) -> None:
    """Raises DatabaseError, which undoes everything, if a row has been lost."""
    for old, new in (("suppressions", "suppression_events"), *((name, name) for name in _PEOPLE)):
        if (now := _count(connection, new)) != before[old]:
            raise DatabaseError(
                f"The database can't be upgraded: of {before[old]:,} rows in {old}, {now:,} would be left.",
                "Nothing was changed. Keep using the version of bulletin that you had, and tell us.",
            )


def _drop_suppressions(connection: sa.Connection) -> None:
    op.drop_table("suppressions")  # and its triggers
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_suppressions()")


# What a lift with the scope and target of NEW takes back, of the stops `s`: as `subscribers.suppression` says.
_WOULD_LIFT = "s.event = 'stop' AND (s.scope > NEW.scope OR (s.scope = NEW.scope AND s.target = NEW.target))"
# The person's own wish, confirmed since they were last stopped, for this list if it is about one.
_OWN_WISH = f"""
    SELECT 1 FROM consents c WHERE c.id = NEW.consent_id AND c.hash = NEW.hash
    AND c.method IN ('double opt-in', 'undo', 'preferences') AND c.confirmed_at IS NOT NULL
    AND (c.list = '' OR (NEW.scope = 1 AND c.list = NEW.target))
    AND NOT EXISTS (
        SELECT 1 FROM suppression_events s WHERE s.hash = NEW.hash AND {_WOULD_LIFT} AND s.at >= c.confirmed_at
    )
"""  # noqa: S608 -- ours
_STANDS = "a suppression stands"
_LIFTS = "only the person lifts a suppression"
_EVIDENCE = "evidence of consent stands"
_KEY = "the address key stands"
_FIXED = ("id", "hash", "list", "method", "wording", "asked_at")


def _guard(connection: sa.Connection) -> None:
    """Let no statement change or delete a row of the journal, lift without the person's wish, or change the key."""
    if connection.dialect.name == "postgresql":
        _guard_on_server()
    else:
        _guard_on_file()


def _guard_on_file() -> None:
    def guard(name: str, when: str, words: str) -> None:
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{words}'); END")

    for change in ("update", "delete"):
        guard(f"suppression_events_stand_{change}", f"{change.upper()} ON suppression_events", _STANDS)
    # INSERT OR REPLACE deletes a row without asking the trigger for that.
    there = "EXISTS (SELECT 1 FROM suppression_events s WHERE s.id = NEW.id)"
    guard("suppression_events_stand_replace", f"INSERT ON suppression_events WHEN {there}", _STANDS)
    guard(
        "suppression_events_lift",
        f"INSERT ON suppression_events WHEN NEW.event = 'lift' AND NOT EXISTS ({_OWN_WISH})",
        _LIFTS,
    )
    guard("consents_stand_update", f"UPDATE OF {', '.join(_FIXED)} ON consents", _EVIDENCE)
    confirmed = "UPDATE OF confirmed_at ON consents WHEN OLD.confirmed_at IS NOT NULL"
    guard("consents_stand_confirmed", confirmed, _EVIDENCE)
    there = "EXISTS (SELECT 1 FROM consents c WHERE c.id = NEW.id)"
    guard("consents_stand_replace", f"INSERT ON consents WHEN {there}", _EVIDENCE)
    guard("identity_stands_key", "UPDATE OF address_key ON identity", _KEY)


def _guard_on_server() -> None:
    def guard(name: str, when: str, words: str, condition: str = "") -> None:
        fault = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';"
        body = f"IF {condition} THEN {fault} END IF; RETURN NEW;" if condition else fault
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN {body} END $guard$")
        each = "FOR EACH ROW " if condition else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} {each}EXECUTE FUNCTION {name}()")

    guard("suppression_events_stand", "UPDATE OR DELETE OR TRUNCATE ON suppression_events", _STANDS)
    guard(
        "suppression_events_lift",
        "INSERT ON suppression_events",
        _LIFTS,
        f"NEW.event = 'lift' AND NOT EXISTS ({_OWN_WISH})",
    )
    guard("consents_stand", f"UPDATE OF {', '.join(_FIXED)} ON consents", _EVIDENCE)
    guard("consents_stand_confirmed", "UPDATE OF confirmed_at ON consents", _EVIDENCE, "OLD.confirmed_at IS NOT NULL")
    guard("identity_stands_key", "UPDATE OF address_key ON identity", _KEY)
