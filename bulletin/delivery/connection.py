"""A connection to the relay, ready for mail: greeted, encrypted, logged in.

smtplib does the talking and its errors stop here: what is wrong with the relay, or with us, is a RelayError, and
Unreachable among these is what a later attempt may find mended.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from bulletin.delivery.relay import Relay, Security
from bulletin.delivery.reply import Reply, read_reply
from bulletin.errors import RelayError, Unreachable

_FAREWELL = 5.0  # seconds that QUIT may take: nothing depends on its answer
_CLOSING = 421  # may answer any command: the server is about to hang up (RFC 5321, 3.8)
_GO_ON = 334  # the next line of a login, please (RFC 4954, 4)

_CHECK_ADDRESS = "Check the server's address, port and scheme, and the network; then try again."
_CHECK_LOGIN = "Check the username and the password in BULLETIN_SMTP_URL."
_ASK_OPERATOR = "Ask those who run the server what it needs."


class Connection:
    """A conversation with the relay, one command and one reply at a time. It belongs to one thread."""

    def __init__(self, client: smtplib.SMTP, relay: Relay) -> None:
        self.relay = relay
        self._client = client
        client.command_encoding = "utf-8"  # an address may need it (RFC 6531); all else is ASCII

    def command(self, line: str) -> Reply:
        """Send one command line. Raises Unreachable if the connection is lost, ending, or out of step."""
        with _in_our_words(self.relay):
            reply = read_reply(*self._client.docmd(line))
        if reply.code == _CLOSING or not 200 <= reply.code <= 599:
            self.close()
            raise Unreachable(f"{self.relay} broke off: “{reply}”.", _CHECK_ADDRESS)
        return reply

    def transmit(self, message: bytes, *, timeout: float) -> Reply:
        """Send a message and the dot that ends it; wait up to `timeout` seconds for the verdict: 2xx, 4xx or 5xx.

        Raises Unreachable if there is none: then nobody knows whether the message was accepted.
        """
        with _in_our_words(self.relay):
            self._set_timeout(timeout)
            self._client.send(_frame(message))
            reply = read_reply(*self._client.getreply())
            self._set_timeout(self._client.timeout)
        if not (reply.accepts or reply.defers or reply.refuses):
            self.close()
            raise Unreachable(f"{self.relay} answered the message with “{reply}”.", _ASK_OPERATOR)
        return reply

    def reset(self) -> bool:
        """Forget a message half-way (RSET), and say whether the connection is good for another one."""
        try:
            return self.command("RSET").accepts
        except Unreachable:
            return False

    def offers(self, extension: str) -> bool:
        """Whether the relay named the extension in its answer to EHLO: `SMTPUTF8`, `SIZE`."""
        return self._client.has_extn(extension)

    @property
    def largest_message(self) -> int:
        """The most octets that the relay takes (RFC 1870); 0 if it does not say."""
        size = self._client.esmtp_features.get("size", "")
        return int(size) if size.isascii() and size.isdecimal() else 0

    def quit(self) -> None:
        """Take leave and hang up."""
        try:
            self._set_timeout(_FAREWELL)
            self.command("QUIT")
        except Unreachable:
            pass  # it has hung up first
        finally:
            self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _set_timeout(self, seconds: float) -> None:
        if self._client.sock:
            self._client.sock.settimeout(seconds)


def connect(relay: Relay, *, timeout: float, context: ssl.SSLContext | None, local_hostname: str) -> Connection:
    """Open a connection and make it ready for mail.

    `timeout` is in seconds, for each step; without a `context` the system's certificates are trusted (or those that
    SSL_CERT_FILE names), and without a `local_hostname` the machine's own name is given. Raises RelayError: the relay
    turns us away, is not who it should be, or would get the password in clear; Unreachable if that may pass.
    """
    if relay.username and not relay.password:
        raise RelayError(f"There is no password for {relay.username} at {relay}.", "Set BULLETIN_SMTP_URL with it.")
    client = _open(relay, timeout=timeout, context=context, local_hostname=local_hostname or _own_name())
    try:
        _greet(client, relay)
        if relay.security is Security.STARTTLS:
            _encrypt(client, relay, context)
            _greet(client, relay)  # what was offered in clear counts for nothing (RFC 3207, 4.2)
        if relay.username:
            _log_in(client, relay)
    except BaseException:
        client.close()
        raise
    return Connection(client, relay)


def _open(relay: Relay, *, timeout: float, context: ssl.SSLContext | None, local_hostname: str) -> smtplib.SMTP:
    """Connect, and read the server's first words."""
    with _in_our_words(relay):
        try:
            if relay.security is Security.TLS:
                context = context or ssl.create_default_context()
                return smtplib.SMTP_SSL(relay.host, relay.port, local_hostname, timeout=timeout, context=context)
            return smtplib.SMTP(relay.host, relay.port, local_hostname, timeout=timeout)
        except smtplib.SMTPConnectError as error:
            reply = read_reply(error.smtp_code, error.smtp_error)
    raise _turned_away(relay, reply, _ASK_OPERATOR)


def _greet(client: smtplib.SMTP, relay: Relay) -> None:
    with _in_our_words(relay):
        reply = read_reply(*client.ehlo())
    if not reply.accepts:
        raise _turned_away(relay, reply, _ASK_OPERATOR)


def _encrypt(client: smtplib.SMTP, relay: Relay, context: ssl.SSLContext | None) -> None:
    if not client.has_extn("starttls"):
        raise RelayError(
            f"{relay} does not offer STARTTLS: the connection cannot be encrypted.",
            f"If it encrypts from the start, as on port 465, write {Security.TLS}://.",
        )
    with _in_our_words(relay):
        try:
            client.starttls(context=context or ssl.create_default_context())  # without one, nothing is checked
        except smtplib.SMTPResponseException as error:
            raise _turned_away(relay, read_reply(error.smtp_code, error.smtp_error), _ASK_OPERATOR) from error


def _log_in(client: smtplib.SMTP, relay: Relay) -> None:
    """By PLAIN or else LOGIN, in UTF-8 (RFC 4616); smtplib's own login fails on a password with a £ in it."""
    methods = client.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in methods:
        lines = ["AUTH PLAIN " + _encode(f"\0{relay.username}\0{relay.password}")]
    elif "LOGIN" in methods:
        lines = ["AUTH LOGIN", _encode(relay.username), _encode(relay.password)]
    else:
        raise RelayError(f"{relay} does not let anyone log in with a password on this connection.", _ASK_OPERATOR)
    for line in lines:
        with _in_our_words(relay):
            reply = read_reply(*client.docmd(line))
        if reply.code != _GO_ON:
            break
    if not reply.accepts:
        raise _turned_away(relay, reply, _CHECK_LOGIN)


def _encode(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _turned_away(relay: Relay, reply: Reply, remedy: str) -> RelayError:
    if reply.refuses:
        return RelayError(f"{relay} turns us away: “{reply}”.", remedy)
    return Unreachable(f"{relay} does not take mail now: “{reply}”.", "Try again later.")


@cache
def _own_name() -> str:
    """What to call ourselves in EHLO: a full name, or else an address literal (RFC 5321, 4.1.4)."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _frame(message: bytes) -> bytes:
    """The message as DATA wants it (RFC 5321, 4.5.2). Ours have no line with a dot in front, and stay as they are."""
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") + b".\r\n"


@contextmanager
def _in_our_words(relay: Relay) -> Iterator[None]:
    """Turn the errors of sockets, TLS and smtplib (all of them OSErrors) into ours."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise RelayError(
            f"{relay} does not prove who it is: {error.verify_message.rstrip('.')}.",
            "Check the server's name. If it uses a certificate of your own, name its file in SSL_CERT_FILE.",
        ) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise Unreachable(f"{relay} broke off while encrypting the connection.", _CHECK_ADDRESS) from error
    except ssl.SSLError as error:
        raise RelayError(f"{relay} does not speak TLS as we do: {error.reason or error}.", _CHECK_ADDRESS) from error
    except OSError as error:
        raise Unreachable(f"The connection to {relay} failed: {_explain(error)}.", _CHECK_ADDRESS) from error


def _explain(error: OSError) -> str:
    cause = error.__context__ if isinstance(error.__context__, OSError) else error  # smtplib hides what happened
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, smtplib.SMTPServerDisconnected):
        return "the server hung up"
    return cause.strerror or str(cause)
