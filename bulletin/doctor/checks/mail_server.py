"""Can we reach the mail server, is it safe to talk to, and does it let us send as this sender?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bulletin.doctor.asking.relay_talk import (
    RelayTalk,
    ServerReply,
    find_relay,
    require_login,
    require_relay,
    require_talk,
    talk_to_relay,
)
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.issue_size import measure_issue
from bulletin.doctor.judgement import CannotTellError, Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.errors import BulletinError
from bulletin.settings.proof import Severity
from bulletin.times import format_day

_OK: Final = (250, 251)
_SOON: Final = timedelta(days=21)
_MEGABYTE: Final = 1_000_000


@check(
    "MTA01",
    "A mail server is set",
    family=Family.MAIL_SERVER,
    asks={Asks.SETTINGS},
    matters="Nothing can be sent.",
    ask_it="Which SMTP server may send as {sender}: host, port, and how to log in?",
    fix="Write the server to `sending: smtp:` in bulletin.yaml, and the address with the password to "
    "BULLETIN_SMTP_URL.",
)
def names_a_server(case: Case) -> Judgement:
    """`sending: smtp:` in bulletin.yaml or BULLETIN_SMTP_URL names a mail server, and its address can be read.

    A username needs a password in BULLETIN_SMTP_URL, or a login by token.
    """
    facts = {"sender": case.sender}
    if not case.workspace.has_relay:
        return Found(what="No mail server is set.", severity=Severity.ERROR, facts=facts)
    try:
        relay = case.once(find_relay)
    except BulletinError as error:
        return Found(what=error.message, severity=Severity.ERROR, facts=facts, fix=error.remedy)
    return Passed(facts={"server": str(relay)})


@check(
    "MTA02",
    "The mail server answers",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY},
    matters="Readers get nothing.",
    ask_it="Please allow this computer to reach {host} on port {port}. Port 25 is usually blocked; 587 and 465 are for "
    "sending.",
)
def answers(case: Case) -> Judgement:
    """The server's name leads to a computer that answers as a mail server does, within five seconds."""
    relay = require_relay(case)
    talk = case.once(talk_to_relay)
    if talk.unreachable:
        facts: dict[str, str | int] = {"host": relay.host, "port": relay.port}
        return Found(what=talk.unreachable, severity=Severity.ERROR, facts=facts)
    return Passed(facts={"address": talk.address})


@check(
    "MTA03",
    "The connection is encrypted",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY},
    matters="Names and addresses of readers could be read on the way.",
    ask_it="Please offer STARTTLS with TLS 1.2 or later on port 587 of {host}.",
    fix="If the server offers it, begin its address with smtp+starttls:// instead of smtp://.",
)
def is_encrypted(case: Case) -> Judgement:
    """The server offers TLS 1.2 or later: from the start (port 465), or by STARTTLS (port 587).

    A server on this computer needs none.
    """
    talk = require_talk(case)
    if talk.is_encrypted_enough or talk.certificate_fault:
        return Passed()
    can_change = talk.offers_encryption and not talk.encryption_fault
    return Found(
        what="The connection isn't encrypted.",
        severity=Severity.ERROR,
        facts={"host": talk.relay.host, "fault": talk.encryption_fault},
        fix=None if can_change else "",
    )


@check(
    "MTA04",
    "The mail server's certificate is right",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY, Asks.CLOCK},
    matters="Sending stops, because anyone could pass for the server.",
    ask_it="Please renew the certificate for {host}, with this name in it and the whole chain.",
)
def has_right_certificate(case: Case) -> Judgement:
    """The certificate is for the server's name, this computer trusts who signed it, and it lasts for three weeks more.

    Less than 21 days are a warning: a certificate is renewed by itself about a month before its end.
    """
    talk = require_talk(case)
    facts = {"host": talk.relay.host}
    if talk.certificate_fault:
        return Found(what=talk.certificate_fault, severity=Severity.ERROR, facts=facts)
    if not talk.encrypted or talk.certificate_end is None:
        return NotApplicable()
    ends = format_day(talk.certificate_end)
    if talk.certificate_end - case.computer.now < _SOON:
        what = f"The certificate of {talk.relay.host} ends on {ends}."
        return Found(what=what, severity=Severity.WARNING, facts=facts, why="Sending stops that day.")
    return Passed(facts={"ends": ends})


@check(
    "MTA05",
    "The server accepts our login",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY},
    matters="Nothing can be sent.",
    ask_it="Is the account {user} active, allowed to use SMTP, and free of “sign in on the web” rules? The server "
    "says: “{reply}”",
)
def accepts_login(case: Case) -> Judgement:
    """The server takes the username with its password or token."""
    talk = require_login(case)
    if not talk.relay.username:
        return NotApplicable()
    if talk.token_fault:
        return Unknown(why="There is no access token to log in with.", until="MTA07")
    reply = talk.login_fault or str(talk.login)
    if talk.has_logged_in:
        return Passed()
    facts = {"user": talk.relay.username, "reply": reply}
    return Found(
        what=f"The server refused the login for {talk.relay.username} (“{reply}”).",
        severity=Severity.ERROR,
        facts=facts,
    )


@check(
    "MTA09",
    "The account may send as this sender",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY},
    matters="The server would refuse every email.",
    ask_it="Please give {user} “Send As” on {sender}.",
)
def may_send_as_sender(case: Case) -> Judgement:
    """The server takes our sender and the address for replies. Both are taken back: no message is sent."""
    talk = _require_entry(case)
    user = talk.relay.username or "this computer"
    if talk.sender and talk.sender.code not in _OK:
        facts = {"user": user, "sender": case.envelope, "reply": str(talk.sender)}
        return Found(
            what=f"The account may not send as {case.envelope} (“{talk.sender}”).",
            severity=Severity.ERROR,
            facts=facts,
        )
    if talk.recipient and talk.recipient.code not in _OK:
        return _explain_recipient(case, talk.recipient, user)
    if talk.sender is None or talk.recipient is None:
        return Unknown(why="The server hung up before we could ask.")
    return Passed()


def _require_entry(case: Case) -> RelayTalk:
    talk = require_login(case)
    if not talk.has_logged_in:
        raise CannotTellError("The server didn't let us in.", until="MTA07" if talk.token_fault else "MTA05")
    return talk


def _explain_recipient(case: Case, reply: ServerReply, user: str) -> Found:
    temporary = 400 <= reply.code < 500
    return Found(
        what=f"The server doesn't take an email to {case.reply_address}, where replies go (“{reply}”).",
        severity=Severity.WARNING if temporary else Severity.ERROR,
        facts={"user": user, "sender": case.sender, "reply": str(reply)},
        why="It may refuse readers at other organisations as well, and replies may be lost.",
        ask=f"Please let {user} send to any address, and check that {case.reply_address} exists.",
    )


@check(
    "MTA10",
    "The issue isn't too large for the server",
    family=Family.MAIL_SERVER,
    asks={Asks.RELAY, Asks.FILES},
    matters="The server would refuse every email of this issue.",
    ask_it="Please raise the largest message size (message_size_limit in Postfix) to {needed} MB.",
    fix="Use smaller pictures: 1,200 pixels wide is enough.",
)
def takes_the_issue(case: Case) -> Judgement:
    """The server takes emails twice as large as the latest issue (RFC 1870)."""
    talk = require_talk(case)
    if talk.size is None or talk.size == 0:
        return NotApplicable()
    size = case.once(measure_issue)
    if size is None:
        return NotApplicable()
    facts: dict[str, str | int] = {"size": size, "limit": talk.size, "needed": -(-2 * size // _MEGABYTE)}
    told, limit = f"{size / _MEGABYTE:.1f} MB", f"{talk.size / _MEGABYTE:.1f} MB"
    if size > talk.size:
        what = f"The issue ({told}) is larger than the server takes ({limit})."
        return Found(what=what, severity=Severity.ERROR, facts=facts)
    if 2 * size > talk.size:
        what = f"The issue ({told}) is nearly as large as the server takes ({limit})."
        return Found(what=what, severity=Severity.WARNING, facts=facts, why="A larger issue would be refused.")
    return Passed(facts=facts)


CHECKS = (names_a_server, answers, is_encrypted, has_right_certificate, accepts_login)
LATER_CHECKS = (may_send_as_sender, takes_the_issue)
