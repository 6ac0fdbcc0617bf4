"""The tables. Times are whole milliseconds since 1970, UTC: they sort, and mean the same in every database."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bulletin.database.dialects import only_where
from bulletin.database.states import (
    DatabaseEvent,
    DeliveryState,
    LiftReason,
    MailingEvent,
    OutboxKind,
    OutboxState,
    PersonEventKind,
    ScheduleState,
    ScopeKind,
    SignUpState,
    SuppressionEvent,
    SuppressionReason,
    TokenAction,
    WishKind,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER column


def _one_of(column: str, *values: type[StrEnum | IntEnum]) -> str:
    words = (repr(value.value) for kind in values for value in kind)
    return f"{column} IN ({', '.join(words)})"


def _any_of(column: str, values: type[StrEnum]) -> str:
    # Not IN: SQLite would make its list anew for each row that is written, and take a third longer for it.
    return " OR ".join(f"{column} = {str(value)!r}" for value in values)


subscribers = Table(
    "subscribers",
    metadata,
    Column("id", _Id, primary_key=True),
    # The same for every spelling of one address: see subscribers.address_hash. The address stays as it was written.
    Column("hash", LargeBinary(16), nullable=False, unique=True),
    Column("address", String(320), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("added_at", BigInteger, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("subscriber_id", _Id, ForeignKey("subscribers.id"), primary_key=True),
    Column("list", String(64), primary_key=True),
    Column("source", String(16), nullable=False),  # "file": declared in subscribers/*.csv
    Column("basis", String(32), nullable=False),  # the lawful basis, as bulletin.yaml had it
    Column("since", BigInteger, nullable=False),
    Column("details", JSON, nullable=False),  # the file's further columns, by their heading
    Index(None, "list"),
)

wordings = Table(
    "wordings",
    metadata,
    # The sentences that people agreed to, each once, word for word.
    Column("digest", String(64), primary_key=True),  # SHA-256 of the text
    Column("text", Text, nullable=False),
    Column("language", String(16), nullable=False, server_default=""),
)

consents = Table(
    "consents",
    metadata,
    # Evidence that a person said yes. What they said yes to, how and when never changes: the database refuses it.
    Column("id", _Id, primary_key=True),
    Column("hash", LargeBinary(16), nullable=False, index=True),
    Column("subscriber_id", _Id),  # no foreign key: the evidence outlives the subscriber
    Column("list", String(64), nullable=False, server_default=""),  # "" if it is about more than one list
    Column("method", String(16), nullable=False),
    Column("page", Text, nullable=False, server_default=""),
    Column("wording", String(64), ForeignKey("wordings.digest")),
    Column("asked_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("network", String(64), nullable=False, server_default=""),  # cleared after a while, as the next one
    Column("agent", Text, nullable=False, server_default=""),
    CheckConstraint("method <> 'double opt-in' OR list <> ''", name="list"),
)

suppression_events = Table(
    "suppression_events",
    metadata,
    # A journal: rows are added, and never changed or deleted. `subscribers.suppression` says what they mean. It names
    # a hash and no subscriber, so it outlives every row about the person.
    Column("id", _Id, primary_key=True),
    Column("hash", LargeBinary(16), nullable=False),
    Column("event", String(4), nullable=False),
    Column("scope", SmallInteger, nullable=False),
    Column("target", String(64), nullable=False),  # the list's name, the bulletin's; "" for all
    Column("reason", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("origin", String(32), nullable=False),
    Column("consent_id", _Id, ForeignKey("consents.id")),  # the person's own wish that a lift carries out
    Column("note", Text, nullable=False, server_default=""),  # an officer's words, without any address
    CheckConstraint(_one_of("event", SuppressionEvent), name="event"),
    CheckConstraint(_one_of("scope", ScopeKind), name="scope"),
    CheckConstraint(_one_of("reason", SuppressionReason, LiftReason), name="reason"),
    CheckConstraint("(scope = 3) = (target = '')", name="target"),
    CheckConstraint("(event = 'lift') = (consent_id IS NOT NULL)", name="consent"),
    CheckConstraint(f"(event = 'lift') = ({_one_of('reason', LiftReason)})", name="lift"),
    CheckConstraint("note NOT LIKE '%@%'", name="note"),
    Index("ix_suppression_events_hash", "hash", "event", "scope", "target", "id"),
)

editions = Table(
    "editions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content
    Column("content", LargeBinary, nullable=False),  # exactly what was sent, so that a resumed mailing sends the same
    Column("kept_at", BigInteger, nullable=False),
)

mailings = Table(
    "mailings",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", String(16), nullable=False, unique=True),  # random; part of every Message-ID
    Column("issue", String(255), nullable=False, index=True),
    Column("lists", JSON, nullable=False),
    Column("began_at", BigInteger, nullable=False),
)

mailing_editions = Table(
    "mailing_editions",
    metadata,
    # The editions that a mailing began with, numbered from 1. See `delivery.ledger.mailing_editions`.
    Column("mailing_id", _Id, ForeignKey("mailings.id"), primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("digest", String(64), ForeignKey("editions.digest"), nullable=False),
    Column("signature", JSON, nullable=False),  # who gets it: for each kind of reader, their lists and consent
    Column("items", JSON, nullable=False),  # the anchors of what is in it
    Column("readers", Integer, nullable=False),  # at the beginning
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("mailing_id", _Id, nullable=False),
    Column("subscriber_id", _Id, ForeignKey("subscribers.id"), nullable=False),
    # Frozen with the mailing, so that an edit of a list file cannot change who is being written to.
    Column("hash", LargeBinary(16), nullable=False),
    Column("address", String(320), nullable=False),
    Column("name", Text, nullable=False),
    Column("edition", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("run", String(32)),  # which `send` has it in flight
    Column("claimed_at", BigInteger),  # when the last attempt began
    Column("ended_at", BigInteger),  # when the last attempt ended
    Column("due_at", BigInteger),  # when a deferred one is tried again
    Column("reply", Text, nullable=False, server_default=""),  # the server's own words
    UniqueConstraint("mailing_id", "subscriber_id"),
    # The next one says so too, by the edition. A server looks each row up for each of them: a quarter of the time in
    # which a mailing begins.
    ForeignKeyConstraint(["mailing_id"], ["mailings.id"]).ddl_if(dialect="sqlite"),
    ForeignKeyConstraint(["mailing_id", "edition"], ["mailing_editions.mailing_id", "mailing_editions.n"]),
    CheckConstraint(_any_of("state", DeliveryState), name="state"),
    CheckConstraint("(state = 'sending') = (run IS NOT NULL)", name="run"),
    CheckConstraint("(state = 'deferred') = (due_at IS NOT NULL)", name="due"),
    Index(
        "ix_deliveries_waiting",
        "mailing_id",
        "id",
        **only_where("state = 'queued'"),
    ),
    Index("ix_deliveries_state", "mailing_id", "state", "due_at"),
)

mailing_events = Table(
    "mailing_events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("mailing_id", _Id, ForeignKey("mailings.id"), nullable=False, index=True),
    Column("event", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False, server_default=""),  # why, or who did it
    CheckConstraint(_one_of("event", MailingEvent), name="event"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("issue", String(255), nullable=False, index=True),
    Column("digest", String(64), nullable=False),  # SHA-256 of everything that was approved
    Column("name", Text, nullable=False),
    Column("approved_at", BigInteger, nullable=False),
    Column("contents", LargeBinary, nullable=False),  # that, and its provenance: a change is shown by them
    Column("confirmed", JSON, nullable=False),  # the findings that the person read and accepted, in words
)

kept_counts = Table(
    "kept_counts",
    metadata,
    # How many deliveries of a mailing were deleted when they were old, by what became of them. See
    # `delivery.ledger.kept_counts`.
    Column("mailing_id", _Id, ForeignKey("mailings.id"), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("by_person", Boolean, primary_key=True),  # a person had decided what became of them
    Column("cancelled", Boolean, primary_key=True),  # withdrawn because the mailing was cancelled
    Column("superseded", Boolean, primary_key=True),  # a later mailing of the issue went to the same person
    Column("number", BigInteger, nullable=False),
    Column("deleted_at", BigInteger, nullable=False),  # the last of them
)

retention_runs = Table(
    "retention_runs",
    metadata,
    # When what was kept long enough was deleted, and how much of it. No one is named.
    Column("id", _Id, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("removed", JSON, nullable=False),  # how many, by what they were
)

mailing_approvals = Table(
    "mailing_approvals",
    metadata,
    Column("mailing_id", _Id, ForeignKey("mailings.id"), primary_key=True),
    Column("approval_id", _Id, ForeignKey("approvals.id"), primary_key=True),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("issue", String(255), nullable=False, index=True),
    Column("lists", JSON, nullable=False),
    Column("newcomers", Boolean, nullable=False),  # also to those who joined a list since it went there
    Column("due_at", BigInteger, nullable=False),
    Column("grace", BigInteger, nullable=False),  # ms after due_at within which it may still begin by itself
    Column("digest", String(64), nullable=False),  # of the content when it was planned: changed content asks again
    Column("planned_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_at", BigInteger),  # when it was begun or called off
    Column("mailing_id", _Id, ForeignKey("mailings.id")),
    CheckConstraint(_one_of("state", ScheduleState), name="state"),
    CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
    # An issue has one time at most.
    Index(
        "uq_schedules_waiting",
        "issue",
        unique=True,
        **only_where("state = 'waiting'"),
    ),
)

schedule_rolls = Table(
    "schedule_rolls",
    metadata,
    # Who was on a plan's lists when it was made, without their addresses (see subscribers.roll). Gone once it ends.
    Column("schedule_id", _Id, ForeignKey("schedules.id"), primary_key=True),
    Column("list", String(64), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    Column("unusable", LargeBinary, nullable=False),
)

list_syncs = Table(
    "list_syncs",
    metadata,
    # When a list became what a file declares, and whose. None is ever changed.
    Column("id", _Id, primary_key=True),
    Column("list", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("user", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # of who they are
)

imports = Table(
    "imports",
    metadata,
    # What was added to a list's file from another program's, so that the last one can be taken back. See
    # `subscribers.upkeep`: the file as it was before is beside the database, one for each list.
    Column("id", _Id, primary_key=True),
    Column("list", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("file", Text, nullable=False),  # its name, without a folder
    Column("had_former", Boolean, nullable=False),  # whether the list had a file before
    Column("digest", String(64), nullable=False),  # SHA-256 of the list's file as the import left it
    Column("people", Integer, nullable=False),  # added
    Column("undone_at", BigInteger),
)

departures = Table(
    "departures",
    metadata,
    # How many messages were let go to a relay in a stretch of time, so that a restart keeps within its limits.
    Column("relay", String(255), primary_key=True),
    Column("period", BigInteger, primary_key=True),  # ms: the length of the limit that counts it
    Column("bucket", BigInteger, primary_key=True),  # ms: when the stretch begins
    Column("number", BigInteger, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    # The processes that send mailings beside others. Times are by the database's own clock. See `delivery.workers`.
    Column("id", _Id, primary_key=True),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("user", Text, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),  # the last time that it asked the database something
    Column("rate", Integer, nullable=False, server_default="0"),  # messages a minute, lately
    Column("ended_at", BigInteger),  # when it ended, or was given up
)

shifts = Table(
    "shifts",
    metadata,
    # A worker's work on one mailing. Its id is the epoch of the fence: see `delivery.ledger.fence`.
    Column("id", _Id, primary_key=True),
    Column("worker_id", _Id, ForeignKey("workers.id"), nullable=False, index=True),
    Column("mailing_id", _Id, ForeignKey("mailings.id"), nullable=False, index=True),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False, server_default="0"),
    Column("refused", BigInteger, nullable=False, server_default="0"),
    Column("session", Integer, nullable=False),  # the server's number of the session that shares the issue's lock
    Column("ended_at", BigInteger),  # from then on, nothing of it can be recorded
    Index("ix_shifts_open", "mailing_id", "id", **only_where("ended_at IS NULL")),
)

shared_mailings = Table(
    "shared_mailings",
    metadata,
    # The mailings that are left to the workers, and up to which delivery their readers were dealt out.
    Column("mailing_id", _Id, ForeignKey("mailings.id"), primary_key=True),
    Column("dealt", BigInteger, nullable=False, server_default="0"),
)

turns = Table(
    "turns",
    metadata,
    # When the next message may leave by each limit that all senders share. See `delivery.limits.turns`.
    Column("key", String(320), primary_key=True),
    Column("next_at", BigInteger, nullable=False),  # in microseconds since 1970, by the database's own clock
)

identity = Table(
    "identity",
    metadata,
    # One row. The id is random, made with the database: it tells this one from any other. See `home`.
    Column("id", String(32), primary_key=True),
    # How many commits have changed the database, the last one when. See `commits`.
    Column("commits", BigInteger, nullable=False, server_default="0"),
    Column("changed_at", BigInteger, nullable=False, server_default="0"),
    Column("lacking", JSON(none_as_null=True)),  # what it lacks that was in it before. See `shortfall`.
    # 32 random octets, made once and never changed: with another key, everyone who left would be a stranger.
    Column("address_key", LargeBinary(32), nullable=False),
    Column("residue", Boolean, nullable=False, server_default=false()),  # see `residue`
)

database_events = Table(
    "database_events",
    metadata,
    # What happened to the database as a whole. See `database.database_events`.
    Column("id", _Id, primary_key=True),
    Column("event", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("details", JSON, nullable=False),  # no one is named
    CheckConstraint(_one_of("event", DatabaseEvent), name="event"),
)

link_keys = Table(
    "link_keys",
    metadata,
    # One row, once something was sent: which key signs the unsubscribe links. See `subscribers.link_key`.
    Column("fingerprint", String(64), primary_key=True),
    Column("since", BigInteger, nullable=False),
)

returns = Table(
    "returns",
    metadata,
    # What came back, a row for each thing that an email says about one delivery. No email is kept. See `bounces`.
    Column("id", _Id, primary_key=True),
    Column("report_key", LargeBinary(16), nullable=False, unique=True),  # the same each time that it is read
    Column("source", String(16), nullable=False),  # mailbox, webhook, answer (of a server while sending)
    Column("kind", String(48), nullable=False),
    Column("class", String(16), nullable=False),  # what follows from it: `bounces.verdict.ReturnClass`
    Column("subscriber_id", _Id),  # no foreign key, as the next: the row outlives both
    Column("delivery_id", _Id, index=True),
    Column("counts_as_soft", Boolean, nullable=False, server_default=false()),
    Column("is_proof", Boolean, nullable=False, server_default=false()),
    Column("status", String(32), nullable=False, server_default=""),
    Column("diagnostic", Text, nullable=False, server_default=""),  # 200 characters, every address masked
    Column("note", Text, nullable=False, server_default=""),  # for the officer, every address masked
    Column("at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),  # when a person decided about one that was listed for them
    Index("ix_returns_subscriber_id", "subscriber_id"),
    Index("ix_returns_open", "class", **only_where("settled_at IS NULL")),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    # How far each mailbox of returned emails has been read, by a name without a password.
    Column("name", String(255), primary_key=True),
    Column("uid_validity", BigInteger, nullable=False, server_default="0"),  # RFC 3501 (2.3.1.1); 0 for a folder
    Column("last_uid", BigInteger, nullable=False, server_default="0"),
    Column("read_at", BigInteger, nullable=False),
)

sign_ups = Table(
    "sign_ups",
    metadata,
    # Who asked on the website to join. The address, name and network are cleared on every last state.
    Column("id", _Id, primary_key=True),
    Column("public_id", LargeBinary(16), nullable=False, unique=True),  # random: what the link to confirm names
    Column("hash", LargeBinary(16), nullable=False, index=True),
    Column("address", String(320), nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("lists", JSON, nullable=False),
    Column("wording", String(64), ForeignKey("wordings.digest")),
    Column("page", Text, nullable=False, server_default=""),
    Column("network", String(64), nullable=False, server_default=""),
    Column("agent", Text, nullable=False, server_default=""),
    Column("by_officer", Boolean, nullable=False, server_default=false()),  # who asked in the person's place
    Column("state", String(16), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),  # when it came into its state
    Column("expires_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why an officer refused, as the person reads it
    Column("language", String(16), nullable=False, server_default=""),  # the one they chose; "" for all
    CheckConstraint(_one_of("state", SignUpState), name="state"),
    Index("ix_sign_ups_state", "state", "expires_at"),
)

outbox = Table(
    "outbox",
    metadata,
    # Emails to one person that are no issue. Claimed and recorded as deliveries are.
    Column("id", _Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("dedupe", String(128), nullable=False, unique=True),  # what it is about: no second one for the same
    Column("sign_up_id", _Id),
    Column("subscriber_id", _Id),
    Column("recipient", String(320), nullable=False, server_default=""),  # cleared when it ends
    Column("details", JSON, nullable=False),  # what its words need, without any address
    Column("state", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("run", String(32)),
    Column("made_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("claimed_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("reply", Text, nullable=False, server_default=""),  # the server's own words, every address masked
    CheckConstraint(_one_of("kind", OutboxKind), name="kind"),
    CheckConstraint(_one_of("state", OutboxState), name="state"),
    CheckConstraint("(state = 'sending') = (run IS NOT NULL)", name="run"),
    Index("ix_outbox_due", "due_at", **only_where("state = 'queued'")),
)

limits = Table(
    "limits",
    metadata,
    # How often something was asked for in a stretch of time. The bucket is a keyed hash of an address or a network.
    Column("bucket", LargeBinary(16), primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("number", Integer, nullable=False),
)

wishes = Table(
    "wishes",
    metadata,
    # What readers chose for themselves: rows are added, and the newest of a kind counts.
    Column("id", _Id, primary_key=True),
    Column("subscriber_id", _Id, ForeignKey("subscribers.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("value", String(128), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("origin", String(32), nullable=False),
    CheckConstraint(_one_of("kind", WishKind), name="kind"),
    Index("ix_wishes_subscriber_id", "subscriber_id", "kind", "id"),
)

complaints = Table(
    "complaints",
    metadata,
    # Complaints to the organisation and what became of them (Data Protection Act 2018, section 164A).
    Column("id", _Id, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("received_at", BigInteger, nullable=False),
    Column("channel", String(16), nullable=False),  # website, email, phone, letter, person
    Column("about", String(32), nullable=False),
    Column("text", Text, nullable=False),  # erased 24 months after it was closed
    Column("reply_to", String(320), nullable=False, server_default=""),
    Column("acknowledge_by", String(10), nullable=False),  # a date
    Column("acknowledged_at", BigInteger),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("closed_at", BigInteger),
)

person_events = Table(
    "person_events",
    metadata,
    # What happened to a person. No address, and no words of anyone.
    Column("id", _Id, primary_key=True),
    Column("subscriber_id", _Id, nullable=False, index=True),  # no foreign key: counts outlive the person
    Column("kind", String(32), nullable=False),
    Column("target", String(64), nullable=False, server_default=""),  # a list or a bulletin, as `origin` says
    Column("delivery_id", _Id),
    Column("at", BigInteger, nullable=False),
    Column("origin", String(32), nullable=False),
    CheckConstraint(_one_of("kind", PersonEventKind), name="kind"),
)

calendar_entries = Table(
    "calendar_entries",
    metadata,
    # What makes a published date one and the same in readers' calendars, for ever. See `publishing.calendar_register`.
    Column("uid", String(160), primary_key=True),
    Column("bulletin", String(64), nullable=False),
    Column("item_key", String(255), nullable=False),  # the word by which issues name the same item
    Column("sequence", Integer, nullable=False),  # RFC 5545 (3.8.7.4)
    Column("digest", String(64), nullable=False),  # SHA-256 of all that readers see of it
    Column("issue", String(128), nullable=False),  # whose words these are: the newest that has it
    Column("content", JSON, nullable=False),
    Column("last_on", String(10), nullable=False),  # its last day
    Column("modified_at", BigInteger, nullable=False),
    Column("cancelled_at", BigInteger),
    Index("ix_calendar_entries_bulletin", "bulletin", "last_on"),
)

calendar_mentions = Table(
    "calendar_mentions",
    metadata,
    # Which issues have a date, and the name of its file in each: an address that an email carries, so a row is never
    # deleted.
    Column("issue", String(128), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("uid", String(160), ForeignKey("calendar_entries.uid"), nullable=False, index=True),
    Column("published_on", String(10), nullable=False),
    Column("gone_at", BigInteger),  # when the issue was first built without it
)

published_feeds = Table(
    "published_feeds",
    metadata,
    # The id of each bulletin's feed (RFC 4287, 4.2.6): stored at its first publication, and never changed.
    Column("bulletin", String(64), primary_key=True),
    Column("feed_id", Text, nullable=False),
    Column("began_at", BigInteger, nullable=False),
)

published_issues = Table(
    "published_issues",
    metadata,
    # What the web archive last published of each issue. Everyone could read all of it.
    Column("issue", String(255), primary_key=True),
    Column("feed_id", Text, nullable=False),  # of its entry; never changed
    Column("first_at", BigInteger, nullable=False),  # when it became visible
    Column("updated_at", BigInteger, nullable=False),  # that, or its last correction
    Column("digest", String(64), nullable=False),  # SHA-256 of the model
    Column("model", LargeBinary, nullable=False),  # its public edition as JSON, compressed: a change is told by it
    Column("corrections", JSON, nullable=False),  # those that it had
    Column("removed", JSON, nullable=False),  # the day on which each item was taken away, by its anchor
)

published_anchors = Table(
    "published_anchors",
    metadata,
    # Every anchor that a page ever had, the one that it leads to now, and where that is in the issue.
    Column("issue", String(255), primary_key=True),
    Column("anchor", String(255), primary_key=True),
    Column("leads_to", String(255), nullable=False),
    Column("place", String(255), nullable=False),
)

useful_answers = Table(
    "useful_answers",
    metadata,
    # How many readers said “yes” or “no” to “Was this useful?”: numbers alone, without a time, so they tell of no one.
    Column("issue", String(255), primary_key=True),
    Column("answer", String(3), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    # What other programs may do. A token itself is never kept. See `access`.
    Column("id", _Id, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # SHA-256
    Column("hint", String(32), nullable=False),  # how it begins
    Column("scopes", JSON, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

token_actions = Table(
    "token_actions",
    metadata,
    # What was done with a token, or to it. No reader is named.
    Column("id", _Id, primary_key=True),
    Column("token", String(64), nullable=False),  # its name, which outlives it
    Column("action", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),  # what was answered; 0 for a person's command
    Column("by", Text, nullable=False),  # who typed that
    CheckConstraint(_one_of("action", TokenAction), name="action"),
)

kept_answers = Table(
    "kept_answers",
    metadata,
    # What was answered to a request with an Idempotency-Key. See `access.kept_answers`.
    Column("token_id", _Id, primary_key=True),
    Column("key", LargeBinary(32), primary_key=True),  # SHA-256, as the next
    Column("request", LargeBinary(32), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
