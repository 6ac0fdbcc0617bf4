"""Handing a message over, and what became of it: the one small interface to SMTP."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bulletin.delivery.connection import Connection, connect
from bulletin.delivery.relay import Relay
from bulletin.delivery.reply import LONGEST_REPLY, Reply
from bulletin.errors import RelayError, Unreachable

_ABOUT_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954, 6: whoever the recipient is, it is us who are not let in
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20<>\x7f\ud800-\udfff]")


class Fate(StrEnum):
    """What is known of a message after one attempt."""

    ACCEPTED = "accepted"  # 2xx after the dot: the relay has it
    DEFERRED = "deferred"  # 4xx: not now
    REFUSED = "refused"  # 5xx to this person's address, or to the message
    UNCERTAIN = "uncertain"  # the connection was lost, or the reply made no sense, once the message began to leave
    UNSENT = "unsent"  # it cannot have left: no connection, or one lost before the message's turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A message's fate, and why: the relay's reply with its code, or our words. One line, at most 500 characters."""

    fate: Fate
    reply: str


class Mailer(Protocol):
    """Whatever hands messages over. An instance belongs to one thread."""

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Hand one message to one person; `sender` and `recipient` are the envelope's addresses.

        Raises RelayError if the relay turns away us and not this person (a login or a sender refused, a certificate
        that is not valid): it has not got the message, and others would fare no better. UNSENT may come again for
        the same person, as with a 421 to their RCPT: the caller counts.
        """

    def close(self) -> None:
        """Let go of the connection. Another `deliver` would open a new one."""


class SmtpMailer:
    """A Mailer over SMTP: one connection, opened when first needed, used again, and renewed when it was lost."""

    def __init__(
        self,
        relay: Relay,
        *,
        timeout: float = 60,
        verdict_timeout: float = 600,
        context: ssl.SSLContext | None = None,
        local_hostname: str = "",
    ) -> None:
        """`timeout` is for each step, `verdict_timeout` for sending the message and hearing what became of it.

        Both in seconds; RFC 5321 (4.5.3.2) asks for ten minutes after the final dot, because giving up there leaves
        a message uncertain. `context` and `local_hostname` are as `connection.connect` has them.
        """
        self._relay = relay
        self._timeout = timeout
        self._verdict_timeout = verdict_timeout
        self._context = context
        self._local_hostname = local_hostname
        self._connection: Connection | None = None

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """As Mailer has it."""
        used_before = self._connection is not None
        try:
            return self._converse(sender, recipient, message)
        except Unreachable as error:
            if used_before:  # it was idle too long, or has had its share of messages: a new connection decides
                return self.deliver(sender, recipient, message)
            return _outcome(Fate.UNSENT, error.message)

    def close(self) -> None:
        """Take leave of the relay, if there is a connection."""
        connection, self._connection = self._connection, None
        if connection:
            connection.quit()

    def _converse(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """One transaction. Only a connection that came out of it in good order is kept for the next."""
        connection, self._connection = self._connection or self._connect(), None
        try:
            outcome = _hand_over(connection, sender, recipient, message, timeout=self._verdict_timeout)
            if outcome.fate is Fate.ACCEPTED or connection.reset():
                self._connection = connection
        finally:
            if not self._connection:
                connection.close()
        return outcome

    def _connect(self) -> Connection:
        return connect(self._relay, timeout=self._timeout, context=self._context, local_hostname=self._local_hostname)


def _hand_over(connection: Connection, sender: str, recipient: str, message: bytes, *, timeout: float) -> Outcome:
    """One transaction (RFC 5321, 3.3). Raises RelayError, and Unreachable only while nothing can have left."""
    if obstacle := _find_obstacle(connection, recipient):
        return _outcome(Fate.REFUSED, obstacle)
    mail = _write_mail_command(connection, sender, recipient, size=len(message))
    for line, wanted in ((mail, 2), (f"RCPT TO:<{recipient}>", 2), ("DATA", 3)):
        reply = connection.command(line)
        if reply.code // 100 != wanted:
            # The sender is the same for everyone; only what SMTPUTF8 adds to MAIL has to do with this person.
            return _judge(connection.relay, reply, about_us=line is mail and recipient.isascii())
    try:
        reply = connection.transmit(message, timeout=timeout)
    except Unreachable as error:
        return _outcome(Fate.UNCERTAIN, error.message)
    return _outcome(Fate.ACCEPTED, str(reply)) if reply.accepts else _judge(connection.relay, reply)


def _find_obstacle(connection: Connection, recipient: str) -> str:
    """Why this address cannot even be tried; "" if it can."""
    if _NOT_IN_A_PATH.search(recipient):
        return "The address has characters that SMTP cannot carry."
    if not recipient.isascii() and not connection.offers("SMTPUTF8"):
        return (
            f"{connection.relay} takes no addresses with letters outside a–z before the @ (it does not offer SMTPUTF8)."
        )
    return ""


def _write_mail_command(connection: Connection, sender: str, recipient: str, *, size: int) -> str:
    """MAIL with what the relay wants to know first (RFC 1870, RFC 6531). Raises RelayError for a message too large."""
    if 0 < connection.largest_message < size:
        raise RelayError(
            f"The message has {size:,} bytes, and {connection.relay} takes {connection.largest_message:,} at most.",
            "Use fewer or smaller pictures.",
        )
    line = f"MAIL FROM:<{sender}>"
    if connection.offers("SIZE"):
        line += f" SIZE={size}"
    return line if recipient.isascii() else f"{line} SMTPUTF8"


def _judge(relay: Relay, reply: Reply, *, about_us: bool = False) -> Outcome:
    """What a reply means that is not the one hoped for. Raises RelayError if it is about us, whoever is written to."""
    if reply.code in _ABOUT_LOGIN or (about_us and reply.refuses):
        raise RelayError(
            f"{relay} does not take our mail: “{reply}”.",
            "Check the sender’s address in bulletin.yaml, and the username in BULLETIN_SMTP_URL.",
        )
    if reply.defers or reply.refuses:
        return _outcome(Fate.DEFERRED if reply.defers else Fate.REFUSED, str(reply))
    raise Unreachable(f"{relay} answered out of step: “{reply}”.", "Ask those who run the server.")


def _outcome(fate: Fate, reply: str) -> Outcome:
    return Outcome(fate=fate, reply=reply[:LONGEST_REPLY])
