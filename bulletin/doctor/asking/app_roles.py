"""What a Microsoft app may do through Graph: the `roles` in an access token of its own (RFC 7519; unverified)."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode
from typing import Final

from bulletin.delivery.smtp.oauth import MICROSOFT
from bulletin.delivery.transport.graph import SCOPE_PATH
from bulletin.doctor.case import Case
from bulletin.doctor.judgement import CannotTellError
from bulletin.errors import BulletinError
from bulletin.parts import Part, require_part
from bulletin.settings.sending import LoginKind

_GRAPH: Final = "https://graph.microsoft.com/.default"
_PATIENCE: Final = 10  # seconds for each answer


def ask_for_roles(case: Case) -> frozenset[str]:
    """The app's roles in Graph, by Microsoft's login service. Raises CannotTellError if it gives no token."""
    sending = case.workspace.settings.sending
    if graph := sending.graph:
        authority, client_id, scope = f"{graph.login_url}/{graph.tenant}", graph.client_id, graph.url + SCOPE_PATH
    elif sending.login and sending.login.kind is LoginKind.MICROSOFT:
        authority, client_id, scope = f"{MICROSOFT}/{sending.login.tenant}", str(sending.login.client_id), _GRAPH
    else:
        raise CannotTellError("No Microsoft app is set.")
    try:
        secret = case.workspace.secrets.read_client_secret()
    except BulletinError as error:
        raise CannotTellError(error.message) from None
    return read_roles(_fetch_token(authority, client_id, secret, scope))


def _fetch_token(authority: str, client_id: str, secret: str, scope: str) -> str:
    require_part(Part.MICROSOFT)
    import msal
    import requests

    try:
        application = msal.ConfidentialClientApplication(
            client_id, client_credential=secret, authority=authority, instance_discovery=False, timeout=_PATIENCE
        )
        answer = application.acquire_token_for_client(scopes=[scope])
    except (ValueError, requests.RequestException):
        raise CannotTellError("Microsoft's login service doesn't answer.") from None
    if "access_token" not in answer:
        raise CannotTellError("Microsoft gives no token for Graph.", until="MTA07")
    return str(answer["access_token"])


def read_roles(token: str) -> frozenset[str]:
    """The roles in a token. Raises CannotTellError for one that can't be read."""
    try:
        part = token.split(".")[1]
        facts = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return frozenset(map(str, facts.get("roles", ())))
    except (IndexError, ValueError, binascii.Error, AttributeError, TypeError):
        raise CannotTellError("Microsoft's token can't be read.") from None
