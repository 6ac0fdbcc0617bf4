"""An SMTP server that answers as its script says, person by person, and keeps what it accepts."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HANG_UP = "hang up instead of answering the dot"


class Server(socketserver.ThreadingTCPServer):
    """An SMTP server that answers as its script says; without a word about a name, it accepts.

    `script` has, for a name, what is answered to RCPT attempt by attempt: a reply, or HANG_UP. `kept` has the names
    whose messages were accepted, `arrived` those whose messages came in whole, however that was answered.
    """

    greeting = "250 server"  # to EHLO
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, script: dict[str, list[str]], on_message: Callable[[str], object]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.script = {name: list(replies) for name, replies in script.items()}
        self.on_message = on_message
        self.on_greeting: Callable[[int], object] = lambda _number: None  # with how many were greeted before
        self.mail_reply = "250 OK"
        self.most_connections = 1000
        self.not_ready = 0  # how many of the first connections are turned away
        self.turned_away = "421 4.7.0 Too many connections"
        self.lock = threading.Lock()
        self.connections = self.greeted = self.in_flight = self.most_in_flight = 0
        self.arrived: list[str] = []
        self.kept: list[str] = []
        self.messages: list[bytes] = []

    def next_answer(self, name: str) -> str:
        with self.lock:
            return self.script[name].pop(0) if self.script.get(name) else "250 OK"


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        with self.server.lock:
            number = self.server.greeted
            self.server.greeted += 1
            self.server.connections += 1
            ready = number >= self.server.not_ready
            welcome = ready and self.server.connections <= self.server.most_connections
        self.server.on_greeting(number)
        try:
            self.say("220 ready" if welcome else self.server.turned_away)
            with suppress(ConnectionResetError):
                while welcome and (line := self.rfile.readline().decode().strip()) and self.answer(line):
                    pass
        finally:
            with self.server.lock:
                self.server.connections -= 1

    def say(self, reply: str) -> bool:
        self.wfile.write(f"{reply}\r\n".encode())
        return not reply.startswith(("421", "221", self.server.turned_away))

    def answer(self, line: str) -> bool:
        """Whether the conversation goes on."""
        if line.startswith("EHLO"):
            return self.say(self.server.greeting)
        if line.startswith("MAIL"):
            return self.say(self.server.mail_reply)
        if line.startswith("RCPT"):
            self.name = line.partition("<")[2].partition("@")[0]
            self.verdict = self.server.next_answer(self.name)
            return self.say("250 OK" if self.verdict == HANG_UP else self.verdict)
        if line == "DATA":
            self.say("354 go on")
            return self.take_message()
        return self.say("221 bye" if line == "QUIT" else "250 OK")

    def take_message(self) -> bool:
        server = self.server
        with server.lock:
            server.in_flight += 1
            server.most_in_flight = max(server.most_in_flight, server.in_flight)
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:  # the sender hung up: nothing was handed over
                with server.lock:
                    server.in_flight -= 1
                return False
            lines.append(line)
        if self.verdict.startswith(("4", "5")):
            assert not lines, "a message for somebody who was refused"
            with server.lock:
                server.in_flight -= 1
            return self.say("554 5.5.1 No valid recipients")
        server.on_message(self.name)
        with server.lock:
            server.in_flight -= 1
            server.arrived.append(self.name)
            if self.verdict == HANG_UP:
                return False
            server.kept.append(self.name)
            server.messages.append(b"".join(lines))
        return self.say("250 OK: kept")


@contextmanager
def serve(
    script: dict[str, list[str]] | None = None, *, on_message: Callable[[str], object] = lambda _name: None
) -> Iterator[Server]:
    with Server(script or {}, on_message) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
