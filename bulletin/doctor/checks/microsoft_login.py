"""Microsoft 365: the end of password logins, access tokens, and what an app may do."""

from __future__ import annotations

import re
from typing import Final

from bulletin.delivery.sending.relays import make_graph_tokens
from bulletin.doctor.asking.app_roles import ask_for_roles
from bulletin.doctor.asking.relay_talk import require_login, require_relay
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import CannotTellError, Found, Judgement, NotApplicable, Passed
from bulletin.doctor.known_providers import find_provider
from bulletin.errors import RelayError, Unreachable
from bulletin.settings.graph import GraphAccount
from bulletin.settings.proof import Severity
from bulletin.settings.sending import LoginKind, Provider, TokenLogin

_SWITCHED_OFF: Final = re.compile(r"5\.7\.30\b|basic authentication is (?:disabled|not supported)", re.IGNORECASE)
_SECRET_ENDED: Final = re.compile(r"AADSTS7000222\b")
_CODE: Final = re.compile(r"\bAADSTS\d+\b")


@check(
    "MTA06",
    "Microsoft will take this login next year too",
    family=Family.MAIL_SERVER,
    asks={Asks.SETTINGS, Asks.RELAY},
    matters="The January issue may not go out.",
    ask_it="Please give us one of these, for {sender} only: (a) an Entra app with SMTP.SendAsApp, registered by "
    "New-ServicePrincipal and Add-MailboxPermission on this mailbox; or (b) Microsoft Graph: an Entra app without "
    "Mail.Send, and “Application Mail.Send” granted by New-ManagementScope and New-ManagementRoleAssignment for "
    "{sender} alone. We need the tenant's name, the app's client ID and a client secret. An admin can switch "
    "passwords back on for now; Microsoft will announce the final date in the second half of 2027.",
)
def needs_no_password(case: Case) -> Judgement:
    """At Microsoft 365, the login is by token and not by password.

    Microsoft switches password login for sending (“SMTP AUTH basic authentication”) off by default at the end of
    December 2026. It is an error once the server refuses the password with 5.7.30.
    """
    relay = require_relay(case)
    if find_provider(case) is not Provider.MICROSOFT_365:
        return NotApplicable()
    if not (relay.username and relay.password):
        return Passed()
    try:
        login = require_login(case).login
    except CannotTellError:
        login = None
    facts = {"sender": case.sender}
    if login and _SWITCHED_OFF.search(str(login)):
        return Found(
            what="Microsoft has switched off password login for sending.",
            severity=Severity.ERROR,
            facts=facts,
            why="Nothing can be sent.",
        )
    return Found(
        what="Microsoft switches password login for sending off by default at the end of December 2026.",
        severity=Severity.WARNING,
        facts=facts,
    )


@check(
    "MTA07",
    "We get an access token",
    family=Family.MAIL_SERVER,
    asks={Asks.MICROSOFT},
    matters="Nothing can be sent.",
    ask_it="Please renew the client secret of the app {client_id} and send it to us safely, not by email. Microsoft "
    "says: {reply}",
)
def gets_a_token(case: Case) -> Judgement:
    """The login by token gets one: from Microsoft's login service, or from your own command.

    Microsoft doesn't tell an app when its secret ends, so this can't warn of that. Put the day in your calendar.
    """
    if graph := case.workspace.graph:
        return _get_graph_token(case, graph)
    relay = require_relay(case)
    login = case.workspace.settings.sending.login
    if login is None or relay.token is None:
        return NotApplicable()
    fault = require_login(case).token_fault
    return explain_no_token(login, fault) if fault else Passed()


def _get_graph_token(case: Case, graph: GraphAccount) -> Judgement:
    """Raises BulletinError without the client secret, and if Microsoft doesn't answer."""
    tokens = make_graph_tokens(case.workspace, graph)
    try:
        tokens.fetch()
    except Unreachable:
        raise
    except RelayError as error:
        return explain_refusal(graph.client_id, error.message)
    return Passed()


def explain_no_token(login: TokenLogin, fault: str) -> Found:
    """Why there is no token, by what was said. Pure."""
    if login.kind is LoginKind.COMMAND:
        return Found(
            what=fault,
            severity=Severity.ERROR,
            facts={"client_id": "", "reply": fault, "code": ""},
            ask="Please look at the command for the login in bulletin.yaml: it gives no access token.",
        )
    return explain_refusal(login.client_id or "", fault)


def explain_refusal(client_id: str, fault: str) -> Found:
    """Why Microsoft gives an app no token, by what was said. Pure."""
    code = found[0] if (found := _CODE.search(fault)) else ""
    facts = {"client_id": client_id, "reply": fault, "code": code}
    if _SECRET_ENDED.search(fault):
        return Found(what="The app's secret has ended.", severity=Severity.ERROR, facts=facts)
    what = f"Microsoft gives no access token ({code})." if code else fault
    return Found(what=what, severity=Severity.ERROR, facts=facts)


@check(
    "MTA08",
    "The app may send for this mailbox only",
    family=Family.MAIL_SERVER,
    asks={Asks.MICROSOFT},
    matters="If its secret leaks, anyone can send email in any colleague's name.",
    ask_it="Please remove Mail.Send from the app in Entra: permissions add up. To send by SMTP it needs only "
    "SMTP.SendAsApp, and Add-MailboxPermission on {sender} alone. To send by Microsoft Graph it needs “Application "
    "Mail.Send”, granted by New-ManagementScope and New-ManagementRoleAssignment for {sender} alone; "
    "Test-ServicePrincipalAuthorization checks it.",
)
def may_send_for_one_mailbox(case: Case) -> Judgement:
    """The app hasn't got Mail.Send in Entra, which is for every mailbox of the organisation.

    It sees the permissions in an access token for Graph. What is granted by RBAC for Applications isn't in there.
    """
    login = case.workspace.settings.sending.login
    if not case.workspace.graph and (login is None or login.kind is not LoginKind.MICROSOFT):
        return NotApplicable()
    roles = (case.find_roles or ask_for_roles)(case)
    if "Mail.Send" not in roles:
        return Passed()
    return Found(what="The app may send as everyone.", severity=Severity.WARNING, facts={"sender": case.sender})


FIRST_CHECKS = (needs_no_password,)
CHECKS = (gets_a_token, may_send_for_one_mailbox)
