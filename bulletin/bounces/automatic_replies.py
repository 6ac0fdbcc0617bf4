"""Replies that no person wrote: out of office, tickets, challenges, lists, and reports for others (RFC 3834). Pure."""

from __future__ import annotations

import re

from bulletin.bounces.returned_email import ReturnedEmail
from bulletin.bounces.verdict import ReturnKind


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_DMARC_TYPES = re.compile(r"application/(?:tlsrpt|dmarc)", re.IGNORECASE)
_DMARC_SUBJECT = _any_of(r"report domain: ?\S+ submitter: ?\S+", r"^\[?(?:preview\] )?dmarc (?:aggregate )?report")
_DMARC_FILE = re.compile(r"[\w.-]{1,255}![\w.-]{1,255}!\d{1,12}!\d{1,12}", re.IGNORECASE)  # RFC 9990


def is_dmarc_report(email: ReturnedEmail) -> bool:
    """Whether it is an aggregate report about our domain (RFC 9990, RFC 8460), which is for another command."""
    if _DMARC_SUBJECT.search(email.root.get("subject")):
        return True
    if email.root.parameters.get("report-type", "").lower() == "tlsrpt":
        return True
    parts = [*email.root.walk(into_emails=False)]
    names = (f"{part.get('content-disposition')} {part.parameters.get('name', '')}" for part in parts)
    return any(_DMARC_TYPES.match(part.media_type) for part in parts) or any(map(_DMARC_FILE.search, names))


def is_reading_receipt(email: ReturnedEmail) -> bool:
    """Whether it tells that somebody has read or deleted a message (RFC 8098)."""
    receipt = "message/disposition-notification"
    return email.root.parameters.get("report-type", "").lower() == "disposition-notification" or any(
        part.media_type == receipt for part in email.root.walk(into_emails=False)
    )


_HAS_LEFT = _any_of(
    r"\b(?:no longer|not) (?:work(?:s|ing)?|employed|(?:a )?member of staff"
    r"|with) (?:for|at|here|with|by|in|the|this|us|our)",
    r"no longer works?\b",
    r"(?:has|have|'ve) (?:now |recently |since )?left(?! (?:a|an|your|you|it|for|early|messages?|details)\b)",
    r"(?:has|have|'ve) (?:now |recently )?(?:retired|moved on from|resigned)",
    r"left (?:my|the) (?:post|role|job|organi[sz]ation)",
    r"(?:mailbox|inbox|account|address|email) (?:is|will be|has been)? ?(?:no longer"
    r"|not) (?:being )?(?:monitored|in use|used|active|checked|live)",
    r"(?:mailbox|account|address) (?:has been |is |is being )(?:closed|retired|decommissioned|shut)",
    r"wedi (?:gadael|ymddeol)|ddim yn gweithio|nid yw .{0,40}yn gweithio",
    r"ddim (?:yn cael ei|bellach yn) (?:fonitro|ddefnyddio)",
)
_CHALLENGE = _any_of(
    r"confirm that you sent|boxbe|\bTMDA\b|spam ?arrest",
    r"(?:verify|confirm) (?:yourself|your (?:email|identity|message|address))",
    r"(?:sender|message|email) (?:verification|confirmation) (?:required|request)",
    r"approve this sender|challenge.response",
    r"to (?:have|get) your (?:message|email) delivered",
)
_MODERATED = _any_of(
    r"(?:awaits?|awaiting|waiting for|needs|held for|requires?) (?:\w+ )?(?:moderat\w+|approval)",
    r"post(?:ing)? (?:to|from) .{0,80}(?:rejected|held)",
    r"non-?member|moderator approval|your message to .{0,80} (?:awaits|was rejected|has been held)",
)
_OUT_OF_OFFICE = _any_of(
    r"automatic reply|auto(?:matic)?[ -]?(?:reply|response|responder)",
    r"out of (?:the )?office|\bOOO\b|\bon (?:annual )?leave\b",
    r"away from (?:my|the) (?:desk|office|email)|vacation|on holiday",
    r"I am (?:currently )?away|maternity leave|abwesenheit",
    r"ateb(?:ydd|ion)? awtomatig|allan o'r swyddfa|ar wyliau|ar gyfnod mamolaeth|absence du bureau|r.ponse automatique",
)
_TICKET = _any_of(
    r"[\[(#]?\b(?:case|ticket|request|incident|ref(?:erence)?|enquiry|INC|SR|RITM)\b[ :#-]{0,3}[\dA-Z]*\d{2,}",
    r"thank you for (?:contacting|your (?:email|enquiry|message)|getting in touch)",
    r"we have received your (?:email|message)",
    r"please (?:type|write) your reply above|do not reply to this|acknowledg\w+ of (?:your )?(?:email|receipt)",
    r"diolch am (?:gysylltu|eich (?:neges|ebost|e-?bost))",
)


def recognise_automatic(email: ReturnedEmail) -> ReturnKind | None:
    """Which automatic reply it is, None if a person may have written it."""
    subject, words = email.root.get("subject"), email.own_words[:4000]
    if _MODERATED.search(subject) or (_is_of_list(email) and _MODERATED.search(words)):
        return ReturnKind.MAILING_LIST
    if _CHALLENGE.search(subject) or (_is_automatic(email) and _CHALLENGE.search(words)):
        return ReturnKind.CHALLENGE
    away = bool(_OUT_OF_OFFICE.search(subject))
    if away or _is_automatic(email):
        return _tell_apart(email, words, away=away)
    if _is_of_list(email):
        return ReturnKind.MAILING_LIST
    return ReturnKind.AUTOMATIC if _TICKET.search(subject) and not email.root.get("in-reply-to") else None


def _tell_apart(email: ReturnedEmail, words: str, *, away: bool) -> ReturnKind:
    if _HAS_LEFT.search(f"{email.root.get('subject')}\n{words}".replace("’", "'")):
        return ReturnKind.HAS_LEFT
    if _is_of_list(email) and not away:
        return ReturnKind.MAILING_LIST
    if not away and (_TICKET.search(email.root.get("subject")) or not _OUT_OF_OFFICE.search(words)):
        return ReturnKind.AUTOMATIC
    return ReturnKind.OUT_OF_OFFICE


def _is_automatic(email: ReturnedEmail) -> bool:
    """RFC 3834, 5; and the fields that programs wrote before it, and beside it."""
    root = email.root
    submitted = root.get("auto-submitted").lower().partition(";")[0].strip()
    if submitted not in ("", "no"):
        return True
    if any(root.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-autogenerated")):
        return True
    return root.get("precedence").lower().strip() in ("auto_reply", "auto-reply", "junk")


def _is_of_list(email: ReturnedEmail) -> bool:
    return any(email.root.get(name) for name in ("list-id", "list-post", "x-mailman-version", "x-loop-list"))
