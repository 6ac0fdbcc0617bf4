"""The relays of a workspace in their order, each with its login: a password, or a token got when it is needed."""

from __future__ import annotations

import time
from dataclasses import replace

from bulletin.delivery.smtp.oauth import CachedToken, MicrosoftTokens, fetch_by_command
from bulletin.delivery.smtp.relay import Relay, parse_relay
from bulletin.errors import RelayError
from bulletin.settings.sending import Login, LoginKind
from bulletin.workspace.workspace import Workspace


def open_relays(workspace: Workspace) -> tuple[Relay, ...]:
    """The relays in the order in which they are tried, each once; with tokens where `login:` says so.

    A relay whose address has a username and no password logs in by token. Nothing is asked for one before it is
    needed. Raises RelayError and BulletinError for what is wrong with addresses, login or client secret, and for one
    that has a username and neither password nor token: once a mailing has begun, that would be found out too late.
    """
    relays = _give_tokens(workspace, tuple(dict.fromkeys(map(parse_relay, workspace.smtp_urls))))
    for relay in relays:
        relay.require_secret()
    return relays


def _give_tokens(workspace: Workspace, relays: tuple[Relay, ...]) -> tuple[Relay, ...]:
    """The same relays, with tokens where `login:` says so."""
    login = workspace.settings.sending.login
    if login is None:
        return relays
    if not any(map(_logs_in_by_token, relays)):
        raise RelayError(
            "bulletin.yaml has a login by token, but no server's address says for which mailbox.",
            "Write it before the server's name, without a password: smtp+starttls://news%40example.org@smtp.example.org",
        )
    token = _find_token(workspace, login)
    return tuple(replace(relay, token=token) if _logs_in_by_token(relay) else relay for relay in relays)


def _logs_in_by_token(relay: Relay) -> bool:
    return bool(relay.username and not relay.password)


def _find_token(workspace: Workspace, login: Login) -> CachedToken:
    if login.kind is LoginKind.COMMAND:
        return CachedToken(lambda: fetch_by_command(login.command), clock=time.monotonic)
    assert login.tenant is not None  # noqa: S101 -- Login sees to it
    assert login.client_id is not None  # noqa: S101 -- Login sees to it
    secret = workspace.secrets.read_client_secret()
    tokens = MicrosoftTokens(tenant=login.tenant, client_id=login.client_id, secret=secret)
    return CachedToken(tokens.fetch, clock=time.monotonic)
