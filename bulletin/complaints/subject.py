"""What a complaint can be about, and through what it comes. Pure."""

from __future__ import annotations

from enum import StrEnum


class ComplaintSubject(StrEnum):
    """What a complaint is about."""

    NOT_ASKED = "not-asked"  # emails they didn't ask for
    STILL_GETTING = "still-getting"  # they unsubscribed, and still get emails
    WRONG = "wrong"  # their information is wrong
    NO_ANSWER = "no-answer"  # a request that wasn't answered
    OTHER = "other"


class ComplaintChannel(StrEnum):
    """Through what a complaint came. Any way is good: the law lets people choose."""

    WEBSITE = "website"  # the form on our pages; all others are typed by an officer
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    PERSON = "person"  # someone was told, face to face
