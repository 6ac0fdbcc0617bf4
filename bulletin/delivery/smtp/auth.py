"""Authentication at the relay (RFC 4954): which method, and its lines. Pure."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass, field
from typing import Final

from bulletin.delivery.smtp.relay import Relay
from bulletin.delivery.smtp.reply import Reply
from bulletin.errors import RelayError

_CHECK_PASSWORD = "Check the username and the password in BULLETIN_SMTP_URL."  # noqa: S105 -- text, not a password
_CHECK_TOKEN = "Check that the token is for this mailbox, and that it may be used to send mail by SMTP."  # noqa: S105
_ASK_OPERATOR = "Ask the people who run the server what it needs."


_HIDDEN: Final = "…".encode()
_SHORTEST: Final = 4  # characters: a shorter secret would be found in ordinary words
_PIECE: Final = re.compile(rb"[A-Za-z0-9+/=_-]{8,}")  # too long for an ordinary word


@dataclass(slots=True)
class AuthExchange:
    """One attempt to log in: its first line, and the answers to what the relay then asks for (334).

    `secret` is the password or token in them.
    """

    first_line: str = field(repr=False)
    remedy: str
    secret: str = field(repr=False)
    answers: list[str] = field(default_factory=list, repr=False)
    by_token: bool = False
    challenge: str = ""
    given_up: bool = False
    _said: tuple[bytes, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        words = (*self.first_line.split()[2:], *self.answers, self.secret)  # without AUTH and the method
        self._said = tuple(word.encode() for word in words)

    def answer(self, reply: Reply) -> str:
        """Return the next line. If none is left, that is `*`, which ends the login (RFC 4954, 4)."""
        if self.answers:
            return self.answers.pop(0)
        if self.by_token and not self.challenge:  # an error in JSON: the relay wants an empty line, and then refuses
            self.challenge = _read_challenge(reply)
            return ""
        self.given_up = True
        return "*"

    def explain(self, reply: Reply) -> Reply:
        """Return the refusal with the reason that XOAUTH2 gave before it."""
        challenge = (f"({self.challenge})".encode(),) if self.challenge else ()
        return self.hide(Reply(reply.code, (*reply.lines, *challenge)))

    def hide(self, reply: Reply) -> Reply:
        """Return the reply without any part of our own lines: its text is shown, and kept."""
        return Reply(reply.code, tuple(map(self._hide, reply.lines)))

    def _hide(self, line: bytes) -> bytes:
        for word in self._said:
            if len(word) >= _SHORTEST:
                line = line.replace(word, _HIDDEN)
        return _PIECE.sub(lambda piece: _HIDDEN if any(piece[0] in word for word in self._said) else piece[0], line)


def choose_exchange(relay: Relay, methods: str, *, token: str = "") -> AuthExchange:
    """Choose among the `methods` that the relay offers: XOAUTH2 for a token, else PLAIN or LOGIN.

    Everything is sent in UTF-8 (RFC 4616). Raises RelayError if the relay offers none of these.
    """
    offered = methods.upper().split()
    if token:
        if "XOAUTH2" not in offered:
            raise RelayError(f"{relay} doesn't offer a login with a token (XOAUTH2).", _ASK_OPERATOR)
        words = f"user={relay.username}\x01auth=Bearer {token}\x01\x01"
        return AuthExchange("AUTH XOAUTH2 " + _encode(words), _CHECK_TOKEN, token, by_token=True)
    if "PLAIN" in offered:
        return AuthExchange(
            "AUTH PLAIN " + _encode(f"\0{relay.username}\0{relay.password}"), _CHECK_PASSWORD, relay.password
        )
    if "LOGIN" in offered:
        answers = [_encode(relay.username), _encode(relay.password)]
        return AuthExchange("AUTH LOGIN", _CHECK_PASSWORD, relay.password, answers)
    raise RelayError(f"{relay} doesn't offer a login with a password on this connection.", _ASK_OPERATOR)


def _read_challenge(reply: Reply) -> str:
    """Read why the relay refused a token: JSON in base64, where `status` and `error` are for people."""
    try:
        facts = json.loads(b64decode(reply.lines[0], validate=True))
    except (Error, ValueError):
        return "the reason can't be read"
    if not isinstance(facts, dict):
        return "the reason can't be read"
    words = [str(facts[name]) for name in ("status", "error", "error_description") if name in facts]
    return ", ".join(words)[:200] or "no reason given"


def _encode(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")
