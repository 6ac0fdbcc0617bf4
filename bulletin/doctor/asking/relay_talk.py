"""One conversation with the mail server: connect, encrypt, log in, name a sender and a recipient, and take it back.

No message is sent: after RCPT comes RSET (RFC 5321, 4.1.1.5). Nothing secret is said before the certificate is right.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.smtp.auth import choose_exchange
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.delivery.smtp.reply import Reply
from bulletin.delivery.transport.opening import AnyRelay
from bulletin.delivery.transport.transport import ServiceRelay
from bulletin.doctor.case import PATIENCE, Case, domain_of_address
from bulletin.doctor.judgement import CannotTellError, NothingToCheckError
from bulletin.doctor.outside.dialler import Dialler, describe_certificate_fault, is_offline, read_certificate_end
from bulletin.errors import BulletinError, RelayError

if TYPE_CHECKING:
    from typing import Any

_OK: Final = 250
_LOGGED_IN: Final = 235
_MORE: Final = 334


class ServerReply(NamedTuple):
    """A reply of the mail server: its code, and its text in one line."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


@dataclass(kw_only=True, slots=True)
class RelayTalk:
    """What the server said, as far as the conversation came. None: it didn't come to that.

    `address` is the server's. `certificate_fault` is a sentence. `login_fault` is why we could not even try to log in,
    and `token_fault` why there is no access token.
    """

    relay: Relay
    unreachable: str = ""
    address: str = ""
    encrypted: bool = False
    offers_encryption: bool = False
    encryption_fault: str = ""
    certificate_fault: str = ""
    certificate_end: datetime | None = None
    token_fault: str = ""
    login_fault: str = ""
    login: ServerReply | None = None
    sender: ServerReply | None = None
    recipient: ServerReply | None = None
    size: int | None = None

    @property
    def is_encrypted_enough(self) -> bool:
        """Whether what we say can't be read on the way: a server on this computer needs no TLS."""
        return self.encrypted or self.relay.is_local

    @property
    def has_logged_in(self) -> bool:
        """Whether we are logged in, or need no login."""
        return not self.relay.username or (self.login is not None and self.login.code == _LOGGED_IN)


def find_relay(case: Case) -> AnyRelay:
    """The first mail server, or what sends in its place. Raises BulletinError, as `open_relays` does."""
    return open_relays(case.workspace)[0]


def require_relay(case: Case) -> Relay:
    """The first mail server.

    Raises CannotTellError if there is none that can be used, and NothingToCheckError if a service sends, by no SMTP.
    """
    try:
        relay = case.once(find_relay)
    except BulletinError:
        raise CannotTellError("No mail server is set.", until="MTA01") from None
    if isinstance(relay, ServiceRelay):
        raise NothingToCheckError
    return relay


def require_talk(case: Case) -> RelayTalk:
    """The conversation. Raises CannotTellError if it came to nothing."""
    require_relay(case)
    talk = case.once(talk_to_relay)
    if talk.unreachable:
        raise CannotTellError("The mail server doesn't answer.", until="MTA02")
    return talk


def require_login(case: Case) -> RelayTalk:
    """The conversation, which came to a login. Raises CannotTellError if it didn't."""
    talk = require_talk(case)
    if talk.certificate_fault:
        raise CannotTellError("We say nothing to a server whose certificate isn't right.", until="MTA04")
    if not talk.is_encrypted_enough:
        raise CannotTellError("We don't log in over a connection that isn't encrypted.", until="MTA03")
    return talk


def talk_to_relay(case: Case) -> RelayTalk:
    """Have the conversation. Raises as `require_relay`, and CannotTellError where this computer is offline."""
    talk = RelayTalk(relay=require_relay(case))
    session = _Session(case.dialler, talk)
    try:
        _converse(session, talk, case)
    except ssl.SSLCertVerificationError as error:
        talk.certificate_fault = describe_certificate_fault(talk.relay.host, error)
    except ssl.SSLError as error:
        talk.encryption_fault = error.reason or "TLS fails"
    except smtplib.SMTPException:
        if talk.size is None and not talk.encrypted and not session.greeted:
            talk.unreachable = f"{talk.relay} answers, but it isn't a mail server."
    except socket.gaierror as error:
        if is_offline(error):
            raise CannotTellError("This computer is offline.") from None
        talk.unreachable = f"There is no server called {talk.relay.host}."
    except OSError as error:
        if is_offline(error):
            raise CannotTellError("This computer is offline.") from None
        if not session.greeted:
            talk.unreachable = f"{talk.relay} does not answer."
    except UnicodeError:  # an address with other letters before its @, which only SMTPUTF8 could say
        talk.sender = None
    finally:
        session.close()
    return talk


class _Session(smtplib.SMTP):
    """smtplib's SMTP over a dialler of ours."""

    def __init__(self, dialler: Dialler, talk: RelayTalk) -> None:
        self._dialler = dialler
        self._talk = talk
        self.greeted = False
        name = socket.getfqdn()
        super().__init__(local_hostname=name if "." in name and name.isascii() else "[127.0.0.1]", timeout=PATIENCE)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connection = self._dialler.dial(host, port, patience=timeout)
        self._talk.address = str(connection.getpeername()[0])
        if self._talk.relay.security is Security.TLS:
            wrapped = self._dialler.context.wrap_socket(connection, server_hostname=host)
            _note_encryption(self._talk, wrapped)
            return wrapped
        return connection


def _note_encryption(talk: RelayTalk, connection: ssl.SSLSocket) -> None:
    talk.encrypted = True
    talk.certificate_end = read_certificate_end(connection)


def _converse(session: _Session, talk: RelayTalk, case: Case) -> None:
    relay = talk.relay
    session._host = relay.host  # type: ignore[attr-defined] # noqa: SLF001 -- whose certificate smtplib asks for
    code, _ = session.connect(relay.host, relay.port)
    if code != 220:
        talk.unreachable = f"{talk.relay} does not let us in."
        return
    session.greeted = True
    session.ehlo_or_helo_if_needed()
    talk.offers_encryption = session.has_extn("starttls")
    if relay.security is Security.STARTTLS and talk.offers_encryption:
        session.starttls(context=case.dialler.context)
        if isinstance(session.sock, ssl.SSLSocket):
            _note_encryption(talk, session.sock)
        session.ehlo()
    talk.size = _read_size(session)
    if not talk.is_encrypted_enough:
        return
    if relay.username:
        _log_in(session, talk)
    if talk.has_logged_in:
        _name_people(session, talk, case)
    session.quit()


def _read_size(session: _Session) -> int | None:
    """The largest message that the server takes, in octets; 0 for any (RFC 1870). None if it doesn't say."""
    told = session.esmtp_features.get("size", "")
    return int(told) if told.isdecimal() else None


def _log_in(session: _Session, talk: RelayTalk) -> None:
    token = ""
    try:
        if talk.relay.token:
            token = talk.relay.token()
    except RelayError as error:
        talk.token_fault = error.message
        return
    try:
        exchange = choose_exchange(talk.relay, session.esmtp_features.get("auth", ""), token=token)
    except RelayError as error:
        talk.login_fault = error.message
        return
    reply = _say(session, exchange.first_line)
    while reply.code == _MORE:
        reply = _say(session, exchange.answer(reply))
    talk.login = _tell(exchange.explain(reply))


def _say(session: _Session, line: str) -> Reply:
    code, text = session.docmd(line)
    return Reply(code, tuple(text.split(b"\n")))


def _tell(reply: Reply) -> ServerReply:
    return ServerReply(reply.code, " ".join(line.decode("utf-8", "replace").strip() for line in reply.lines)[:200])


def _write_ascii(address: str) -> str:
    """An address with its domain as the DNS knows it."""
    return f"{address.rpartition('@')[0]}@{domain_of_address(address)}"


def _name_people(session: _Session, talk: RelayTalk, case: Case) -> None:
    """Name the sender and the address for replies, and take both back."""
    talk.sender = _tell(_say(session, f"MAIL FROM:<{_write_ascii(case.envelope)}>"))
    if talk.sender.code == _OK:
        talk.recipient = _tell(_say(session, f"RCPT TO:<{_write_ascii(case.reply_address)}>"))
    session.rset()
