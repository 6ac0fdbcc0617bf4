"""The client side of SMTP without a network: bytes in, bytes out, and events. Pure.

If the relay offers PIPELINING (RFC 2920), an envelope is one write, and the next envelope follows a message's final
dot. Otherwise each command waits for the reply to the one before. Either way a message is sent only by `transmit`,
after the relay has accepted its envelope: until then, no subscriber is affected.

The server is not trusted. Every reply answers a command; any other ends the conversation.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from bulletin.delivery.smtp.auth import AuthExchange, choose_exchange
from bulletin.delivery.smtp.extensions import Extensions, parse_extensions
from bulletin.delivery.smtp.outcome import ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, UNSENT, Outcome, make_outcome
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.delivery.smtp.reply import NONSENSE, Reply, ReplyReader, read_words
from bulletin.errors import RelayError, Unreachable

_CLOSING: Final = 421  # may answer any command: the server is about to hang up (RFC 5321, 3.8)
_CHALLENGE: Final = 334  # asks for the next line of a login (RFC 4954, 4)
_USUAL: Final = (2, 3)  # first digits; the words of all other replies are shown
_ABOUT_LOGIN: Final = frozenset({530, 534, 535, 538})  # RFC 4954, 6: about our login, whatever the recipient
_END: Final = b".\r\n"

CHECK_ADDRESS: Final = "Check the server's address, port and scheme, and the network; then try again."
_ASK_OPERATOR: Final = "Ask the people who run the server what it needs."


class OutgoingMessage(NamedTuple):
    """One message to one subscriber. The caller chooses `id`; `chunks` are the framed message (`frame`).

    `envelope_id`, of letters and figures, names the message in a report of what became of it (RFC 3461, 4.4).
    """

    id: int
    sender: str
    recipient: str
    chunks: Sequence[bytes]
    envelope_id: str = ""

    @property
    def size(self) -> int:
        """The size in octets, with the dots that framing adds."""
        return sum(map(len, self.chunks))


class Ready(NamedTuple):
    """The relay is ready for an envelope: call `announce` or `quit`."""


class Encrypt(NamedTuple):
    """TLS has to begin now; then call `encrypted`."""


class GoAhead(NamedTuple):
    """The relay has accepted the envelope and waits for the message: call `transmit`, or hang up."""

    message: OutgoingMessage


class Completed(NamedTuple):
    """A message is done with, and has this outcome."""

    message: OutgoingMessage
    outcome: Outcome


class Closed(NamedTuple):
    """The conversation is over: hang up. `error` is the reason, None after QUIT."""

    error: RelayError | None


Event = Ready | Encrypt | GoAhead | Completed | Closed


class Step(Enum):
    """What a reply answers."""

    BANNER = auto()
    EHLO = auto()
    STARTTLS = auto()
    LOGIN = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    MESSAGE = auto()  # and its final dot
    NOTHING = auto()  # a final dot alone: the relay asked for the message of an envelope that it had refused
    RSET = auto()
    QUIT = auto()


_ENVELOPE: Final = (Step.MAIL, Step.RCPT, Step.DATA)
_MESSAGE_AND_ENVELOPE: Final = deque([Step.MESSAGE, *_ENVELOPE])
_ALL_ACCEPTED: Final = re.compile(
    rb"(2[0-9]{2} [^\r\n]{0,500})\r\n2[0-9]{2} [^\r\n]{0,500}\r\n2[0-9]{2} [^\r\n]{0,500}\r\n354 [^\r\n]{0,500}\r\n"
)


class Dialogue:
    """One SMTP conversation. Methods return the events so far; `take_output` returns the bytes to send."""

    def __init__(self, relay: Relay, *, name: str) -> None:
        """`name` is our name in EHLO."""
        self.relay = relay
        self.token = ""  # an OAuth 2 access token, if we log in with one
        self.token_refused = False
        self.replies = 0  # how many complete ones have arrived, without those of the fast path
        self._name = name
        self._encrypted = relay.security is not Security.STARTTLS
        self._reader = ReplyReader()
        self._awaited: deque[Step] = deque([Step.BANNER])
        self._output: list[bytes] = []
        self._events: list[Event] = []
        self._extensions = Extensions()
        self._exchange: AuthExchange | None = None
        self._announced: OutgoingMessage | None = None  # its envelope has been sent
        self._in_flight: OutgoingMessage | None = None  # its message has been sent
        self._obstacle: tuple[Step, Reply] | None = None  # the reply that keeps the announced one from being sent
        self._recipient_accepted = False
        self._is_over = False

    # Questions

    @property
    def pipelining(self) -> bool:
        """Whether the next envelope may go out behind a message (RFC 2920)."""
        return self._extensions.pipelining

    @property
    def awaited(self) -> Step | None:
        """What the relay has to answer next; None if it is our turn."""
        return self._awaited[0] if self._awaited else None

    def take_output(self) -> bytes:
        """The bytes to send now."""
        if not self._output:
            return b""
        output = b"".join(self._output)
        self._output.clear()
        return output

    # Commands

    def receive(self, data: bytes) -> list[Event]:
        """Process what the relay has sent."""
        usual = self._awaited == _MESSAGE_AND_ENVELOPE and not self._reader.unfinished
        if usual and (taken := _ALL_ACCEPTED.fullmatch(data)):
            self._hear_all_accepted(taken[1])
        elif not self._is_over:
            self._hear(data)
        return self._take_events()

    def encrypted(self) -> None:
        """Continue under TLS, and forget what was offered before it (RFC 3207, 4.2)."""
        self._encrypted = True
        self._extensions = Extensions()
        self._say(Step.EHLO, f"EHLO {self._name}")

    def announce(self, message: OutgoingMessage) -> list[Event]:
        """Send a message's envelope, once the relay is ready. If the conversation is over, the message stays unsent."""
        if self._is_over:
            return [Completed(message, make_outcome(UNSENT, "The connection was lost."))]
        self._announce(message)
        return self._take_events()

    def transmit(self, following: OutgoingMessage | None = None) -> list[Event]:
        """Send the message that has its go-ahead, and the envelope of the next one if the relay is `pipelining`.

        If the conversation is over, the message stays unsent, and an event has said so.
        """
        if self._is_over:
            return self.announce(following) if following else []
        self._in_flight, self._announced = self._announced, None
        if self._in_flight is None:
            raise RuntimeError("There is no message that has its go-ahead.")
        self._output += self._in_flight.chunks
        self._output.append(_END)
        self._awaited.append(Step.MESSAGE)
        if following and self._is_too_large(
            following
        ):  # announcing it would end the conversation, and with it a message that may be accepted
            self._events.append(Completed(following, make_outcome(UNSENT, "The message is too large.")))
        elif following:
            self._announce(following)
        return self._take_events()

    def quit(self) -> None:
        """Send QUIT, once the relay is ready, unless the conversation is over."""
        if not self._is_over:
            self._say(Step.QUIT, "QUIT")

    def lose(self, reason: str) -> list[Event]:
        """End the conversation because the connection is lost; `reason` is a clause."""
        if self.awaited is Step.QUIT:
            self._end(None)
        return self.fail(Unreachable(f"The connection to {self.relay} failed: {reason}.", CHECK_ADDRESS))

    def drop(self, reason: str) -> list[Event]:
        """End the conversation because we hang up; `reason` is a sentence for the messages under way."""
        if not self._is_over:
            self._end(None, reason)
        return self._take_events()

    def fail(self, error: RelayError) -> list[Event]:
        """End the conversation with this error."""
        if not self._is_over:
            self._end(error)
        return self._take_events()

    # Replies

    def _hear_all_accepted(self, reply: bytes) -> None:
        """Note that a message and the envelope behind it were accepted: the fast path, taken nearly always."""
        flying, announced = self._in_flight, self._announced
        assert flying  # noqa: S101 -- its reply was awaited
        assert announced  # noqa: S101 -- as were the replies to its envelope
        self._in_flight = None
        self._awaited.clear()
        self._events += (Completed(flying, make_outcome(ACCEPTED, read_words(reply))), GoAhead(announced))

    def _hear(self, data: bytes) -> None:
        """Process any bytes, wherever they are cut."""
        replies = self._reader.feed(data)
        self.replies += len(replies)
        for number, reply in enumerate(replies, 1):
            last = number == len(replies) and not self._reader.unfinished
            self._handle(reply, last=last)
            if self._is_over:
                break

    def _handle(self, reply: Reply, *, last: bool) -> None:
        """Process one reply; `last` if nothing has arrived after it."""
        if self._exchange and reply.code // 100 not in _USUAL:
            reply = self._exchange.hide(reply)
        if not self._awaited:
            self._break_off(reply)
            return
        step = self._awaited.popleft()
        match step:
            case Step.MESSAGE:
                self._hear_verdict(reply)
            case Step.MAIL | Step.RCPT | Step.DATA:
                self._hear_of_envelope(step, reply)
            case Step.BANNER | Step.EHLO | Step.STARTTLS | Step.LOGIN:
                self._open(step, reply, last=last)
            case Step.QUIT:
                self._end(None)
            case Step.NOTHING if reply.code not in (_CLOSING, NONSENSE):
                self._rest()
            case Step.RSET if reply.accepts:
                self._rest()
            case _:
                self._break_off(reply)

    def _open(self, step: Step, reply: Reply, *, last: bool) -> None:
        """Process a reply to what comes before mail: greeting, encryption, login."""
        if step is Step.LOGIN and self._exchange and reply.code == _CHALLENGE and not self._exchange.given_up:
            self._say(Step.LOGIN, self._exchange.answer(reply))
        elif step is Step.LOGIN and self._exchange and not reply.accepts:
            self.token_refused = self._exchange.by_token and reply.refuses
            self._turn_away(self._exchange.explain(reply), self._exchange.remedy)
        elif not reply.accepts:
            self._turn_away(reply, _ASK_OPERATOR)
        elif step is Step.BANNER:
            self._say(Step.EHLO, f"EHLO {self._name}")
        elif step is Step.EHLO:
            self._extensions = parse_extensions(reply)
            self._prepare()
        elif step is Step.STARTTLS:
            self._begin_tls(last=last)
        else:
            self._rest()

    def _prepare(self) -> None:
        """Do what has to come before mail, now that the relay has named its extensions."""
        if not self._encrypted:
            if self._extensions.starttls:
                self._say(Step.STARTTLS, "STARTTLS")
            else:
                self._end(_no_starttls(self.relay))
        elif self.relay.username and self._exchange is None:
            try:
                self._exchange = choose_exchange(self.relay, self._extensions.auth, token=self.token)
            except RelayError as error:
                self._end(error)
            else:
                self._say(Step.LOGIN, self._exchange.first_line)
        else:
            self._rest()

    def _begin_tls(self, *, last: bool) -> None:
        if last:
            self._events.append(Encrypt())
        else:  # someone in between may have put it there, to pass for what was said under encryption
            self._end(
                RelayError(
                    f"{self.relay} sent more unencrypted text after it agreed to encrypt: someone may be interfering.",
                    "Send from another network, or ask the people who run the server.",
                )
            )

    def _hear_of_envelope(self, step: Step, reply: Reply) -> None:
        message = self._announced
        if message is None or self._is_out_of_step(step, reply):
            self._break_off(reply)
        elif reply.code in _ABOUT_LOGIN or (step is Step.MAIL and reply.refuses and message.recipient.isascii()):
            # The sender is the same for everyone; only the SMTPUTF8 parameter of MAIL depends on the recipient.
            self._end(_not_taken(self.relay, reply))
        else:
            if reply.code >= 400:
                self._obstacle = self._obstacle or (step, reply)
            elif step is Step.RCPT:
                self._recipient_accepted = True
            if step is Step.DATA:
                self._conclude(message, reply)
            elif not self.pipelining:
                self._proceed(message, step)

    def _is_out_of_step(self, step: Step, reply: Reply) -> bool:
        """Whether the reply cannot answer this step, or the server is about to hang up."""
        hoped_for = 3 if step is Step.DATA else 2
        return reply.code == _CLOSING or not (reply.code // 100 == hoped_for or reply.code >= 400)

    def _proceed(self, message: OutgoingMessage, step: Step) -> None:
        """Send the next command of an envelope, where each waits for its reply."""
        if self._obstacle:
            self._end_announced(message, self._obstacle[1])
            self._say(Step.RSET, "RSET")
        elif step is Step.MAIL:
            self._say(Step.RCPT, self._write_envelope(message)[1])
        else:
            self._say(Step.DATA, "DATA")

    def _conclude(self, message: OutgoingMessage, reply: Reply) -> None:
        """Act on an envelope once every command in it has its reply."""
        if self._obstacle is None:
            self._events.append(GoAhead(message))
            return
        self._end_announced(message, self._obstacle[1])
        if reply.code >= 400:
            self._say(Step.RSET, "RSET")
        elif self._recipient_accepted:  # ending here would send an empty message; hanging up sends nothing
            self._break_off(reply)
        else:  # no recipient was accepted, so it reaches no one (RFC 2920, 3.1)
            self._output.append(_END)
            self._awaited.append(Step.NOTHING)

    def _hear_verdict(self, reply: Reply) -> None:
        message, self._in_flight = self._in_flight, None
        if message is None:
            self._break_off(reply)
        elif reply.accepts:
            self._events.append(Completed(message, make_outcome(ACCEPTED, str(reply))))
            if not self._awaited:
                self._rest()
        elif reply.code in _ABOUT_LOGIN:
            error = _not_taken(self.relay, reply)
            self._events.append(Completed(message, make_outcome(UNSENT, error.message)))
            self._end(error)
        elif reply.defers or reply.refuses:
            fate = DEFERRED if reply.defers else REFUSED
            self._events.append(Completed(message, make_outcome(fate, str(reply))))
            if reply.code == _CLOSING:
                self._break_off(reply)
            elif not self._awaited:
                self._say(Step.RSET, "RSET")
        else:
            self._in_flight = message
            self._break_off(reply)

    # Output

    def _say(self, step: Step, line: str) -> None:
        self._output.append(line.encode() + b"\r\n")  # an address may need UTF-8 (RFC 6531); everything else is ASCII
        self._awaited.append(step)

    def _announce(self, message: OutgoingMessage) -> None:
        if obstacle := self._extensions.find_obstacle(message.recipient, relay=self.relay):
            self._events.append(Completed(message, make_outcome(REFUSED, obstacle)))
            if not self._awaited:
                self._rest()
            return
        if self._is_too_large(message):
            self._announced = message
            self._end(_too_large(self.relay, message.size, self._extensions.largest))
            return
        self._announced, self._obstacle, self._recipient_accepted = message, None, False
        mail, rcpt = self._write_envelope(message)
        if self.pipelining:
            self._output.append(f"{mail}\r\n{rcpt}\r\nDATA\r\n".encode())
            self._awaited += _ENVELOPE
        else:
            self._say(Step.MAIL, mail)

    def _write_envelope(self, message: OutgoingMessage) -> tuple[str, str]:
        size = message.size if self._extensions.size else 0
        return self._extensions.write_envelope(message.sender, message.recipient, size, message.envelope_id)

    def _is_too_large(self, message: OutgoingMessage) -> bool:
        return 0 < self._extensions.largest < message.size

    # The end

    def _rest(self) -> None:
        self._events.append(Ready())

    def _end_announced(self, message: OutgoingMessage, reply: Reply) -> None:
        self._announced = None
        fate = DEFERRED if reply.defers else REFUSED
        self._events.append(Completed(message, make_outcome(fate, str(reply))))

    def _break_off(self, reply: Reply) -> None:
        if reply.code == _CLOSING:
            self._end(Unreachable(f"{self.relay} closed the connection: “{reply}”.", CHECK_ADDRESS))
        else:
            self._end(
                Unreachable(f"{self.relay} sent an unexpected reply: “{reply}”.", "Ask the people who run the server.")
            )

    def _turn_away(self, reply: Reply, remedy: str) -> None:
        if reply.refuses:
            self._end(RelayError(f"{self.relay} refused us: “{reply}”.", remedy))
        else:
            self._end(Unreachable(f"{self.relay} isn't accepting mail now: “{reply}”.", "Try again later."))

    def _end(self, error: RelayError | None, reason: str = "") -> None:
        """End it: a message that was sent and has no reply is uncertain; one that was only announced is unsent."""
        words = error.message if error else reason
        for message, fate in ((self._in_flight, UNCERTAIN), (self._announced, UNSENT)):
            if message:
                self._events.append(Completed(message, make_outcome(fate, words)))
        self._in_flight = self._announced = None
        self._is_over = True
        self._awaited.clear()
        self._output.clear()
        self._events.append(Closed(error))

    def _take_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events


def frame(message: bytes) -> bytes:
    """Escape a message for DATA (RFC 5321, 4.5.2): no line begins with a single dot, and the last line ends."""
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..")


def _no_starttls(relay: Relay) -> RelayError:
    return RelayError(
        f"{relay} doesn't offer STARTTLS, so the connection can't be encrypted.",
        f"If it encrypts from the start, as on port 465, write {Security.TLS}://.",
    )


def _not_taken(relay: Relay, reply: Reply) -> RelayError:
    return RelayError(
        f"{relay} doesn't accept mail from us: “{reply}”.",
        "Check the sender’s address in bulletin.yaml, and the username in BULLETIN_SMTP_URL.",
    )


def _too_large(relay: Relay, size: int, largest: int) -> RelayError:
    return RelayError(
        f"The message is {size:,} bytes; {relay} accepts at most {largest:,}.", "Use fewer or smaller pictures."
    )
