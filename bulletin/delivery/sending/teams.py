"""Posts an alert to Microsoft Teams, as an Adaptive Card to the address of a workflow.

The form is what Power Automate's “When a Teams webhook request is received” takes: a message with the card attached.
The lines are in a RichTextBlock, which shows them as they are: in a TextBlock, a server's words could make a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from bulletin.errors import BulletinError

PATIENCE: Final = (5.0, 5.0)
"""Seconds to connect, and to wait for the answer: ten in all."""

_NOT_SENT: Final = "The alert wasn't posted to Teams"
_CHECK: Final = "Check the workflow in Teams, and its address in BULLETIN_TEAMS_WEBHOOK."


def post_card(address: str, subject: str, lines: Sequence[str]) -> None:
    """Post an alert. Raises BulletinError, which never repeats the address.

    Only by https, and no redirection is followed: what is posted is for the people of that channel alone.
    """
    import requests

    _require_address(address)
    try:
        with requests.post(
            address, json=make_card(subject, lines), timeout=PATIENCE, allow_redirects=False, stream=True
        ) as answer:
            status = answer.status_code
    except (requests.RequestException, ValueError) as error:
        raise BulletinError(f"{_NOT_SENT}: {_explain(error)}.", _CHECK) from None
    if not 200 <= status < 300:
        raise BulletinError(f"{_NOT_SENT}: the answer there is {status}.", _CHECK)


def make_card(subject: str, lines: Sequence[str]) -> dict[str, object]:
    """The message for the workflow: `subject` in bold, and each line as a paragraph of its own."""
    heading = {"type": "TextBlock", "text": subject, "weight": "Bolder", "size": "Medium", "wrap": True}
    texts = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in lines]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [heading, *texts],
    }
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attached]}


def _require_address(address: str) -> None:
    if not address:
        raise BulletinError(
            f"{_NOT_SENT}: BULLETIN_TEAMS_WEBHOOK isn't set.",
            "Put the address of the workflow there. Or remove `teams` from `alerts:` in bulletin.yaml.",
        )
    try:
        parts = urlsplit(address)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good:
        raise BulletinError(
            f"{_NOT_SENT}: what is in BULLETIN_TEAMS_WEBHOOK isn't an address that begins with https://.",
            "Copy the whole address of the workflow from Teams.",
        )


def _explain(error: Exception) -> str:
    """Why it failed, as a clause. The words of `requests` would repeat the address."""
    import requests

    if isinstance(error, requests.Timeout):
        return "there was no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "a secure connection can't be made"
    return "the server there can't be reached"
