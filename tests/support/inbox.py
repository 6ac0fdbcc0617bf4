"""A relay that keeps what it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Inbox:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.users: list[bytes | None] = []

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        self.users.append(session.auth_data)
        return "250 2.0.0 taken"


class RealRelay(Controller):
    """aiosmtpd at a port that is free, with a login if there are `logins`."""

    def __init__(self, *, logins: Mapping[str, str] | None = None, inbox: Inbox | None = None, **options: Any) -> None:
        self._logins = logins or {}
        self.inbox = inbox or Inbox()
        self._connections: list[SMTP] = []
        if logins:
            options |= {"authenticator": self._check, "auth_required": True}
        super().__init__(self.inbox, hostname="127.0.0.1", port=0, server_hostname="localhost", **options)

    def _check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, login: LoginPassword
    ) -> AuthResult:
        known = {name.encode(): password.encode() for name, password in self._logins.items()}
        return AuthResult(success=known.get(login.login) == login.password, handled=False, auth_data=login.login)

    def factory(self) -> SMTP:
        self._connections.append(super().factory())  # type: ignore[no-untyped-call]  # aiosmtpd's own
        return self._connections[-1]

    @property
    def connected(self) -> int:
        """How often someone has connected."""
        return len([one for one in self._connections if one.session is not None])

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 -- aiosmtpd's
        """Cut what is still connected first: aiosmtpd would leave its sockets open behind a loop that has ended."""
        asyncio.run_coroutine_threadsafe(self._cut_all(), self.loop).result()
        super().stop(no_assert)  # type: ignore[no-untyped-call]  # aiosmtpd's own

    async def _cut_all(self) -> None:
        for _ in range(2):  # rounds of the loop, after which whoever has connected is a task at least
            await asyncio.sleep(0)
        while True:
            still_open = [connection.transport for connection in self._connections if connection.transport is not None]
            if not still_open and len(asyncio.all_tasks()) == 1:  # this one
                return
            for transport in still_open:
                cast("asyncio.Transport", transport).abort()
            await asyncio.sleep(0)

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
