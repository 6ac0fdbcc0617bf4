"""A blocking mailer, which sends one message after another over one connection: for test copies.

A mailing is sent by the dispatcher, over the same `SmtpConnection`.
"""

from __future__ import annotations

import asyncio
import ssl

from bulletin.delivery.smtp.connection import SmtpConnection, Timeouts
from bulletin.delivery.smtp.event_loop import make_event_loop
from bulletin.delivery.smtp.outcome import Fate, Outcome, make_outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage, frame
from bulletin.delivery.smtp.relay import Relay
from bulletin.errors import RelayError, Unreachable


class SmtpMailer:
    """Sends messages one at a time. It opens a connection when needed, keeps it, and replaces it when lost."""

    def __init__(
        self,
        relay: Relay,
        *,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 -- frozen
        context: ssl.SSLContext | None = None,
        local_hostname: str = "",
    ) -> None:
        """`timeouts`, `context` and `local_hostname` are as `SmtpConnection` has them."""
        self._relay = relay
        self._timeouts = timeouts
        self._context = context
        self._local_hostname = local_hostname
        self._runner: asyncio.Runner | None = None
        self._conversation: _Conversation | None = None

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Send one message; `sender` and `recipient` are the envelope's addresses.

        Raises RelayError if the relay refuses us and not this recipient (login, sender, or an invalid certificate). The
        message was not sent then, and no other would be.
        """
        outgoing = OutgoingMessage(0, sender, recipient, [frame(message)])
        self._runner = self._runner or asyncio.Runner(loop_factory=make_event_loop)
        return self._runner.run(self._deliver(outgoing))

    def close(self) -> None:
        """Send QUIT, if there is a connection."""
        runner, self._runner = self._runner, None
        if runner:
            with runner:
                runner.run(self._quit())

    async def _deliver(self, message: OutgoingMessage) -> Outcome:
        used_before = self._conversation is not None
        outcome = await self._converse(message)
        if outcome.fate is Fate.UNSENT and used_before:
            # It was idle too long, or has sent its share of messages: try a new connection.
            outcome = await self._converse(message)
        return outcome

    async def _converse(self, message: OutgoingMessage) -> Outcome:
        """Send one message. The connection is kept only if it is ready for the next."""
        conversation, self._conversation = self._conversation or await self._open(), None
        outcome = await conversation.hand_over(message)
        if await conversation.is_ready():
            self._conversation = conversation
        elif outcome.fate is Fate.UNSENT and not isinstance(conversation.error, Unreachable | None):
            raise conversation.error
        return outcome

    async def _open(self) -> _Conversation:
        conversation = await self._connect()
        if not await conversation.is_ready() and conversation.connection.may_log_in_again:
            conversation = await self._connect()
        return conversation

    async def _connect(self) -> _Conversation:
        conversation = _Conversation()
        connection = SmtpConnection(
            self._relay, conversation, timeouts=self._timeouts, local_hostname=self._local_hostname
        )
        conversation.connection = connection
        await connection.open(context=self._context)
        return conversation

    async def _quit(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation and await conversation.is_ready():
            await conversation.connection.quit()


class _Conversation:
    """A connection's listener, which waits for one event at a time."""

    connection: SmtpConnection

    def __init__(self) -> None:
        self.error: RelayError | None = None
        self._readiness: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    async def is_ready(self) -> bool:
        """Wait until the connection is ready for a message, or closed."""
        return await self._readiness

    async def hand_over(self, message: OutgoingMessage) -> Outcome:
        if not await self.is_ready():
            return make_outcome(Fate.UNSENT, self.error.message if self.error else "")
        self._readiness, self._outcome = (asyncio.get_running_loop().create_future() for _ in range(2))
        self.connection.announce(message)
        return await self._outcome

    def ready(self, _connection: SmtpConnection) -> None:
        self._readiness.set_result(True)

    def go_ahead(self, connection: SmtpConnection, _letter: OutgoingMessage) -> None:
        connection.transmit()

    def completed(self, _connection: SmtpConnection, _letter: OutgoingMessage, outcome: Outcome) -> None:
        self._outcome.set_result(outcome)

    def closed(self, _connection: SmtpConnection, error: RelayError | None) -> None:
        self.error = error
        if self._readiness.done():
            self._readiness = asyncio.get_running_loop().create_future()
        self._readiness.set_result(False)
