"""Bounces that are no reports by RFC 3464: qmail's, Exim's, hMailServer's, Exchange's and any mail daemon's. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from bulletin.bounces.delivery_status import ReportedRecipient, read_address
from bulletin.bounces.returned_email import ReturnedEmail

_MOST: Final = 50  # recipients of one bounce
_LONGEST: Final = 2000  # characters of what is said about one

_LINE_OF_ADDRESS = r"<?([^\s<>\",;:()]{1,128}@[^\s<>\",;:()]{1,255}?)>?"


def read_nonstandard(email: ReturnedEmail) -> tuple[ReportedRecipient, ...]:
    """The recipients of a bounce in one of the known forms; none if it has none of them."""
    words = email.own_words
    for marker, find in _FORMS:
        if marker.search(words):
            action = "delayed" if _DELAYED.search(f"{email.root.get('subject')}\n{words[:2000]}") else "failed"
            found = tuple(islice(find(words, action), _MOST))
            if found:
                return found
    return ()


def read_daemon_words(email: ReturnedEmail) -> tuple[ReportedRecipient, ...]:
    """What any other mail daemon says: the addresses that it names, each with all of its words; none if it is none."""
    if not is_from_daemon(email) and not email.is_report:
        return ()
    words, subject = email.own_words[:8000], email.root.get("subject")
    action = "delayed" if _DELAYED.search(f"{subject}\n{words[:2000]}") else "failed"
    named = [read_address(value) for value in email.root.find_all("x-failed-recipients") for value in value.split(",")]
    addresses = [address for address in named if address] or [*_find_addresses(words)]
    text = f"{subject} {words}"[:_LONGEST]
    return tuple(
        ReportedRecipient(address=one, action=action, diagnostic=text, is_loose=True)
        for one in addresses[:_MOST] or [""]
    )


_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_.]?(?:delivery|system)"
    r"|mdaemon|bounce[-_]?handler|noreply-dmarc)@|^mailer-daemon",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|returned (?:e?mail|to sender)|failure (?:notice|notification)"
    r"|delivery (?:status|fail|report|problem|notif|has failed)|mail (?:delivery|fail|system error|could not)"
    r"|(?:not|n't|cannot) be(?:en)? delivered|message not delivered|non.?deliver|error sending your mail"
    r"|delivery.{0,20}fail|bounced mail|warning: (?:message|could not send)|delayed mail|unzustellbar|non remis",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed mail|still being retried|warning message only|delivery (?:is |has been |incomplete|delayed)"
    r"|delay(?:ed)? \d+ hours|will (?:continue to |keep )?(?:be )?(?:retry|retried|try)|(?:do not|don't) need to resend"
    r"|not yet been delivered|message delayed",
    re.IGNORECASE,
)


def is_from_daemon(email: ReturnedEmail) -> bool:
    """Whether it says that it comes from a mail daemon: by its sender and subject, or by its failed recipients."""
    root = email.root
    if root.get("x-failed-recipients"):
        return True
    sender = bool(_DAEMON.search(read_address(root.get("from")) or root.get("from")))
    null = root.get("return-path").replace(" ", "") == "<>"
    return (bool(_SUBJECT.search(root.get("subject"))) and (sender or null)) or (sender and null)


def _find_addresses(words: str) -> Iterator[str]:
    seen = set()
    for match in re.finditer(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", words):
        if match[0].lower() not in seen:
            seen.add(match[0].lower())
            yield match[0]


_QMAIL_ENTRY = re.compile(rf"^{_LINE_OF_ADDRESS}:[ \t]*\n((?:[^\n]*\S[^\n]*\n?)*)", re.MULTILINE)


def _find_of_qmail(words: str, action: str) -> Iterator[ReportedRecipient]:
    """`<anna@example.org>:` and the reason in the lines up to an empty one."""
    for match in _QMAIL_ENTRY.finditer(words):
        yield ReportedRecipient(address=match[1], action=action, diagnostic=match[2][:_LONGEST])


_EXIM_ENTRY = re.compile(
    rf"^[ ]{{2,4}}{_LINE_OF_ADDRESS}(?:\n[ ]{{4}}\(generated from {_LINE_OF_ADDRESS}\))?:?[ \t]*\n"
    r"((?:[ ]{4,}[^\n]*\n?)*)",
    re.MULTILINE,
)


def _find_of_exim(words: str, action: str) -> Iterator[ReportedRecipient]:
    """An address indented by two, the reason by four or more; an alias may stand between them."""
    for match in _EXIM_ENTRY.finditer(words):
        yield ReportedRecipient(
            address=match[1], original=match[2] or "", action=action, diagnostic=match[3][:_LONGEST]
        )


_HMAIL_ENTRY = re.compile(rf"^[ \t]*{_LINE_OF_ADDRESS}[ \t]*\n((?:[ \t]+\S[^\n]*\n?)+)", re.MULTILINE)


def _find_of_hmail(words: str, action: str) -> Iterator[ReportedRecipient]:
    """`Error Type: SMTP`, `Remote server (192.0.2.1) issued an error.`, what was sent and what was replied."""
    for match in _HMAIL_ENTRY.finditer(words):
        _, _, replied = match[2].rpartition("replied:")
        yield ReportedRecipient(address=match[1], action=action, diagnostic=(replied or match[2])[:_LONGEST])


_EXCHANGE_ENTRY = re.compile(
    rf"^[ \t]*{_LINE_OF_ADDRESS}[ \t]*\n+[ \t]*(?:remote server returned '?)?"
    r"((?:#|'?[245]\d\d |smtp;)[^\n]*(?:\n[^\n#]+)?)",
    re.IGNORECASE | re.MULTILINE,
)
_EXCHANGE_WORDS = re.compile(rf"^{_LINE_OF_ADDRESS}(?:<mailto:[^>]*>)?[ \t]*\n([^\n]*\S[^\n]*)", re.MULTILINE)


def _find_of_exchange(words: str, action: str) -> Iterator[ReportedRecipient]:
    """What is said to administrators, `#550 5.1.1 RESOLVER.ADR.RecipNotFound; …`; else what is said to people."""
    found = [*_EXCHANGE_ENTRY.finditer(words)] or [*_EXCHANGE_WORDS.finditer(words)]
    for match in found:
        yield ReportedRecipient(address=match[1], action=action, diagnostic=match[2].lstrip("#' ")[:_LONGEST])


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_Finder = Callable[[str, str], Iterator[ReportedRecipient]]
_FORMS: Final[tuple[tuple[re.Pattern[str], _Finder], ...]] = (
    (_form(r"this is the \S+ program at |qmail-send program|I'm afraid I wasn't able to deliver"), _find_of_qmail),
    (_form(r"created automatically by mail delivery software"), _find_of_exim),
    (_form(r"did not reach some or all of the intended recipients"), _find_of_hmail),
    (_form(r"delivery has failed to these recipients|diagnostic information for administrators"), _find_of_exchange),
)
