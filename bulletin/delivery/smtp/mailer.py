"""A blocking mailer, which sends one message after another over one connection: for test copies.

A mailing is sent by the dispatcher, over the same `Connection`.
"""

from __future__ import annotations

import asyncio
import ssl

from bulletin.delivery.smtp.connection import Connection, Waits
from bulletin.delivery.smtp.event_loop import make_event_loop
from bulletin.delivery.smtp.outcome import Fate, Outcome, make_outcome
from bulletin.delivery.smtp.protocol import Letter, frame
from bulletin.delivery.smtp.relay import Relay
from bulletin.errors import RelayError, Unreachable


class SmtpMailer:
    """Sends messages one at a time. It opens a connection when needed, keeps it, and replaces it when lost."""

    def __init__(
        self,
        relay: Relay,
        *,
        waits: Waits = Waits(),  # noqa: B008 -- frozen
        context: ssl.SSLContext | None = None,
        local_hostname: str = "",
    ) -> None:
        """`waits`, `context` and `local_hostname` are as `Connection` has them."""
        self._relay = relay
        self._waits = waits
        self._context = context
        self._local_hostname = local_hostname
        self._runner: asyncio.Runner | None = None
        self._conversation: _Conversation | None = None

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Send one message; `sender` and `recipient` are the envelope's addresses.

        Raises RelayError if the relay refuses us and not this recipient (login, sender, or an invalid certificate). The
        message was not sent then, and no other would be.
        """
        letter = Letter(0, sender, recipient, [frame(message)])
        self._runner = self._runner or asyncio.Runner(loop_factory=make_event_loop)
        return self._runner.run(self._deliver(letter))

    def close(self) -> None:
        """Send QUIT, if there is a connection."""
        runner, self._runner = self._runner, None
        if runner:
            with runner:
                runner.run(self._leave())

    async def _deliver(self, letter: Letter) -> Outcome:
        used_before = self._conversation is not None
        outcome = await self._converse(letter)
        if outcome.fate is Fate.UNSENT and used_before:
            # It was idle too long, or has sent its share of messages: try a new connection.
            outcome = await self._converse(letter)
        return outcome

    async def _converse(self, letter: Letter) -> Outcome:
        """Send one message. The connection is kept only if it is ready for the next."""
        conversation, self._conversation = self._conversation or await self._open(), None
        outcome = await conversation.hand_over(letter)
        if await conversation.is_ready():
            self._conversation = conversation
        elif outcome.fate is Fate.UNSENT and not isinstance(conversation.error, Unreachable | None):
            raise conversation.error
        return outcome

    async def _open(self) -> _Conversation:
        conversation = await self._connect()
        if not await conversation.is_ready() and conversation.connection.may_log_in_anew:
            conversation = await self._connect()
        return conversation

    async def _connect(self) -> _Conversation:
        conversation = _Conversation()
        connection = Connection(self._relay, conversation, waits=self._waits, local_hostname=self._local_hostname)
        conversation.connection = connection
        await connection.open(context=self._context)
        return conversation

    async def _leave(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation and await conversation.is_ready():
            await conversation.connection.leave()


class _Conversation:
    """A connection's listener, which waits for one event at a time."""

    connection: Connection

    def __init__(self) -> None:
        self.error: RelayError | None = None
        self._turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    async def is_ready(self) -> bool:
        """Wait until the connection is ready for a message, or closed."""
        return await self._turn

    async def hand_over(self, letter: Letter) -> Outcome:
        if not await self.is_ready():
            return make_outcome(Fate.UNSENT, self.error.message if self.error else "")
        self._turn, self._outcome = (asyncio.get_running_loop().create_future() for _ in range(2))
        self.connection.announce(letter)
        return await self._outcome

    def ready(self, _connection: Connection) -> None:
        self._turn.set_result(True)

    def go_ahead(self, connection: Connection, _letter: Letter) -> None:
        connection.transmit()

    def ended(self, _connection: Connection, _letter: Letter, outcome: Outcome) -> None:
        self._outcome.set_result(outcome)

    def over(self, _connection: Connection, error: RelayError | None) -> None:
        self.error = error
        if self._turn.done():
            self._turn = asyncio.get_running_loop().create_future()
        self._turn.set_result(False)
