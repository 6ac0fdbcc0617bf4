"""What other programs' exports mean, as data: one entry for each program, and none that only code knows.

A heading is written as its letters and figures alone, in small letters: “First Name 1” is `firstname1`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bulletin.subscribers.upkeep.meaning import Meaning

KEPT, LEFT_OUT, LEFT_LIST = Meaning.KEPT, Meaning.LEFT_OUT, Meaning.LEFT_LIST
OPTED_OUT, BOUNCED, COMPLAINED = Meaning.OPTED_OUT, Meaning.BOUNCED, Meaning.COMPLAINED


@lru_cache(maxsize=1 << 12)
def squeeze(heading: str) -> str:
    """A heading without case, spaces, signs and byte-order mark."""
    return re.sub(r"[\W_]", "", heading).casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusColumn:
    """A column that says how people stand. A word that isn't in `words` stops the import, unless `other` covers it.

    `empty` is for cells with nothing in them.
    """

    headings: tuple[str, ...]
    words: Mapping[str, Meaning] = field(default_factory=dict)
    empty: Meaning | None = None
    other: Meaning | None = None
    needed: bool = False  # without it, it can't be told who may be written to

    def judge(self, text: str) -> Meaning | None:
        """What a cell says; None if that isn't known."""
        word = squeeze(text)
        if not word:
            return self.empty
        return self.words.get(word, self.other)


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """How one program exports people. Without `told_by`, it is none that we know.

    `told_by`: an export is this program's if it has all headings of one of these sets. `by_file`: what the beginning of
    the file's name says of everyone in it. `since`: when a person joined or agreed, the best column first.
    `says_who_agreed`: whether being in the export means that the person wants email, or there are only contacts in it.
    `dropped`: columns about the program and not the person, which aren't kept.
    """

    name: str
    told_by: tuple[frozenset[str], ...] = ()
    email: tuple[str, ...] = ()
    first_name: tuple[str, ...] = ()
    last_name: tuple[str, ...] = ()
    whole_name: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    statuses: tuple[StatusColumn, ...] = ()
    by_file: tuple[tuple[str, Meaning], ...] = ()
    says_who_agreed: bool = True
    asks_consent: bool = False  # a question in the form has the answer
    lacks_opt_outs: bool = False  # those who unsubscribed aren't in it
    dropped: frozenset[str] = frozenset()
    note: str = ""

    def fits(self, headings: Collection[str]) -> bool:
        """Whether an export with these squeezed headings is this program's."""
        return any(known.issubset(headings) for known in self.told_by)

    def judge_file(self, name: str) -> Meaning | None:
        """What a file's name says of everyone in it; None if nothing."""
        bare = squeeze(name)
        return next((meaning for start, meaning in self.by_file if bare.startswith(start)), None)


def _set(*headings: str) -> frozenset[str]:
    return frozenset(map(squeeze, headings))


_WHOLE: Final = ("name", "fullname", "displayname")
_FIRST: Final = ("firstname", "fname", "givenname", "forename", "forenames", "knownas", "preferredname")
_LAST: Final = ("lastname", "lname", "familyname", "surname")
_SINCE: Final = (
    "confirmtime",
    "optintime",
    "consentdate",
    "dateofconsent",
    "subscribedat",
    "subscribedon",
    "createdat",
)
_ADDRESSES: Final = (
    *("email", "emailaddress", "emailadress", "mail", "mailaddress", "workemail", "contactemail", "youremail"),
    *("primaryemail", "subscriberemail", "recipient"),
)

MAILCHIMP: Final = Program(
    name="Mailchimp",
    told_by=(_set("LEID"), _set("EUID"), _set("MEMBER_RATING")),
    email=("emailaddress",),
    first_name=("firstname", "fname"),
    last_name=("lastname", "lname"),
    since=("confirmtime", "optintime"),
    network=("confirmip", "optinip"),
    statuses=(
        StatusColumn(headings=("unsubtime",), empty=KEPT, other=LEFT_LIST),
        StatusColumn(headings=("unsubreason",), empty=KEPT, other=LEFT_LIST),
        StatusColumn(headings=("cleantime",), empty=KEPT, other=BOUNCED),
        StatusColumn(headings=("cleancampaigntitle", "cleancampaignid"), empty=KEPT, other=BOUNCED),
    ),
    by_file=(
        *(("unsubscribed", LEFT_LIST), ("cleaned", BOUNCED), ("nonsubscribed", LEFT_OUT), ("subscribed", KEPT)),
        *(("pending", LEFT_OUT), ("archived", LEFT_OUT), ("transactional", LEFT_OUT)),
    ),
    dropped=_set(
        *("LEID", "EUID", "MEMBER_RATING", "OPTIN_IP", "CONFIRM_IP", "LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF"),
        *("TIMEZONE", "CC", "REGION", "LAST_CHANGED", "NOTES", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID"),
        *("UNSUB_REASON_OTHER", "OPTIN_TIME", "CONFIRM_TIME"),
    ),
    note="Someone who unsubscribed there left one audience, so they get nothing through this list.",
)

GOVDELIVERY: Final = Program(
    name="govDelivery",
    told_by=(_set("Destination", "Subscription Created"), _set("Destination", "Origin")),
    email=("destination",),
    first_name=_FIRST,
    last_name=_LAST,
    whole_name=_WHOLE,
    since=("subscriptioncreated",),
    dropped=_set("Origin", "Subscription Created", "Subscriber ID"),
    note="Its report of deleted subscribers is another file: import that with --suppress.",
)

OUTLOOK: Final = Program(
    name="Outlook contacts",
    told_by=(_set("emailaddress", "email2address"), _set("emailaddress", "emaildisplayname")),
    email=("emailaddress",),
    first_name=("firstname",),
    last_name=("lastname",),
    whole_name=("emaildisplayname",),
    statuses=(StatusColumn(headings=("emailtype",), words={"smtp": KEPT, "ex": LEFT_OUT}, empty=KEPT, other=LEFT_OUT),),
    says_who_agreed=False,
)

GOOGLE: Final = Program(
    name="Google Contacts",
    told_by=(_set("email1value"),),
    email=("email1value",),
    first_name=("firstname", "givenname"),
    last_name=("lastname", "familyname"),
    whole_name=("name",),
    says_who_agreed=False,
    dropped=_set("email1label", "email1type", "Photo"),
)

FORMS: Final = Program(
    name="Microsoft Forms",
    told_by=(_set("Start time", "Completion time"),),
    email=_ADDRESSES,
    first_name=_FIRST,
    last_name=_LAST,
    whole_name=_WHOLE,
    since=("completiontime",),
    asks_consent=True,
    dropped=_set("ID", "Start time", "Completion time", "Language", "Last modified time"),
)

LISTMONK: Final = Program(
    name="listmonk",
    told_by=(_set("uuid", "attributes", "status"),),
    email=("email",),
    whole_name=("name",),
    since=("createdat",),
    statuses=(
        StatusColumn(
            headings=("status",),
            words={"enabled": KEPT, "disabled": LEFT_OUT, "blocklisted": OPTED_OUT, "blacklisted": OPTED_OUT},
            needed=True,
        ),
    ),
    lacks_opt_outs=True,
    dropped=_set("uuid", "attributes", "created_at", "updated_at", "id", "lists"),
)

GHOST: Final = Program(
    name="Ghost",
    told_by=(_set("subscribed_to_emails"), _set("complimentary_plan", "email")),
    email=("email",),
    whole_name=("name",),
    since=("createdat",),
    statuses=(
        StatusColumn(
            headings=("subscribedtoemails",),
            words={"true": KEPT, "1": KEPT, "yes": KEPT, "false": OPTED_OUT, "0": OPTED_OUT, "no": OPTED_OUT},
            needed=True,
        ),
        StatusColumn(headings=("deletedat",), empty=KEPT, words={"null": KEPT}, other=LEFT_OUT),
    ),
    dropped=_set("id", "note", "complimentary_plan", "stripe_customer_id", "created_at", "deleted_at", "tiers"),
    note="Addresses that bounced aren’t in this export.",
)

CAMPAIGN_MONITOR: Final = Program(
    name="Campaign Monitor",
    told_by=(
        *(_set("Email", "Name", "State", "Date"), _set("Email Address", "Name", "State", "Date")),
        *(_set("Email", "Name", "Status", "Date"), _set("Email Address", "Name", "Status", "Date")),
    ),
    email=("email", "emailaddress"),
    whole_name=("name",),
    statuses=(
        StatusColumn(
            headings=("state", "status"),
            words={
                "active": KEPT,
                "unsubscribed": LEFT_LIST,
                "deleted": LEFT_LIST,
                "bounced": BOUNCED,
                "spam": COMPLAINED,
                "spamcomplaint": COMPLAINED,
                "markedasspam": COMPLAINED,
                "suppressed": OPTED_OUT,
                "unconfirmed": LEFT_OUT,
            },
            needed=True,
        ),
    ),
    dropped=_set("Date"),
    note="Its dates are those of the last change, so they aren’t kept as evidence of consent.",
)

PHPLIST: Final = Program(
    name="phpList",
    told_by=(_set("List Membership"),),
    email=("email",),
    first_name=_FIRST,
    last_name=_LAST,
    whole_name=_WHOLE,
    since=("entered",),
    statuses=(
        StatusColumn(
            headings=("confirmed", "isthisuserconfirmed", "isthesubscriberconfirmed"),
            words={"1": KEPT, "yes": KEPT, "0": LEFT_OUT, "no": LEFT_OUT},
            needed=True,
        ),
        StatusColumn(
            headings=("blacklisted", "isthisuserblacklisted", "isthesubscriberblacklisted"),
            words={"0": KEPT, "no": KEPT, "1": OPTED_OUT, "yes": OPTED_OUT},
            needed=True,
        ),
        StatusColumn(headings=("disabled",), words={"0": KEPT, "no": KEPT, "1": LEFT_OUT, "yes": LEFT_OUT}, empty=KEPT),
        StatusColumn(headings=("optedin",), other=KEPT, empty=KEPT),
    ),
    dropped=_set("id", "uniqid", "uuid", "List Membership", "entered", "modified", "htmlemail", "subscribepage"),
)

KEILA: Final = Program(
    name="Keila",
    told_by=(_set("Email", "Status", "External ID"),),
    email=("email",),
    first_name=("firstname",),
    last_name=("lastname",),
    statuses=(
        StatusColumn(
            headings=("status",),
            words={"active": KEPT, "unsubscribed": OPTED_OUT, "unreachable": BOUNCED},
            needed=True,
        ),
    ),
    dropped=_set("External ID", "Data"),
)

UNKNOWN: Final = Program(
    name="a program that we don’t know",
    email=_ADDRESSES,
    first_name=_FIRST,
    last_name=_LAST,
    whole_name=(*_WHOLE, "contactname", "subscribername", "yourname", "contact"),
    since=_SINCE,
)

PROGRAMS: Final = (
    *(GHOST, LISTMONK, MAILCHIMP, GOVDELIVERY, GOOGLE, OUTLOOK, FORMS, PHPLIST, KEILA, CAMPAIGN_MONITOR),
)
"""Those that we know: the first one that fits counts."""


def find_program(headings: Collection[str]) -> Program:
    """The program that exports such headings (squeezed); `UNKNOWN` if we know none."""
    return next((program for program in PROGRAMS if program.fits(headings)), UNKNOWN)
