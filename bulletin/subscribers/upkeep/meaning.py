"""What another program's word about a person means here. Pure."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from bulletin.database.states import SuppressionReason
from bulletin.subscribers.scope import EVERYTHING, Scope, one_list
from bulletin.subscribers.statuses import Standing, StatusKind, read_standing


class Meaning(IntEnum):
    """What becomes of a person. Of several, the greatest counts, so that no column overrules a “no” of another."""

    KEPT = 0  # they may be written to
    LEFT_OUT = 1  # they aren't added
    LEFT_LIST = 2  # they unsubscribed from one audience: no email through this list
    OPTED_OUT = 3  # no email at all, as the next two
    BOUNCED = 4
    COMPLAINED = 5


class ImportedStop(NamedTuple):
    """A suppression that an import makes: why, and how far it reaches."""

    reason: SuppressionReason
    scope: Scope


def find_stop(meaning: Meaning, list_name: str) -> ImportedStop | None:
    """The suppression that follows, for an import to a list; None if none does."""
    if meaning is Meaning.LEFT_LIST and list_name:
        return ImportedStop(SuppressionReason.OPTED_OUT, one_list(list_name))
    reason = _REASONS.get(meaning)
    return ImportedStop(reason, EVERYTHING) if reason else None


_REASONS = {
    Meaning.LEFT_LIST: SuppressionReason.OPTED_OUT,  # without a list it can only be all email
    Meaning.OPTED_OUT: SuppressionReason.OPTED_OUT,
    Meaning.BOUNCED: SuppressionReason.BOUNCED,
    Meaning.COMPLAINED: SuppressionReason.COMPLAINED,
}


def judge_cell(kind: StatusKind, text: str, *, heading: str) -> Meaning | None:
    """What a column that no program's table explains says of a person; None if it can't be told.

    Left out is also who may have left by a remark, and who hasn't answered whether they want email.
    """
    standing = read_standing(kind, text)
    if standing is Standing.KEPT:
        return Meaning.KEPT
    if standing is Standing.UNKNOWN:
        return Meaning.LEFT_OUT if kind is StatusKind.REMARK or not text else None
    told = f"{heading} {text}" if kind is StatusKind.STOPPED else text
    return next((meaning for pattern, meaning in _WORDS if pattern.search(told)), Meaning.LEFT_OUT)


_WORDS = (
    (re.compile(r"complain|spam|abuse", re.IGNORECASE), Meaning.COMPLAINED),
    (re.compile(r"bounc|clean|undeliver", re.IGNORECASE), Meaning.BOUNCED),
    (
        re.compile(
            r"unsub|opt(?:ed)?[ _-]?out|block|black|suppress|do ?n[o'’]?t|no (?:e-?)?mail|dn[ce]\b", re.IGNORECASE
        ),
        Meaning.OPTED_OUT,
    ),
)
