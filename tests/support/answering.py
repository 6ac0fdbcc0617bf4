"""A misbehaving SMTP server without a network: lines in, replies out. `misbehaving` has the same one with sockets.

Only what reaches the client's machine is told apart here: a connection that is closed, cut or silent is one that is
lost in the end, with or without half a reply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from misbehaving import GARBAGE, NO_SUCH_PERSON, REFUSALS, USUAL, WRONG, Conduct, Fault, Step

LOSES = (Conduct.CLOSE, Conduct.HALF)
SAYS_NO = (Conduct.DEFER, Conduct.REFUSE, Conduct.LEAVE)


@dataclass(kw_only=True)
class Answering:
    """What all its connections share. `kept` counts the messages that came in whole, `answered` those told so."""

    fault: Fault | None
    pipelining: bool
    starttls: bool = False
    gone: Collection[str] = ()
    asks_for_nothing: bool = False
    reached: Counter[Step] = field(default_factory=Counter)
    strikes: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)

    def reach(self, step: Step) -> Conduct:
        number, fault = self.reached[step], self.fault
        self.reached[step] += 1
        if fault and fault.step is step and fault.first <= number < fault.first + fault.times:
            self.strikes += 1
            return fault.conduct
        return Conduct.ACCEPT


class Line:
    """One connection to it. `lost`: nothing more will come after what it has said."""

    def __init__(self, server: Answering) -> None:
        self.server = server
        self.lost = self.encrypted = False
        self._said = b""
        self._unread = b""
        self._recipient = ""
        self._body: list[bytes] | None = None  # None: it waits for a command
        self._conduct = Conduct.ACCEPT  # within the message
        self._do(Step.BANNER)

    def take(self) -> bytes:
        """What it has said since it was asked last."""
        said, self._said = self._said, b""
        return said

    def feed(self, data: bytes) -> None:
        """Take what the client has sent."""
        self._unread += data
        while not self.lost and b"\r\n" in self._unread:
            line, _, self._unread = self._unread.partition(b"\r\n")
            if self._body is None:
                self._obey(line.decode())
            else:
                self._take_line(self._body, line)

    def _obey(self, command: str) -> None:
        server = self.server
        match command.partition(" ")[0]:
            case "EHLO":
                clear = server.starttls and not self.encrypted
                names = ["relay", "SIZE 10000000", *(["PIPELINING"] if server.pipelining else [])]
                names += ["STARTTLS"] if clear else ["AUTH PLAIN"]
                offers = "".join(f"250-{name}\r\n" for name in names) + "250 8BITMIME"
                self._do(Step.CLEAR if clear else Step.EHLO, offers)
            case "STARTTLS":
                self._do(Step.STARTTLS)
            case "AUTH":
                self._do(Step.AUTH)
            case "MAIL":
                self._recipient = ""
                self._do(Step.MAIL)
            case "RCPT":
                address = command.partition("<")[2].partition(">")[0]
                gone = address in server.gone
                if self._do(Step.RCPT, NO_SUCH_PERSON if gone else "") and not gone:
                    self._recipient = address
            case "DATA" if not self._recipient and not server.asks_for_nothing:
                self._say("554 5.5.1 no valid recipients")
            case "DATA":
                self._body = [] if self._do(Step.DATA) else None
            case "RSET":
                self._recipient = ""
                self._do(Step.RSET)
            case "QUIT":
                self._do(Step.QUIT)
                self.lost = True
            case _:
                raise AssertionError(f"the client said {command!r}")

    def _take_line(self, body: list[bytes], line: bytes) -> None:
        if not body and line != b".":
            self._conduct = self.server.reach(Step.BODY)
            if self._conduct in LOSES:
                self._said += b"25" if self._conduct is Conduct.HALF else b""
                self.lost = True
            elif self._conduct is not Conduct.ACCEPT:
                self._say_wrongly(Step.BODY, self._conduct)
        body.append(line)
        if line == b"." and not self.lost:
            self._body = None
            self._end_message(empty=body == [b"."])

    def _end_message(self, *, empty: bool) -> None:
        """The final dot is here: from now on the message counts as handed over, unless it has been said otherwise."""
        conduct, self._conduct = self._conduct, Conduct.ACCEPT
        recipient, self._recipient = self._recipient, ""
        if empty and not recipient:
            self._say("554 5.5.1 no valid recipients")
            return
        if conduct in SAYS_NO:
            self.lost = True
            return
        answers = conduct in (Conduct.ACCEPT, Conduct.EXTRA)
        at_dot = self.server.reach(Step.DOT)
        if at_dot not in SAYS_NO:
            self.server.kept[recipient] += 1
            self.server.answered[recipient] += answers and at_dot in (Conduct.ACCEPT, Conduct.EXTRA)
        if answers:
            self._act(Step.DOT, at_dot, "")
        else:
            self.lost = True

    def _do(self, step: Step, usual: str = "") -> bool:
        """Answer; whether it has done what it was asked."""
        return self._act(step, self.server.reach(step), usual)

    def _act(self, step: Step, conduct: Conduct, usual: str) -> bool:
        reply = usual or USUAL.get(step, "250 2.0.0 ok")
        if conduct in LOSES:
            self._said += reply.encode()[: len(reply) // 2] if conduct is Conduct.HALF else b""
            self.lost = True
        elif conduct in (Conduct.ACCEPT, Conduct.EXTRA):
            self._say("\r\n".join([reply] * (1 + (conduct is Conduct.EXTRA))))
        else:
            self._say_wrongly(step, conduct)
        return conduct not in SAYS_NO and not self.lost

    def _say_wrongly(self, step: Step, conduct: Conduct) -> None:
        match conduct:
            case Conduct.DEFER:
                self._say("451 4.3.0 not now")
            case Conduct.REFUSE:
                self._say(REFUSALS.get(step, "550 5.3.0 no"))
            case Conduct.LEAVE:
                self._say("421 4.3.2 closing")
                self.lost = True
            case Conduct.GARBAGE:
                self._said += GARBAGE
            case Conduct.WRONG:
                self._say(WRONG.get(step, "354 go on"))
            case _:
                self._say("250 2.0.0 ok")

    def _say(self, reply: str) -> None:
        self._said += f"{reply}\r\n".encode()
