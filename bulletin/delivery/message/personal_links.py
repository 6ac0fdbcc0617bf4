"""A reader's own links: to unsubscribe, by page or by email, and to change what they get. Pure."""

from __future__ import annotations

from urllib.parse import quote

from bulletin.delivery.message import headers
from bulletin.edition.edition import Letterhead
from bulletin.languages.catalogue import say


def unsubscribe_uris(letterhead: Letterhead, token: str, mail_token: str) -> tuple[str, ...]:
    """The addresses for unsubscribing, the preferred one first: the website if there is one, and by email."""
    by_mail = headers.mailto(letterhead.unsubscribe_mailbox, subject="Unsubscribe ") + quote(mail_token, safe="")
    if not letterhead.website:
        return (by_mail,)
    return (_write_address(letterhead, "unsubscribe", token), by_mail)


def unsubscribe_link(letterhead: Letterhead, token: str, mail_token: str) -> str:
    """What a reader selects in the email to unsubscribe: a page of the website, or an email that is ready to send."""
    first, *_ = unsubscribe_uris(letterhead, token, mail_token)
    if letterhead.website:
        return first
    words = f"Send this email to unsubscribe from {letterhead.list_title}. You don't need to write anything."
    return f"{first}&body={quote(words, safe='')}"


def unsubscribe_words(letterhead: Letterhead, token: str, mail_token: str) -> str:
    """The same for the plain text: the link; or, where there is no website, what to write and where to."""
    if letterhead.website:
        return unsubscribe_link(letterhead, token, mail_token)
    words = say("email {address} with this subject:", letterhead.language, address=letterhead.unsubscribe_mailbox)
    return f"{words}\nUnsubscribe {quote(mail_token, safe='')}"


def preferences_link(letterhead: Letterhead, token: str) -> str:
    """The page where a reader changes what they get; "" if there is no website."""
    return _write_address(letterhead, "preferences", token) if letterhead.website else ""


def _write_address(letterhead: Letterhead, page: str, token: str) -> str:
    return headers.ascii_uri(f"{letterhead.website.rstrip('/')}/{page}/") + quote(token, safe="")
