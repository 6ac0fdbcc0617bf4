"""An SMTP server that misbehaves at one step of the dialogue, and keeps its own record of what it has got."""

from __future__ import annotations

import os
import re
import socket
import socketserver
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from bulletin.delivery.smtp.relay import Security

ALWAYS = 1_000_000


class Step(StrEnum):
    """Where in the dialogue. Each answers a command, but HANDSHAKE, BANNER and BODY."""

    BANNER = "banner"
    CLEAR = "EHLO in clear"  # where the server offers STARTTLS: EHLO is what follows it
    STARTTLS = "STARTTLS"
    HANDSHAKE = "TLS handshake"
    EHLO = "EHLO"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "body"  # when its first line has come in
    DOT = "dot"
    RSET = "RSET"
    QUIT = "QUIT"


class Conduct(StrEnum):
    """What the server does. After all but the first three and EXTRA, it has lost its way and hangs up in the end.

    In a TLS handshake only CLOSE, CUT, STALL, HALF, SILENCE and GARBAGE make a difference.
    """

    ACCEPT = "accept"
    DEFER = "4xx"
    REFUSE = "5xx"
    LEAVE = "421"
    CLOSE = "close"  # with TLS's own leave (close_notify), where it is encrypted
    CUT = "cut off"  # without it; in clear, a reset
    STALL = "stall"
    HALF = "half a reply"
    SILENCE = "half a reply, then silence"
    GARBAGE = "garbage"
    WRONG = "a reply to another command"
    EXTRA = "a reply too many"


USUAL = {
    Step.BANNER: "220 relay ready",
    Step.STARTTLS: "220 2.0.0 go on",
    Step.AUTH: "235 2.7.0 welcome",
    Step.DATA: "354 go on",
    Step.DOT: "250 2.0.0 kept",
    Step.QUIT: "221 2.0.0 bye",
}
WRONG = {Step.DATA: "250 2.0.0 ok", Step.QUIT: "354 go on"}
REFUSALS = {Step.AUTH: "535 5.7.8 no such user", Step.DOT: "554 5.6.0 not this message"}
NO_SUCH_PERSON = "550 5.1.1 no such person"
_HALF_A_HANDSHAKE = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"  # a ServerHello begins (RFC 8446, 4.1.3)
GARBAGE = b"\x00\xff\r\n<html>504</html>\r\n2500 ok\r\n"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`conduct` at `step`: the `first` time that it is reached, counted from 0 over all connections, and `times` on."""

    step: Step
    conduct: Conduct
    first: int = 0
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message that the server has got whole and will deliver. `answered`: whether it said so, with 250."""

    message_id: str
    recipient: str
    answered: bool


class MisbehavingServer(socketserver.ThreadingTCPServer):
    """Accepts everything but mail to `gone`, until `fault` strikes. One thread a connection.

    `arrivals` is its own record. `strikes` counts how often the fault struck. `on_step` is called at each step, before
    it is answered, with the number of times that it was reached before.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self,
        *,
        fault: Fault | None = None,
        pipelining: bool = True,
        torn: bool = False,
        context: ssl.SSLContext | None = None,
        security: Security = Security.STARTTLS,
        gone: Collection[str] = (),
        asks_for_nothing: bool = False,
        on_step: Callable[[Step, int], None] = lambda _step, _number: None,
    ) -> None:
        """`torn`: each octet is sent by itself. `gone`: addresses that are refused.

        `context`: it encrypts, from the start or after STARTTLS, as `security` says.

        `asks_for_nothing`: DATA is answered with 354 even though every recipient was refused (RFC 2920, 3.1).
        """
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.fault = fault
        self.pipelining = pipelining
        self.torn = torn
        self.context = context
        self.security = security if context else Security.PLAIN
        if context:
            context.sslsocket_class = _EncryptedSocket
        self.gone = frozenset(gone)
        self.asks_for_nothing = asks_for_nothing
        self.on_step = on_step
        self.strikes = 0
        self.connections = 0
        self.arrivals: list[Arrival] = []
        self.reached: Counter[Step] = Counter()
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command that sends to it."""
        return os.environ | {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{self.port}"}

    @property
    def first_step(self) -> Step:
        """What each connection begins with."""
        return Step.HANDSHAKE if self.security is Security.TLS else Step.BANNER

    def reach(self, step: Step) -> Conduct:
        """What to do at a step that a conversation has come to."""
        with self._lock:
            number = self.reached[step]
            self.reached[step] += 1
            fault = self.fault
            struck = fault is not None and fault.step is step and fault.first <= number < fault.first + fault.times
            self.strikes += struck
            self.connections += step is self.first_step
        self.on_step(step, number)
        return fault.conduct if fault and struck else Conduct.ACCEPT

    def keep(self, arrival: Arrival) -> None:
        with self._lock:
            self.arrivals.append(arrival)

    def kept(self) -> Counter[str]:
        """How often each recipient's message has come in whole."""
        with self._lock:
            return Counter(arrival.recipient for arrival in self.arrivals)

    def answered(self) -> Counter[str]:
        """How often it said to the sender that it has got a message to this recipient."""
        with self._lock:
            return Counter(arrival.recipient for arrival in self.arrivals if arrival.answered)

    def heal(self) -> None:
        """From now on it behaves."""
        self.fault = None

    def handle_error(self, request: object, client_address: object) -> None:
        """A fault of this server must not pass for a fault of the network."""
        self.broken = True
        super().handle_error(request, client_address)  # type: ignore[arg-type] -- it only prints them

    broken = False


@contextmanager
def serve(server: MisbehavingServer) -> Iterator[MisbehavingServer]:
    """Let it serve during the `with` block."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
    assert not server.broken, "the server itself failed: see above"


def serve_and_stall(accepted: int = 0) -> AbstractContextManager[MisbehavingServer]:
    """A server that accepts so many messages, and never answers those that come in after them."""
    fault = Fault(step=Step.DOT, conduct=Conduct.STALL, first=accepted, times=ALWAYS)
    return serve(MisbehavingServer(fault=fault))


class _EncryptedSocket(ssl.SSLSocket):
    """Where the client is gone before TLS can begin, `wrap_socket` fails, and nobody is given this one to close it."""

    def __del__(self) -> None:
        self.close()


class _Conversation(socketserver.BaseRequestHandler):
    server: MisbehavingServer

    def handle(self) -> None:
        self.line: socket.socket = self.request
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.encrypted = False
        self.recipient = ""
        with suppress(OSError):  # the client may hang up first
            self.input = self.line.makefile("rb")
            if (self.server.security is not Security.TLS or self.encrypt()) and self.do(Step.BANNER):
                while (command := self.input.readline()) and self.obey(command.decode().rstrip("\r\n")):
                    pass

    def finish(self) -> None:
        """Close it: after STARTTLS it is another socket than the one that socketserver closes."""
        with suppress(OSError):
            self.input.close()
            self.line.close()

    # Commands

    def obey(self, command: str) -> bool:
        """Whether the conversation goes on."""
        verb = command.partition(" ")[0].upper()
        match verb:
            case "EHLO":
                clear = self.server.security is Security.STARTTLS and not self.encrypted
                return self.do(Step.CLEAR if clear else Step.EHLO, reply=self.offers())
            case "MAIL":
                self.recipient = ""
                return self.do(Step.MAIL)
            case "RCPT":
                return self.take_recipient(command.partition("<")[2].rpartition(">")[0])
            case "DATA":
                return self.take_message()
            case "STARTTLS":
                return self.do(Step.STARTTLS) and self.encrypt()
            case "RSET":
                self.recipient = ""
                return self.do(Step.RSET)
            case "QUIT":
                self.do(Step.QUIT)
                return False
            case "AUTH":
                return self.do(Step.AUTH)
        raise AssertionError(f"the client said {command!r}")

    def offers(self) -> str:
        names = ["relay", "SIZE 10000000"]
        names += ["PIPELINING"] if self.server.pipelining else []
        names += ["STARTTLS"] if self.server.security is Security.STARTTLS and not self.encrypted else ["AUTH PLAIN"]
        return "".join(f"250-{name}\r\n" for name in names) + "250 8BITMIME"

    def encrypt(self) -> bool:
        assert self.server.context
        match self.server.reach(Step.HANDSHAKE):
            case Conduct.CLOSE | Conduct.CUT as conduct:
                return self.hang_up(conduct)
            case Conduct.STALL:
                return self.stall()
            case Conduct.HALF:
                return self.send(_HALF_A_HANDSHAKE) and False
            case Conduct.SILENCE:
                return self.send(_HALF_A_HANDSHAKE) and self.stall()
            case Conduct.GARBAGE:
                return self.send(GARBAGE) and False
        # The handshake is apart: where it fails, the socket must be there to be closed.
        self.line = self.server.context.wrap_socket(self.line, server_side=True, do_handshake_on_connect=False)
        self.line.do_handshake()
        self.input = self.line.makefile("rb")
        self.encrypted = True
        return True

    def take_recipient(self, address: str) -> bool:
        if address in self.server.gone:
            return self.do(Step.RCPT, reply=NO_SUCH_PERSON)
        if self.do(Step.RCPT):
            self.recipient = address if self.taken else ""
            return True
        return False

    def take_message(self) -> bool:
        if not self.recipient and not self.server.asks_for_nothing:
            return self.say("554 5.5.1 no valid recipients")
        if not self.do(Step.DATA):
            return False
        return not self.taken or self.take_body()

    def take_body(self) -> bool:
        lines = [self.read_line()]
        conduct = self.server.reach(Step.BODY) if lines[0] != b".\r\n" else Conduct.ACCEPT
        match conduct:
            case Conduct.ACCEPT:
                pass
            case Conduct.CLOSE | Conduct.CUT:
                return self.hang_up(conduct)
            case Conduct.STALL:
                return self.stall()
            case Conduct.SILENCE:
                return self.send(b"25") and self.stall()
            case _:
                self.say_wrongly(Step.BODY, conduct)
        while lines[-1] != b".\r\n":
            lines.append(self.read_line())
        if conduct in (Conduct.DEFER, Conduct.REFUSE, Conduct.LEAVE):  # it has said so: it does not keep it
            return False
        return self.end_message(b"".join(lines), answers=conduct in (Conduct.ACCEPT, Conduct.EXTRA))

    def read_line(self) -> bytes:
        line = self.input.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionResetError
        return line

    def end_message(self, message: bytes, *, answers: bool) -> bool:
        """The final dot is here: from now on the message counts as handed over, unless the server says otherwise."""
        found = re.search(rb"^Message-ID: (\S+)\r$", message, re.MULTILINE)
        if not self.recipient and not found:  # an end alone, after an envelope that was refused (RFC 2920, 3.1)
            return self.say("554 5.5.1 no valid recipients")
        conduct = self.server.reach(Step.DOT)
        if conduct not in (Conduct.DEFER, Conduct.REFUSE, Conduct.LEAVE):
            answered = answers and conduct in (Conduct.ACCEPT, Conduct.EXTRA)
            message_id = found[1].decode() if found else "none"
            self.server.keep(Arrival(message_id=message_id, recipient=self.recipient, answered=answered))
        self.recipient = ""
        return answers and self.act(Step.DOT, conduct, "")

    # Answers

    def do(self, step: Step, *, reply: str = "") -> bool:
        """Answer; whether the conversation goes on. `taken` says whether the server has done what it was asked."""
        return self.act(step, self.server.reach(step), reply)

    def act(self, step: Step, conduct: Conduct, reply: str) -> bool:
        usual = reply or USUAL.get(step, "250 2.0.0 ok")
        self.taken = conduct not in (Conduct.DEFER, Conduct.REFUSE, Conduct.LEAVE) and not usual.startswith("5")
        match conduct:
            case Conduct.ACCEPT:
                return self.say(usual)
            case Conduct.CLOSE | Conduct.CUT:
                return self.hang_up(conduct)
            case Conduct.STALL:
                return self.stall()
            case Conduct.HALF:
                return self.send(usual.encode()[: len(usual) // 2]) and False
            case Conduct.SILENCE:
                return self.send(usual.encode()[: len(usual) // 2]) and self.stall()
            case Conduct.EXTRA:
                return self.say(f"{usual}\r\n{usual}")
            case _:
                return self.say_wrongly(step, conduct) and conduct is not Conduct.LEAVE

    def say_wrongly(self, step: Step, conduct: Conduct) -> bool:
        match conduct:
            case Conduct.DEFER:
                return self.say("451 4.3.0 not now")
            case Conduct.REFUSE:
                return self.say(REFUSALS.get(step, "550 5.3.0 no"))
            case Conduct.LEAVE:
                return self.say("421 4.3.2 closing")
            case Conduct.GARBAGE:
                return self.send(GARBAGE)
            case Conduct.HALF:
                return self.send(b"25")
            case Conduct.WRONG:
                return self.say(WRONG.get(step, "354 go on"))
        return self.say("250 2.0.0 ok")

    def stall(self) -> bool:
        """Say nothing more, until the client hangs up."""
        while self.input.read1():
            pass
        return False

    def hang_up(self, conduct: Conduct) -> bool:
        """End it politely, or as if a cable were pulled out: whatever is on its way is thrown away then."""
        if conduct is Conduct.CUT and not self.encrypted:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif conduct is Conduct.CLOSE and self.encrypted:
            assert isinstance(self.line, ssl.SSLSocket)
            self.line.unwrap()
        return False

    def say(self, reply: str) -> bool:
        return self.send(f"{reply}\r\n".encode())

    def send(self, data: bytes) -> bool:
        for piece in [data[place : place + 1] for place in range(len(data))] if self.server.torn else [data]:
            self.line.sendall(piece)
        return True
