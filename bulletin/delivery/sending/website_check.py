"""Is the page where readers unsubscribe at the address that emails name? Asked before anything is sent.

A link that leads nowhere keeps people from unsubscribing, and can't be taken back. So the page is opened once, as a
reader's browser would, and has to prove that it is ours (`subscribers.tokens.sign_probe`). Opening it changes nothing.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from http.client import HTTPException
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from bulletin.database.errors import database_errors
from bulletin.database.identity import find_identity
from bulletin.delivery.ledger.mailing_editions import load_edition
from bulletin.delivery.message.headers import ascii_uri
from bulletin.edition.edition_set import make_set
from bulletin.errors import UnsubscribePageMissing
from bulletin.subscribers.tokens import PROOF_HEADER, is_proof, sign_probe, unsubscribe_url

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.delivery.transport.opening import AnyRelay
    from bulletin.edition.edition import Edition
    from bulletin.edition.edition_set import EditionSet

PATIENCE: Final = 5.0
"""Seconds that the page may take."""

_OK: Final = 200
_START: Final = "Start `bulletin serve`, and check the address and the web server in front of it."
_SHARE: Final = "`bulletin serve` there has to use the same database and the same secret key as this computer."


def find_websites(
    engine: Engine, preview: SendPreview, make_edition: Callable[[], Edition | EditionSet]
) -> tuple[str, ...]:
    """The websites that the emails would link to: "" for none. An open mailing keeps the one it began with.

    Raises DatabaseError, and what `make_edition` raises.
    """
    editions = [load_edition(engine, mailing) for mailing in preview.open] or [make_set(make_edition()).first]
    return tuple(edition.letterhead.website for edition in editions)


def require_website(
    engine: Engine,
    relays: Iterable[AnyRelay],
    find: Callable[[], Iterable[str]],
    *,
    key: bytes,
    patience: float = PATIENCE,
) -> None:
    """Raise UnsubscribePageMissing unless our page answers at each website that `find` names. `key` signs the links.

    If all relays are on this computer, nothing leaves it, and nothing is asked. Raises what `find` raises, and
    DatabaseError.
    """
    if all(relay.is_local for relay in relays):
        return
    for website in dict.fromkeys(filter(None, find())):
        if fault := find_website_fault(engine, website, key=key, patience=patience):
            raise fault


def find_website_fault(
    engine: Engine, website: str, *, key: bytes, patience: float = PATIENCE
) -> UnsubscribePageMissing | None:
    """Why unsubscribe links to this website would not work; None if our page answers there. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        database_id = find_identity(connection).id
    token = sign_probe(secrets.randbits(64), key=key)
    try:
        proof = _read_proof(ascii_uri(unsubscribe_url(website, token)), patience)
        if not proof:
            raise _NoPageError("another website answers there", _START)
        if not is_proof(proof, token, key=key, database_id=database_id):
            raise _NoPageError("the pages there use another database", _SHARE)
    except _NoPageError as error:
        return UnsubscribePageMissing(
            f"The unsubscribe links would not work. They lead to {website}, but {error.words}.",
            f"{error.remedy} Or remove `website` from bulletin.yaml: then readers unsubscribe by email.",
        )
    return None


class _NoPageError(Exception):
    """Our page isn't there: why, as a clause, and what to do."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy


def _read_proof(address: str, patience: float) -> str:
    """The proof in the headers of a page, "" if there is none; within `patience` seconds. Raises _NoPageError."""
    answer: Future[str] = Future()

    def ask() -> None:
        try:
            answer.set_result(_request(address, patience))
        except BaseException as error:  # noqa: BLE001 -- raised again where it is waited for
            answer.set_exception(error)

    # In a thread of its own: looking up a name, or a server that sends a letter a second, can take as long as it likes.
    Thread(target=ask, name="website check", daemon=True).start()
    try:
        return answer.result(patience)
    except HTTPError as error:
        raise _explain_status(error) from None
    except TimeoutError:
        raise _NoPageError(f"there was no answer within {patience:g} seconds", _START) from None
    except URLError as error:
        raise _explain_failure(error.reason) from None
    except (OSError, HTTPException, ValueError) as error:
        raise _explain_failure(error) from None


def _request(address: str, patience: float) -> str:
    # Readers' programs would follow a redirection, but one click may not be redirected (RFC 8058, 3.1).
    handlers: list[BaseHandler] = [_NoRedirection(), *([ProxyHandler({})] if _is_here(address) else [])]
    request = Request(address, headers={"Cache-Control": "no-cache", "User-Agent": "bulletin"})  # noqa: S310 -- http(s)
    with build_opener(*handlers).open(request, timeout=patience) as response:
        if response.status != _OK:
            raise _NoPageError(f"the answer there is {response.status}", _START)
        return str(response.headers.get(PROOF_HEADER, ""))


class _NoRedirection(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_options: object) -> None:
        """Leave a redirection as it is: the opener then raises HTTPError."""


def _is_here(address: str) -> bool:
    """Whether a website is on this computer, where no proxy leads."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _explain_status(error: HTTPError) -> _NoPageError:
    error.close()
    if error.code in (301, 302, 303, 307, 308):
        target = urlsplit(error.headers.get("Location", ""))
        place = f"{target.scheme}://{target.netloc}" if target.netloc else "another page"
        return _NoPageError(
            f"it sends readers on to {place}",
            "Email programs don't follow that when someone unsubscribes with one click. Write the last address as "
            "`website: url` in bulletin.yaml.",
        )
    if error.code == 404:
        return _NoPageError("there is no such page, or its secret key is another one", f"{_START} {_SHARE}")
    if error.code == 421:
        return _NoPageError(
            "the web server in front of the pages doesn't pass on the name of the website",
            "Set it to pass on the Host header, as docs/website.md shows.",
        )
    if error.code in (502, 503, 504):
        return _NoPageError(f"the pages don't run or can't be reached behind it (status {error.code})", _START)
    return _NoPageError(f"the answer there is {error.code}", _START)


def _explain_failure(reason: object) -> _NoPageError:
    if isinstance(reason, socket.gaierror):
        return _NoPageError("there is no server of that name", _START)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _NoPageError("its certificate isn't valid", "Ask the people who run the web server to renew it.")
    if isinstance(reason, ssl.SSLError):
        return _NoPageError("a secure connection can't be made", _START)
    if isinstance(reason, TimeoutError):
        return _NoPageError("there was no answer in time", _START)
    return _NoPageError("no web server answers there", _START)
