"""The slots of an edition: made so that no author can write one, and filled for files on disk. Pure.

In messages they are filled by `delivery.message`, as a join of bytes.
"""

from __future__ import annotations

from hashlib import sha256
from html import escape

from bulletin.edition.edition import Edition, Slots
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings


def make_slots(issue: Issue, settings: Settings) -> Slots:
    """Slots that are in neither issue nor settings: to write one, an author would have to foresee this digest.

    Letters and figures only: neither HTML, nor a web address, nor premailer changes them.
    """
    content = issue.model_dump_json() + settings.model_dump_json()
    word = f"slot{sha256(content.encode()).hexdigest()[:12]}"
    return Slots(greeting=f"{word}greeting", unsubscribe=f"{word}unsubscribe")


def fill_slots(edition: Edition, *, greeting: str, unsubscribe: str, words: str = "") -> tuple[str, str]:
    """The edition's HTML and text with a greeting and an unsubscribe address in their places.

    `words` stand in the text for the address, if they are given.
    """
    html = edition.html.replace(edition.slots.greeting, escape(greeting))
    html = html.replace(edition.slots.unsubscribe, escape(unsubscribe))
    text = edition.text.replace(edition.slots.greeting, greeting).replace(
        edition.slots.unsubscribe, words or unsubscribe
    )
    return html, text
