"""What a person should know before an issue is sent: whether, and how, its readers can unsubscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulletin.cli.opening import open_engine
from bulletin.cli.terminal import say, warn
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

BULK: Final = 5_000
"""Emails a day from which on Gmail and Microsoft ask for one-click unsubscribe (support.google.com/a/answer/81126)."""

_RULE: Final = "Gmail and Microsoft ask bulk senders (5,000 a day) for one-click unsubscribe by https."


def print_ways_out(workspace: Workspace, issue: str, number: int) -> None:
    """Print whether the rule for bulk senders is met by an issue to `number` readers, and what a person has to do.

    Nothing is printed where the website has one click. Without a mailbox that bulletin reads, a person has two days to
    carry out each request: that is the rule of the same services.
    """
    settings = workspace.settings
    if settings.website and settings.website.url.lower().startswith("https://"):
        return
    if number < BULK:
        say(f"{_RULE} You send {number:,}, so this doesn’t apply.")
    else:
        say(f"{_RULE} You send {number:,}, so this applies, and they may refuse your emails.")
        say(f"{_explain_remedy(workspace)} See docs/website.md.")
    if settings.website is None and settings.returns is None:
        bulletin = workspace.bulletin_settings(issue)
        mailbox = bulletin.reply_to or bulletin.sender.email
        warn(
            f"Readers unsubscribe by an email to {mailbox}. Someone has to carry out each request within 2 days: "
            "bulletin subscribers remove ADDRESS. Set `returns` in bulletin.yaml, and bulletin reads the mailbox."
        )


def _explain_remedy(workspace: Workspace) -> str:
    if workspace.settings.website:
        return "Give your website a certificate, and write its address with https:// as `website: url`."
    return "Start `bulletin serve`, and write its https address as `website: url` in bulletin.yaml."


def warn_of_dead_links(workspace: Workspace, website: str) -> None:
    """Warn of what `send` would refuse for; `website` is where the unsubscribe links lead, "" for none.

    Nothing is asked if the servers are all on this computer, or none is set: nothing would leave it. What keeps us from
    asking is told too: it would keep the issue from being sent.
    """
    from bulletin.delivery.sending.relays import open_relays
    from bulletin.delivery.sending.website_check import find_website_fault
    from bulletin.subscribers.link_key import find_link_key

    if not website or not workspace.has_relay:
        return
    try:
        if all(relay.is_local for relay in open_relays(workspace)):
            return
        with open_engine(workspace) as engine:
            fault: BulletinError | None = find_website_fault(engine, website, key=find_link_key(workspace, engine))
    except BulletinError as error:
        fault = error
    if fault:
        warn(f"It can't be sent like this. {fault}")
