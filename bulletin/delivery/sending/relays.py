"""The relays of a workspace in order, each with its login: a password, or a token that is fetched when needed."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import urlsplit

from bulletin.delivery.smtp.oauth import CachedToken, MicrosoftTokens, fetch_by_command
from bulletin.delivery.smtp.relay import Relay, parse_relay
from bulletin.delivery.transport.graph import SCOPE_PATH, GraphTransport
from bulletin.delivery.transport.opening import AnyRelay
from bulletin.delivery.transport.transport import ServiceRelay
from bulletin.errors import RelayError
from bulletin.settings.graph import GraphAccount
from bulletin.settings.sending import LoginKind, TokenLogin
from bulletin.workspace.workspace import Workspace


def name_relays(workspace: Workspace) -> tuple[AnyRelay, ...]:
    """The relays in the order in which they are tried, without what it takes to log in. Raises as `open_relays`."""
    if graph := workspace.graph:
        return (_name_graph(graph),)
    return tuple(dict.fromkeys(map(parse_relay, workspace.smtp_urls)))


def _name_graph(graph: GraphAccount) -> ServiceRelay:
    return ServiceRelay(host=urlsplit(graph.url).hostname or "", username=graph.mailbox)


def _open_graph(workspace: Workspace, graph: GraphAccount) -> ServiceRelay:
    """Microsoft Graph, with tokens that are fetched when needed. Raises BulletinError without the client secret."""
    tokens = CachedToken(make_graph_tokens(workspace, graph).fetch, clock=time.monotonic)
    return replace(_name_graph(graph), transport=GraphTransport(mailbox=graph.mailbox, tokens=tokens, url=graph.url))


def make_graph_tokens(workspace: Workspace, graph: GraphAccount) -> MicrosoftTokens:
    """What fetches tokens for Graph. Raises BulletinError without the client secret."""
    return MicrosoftTokens(
        tenant=graph.tenant,
        client_id=graph.client_id,
        secret=workspace.secrets.read_client_secret(),
        authority=graph.login_url,
        scope=graph.url + SCOPE_PATH,
    )


def open_relays(workspace: Workspace) -> tuple[AnyRelay, ...]:
    """Return the relays in the order in which they are tried, each once; with tokens if `login:` asks for them.

    A relay whose URL has a username and no password logs in with a token, which is fetched when it is needed. Raises
    RelayError and BulletinError if a URL, the login or the client secret is wrong. A username without password and
    token is an error too: after a mailing has begun, it would be too late.
    """
    if graph := workspace.graph:
        return (_open_graph(workspace, graph),)
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
