"""The relays of a workspace in order, each with its login: a password, or a token that is fetched when needed."""

from __future__ import annotations

import time
from dataclasses import replace

from bulletin.delivery.smtp.oauth import CachedToken, MicrosoftTokens, fetch_by_command
from bulletin.delivery.smtp.relay import Relay, parse_relay
from bulletin.errors import RelayError
from bulletin.settings.sending import LoginKind, TokenLogin
from bulletin.workspace.workspace import Workspace


def open_relays(workspace: Workspace) -> tuple[Relay, ...]:
    """Return the relays in the order in which they are tried, each once; with tokens if `login:` asks for them.

    A relay whose URL has a username and no password logs in with a token, which is fetched when it is needed. Raises
    RelayError and BulletinError if a URL, the login or the client secret is wrong. A username without password and
    token is an error too: after a mailing has begun, it would be too late.
    """
    relays = _give_tokens(workspace, tuple(dict.fromkeys(map(parse_relay, workspace.smtp_urls))))
    for relay in relays:
        relay.require_secret()
    return relays


def _give_tokens(workspace: Workspace, relays: tuple[Relay, ...]) -> tuple[Relay, ...]:
    """Add tokens to the relays that `login:` is for."""
    login = workspace.settings.sending.login
    if login is None:
        return relays
    if not any(map(_logs_in_by_token, relays)):
        raise RelayError(
            "bulletin.yaml has a login with a token, but no server address names a mailbox.",
            "Write the mailbox before the server's name, without a password: smtp+starttls://news%40example.org@smtp.example.org",
        )
    token = find_token(workspace, login)
    return tuple(replace(relay, token=token) if _logs_in_by_token(relay) else relay for relay in relays)


def _logs_in_by_token(relay: Relay) -> bool:
    return bool(relay.username and not relay.password)


def find_token(workspace: Workspace, login: TokenLogin) -> CachedToken:
    """What fetches the tokens of a login, when needed. Raises BulletinError if the client secret is missing."""
    if login.kind is LoginKind.COMMAND:
        return CachedToken(lambda: fetch_by_command(login.command), clock=time.monotonic)
    assert login.tenant is not None  # noqa: S101 -- Login sees to it
    assert login.client_id is not None  # noqa: S101 -- Login sees to it
    secret = workspace.secrets.read_client_secret()
    tokens = MicrosoftTokens(tenant=login.tenant, client_id=login.client_id, secret=secret)
    return CachedToken(tokens.fetch, clock=time.monotonic)
