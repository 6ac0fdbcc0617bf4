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
    halves = (half.model_dump_json() for half in issue.in_each_language)
    content = "".join((*halves, settings.model_dump_json()))
    word = f"slot{sha256(content.encode()).hexdigest()[:12]}"
    preferences = f"{word}preferences" if settings.website else ""
    return Slots(
        greeting=f"{word}greeting",
        unsubscribe=f"{word}unsubscribe",
        preferences=preferences,
        second_greeting=f"{word}again" if issue.languages else "",
    )


def fill_slots(
    edition: Edition,
    *,
    greeting: str,
    unsubscribe: str,
    preferences: str = "",
    words: str = "",
    second_greeting: str = "",
) -> tuple[str, str]:
    """The edition's HTML and text with a greeting and the reader's own addresses in their places.

    `words` replace the address for unsubscribing in the text, if they are given.
    """
    slots, html, text = edition.slots, edition.html, edition.text
    for slot, in_html, in_text in (
        (slots.greeting, greeting, greeting),
        (slots.unsubscribe, unsubscribe, words or unsubscribe),
        (slots.preferences, preferences, preferences),
        (slots.second_greeting, second_greeting, second_greeting),
    ):
        if slot:
            html, text = html.replace(slot, escape(in_html)), text.replace(slot, in_text)
    return html, text
