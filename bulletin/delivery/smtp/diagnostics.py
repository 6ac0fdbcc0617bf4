"""What a server's refusal or deferral means: its words first, then its enhanced code, then its reply code. Pure.

Servers choose codes with little care, so words beat codes: GoDaddy wrote `550 5.1.1` for “too many recipients this
hour”. RFC 5321 (4.2) has the reply codes, RFC 3463 and RFC 5248's registry the enhanced ones, RFC 7505 and RFC 7372
those of null MX and authentication. What is in no table is a fault that says nothing, never “no such mailbox”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bulletin.delivery.smtp.server_phrases import DiagnosticKind, compile_phrases

_LONGEST = 4000  # characters of a diagnostic that are read


class Diagnostic(NamedTuple):
    """What a server meant. `status` is its most telling code, as written: `5.1.1`, else `550`, else empty."""

    kind: DiagnosticKind
    status: str
    temporary: bool  # 4xx or 4.x.x: a later try may succeed


_NOT_ABOUT_MAILBOXES: Final = frozenset((DiagnosticKind.SENDER, DiagnosticKind.MOVED))
# These need a permanent code: the same words with 4xx or 4.x.x only say that the server gave up for now.
_PERMANENT: Final = frozenset(
    (DiagnosticKind.NO_MAILBOX, DiagnosticKind.NO_DOMAIN, DiagnosticKind.CLOSED, DiagnosticKind.EXCHANGE_EDGE)
)


def diagnose(text: str, *, status: str = "", remote: str = "") -> Diagnostic:
    """Tell what `text`, a server's reply or a report's Diagnostic-Code, means.

    `status` is a report's own Status field (RFC 3464, 2.3.4), used where the text has no code that says something.
    `remote` is the server's name, where it is known: Exchange Online's is asked for.
    """
    line = " ".join(text[:_LONGEST].replace("’", "'").split())
    codes = [*_find_codes(line)] or [*_find_codes(status)]
    reply = _REPLY.search(line)
    temporary = _is_temporary(codes, status, reply[1] if reply else "")
    kind = _find_kind(line, codes, reply[1] if reply else "", remote)
    if temporary and kind in _PERMANENT:
        kind = DiagnosticKind.GAVE_UP
    return Diagnostic(kind, _choose_status(codes, kind) or (reply[1] if reply else ""), temporary)


class _Code(NamedTuple):
    """An enhanced code: class, subject and detail."""

    level: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


_REPLY = re.compile(r"(?<![\d.#])([245]\d\d)(?=[ \-#]|$)(?! ?(?:bytes|kb|mb|messages|recipients))", re.IGNORECASE)
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
# Words in the name of a host, an address or a link would be taken for the server's own words.
_WORD = re.compile(r"[^\s<>()\[\]\"',;:]+")
_TELLING = (
    r"spamhaus|spamcop|sorbs|barracudacentral|ipcheck|resolver|storedrv|smtpsend|queue|agent|approval|adr\.|rst\."
)
_HOST = re.compile(
    rf"(?<![\w.-])(?=[\w-])(?![\w.-]*(?:{_TELLING}))(?:[\w-]+\.){{2,8}}[a-z]{{2,24}}(?![\w.-])|https?://(?![\w.-]*(?:{_TELLING}))[\w.-]+",
    re.IGNORECASE,
)


def _find_codes(text: str) -> Iterator[_Code]:
    for match in _ENHANCED.finditer(text):
        yield _Code(*map(int, match.groups()))


def _is_temporary(codes: list[_Code], status: str, reply: str) -> bool:
    """In doubt it is: a report that says both 4 and 5 must not suppress anyone."""
    return any(code.level == 4 for code in codes) or status.startswith("4") or reply.startswith("4")


def _find_kind(line: str, codes: list[_Code], reply: str, remote: str) -> DiagnosticKind:
    words = _find_words(line)
    spoken = next((kind for kind, pattern in compile_phrases() if pattern.search(words)), None)
    coded = _weigh(codes)
    if spoken in _PERMANENT and coded in _NOT_ABOUT_MAILBOXES:
        return coded  # “domain not found”, with the code of our own domain
    if spoken:
        return spoken
    if _is_exchange_edge(line, codes, remote):
        return DiagnosticKind.EXCHANGE_EDGE
    if coded in _PERMANENT and _has_own_words(words):
        return DiagnosticKind.FAULT
    return coded or _REPLIES.get(reply, DiagnosticKind.FAULT)


def _find_words(line: str) -> str:
    """The server's own words in small letters, and once more without addresses: “User <anna@example.org> unknown”."""
    words = _HOST.sub("…", _WORD.sub(lambda word: "@" if "@" in word[0] else word[0], line))
    return f"{words}\n{' '.join(_MASKED.sub(' ', words).split())}".lower()


_MASKED = re.compile(r"[<(\['\"]*@[>)\]'\":;]*")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
# What servers write around a code without saying more than it. Any other word may mean something else than the code:
# `550 5.1.1 backend unavailable`. Then the reader is counted as failing for now, and not suppressed at once.
_NEUTRAL = re.compile(
    r"recipient|(?:mail)?address|reject\w*|destination|bad|mailbox|command|reply|rcpt|said|host|remote|server|error"
    r"|permanent|fatal|failure|failed|message|mail|could|(?:un)?deliver\w*|smtp|esmtp|gsmtp|invalid|unknown|user|status"
    r"|code|response|requested|action|not|taken|unavailable|the|this|your|for|and|from|after|has|was|with"
)


_NAME = re.compile(r"(?<![\w.-])[\w-]{1,63}\.[a-z]{2,24}(?![\w-])")  # a domain: longer ones are gone already


def _has_own_words(words: str) -> bool:
    """Whether the server says more than a code does, in words that we don't know."""
    bare = _NAME.sub(" ", words.partition("\n")[2])
    return not all(map(_NEUTRAL.fullmatch, _LETTERS.findall(bare)))


_OF_EXCHANGE = re.compile(r"protection\.outlook\.com|\bAS\(\d{6,}\)|\beop-\w+\.prod", re.IGNORECASE)


def _is_exchange_edge(line: str, codes: list[_Code], remote: str) -> bool:
    """`550 5.4.1 Recipient address rejected: Access denied` from Exchange Online: an unknown user, in most cases."""
    if not any((code.subject, code.detail) == (4, 1) for code in codes) or "access denied" not in line.lower():
        return False
    return bool(_OF_EXCHANGE.search(f"{line} {remote}"))


_SUBJECTS: Final = {6: DiagnosticKind.CONTENT, 7: DiagnosticKind.POLICY}
_DETAILS: Final = {
    **dict.fromkeys(((1, 1), (1, 10)), DiagnosticKind.NO_MAILBOX),
    **dict.fromkeys(((1, 2), (4, 4), (4, 310)), DiagnosticKind.NO_DOMAIN),
    **dict.fromkeys(((1, 7), (1, 8)), DiagnosticKind.SENDER),
    (1, 6): DiagnosticKind.MOVED,
    (2, 1): DiagnosticKind.CLOSED,
    (2, 2): DiagnosticKind.FULL,
    **dict.fromkeys(((2, 3), (3, 4)), DiagnosticKind.TOO_BIG),
    **dict.fromkeys(((4, detail) for detail in (1, 2, 3, 7, 300, 316, 317)), DiagnosticKind.GAVE_UP),
    **dict.fromkeys(((4, 6), (4, 14)), DiagnosticKind.LOOP),
    **dict.fromkeys(((7, detail) for detail in (*range(20, 28), 9, 30, 32, 509, 515)), DiagnosticKind.AUTHENTICITY),
    **dict.fromkeys(
        ((7, detail) for detail in (28, *range(500, 509), 511, 512, 513, *range(606, 650), 750)),
        DiagnosticKind.REPUTATION,
    ),
    **dict.fromkeys(((7, detail) for detail in (12, 13, 124, 129, 133, 134, 135, 136)), DiagnosticKind.CLOSED_GROUP),
    **dict.fromkeys(((7, 10), (7, 29), (7, 57), (7, 64)), DiagnosticKind.RELAY),
}
# RFC 5321, 4.2.3; 556 is RFC 7504's. 550, 553 and 554 alone are used for anything.
_REPLIES: Final = {
    **dict.fromkeys(("421", "450", "451", "452"), DiagnosticKind.GAVE_UP),
    "551": DiagnosticKind.MOVED,
    "552": DiagnosticKind.FULL,
    "556": DiagnosticKind.NO_DOMAIN,
}


def _read_code(code: _Code) -> DiagnosticKind | None:
    known = _DETAILS.get((code.subject, code.detail)) or _SUBJECTS.get(code.subject)
    return known or (DiagnosticKind.GAVE_UP if code.level == 4 else None)


def _weigh(codes: list[_Code]) -> DiagnosticKind | None:
    """The kind that the codes tell: an inner code counts where the outer one says nothing (`5.1.0 … 550 5.1.1`).

    Where two disagree, the one that suppresses no one.
    """
    kinds = [kind for code in codes if (kind := _read_code(code))]
    return next((kind for kind in kinds if kind not in _PERMANENT), kinds[0] if kinds else None)


def _choose_status(codes: list[_Code], kind: DiagnosticKind) -> str:
    """The code that says `kind`, else the first that says something, else the first."""
    telling = [code for code in codes if _read_code(code)]
    chosen = [code for code in telling if _read_code(code) is kind] or telling or codes
    return str(chosen[0]) if chosen else ""
