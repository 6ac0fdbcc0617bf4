"""Ask the page where readers unsubscribe, with a link that was made for no one: it changes nothing.

Our page answers a probe with a proof, and says with which method it was asked (`subscribers.tokens`). So a proxy that
turns a GET into a POST, or keeps answers, is noticed without anyone being unsubscribed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from bulletin.database.tables import identity
from bulletin.delivery.message.headers import ascii_uri
from bulletin.doctor.asking.ledger_look import read_ledger, require_ledger
from bulletin.doctor.case import PATIENCE, Case
from bulletin.doctor.judgement import CannotTellError
from bulletin.doctor.outside.page_client import PageAnswer, PageUnreachable, ask_page
from bulletin.subscribers.tokens import METHOD_HEADER, PROOF_HEADER, is_proof, sign_probe, unsubscribe_url

ONE_CLICK: Final = b"List-Unsubscribe=One-Click"
URLENCODED: Final = "application/x-www-form-urlencoded"
_BOUNDARY: Final = "bulletin-doctor"
MULTIPART: Final = f"multipart/form-data; boundary={_BOUNDARY}"
ONE_CLICK_MULTIPART: Final = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{_BOUNDARY}--\r\n'
).encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeAnswer:
    """How the page answered: whether it is ours (`proven`), and with which method it was asked, by its own word."""

    page: PageAnswer
    proven: bool
    seen: str


def require_website(case: Case) -> str:
    """The address of the public pages. Raises CannotTellError without one."""
    website = case.workspace.settings.website
    if website is None:
        raise CannotTellError("There are no pages for readers.", until="UNS01")
    return website.url


def probe(case: Case, method: str, *, body: bytes = b"", content_type: str = "") -> ProbeAnswer:
    """Ask the page once. Raises CannotTellError if it doesn't answer, or we have no key or database to ask it with."""
    website = require_website(case)
    if not case.workspace.secrets.has_secret_key:
        raise CannotTellError("There is no secret key yet: the first issue makes one.")
    engine = require_ledger(case)
    if engine is None:
        raise CannotTellError("There is no database yet: the first command makes one.")
    key = case.workspace.secrets.read_secret_key()
    with read_ledger(engine) as connection:
        database_id = connection.scalar(select(identity.c.id)) or ""
    token = sign_probe(secrets.randbits(64), key=key)
    url = ascii_uri(unsubscribe_url(website, token))
    try:
        page = ask_page(case.dialler, method, url, body=body, content_type=content_type, patience=PATIENCE)
    except PageUnreachable:
        raise CannotTellError("The page doesn't answer.", until="UNS04") from None
    proof = page.headers.get(PROOF_HEADER.lower(), "")
    return ProbeAnswer(
        page=page,
        proven=is_proof(proof, token, key=key, database_id=database_id),
        seen=page.headers.get(METHOD_HEADER.lower(), ""),
    )
