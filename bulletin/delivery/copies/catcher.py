"""A mail catcher for the demo: an SMTP server on this computer only, which keeps all messages and forwards none."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from bulletin.disk import make_private_folder

_NOT_IN_A_FILE_NAME = re.compile(r"[^\w@.+-]", re.ASCII)
_LONGEST_NAME = 200  # characters of the address: most disks take 255 in all


@dataclass(frozen=True, kw_only=True, slots=True)
class Caught:
    """A message that was caught: the envelope's recipient, and its file."""

    recipient: str
    file: Path


class MailCatcher:
    """Keeps each message as `0001-anna@example.org.eml` in a folder. Use it with `with`; it listens on `port`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._caught: list[Caught] = []

    @property
    def caught(self) -> tuple[Caught, ...]:
        """The messages so far, in order of arrival."""
        return tuple(self._caught)

    def __enter__(self) -> Self:
        make_private_folder(self._folder)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        # The loop is made here, so that it can be stopped from the first moment on.
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = Thread(target=self._run, name="mail catcher", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        """Keep a message; aiosmtpd calls this."""
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            self._keep(recipient, content)
        return "250 2.0.0 Caught"

    def _keep(self, recipient: str, content: bytes) -> None:
        name = _NOT_IN_A_FILE_NAME.sub("_", recipient)[:_LONGEST_NAME]
        file = self._folder / f"{len(self._caught) + 1:04}-{name}.eml"
        file.write_bytes(content)
        self._caught.append(Caught(recipient=recipient, file=file))

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        """Serve until `__exit__`. The runner then ends the open conversations."""
        server = await self._loop.create_server(self._answer, sock=self._socket)
        await self._stopping.wait()
        server.close()

    def _answer(self) -> SMTP:
        return SMTP(self, hostname="localhost", ident="mail catcher", enable_SMTPUTF8=True, loop=self._loop)
