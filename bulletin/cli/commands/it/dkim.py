"""`bulletin dkim`: makes the key that signs emails, and shows the DNS record that publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, say_data, say_heading
from bulletin.errors import NotFound

if TYPE_CHECKING:
    from bulletin.settings.signing import DkimSettings
    from bulletin.workspace.workspace import Workspace


def dkim(
    *,
    domain: Annotated[
        str,
        typer.Option("--domain", metavar="DOMAIN", help="The domain that signs (default: the sender's)."),
    ] = "",
    selector: Annotated[
        str, typer.Option("--selector", metavar="NAME", help="The key's name in DNS (default: bulletin).")
    ] = "",
    folder: WorkspaceOption = None,
) -> None:
    """Make a signing key, and show its DNS record.

    You need this only if your mail server doesn't sign emails itself (DKIM). Microsoft 365, Google and mail services
    do. A key that is there is never replaced: the command then shows its record again. For a new key, choose another
    name.

      bulletin dkim                   make a key, and show what to publish
      bulletin dkim --selector 2027   make another, which takes over later
    """
    from bulletin.delivery.message.signing_key import make_key, write_record
    from bulletin.delivery.sending.signing import require_aligned
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    chosen = _choose(workspace, domain, selector)
    require_aligned(workspace, chosen.domain)
    place, name = workspace.secrets.find_dkim_key(chosen.selector), chosen.selector
    try:
        pem, made = workspace.secrets.read_dkim_key(name), False
    except NotFound:
        pem, made = make_key(), True
        workspace.secrets.make_dkim_key(name, pem)
    record = write_record(pem)
    _describe_key(str(place or ""), made=made)
    _show_record(chosen, record)
    _show_next(workspace, chosen)


def _choose(workspace: Workspace, domain: str, selector: str) -> DkimSettings:
    """What to sign by: what was typed, or what bulletin.yaml says, or the first bulletin's sender."""
    from pydantic import ValidationError

    from bulletin.errors import BulletinError
    from bulletin.settings.signing import DkimSettings
    from bulletin.subscribers.address import parse_address

    declared = workspace.settings.sending.dkim
    sender = next(iter(workspace.settings.bulletins.values())).sender.email
    domain = domain or (declared.domain if declared else parse_address(sender).envelope.rpartition("@")[2])
    selector = selector or (declared.selector if declared else DkimSettings.model_fields["selector"].default)
    try:
        return DkimSettings(domain=domain, selector=selector)
    except ValidationError as error:
        wrong = [f"--{fault['loc'][0]}" for fault in error.errors()]
        raise BulletinError(
            f"{' and '.join(wrong)} can't be used.",
            "A domain is written as in example.org, a selector in letters, figures and hyphens.",
        ) from None


def _describe_key(place: str, *, made: bool) -> None:
    if not place:
        say("The key is the one in BULLETIN_DKIM_KEY.")
    elif made:
        say(f"A new key is in {place}. Only you can read it. Keep it secret, and back it up.")
    else:
        say(f"The key is in {place}. It was there already, and stays as it is.")


def _show_record(chosen: DkimSettings, record: str) -> None:
    from bulletin.delivery.message.signing_key import split_record

    say_heading("\nSend this to the people who look after your domain's DNS:")
    say()
    say(f"Please add this record to {chosen.domain}, so that our emails can be signed (DKIM):")
    say_data(f"\n  Type:   TXT\n  Name:   {chosen.selector}._domainkey.{chosen.domain}\n  Value:  {record}\n")
    say("If the value is too long for one string, please enter these parts, one after another:")
    say_data("\n" + "\n".join(f'  "{part}"' for part in split_record(record)) + "\n")


def _show_next(workspace: Workspace, chosen: DkimSettings) -> None:
    declared = workspace.settings.sending.dkim
    say_heading("When they have done so:")
    say()
    if declared == chosen:
        say("bulletin.yaml signs with this key already.")
    else:
        say("Write this to bulletin.yaml. From then on, every email is signed:")
        say_data(f"\nsending:\n  dkim: {{domain: {chosen.domain}, selector: {chosen.selector}}}\n")
    say("Then send yourself a test copy. Its source, in your mail program, says dkim=pass.")
