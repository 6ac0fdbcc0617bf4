"""What each thing in the database can be: a delivery, a suppression, a sign-up, a schedule, a mailing and others.

Imports nothing of the database, so that a command can name them in its help at once.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class DeliveryState(StrEnum):
    """One message's fate. Each comment names the states that lead here, and what makes it so."""

    # (new) when the mailing is frozen · sending → when the message cannot have left ·
    # uncertain → a person says that it is to be sent again ·
    # refused → a person says that the cause is fixed · both only while the mailing is not cancelled
    QUEUED = "queued"
    SENDING = "sending"  # queued, deferred → claimed, and committed before the message leaves
    ACCEPTED = "accepted"  # sending → the server's 250 · uncertain → a person says that it was delivered
    DEFERRED = "deferred"  # sending → the server's 4xx: tried again when due
    REFUSED = "refused"  # sending → the server's 5xx, or its last 4xx
    UNCERTAIN = "uncertain"  # sending → the connection or the process was lost after the message began to leave
    # queued, deferred → suppressed or paused before its turn came, or the mailing was cancelled ·
    # uncertain → a person says that it is to be sent again, but the address is suppressed ·
    # uncertain, refused → a person says that they do not have it, and the mailing was cancelled
    WITHDRAWN = "withdrawn"
    BOUNCED = "bounced"  # accepted, uncertain → it came back


class SuppressionEvent(StrEnum):
    """What a row of the journal of suppressions does. No row is ever changed: the latest that applies counts."""

    STOP = "stop"  # no email from now on, within its scope
    LIFT = "lift"  # the person has confirmed that they want it again, within its scope and no further


class SuppressionReason(StrEnum):
    """Why an address is not written to."""

    OPTED_OUT = "opted out"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


class LiftReason(StrEnum):
    """What the person did to get email again."""

    CONFIRMED = "confirmed"  # the link in a confirmation email, or a choice on their own page
    UNDONE = "undone"  # they took their own unsubscribe back


class ScopeKind(IntEnum):
    """How far a stop or a lift reaches. The numbers are in order of width: the statements compare them."""

    LIST = 1
    BULLETIN = 2
    ALL = 3


class SuppressionOrigin(StrEnum):
    """Through what a stop or a lift came."""

    ONE_CLICK = "one-click"  # the button of an email program (RFC 8058)
    PAGE = "page"  # a page of the website
    EMAIL = "email"  # an email that the person sent
    BOUNCE = "bounce"  # a report of a mail server
    IMPORT = "import"  # a file of another program
    COMMAND = "command"  # an officer typed it
    API = "api"  # another program, by its token
    MIGRATION = "migration"  # it was there before the journal was


class ConsentMethod(StrEnum):
    """How a person said yes. Only the first three are the person's own act, and may lift a suppression."""

    DOUBLE_OPT_IN = "double opt-in"  # asked on a page, confirmed by the link in an email
    UNDO = "undo"  # took their own unsubscribe back
    PREFERENCES = "preferences"  # chose a list on their own page
    IMPORT = "import"  # a file has the evidence
    COMMAND = "command"  # an officer wrote down what the person asked for


class SignUpState(StrEnum):
    """Where someone's request on the website to join a list is."""

    ASKED = "asked"  # (new) they filled in the form; nothing was looked up
    SENT = "sent"  # asked, or (new) an officer asked for them → the confirmation email was put in the outbox
    WAITING = "waiting"  # sent → they confirmed, and an officer has to approve
    JOINED = "joined"  # sent, waiting → they are on the lists
    EXPIRED = "expired"  # asked, sent, waiting → no one confirmed, or no one answered, in time
    REFUSED = "refused"  # waiting → an officer said no
    DROPPED = "dropped"  # asked → suppressed, on all the lists already, or one email too many: nothing is confirmed


class OutboxKind(StrEnum):
    """What an email to one person is about, other than an issue."""

    CONFIRM = "confirm"  # confirm that you want this
    WELCOME = "welcome"
    ALREADY = "already"  # you get this already
    APPROVED = "approved"
    REFUSED = "refused"
    ADDED = "added"  # a list was added on your page: undo it if that wasn't you
    COMPLAINT = "complaint"  # we have your complaint
    ALERT = "alert"  # to a person of the organisation


class OutboxState(StrEnum):
    """One such email's fate: as a delivery's, so never sent twice by this program."""

    QUEUED = "queued"  # (new) · sending → the server's 4xx: tried again when due
    SENDING = "sending"  # queued → claimed, and committed before the email leaves
    ACCEPTED = "accepted"  # sending → the server's 250
    REFUSED = "refused"  # sending → the server's 5xx, or its last 4xx
    UNCERTAIN = "uncertain"  # sending → the connection or the process was lost after the email began to leave
    DROPPED = "dropped"  # queued → no longer right to send, such as to someone who has been suppressed since


class WishKind(StrEnum):
    """What a reader chose on their own page. The newest of a kind counts."""

    LANGUAGE = "language"  # a language's code
    FORMAT = "format"  # "text": plain text alone; "": both
    PAUSE = "pause"  # a date, YYYY-MM-DD: no issue before it; "": no pause
    NAME = "name"  # how to greet them, whatever a list's file says; "": without a name


class PersonEventKind(StrEnum):
    """What happened to a person, for `subscribers show`."""

    ASKED = "asked to join"
    CONFIRMED = "confirmed"
    JOINED = "joined"
    LEFT = "left a list"
    UNSUBSCRIBED = "unsubscribed"
    UNDONE = "undid that"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    WISHED = "changed a wish"
    EXPORTED = "exported"


class ScheduleState(StrEnum):
    """Whether a schedule waits, and how it ended."""

    WAITING = "waiting"  # (new) its time is ahead, or no `bulletin run` has come since
    BEGUN = "begun"  # waiting → `bulletin run` started its mailing, or a person did so before
    CALLED_OFF = "called off"  # waiting → a person unscheduled it


class MailingEvent(StrEnum):
    """What happened to a mailing as a whole; none is ever changed.

    The last of these is its state. But a cancelled mailing stays cancelled, even if something happened to it since:
    earlier versions of this program continued some.
    """

    BEGUN = "begun"  # its recipients were frozen
    PAUSED = "paused"  # begun, resumed, halted → a person asked it to wait
    # paused, halted → a person resumed it ·
    # ended → refused or uncertain readers are sent it again
    RESUMED = "resumed"
    HALTED = "halted"  # begun, resumed → it stopped itself: too many refused, or the server turned us away
    CANCELLED = "cancelled"  # any but ended → a person ended it: all who were still waiting are withdrawn
    ENDED = "ended"  # begun, resumed → no one is left to be tried


class DatabaseEvent(StrEnum):
    """What happened to the database as a whole; none is ever changed."""

    MOVED = "moved"  # all that it has is in another one from then on, and nothing is done with this one
    RESTORED = "restored"  # it was put back from a back-up: what happened between the two isn't known
    CHECKED = "checked"  # restored → a person has removed those who unsubscribed meanwhile
    ARCHIVED = "archived"  # a year's deliveries went into a file
    UNARCHIVED = "unarchived"  # archived → they came back from it


class TokenScope(StrEnum):
    """What a token lets another program do. None lets it approve or send anything."""

    SUBSCRIBE = "subscribe"  # ask people to confirm that they want a list
    UNSUBSCRIBE = "unsubscribe"  # stop a list, a bulletin or all email to an address
    SUPPRESS = "suppress"  # stop all email to an address, because it bounces or complained
    STATUS = "status"  # read how many got an issue
    METRICS = "metrics"  # read /metrics


class TokenAction(StrEnum):
    """What was done to a token, or with it."""

    CREATED = "created"
    REVOKED = "revoked"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUPPRESS = "suppress"
